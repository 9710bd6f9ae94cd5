"""What goes with an item."""

from collective.socialterritory.share.store import Keys
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.component.hooks import getSite


def removed(obj: Any, event: Any) -> None:
    site = getSite()
    if site is not None:
        Keys(site).forget(IUUID(obj))
