"""A feed as visitors see it: from the store alone, whatever its networks do meanwhile."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.assets import asset
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.rules.ago import ago
from collective.socialterritory.feeds.rules.drawing import address
from collective.socialterritory.feeds.rules.drawing import drawn
from collective.socialterritory.feeds.rules.drawing import picture
from collective.socialterritory.feeds.rules.drawing import Place
from collective.socialterritory.feeds.rules.mix import mixed
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import way_of_writing
from collective.socialterritory.local import written
from collective.socialterritory.markup import linked
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import UNDATED
from functools import cached_property
from functools import lru_cache
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.component import queryUtility
from zope.i18n import translate
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


@lru_cache(maxsize=500)
def kept(entry: Entry, place: Place, said: tuple[str, int] | None, way: tuple[str, ...]) -> str:
    """An entry drawn, which does not change from page to page. `said`: what rules.ago says; `way`: how it is written.

    Called with `way` as it is for the visitor.
    """
    full = written(entry.published) if entry.published != UNDATED else ""
    when = said and translate(Message(AGO[said[0]], mapping={"number": str(said[1])}), target_language=way[0])
    return drawn(entry, place, entry.html or linked(entry.text), when or full, full)


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
        self._places: dict[str, Place] = {}
        if content.for_staff(feed):
            request.response.setHeader("Cache-Control", "private, no-store")

    def __call__(self) -> str:
        return str(self.html())

    @property
    def title(self) -> str:
        return str(self.feed.Title())

    @cached_property
    def paused(self) -> bool:
        return frozen(self.now) is not None

    @cached_property
    def _copies(self) -> list[tuple[Any, Feed | None]]:
        known = Feeds(self.site)
        return [(source, known.feed(content.uid(source))) for source in content.sources_of(self.feed)]

    @cached_property
    def _found(self) -> list[tuple[Any, Entry]]:
        """Of each entry its source's object too, newest first."""
        told = [(source, entry) for source, copy in self._copies if copy for entry in copy.entries]
        return [] if self.paused else mixed(told, content.filters(self.feed))

    @cached_property
    def shown(self) -> list[tuple[Any, Entry]]:
        return self._found[self.start : self.start + self.size]

    @property
    def items(self) -> str:
        way = way_of_writing()
        return "".join(
            kept(entry, self._place(source, way[0]), ago(entry.published, self.now), way)
            for source, entry in self.shown
        )

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
    def stale(self) -> list[Message]:
        """Of each source that has been silent for long: how old its copy is."""
        known = Feeds(self.site)
        hows = [(source.Title(), known.health(content.uid(source))) for source, _copy in self._copies]
        return [
            _(
                "${title} does not answer: as it was on ${when}.",
                mapping={"title": title, "when": written(how.succeeded)},
            )
            for title, how in hows
            if how.told and how.succeeded and not self.paused
        ]

    @property
    def profiles(self) -> list[dict[str, str]]:
        """Where its sources can be read as well."""
        found = []
        for source, copy in self._copies:
            url = (copy.url if copy else "") or source.page or ""
            if url:
                found.append({"url": self.address(source, url), "title": (copy and copy.title) or source.Title()})
        return found

    def _place(self, source: Any, language: str) -> Place:
        """Once for all entries of a source."""
        if source.getId() not in self._places:
            network = network_title(source.network) if source.network else source.Title()
            name = getattr(queryUtility(INetwork, name=source.network or ""), "icon", "") or "rss"
            self._places[source.getId()] = Place(
                self.root,
                source.absolute_url(),
                source.Title(),
                translate(network, target_language=language),
                icon(self.site, self.request, name, "social-feed-icon"),
                translate(_("Read the original"), target_language=language),
                self.layout,
            )
        return self._places[source.getId()]

    def address(self, source: Any, url: str) -> str:
        return address(self.root, source.absolute_url(), url)

    def picture(self, source: Any, url: str) -> str:
        return picture(self.root, source.absolute_url(), url)
