"""A feed as visitors see it: from the store alone, whatever its networks do meanwhile."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.assets import asset
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.feeds.rules.ago import ago
from collective.socialterritory.feeds.rules.markup import linked
from collective.socialterritory.feeds.rules.mix import mixed
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import written
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import UNDATED
from functools import cached_property
from plone import api
from plone.uuid.interfaces import IUUID
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.component import queryUtility
from zope.i18nmessageid import Message


MOST = 50


AGO = {
    "now": _("just now"),
    "minutes": _("${number} min ago"),
    "hours": _("${number} h ago"),
    "yesterday": _("yesterday"),
    "days": _("${number} days ago"),
}
"""Words for rules.ago"""


def entries(site: Any, feed: Any) -> list[tuple[Any, Entry]]:
    """(source object, entry) of a source or mix, newest first, with addresses that visitors can use."""
    known = Feeds(site)
    told = [
        (source, entry)
        for source in content.sources_of(feed)
        if (copy := known.feed(IUUID(source)))
        for entry in copy.entries
    ]
    return mixed(told, content.filters(feed))


class Box(BrowserView):
    """`feed`: a source or a mix; `heading`: level of its heading, 0 for none."""

    html = ViewPageTemplateFile("templates/box.pt")
    asset = staticmethod(asset)

    def __init__(
        self,
        context: Any,
        request: Any,
        feed: Any,
        layout: str = "list",
        size: int = 10,
        start: int = 0,
        heading: int = 2,
    ) -> None:
        super().__init__(context, request)
        self.feed = feed
        self.layout = layout if layout in content.LAYOUTS else "list"
        self.size = min(max(size, 1), MOST)
        self.start = max(start, 0)
        self.heading = heading
        self.site = api.portal.get()
        self.root = self.site.absolute_url()
        self.now = clock.now()
        self._icons: dict[str, str] = {}

    def __call__(self) -> str:
        return str(self.html())

    @property
    def title(self) -> str:
        return str(self.feed.Title())

    @cached_property
    def paused(self) -> bool:
        return frozen(self.now) is not None

    @cached_property
    def _found(self) -> list[tuple[Any, Entry]]:
        return [] if self.paused else entries(self.site, self.feed)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(source, entry) for source, entry in self._found[self.start : self.start + self.size]]

    @property
    def total(self) -> int:
        return len(self._found)

    @property
    def next(self) -> str:
        """Address of what comes next, "" at the end."""
        start = self.start + self.size
        query = f"b_start={start}&b_size={self.size}&layout={self.layout}"
        return f"{self.feed.absolute_url()}?{query}" if start < len(self._found) else ""

    @property
    def profiles(self) -> list[dict[str, str]]:
        """Where its sources can be read as well."""
        found = []
        for source in content.sources_of(self.feed):
            copy = Feeds(self.site).feed(IUUID(source))
            url = (copy.url if copy else "") or source.page or ""
            if url:
                found.append({"url": self.address(source, url), "title": (copy and copy.title) or source.Title()})
        return found

    def _row(self, source: Any, entry: Entry) -> dict[str, Any]:
        image = entry.images[0] if entry.images else None
        width, height = pictures.size(image.url) if image else (0, 0)
        dated = entry.published != UNDATED
        full = written(entry.published) if dated else ""
        return {
            "entry": entry,
            "author": entry.author or source.Title(),
            "avatar": entry.avatar and self.address(source, entry.avatar),
            "url": self.address(source, entry.url),
            "full": full,
            "when": (dated and self._ago(entry)) or full,
            "iso": entry.published.isoformat() if dated else "",
            "image": image
            and {
                "url": self.address(source, image.url),
                "alt": image.alt,
                "width": width or None,
                "height": height or None,
            },
            "source": source.getId(),
            "network_id": source.network,
            "network": network_title(source.network) if source.network else source.Title(),
            "icon": self.icon(getattr(queryUtility(INetwork, name=source.network or ""), "icon", "") or "rss"),
            "html": entry.html or linked(entry.text),
        }

    def _ago(self, entry: Entry) -> Message | None:
        said = ago(entry.published, self.now)
        return Message(AGO[said[0]], mapping={"number": str(said[1])}) if said else None

    def address(self, source: Any, url: str) -> str:
        """Of a picture that is kept, of what is on this site, or of the web; "" for anything else."""
        if url.startswith("/"):
            return f"{self.root}{url}"
        if pictures.size(url) != (0, 0):
            return f"{source.absolute_url()}/@@social-media/{url}"
        return url if url.startswith(("http://", "https://")) else ""

    def icon(self, name: str) -> str:
        """Read once for all entries of a network."""
        if name not in self._icons:
            self._icons[name] = icon(self.site, self.request, name, "social-feed-icon")
        return self._icons[name]
