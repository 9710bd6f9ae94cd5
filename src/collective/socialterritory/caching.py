"""Parts of ours in the ETags of content pages: what browsers and proxies keep is asked for anew when they change."""

from plone.registry.interfaces import IRegistry
from typing import Any
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
