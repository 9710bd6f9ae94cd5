"""What tells caches that a feed changed: an ETag part for pages that show one, and purges, which no request makes."""

from collective.socialterritory import caching
from collective.socialterritory.feeds.store import Feeds
from plone.app.caching.interfaces import IETagValue
from plone.app.uuid.utils import uuidToPhysicalPath
from typing import Any
from zope.component import adapter
from zope.component.hooks import getSite
from zope.interface import implementer
from zope.interface import Interface


ETAG = "socialFeeds"
"""Name of our part in the lists of plone.app.caching"""


@implementer(IETagValue)
@adapter(Interface, Interface)
class Changed:
    """When any feed of the site changed last: pages do not know before they are drawn which feeds they show."""

    def __init__(self, published: Any, request: Any) -> None:
        """Both are the interface's."""

    def __call__(self) -> str:
        return Feeds(getSite()).changed


def purge(site: Any, uid: str) -> None:
    """Ask the caching proxies to forget the feed's page and its answer to programs."""
    if path := uuidToPhysicalPath(uid):
        below = path[len("/".join(site.getPhysicalPath())) :]
        caching.purge(site, below, f"/@social-feed/{below.rpartition('/')[2]}")
