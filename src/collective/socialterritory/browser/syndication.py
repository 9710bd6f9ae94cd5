"""What Plone's own feed of the site leaves out for everybody: our containers, which are settings."""

from Products.CMFPlone.browser.syndication.adapters import FolderFeed
from typing import Any


class SiteFeed(FolderFeed):
    def _brains(self) -> list[Any]:
        ours = ("SocialAccounts", "SocialFeeds")
        return [brain for brain in super()._brains() if brain.portal_type not in ours]
