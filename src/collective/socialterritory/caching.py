"""What browsers and proxies keep is asked for anew when it changes: parts of ETags; purges of what the worker does."""

from collective.socialterritory.interfaces import settings
from plone.cachepurging.interfaces import ICachePurgingSettings
from plone.cachepurging.interfaces import IPurger
from plone.cachepurging.utils import getURLsToPurge
from plone.registry.interfaces import IRegistry
from typing import Any
from urllib.parse import urlsplit
from zope.component import getUtility
from zope.component import queryUtility


PARTS = ("socialComments", "socialFeeds")
"""Names of IETagValue adapters of our rooms"""
RULES = ("plone.content.itemView", "plone.content.folderView")
OURS = "collective.socialterritory.public_url"


def install(add: bool = True) -> None:
    """Let pages of content have our parts, where caching is set up; or take them away."""
    registry = getUtility(IRegistry)
    lists = [record for record in registry.records if record.startswith("plone.app.caching.")]
    for one in (record for record in lists if record.endswith(".etags")):
        known = tuple(part for part in registry[one] or () if part not in PARTS)
        if registry[one] and any(rule in one for rule in RULES):
            registry[one] = (*known, *PARTS) if add else known


def imported(event: Any) -> None:
    """Rules of caching that are imported after us bring lists of their own."""
    registry = queryUtility(IRegistry)
    if "plone.app.caching:" in (event.profile_id or "") and registry is not None and OURS in registry:
        install()


def purge(site: Any, *below: str) -> None:
    """Ask the caching proxies to forget these pages, paths below the site such as /news: no request does it here."""
    known = getUtility(IRegistry).forInterface(ICachePurgingSettings, check=False)
    purger = queryUtility(IPurger)
    if not known.enabled or not known.cachingProxies or purger is None:
        return
    root = urlsplit(settings().public_url or site.absolute_url()).path.rstrip("/")
    for path in below:
        for url in getURLsToPurge(f"{root}{path}", known.cachingProxies):
            purger.purgeAsync(url)
