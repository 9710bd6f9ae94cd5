"""What tells caches that a feed changed: an ETag part for pages that show one, and purges, which no request makes."""

from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import settings
from plone.app.caching.interfaces import IETagValue
from plone.app.uuid.utils import uuidToPhysicalPath
from plone.cachepurging.interfaces import ICachePurgingSettings
from plone.cachepurging.interfaces import IPurger
from plone.cachepurging.utils import getURLsToPurge
from plone.registry.interfaces import IRegistry
from typing import Any
from urllib.parse import urlsplit
from zope.component import adapter
from zope.component import getUtility
from zope.component import queryUtility
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
    known = getUtility(IRegistry).forInterface(ICachePurgingSettings, check=False)
    purger, path = queryUtility(IPurger), uuidToPhysicalPath(uid)
    if not known.enabled or not known.cachingProxies or purger is None or not path:
        return
    below = path[len("/".join(site.getPhysicalPath())) :]
    root = urlsplit(settings().public_url or site.absolute_url()).path.rstrip("/")
    for where in (below, f"/@social-feed/{below.rpartition('/')[2]}"):
        for url in getURLsToPurge(f"{root}{where}", known.cachingProxies):
            purger.purgeAsync(url)
