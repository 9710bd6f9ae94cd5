"""What happens to a source's memory when the content is added or removed."""

from collective.socialterritory import clock
from collective.socialterritory.feeds import caching
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.wake import wake
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.component.hooks import getSite

import transaction


STAFF = ["Manager", "Site Administrator", "Social Listener"]
"""Who sees the page of a source that is for staff only"""


def added(source: Any, event: Any) -> None:
    """The worker looks at it at once."""
    Feeds(getSite()).create(IUUID(source), clock.now())
    transaction.get().addAfterCommitHook(lambda stored: stored and wake())


def guarded(source: Any, event: Any) -> None:
    """Plone's own permissions keep visitors from a source for staff only, at every door."""
    staff = content.for_staff(source)
    if staff != bool(source.acquiredRolesAreUsedBy("View")):
        return
    for permission in ("View", "Access contents information"):
        source.manage_permission(permission, roles=STAFF if staff else [], acquire=not staff)
    source.reindexObjectSecurity()
    site, uid = getSite(), IUUID(source)
    Feeds(site).touch(clock.now())
    caching.purge(site, uid)


def removed(source: Any, event: Any) -> None:
    site = getSite()
    if site is not None:
        Feeds(site).remove(IUUID(source))
