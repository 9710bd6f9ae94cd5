"""The page where staff read what was found, and forward it."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening import letters
from collective.socialterritory.feeds.listening import rules
from collective.socialterritory.feeds.listening.model import Forward
from collective.socialterritory.feeds.listening.model import Match
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.feeds.views import MANAGE
from collective.socialterritory.feeds.views import number
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import full_name
from collective.socialterritory.local import me
from collective.socialterritory.local import written
from collective.socialterritory.markup import linked
from collective.socialterritory.plain import plain
from functools import cached_property
from plone import api
from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlencode
from zExceptions import BadRequest
from zope.interface import implementer


SIZE = 20
LONGEST = 2000
"""Characters of a note"""


class Heard(Page):
    """What the page and the list for programs share."""

    @cached_property
    def listening(self) -> Listening:
        return Listening(self.site)

    @cached_property
    def watches(self) -> list[Watch]:
        return self.listening.watches()

    @cached_property
    def chosen(self) -> str:
        """Id of a watch, "" for all."""
        wanted = self.given("watch")
        return wanted if any(watch.id == wanted for watch in self.watches) else ""

    @cached_property
    def all(self) -> bool:
        """Whether what was read is shown too."""
        return self.given("show") == "all"

    @cached_property
    def start(self) -> int:
        return number(self.given("b_start"), 0)

    @cached_property
    def _of_watch(self) -> list[Match]:
        return [match for match in self.listening.matches() if not self.chosen or self.chosen in match.watches]

    @cached_property
    def found(self) -> list[Match]:
        return rules.newest(match for match in self._of_watch if self.all or not match.read_by)

    @property
    def unread(self) -> int:
        return sum(not match.read_by for match in self._of_watch)


@implementer(INamedPage)
class ListeningPage(Heard):
    page_title = _("Listening")
    row_html = ViewPageTemplateFile("templates/match.pt")
    problem: Any = None
    refused = ""
    """Id of the match that could not be forwarded"""

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@social-listening"

    def link(self, **changes: Any) -> str:
        """This page with other filters."""
        now = {"show": "all" if self.all else "", "watch": self.chosen, "b_start": self.start or ""}
        query = {name: value for name, value in {**now, **changes}.items() if value}
        return f"{self.here}?{urlencode(query)}" if query else self.here

    @property
    def back(self) -> str:
        return self.link()

    @property
    def watch_url(self) -> str:
        return f"{self.site.absolute_url()}/@@social-watch"

    @property
    def previous(self) -> str:
        return self.link(b_start=max(0, self.start - SIZE)) if self.start else ""

    @property
    def next(self) -> str:
        return self.link(b_start=self.start + SIZE) if len(self.found) > self.start + SIZE else ""

    @property
    def newest(self) -> str:
        """Id of what was found last: what comes while somebody reads stays unread."""
        return max((match.id for match in self._of_watch), default="")

    @cached_property
    def departments(self) -> list[str]:
        return list(letters.known())

    @property
    def settings_url(self) -> str:
        """Where departments are named, "" for whom it is not."""
        url = f"{self.site.absolute_url()}/@@social-territory-controlpanel"
        return url if api.user.has_permission(MANAGE, obj=self.site) else ""

    @property
    def sources_url(self) -> str:
        return f"{self.site.absolute_url()}/{content.CONTAINER}"

    @property
    def silent(self) -> list[str]:
        """Titles of sources that cannot be read for the moment."""
        known = Feeds(self.site)
        sources = [feed for feed in content.feeds(self.site) if feed.portal_type == content.SOURCE]
        return [str(source.Title()) for source in sources if known.health(IUUID(source)).error]

    @property
    def sources(self) -> bool:
        """Whether there is anything to listen to."""
        return any(feed.portal_type == content.SOURCE for feed in content.feeds(self.site))

    def rows(self) -> list[dict[str, Any]]:
        titles = {watch.id: watch.title for watch in self.watches}
        return [self._row(match, titles) for match in self.found[self.start : self.start + SIZE]]

    def row(self, row: dict[str, Any]) -> str:
        return str(self.row_html(row=row))

    def _row(self, match: Match, titles: dict[str, str]) -> dict[str, Any]:
        refused = match.id == self.refused
        return {
            "match": match,
            "anchor": f"social-{match.id.rpartition('.')[2]}",
            "heading": match.title or match.author or match.source,
            "place": letters.place(match, *([] if match.title else [match.author or match.source])),
            "url": rules.address(match.url, self.site.absolute_url()),
            "html": linked(match.text) if match.text != match.title else "",
            "watches": [(titles[id], ", ".join(terms)) for id, terms in match.watches.items()],
            "read": match.read_at and {"who": full_name(match.read_by), "when": written(match.read_at)},
            "forwards": [
                {
                    "who": full_name(one.by),
                    "department": one.department,
                    "when": written(one.at),
                    "note": one.note,
                }
                for one in match.forwards
            ],
            "problem": self.problem if refused else None,
            "note": self.given("note") if refused else "",
        }

    def post(self) -> str:
        match = self.listening.match(self.given("id"))
        if self.given("all"):
            return self._read_all()
        if match is None:
            return self.leave(_("It is not there any more."), "warning")
        if self.given("forward"):
            return self._forward(match)
        if self.given("read") not in ("yes", "no"):
            raise BadRequest("read")
        self.listening.read(match.id, me() if self.given("read") == "yes" else "", clock.now())
        return self.leave(_("Marked as read.") if self.given("read") == "yes" else _("Marked as unread."))

    def _read_all(self) -> str:
        """What the person could have seen: nothing that was found since."""
        for match in self._of_watch:
            if match.id <= self.given("until"):
                self.listening.read(match.id, me(), clock.now())
        return self.leave(_("All are marked as read."))

    def _forward(self, match: Match) -> str:
        department, note = self.given("department"), plain(self.given("note")).strip()
        if department not in self.departments:
            self.problem = _("Choose one of the departments.")
        elif len(note) > LONGEST:
            self.problem = _("A note has 2000 characters at most.")
        if self.problem:
            self.refused = match.id
            return str(self.get())
        names, by, now = {"department": department}, me(), clock.now()
        if any((one.by, one.department, one.note) == (by, department, note) for one in match.forwards):
            return self.leave(_("It was forwarded to ${department} already.", mapping=names), "warning")
        letters.forward(self.site, match, department, note, by, now)
        self.listening.forwarded(match.id, Forward(now, by, department, note))
        self.listening.read(match.id, by, now)
        return self.leave(_("Forwarded to ${department}.", mapping=names))
