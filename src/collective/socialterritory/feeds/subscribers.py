"""What happens to a source's memory when the content is added or removed."""

from collective.socialterritory import clock
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.wake import wake
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.component.hooks import getSite

import transaction


def added(source: Any, event: Any) -> None:
    """The worker looks at it at once."""
    Feeds(getSite()).create(IUUID(source), clock.now())
    transaction.get().addAfterCommitHook(lambda stored: stored and wake())


def removed(source: Any, event: Any) -> None:
    site = getSite()
    if site is not None:
        Feeds(site).remove(IUUID(source))
