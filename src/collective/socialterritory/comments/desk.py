"""The desk: comments of the site, replies from networks and what visitors report, in one list."""

from collective.socialterritory import _
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.catalogue import moderates
from collective.socialterritory.comments.listing import Listing
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.moderating import all_seen
from collective.socialterritory.comments.moderating import Moderating
from collective.socialterritory.comments.rows import Row
from collective.socialterritory.comments.rules.filters import Show
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import INetwork
from datetime import datetime
from datetime import UTC
from functools import cached_property
from plone import api
from typing import Any
from urllib.parse import urlencode
from zExceptions import BadRequest
from zope.component import getUtilitiesFor
from zope.interface import implementer


SIZE = 20
MOST = 300
"""Comments that are decided at once"""
FILTERS = {
    Show.WAITING: (_("comments_waiting", default="To moderate"), _("Nothing to moderate. Everything was looked at.")),
    Show.REPORTED: (_("comments_reported", default="Reported"), _("No report waits for you.")),
    Show.APPROVED: (_("comments_approved", default="Approved"), _("No comment was approved yet.")),
    Show.REJECTED: (_("comments_rejected", default="Refused"), _("No comment was refused.")),
    Show.SPAM: (_("comments_spam", default="Spam"), _("No spam here.")),
    Show.DECIDED: (_("comments_decided", default="Recently decided"), _("Nothing was decided yet.")),
}
"""Title, and what is said when there is nothing. Titles have msgids of their own: they are plurals in French."""
AGES = {
    "day": _("Of the last 24 hours"),
    "week": _("Of the last 7 days"),
    "month": _("Of the last 30 days"),
    "old": _("Older than 7 days"),
}
BULK = (Action.APPROVE, Action.SETTLE, Action.REJECT, Action.SPAM)


@implementer(INamedPage)
class DeskView(Moderating):
    page_title = _("Comments")

    @cached_property
    def listing(self) -> Listing:
        return Listing(self.site, self.given, self.words.now)

    @property
    def filter(self) -> Show:
        return self.listing.filters.show

    @property
    def mixed(self) -> bool:
        return self.filter in (Show.REPORTED, Show.DECIDED)

    @cached_property
    def mine(self) -> bool:
        """Whether the person moderates anything."""
        return active() and moderates()

    @property
    def settings_url(self) -> str:
        """Where a webmaster says how comments are looked after, "" for whom it is not."""
        may = api.user.has_permission("collective.socialterritory: Manage settings", obj=self.site)
        return f"{self.site.absolute_url()}/@@social-comments-controlpanel" if may else ""

    @cached_property
    def start(self) -> int:
        given = self.given("b_start")
        return min(int(given[:10]), 1_000_000) if given.isdecimal() else 0

    @property
    def kept(self) -> dict[str, str]:
        """Filters that are in force, as the address has them."""
        now = self.listing.filters
        said = {"show": now.show if now.show is not Show.WAITING else "", "b_start": str(self.start or "")}
        return {**said, **{name: getattr(now, name) for name in ("q", "source", "section", "reason", "age", "author")}}

    def link(self, **changes: Any) -> str:
        """This page with other filters."""
        query = {name: str(value) for name, value in {**self.kept, **changes}.items() if value}
        return f"{self.root}?{urlencode(query)}" if query else self.root

    @property
    def here(self) -> str:
        return self.link()

    @cached_property
    def all(self) -> int:
        """How many are found, on all pages."""
        return self.listing.counts.get(self.filter, 0)

    @cached_property
    def rows(self) -> list[Row]:
        comments = self.listing.comments(self.start, SIZE + 1)
        self.more = len(comments) > SIZE
        bulk = len(comments) > 1 and self.filter is not Show.DECIDED
        return [Row(self, comment, number, bulk) for number, comment in enumerate(comments[:SIZE], 1)]

    @property
    def filters(self) -> list[dict[str, Any]]:
        return [
            {
                "title": title,
                "url": self.link(show=show if show is not Show.WAITING else "", b_start="", done=""),
                "current": show is self.filter,
                "count": self.listing.counts.get(show),
            }
            for show, (title, _empty) in FILTERS.items()
        ]

    @property
    def heading(self) -> Any:
        return FILTERS[self.filter][0]

    @property
    def empty(self) -> Any:
        narrowed = self.listing.filters.narrowed or self.start
        return _("Nothing is found with these filters.") if narrowed else FILTERS[self.filter][1]

    @property
    def narrowed(self) -> bool:
        return self.listing.filters.narrowed

    @property
    def unfolded(self) -> str | None:
        """An attribute: filters that are in force are seen. The words stand above them, and push no result away."""
        now = self.listing.filters
        return "open" if any((now.source, now.section, now.reason, now.age, now.author)) else None

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The filters that are lists: name, label, options (value, words, whether it is chosen)."""
        networks = [name for name, network in getUtilitiesFor(INetwork) if not network.local]
        known = sorted((self.words.source(name), name) for name in networks)
        lists = {
            "source": (_("Source"), [(SITE, self.words.source(SITE)), *((id, said) for said, id in known)]),
            "section": (_("Section"), list(self.listing.sections.items())),
            "reason": (_("Reason"), self.reasons),
            "age": (_("Age"), [(id, self.words.say(said)) for id, said in AGES.items()]),
        }
        now = self.listing.filters
        return [
            {
                "name": name,
                "label": label,
                "options": [(value, said, value == getattr(now, name)) for value, said in options],
            }
            for name, (label, options) in lists.items()
            if options
        ]

    @property
    def author(self) -> str:
        """As somebody typed it; of a link that names somebody by a token, the name of one of the comments."""
        if not self.listing.filters.token:
            return self.listing.filters.author
        return self.rows[0].author if self.rows else self.words.say(_("One author"))

    @property
    def previous(self) -> str:
        return self.link(b_start=max(0, self.start - SIZE)) if self.start else ""

    @property
    def next(self) -> str:
        return self.link(b_start=self.start + SIZE) if self.rows and self.more else ""

    @property
    def bulk(self) -> bool:
        return any(row.bulk for row in self.rows)

    @property
    def decisions(self) -> list[str]:
        """Those that make sense for all that is shown here."""
        if self.filter is Show.REPORTED:
            return [str(action) for action in BULK if action is not Action.APPROVE]
        closed = {Show.APPROVED: Action.APPROVE, Show.REJECTED: Action.REJECT, Show.SPAM: Action.SPAM}
        return [str(action) for action in BULK if action not in (Action.SETTLE, closed.get(self.filter))]

    @property
    def most(self) -> int:
        return MOST

    @property
    def until(self) -> str:
        """When this page was shown: what comes later was not seen."""
        return self.words.now.isoformat()

    @property
    def ticked(self) -> bool:
        return self.given("tick") == "all"

    def after(self, at: datetime | None, all: bool) -> str:
        page = self.link(done=at.isoformat() if at else "")
        number = self.given("number")
        if not (all and at):
            # A browser takes the place on the page along, and would hide what is told at its top.
            return f"{page}#global_statusmessage"
        return f"{page}#social-row-{number[:3]}" if number.isdecimal() else page

    def post(self) -> Any:
        bulk = self.given("bulk")
        return self._bulk(bulk) if bulk and active() else super().post()

    def _bulk(self, name: str) -> Any:
        """The same decision on all chosen ones, each as it was seen; or on all that the filters find."""
        if name not in BULK:
            raise BadRequest("bulk")
        chosen = self.request.form.get("chosen", [])
        self.chosen = tuple(map(str, chosen if isinstance(chosen, list) else [chosen]))
        wanted, revisions = self._found() if self.given("all") else all_seen(self.chosen)
        reason = self.given("article")
        if not wanted:
            self.bulk_problem = self.words.say(_("Choose at least one comment."))
        elif name == Action.REJECT and reason not in self.words.reasons:
            self.bulk_problem, self.bulk_field = self.words.sentence("refusal_reason_needed"), "reason"
        if self.bulk_problem:
            return self.get()
        now, note = self.words.now, self.given("note")
        done = acting.act(self.site, wanted[:MOST], name, now, reason=reason, note=note, revisions=revisions)
        return self.answered(Action(name), done, now)

    def _found(self) -> tuple[list[str], dict[str, int]]:
        """All that the filters find and that was there when the page was shown, whatever was seen of it."""
        if self.filter is Show.DECIDED:
            raise BadRequest("all")
        try:
            until = datetime.fromisoformat(self.given("until")).astimezone(UTC)
        except (ValueError, OverflowError):
            raise BadRequest("until") from None
        return self.listing.keys(until, MOST), {}


@implementer(INamedPage)
class CommentView(Moderating):
    """One comment, and all that was done to it."""

    page_title = _("comment_page", default="Comment")

    @cached_property
    def id(self) -> str:
        return self.given("id")

    @cached_property
    def row(self) -> Row | None:
        comment = deciding.find(self.id)
        return Row(self, comment) if comment is not None and may_moderate(comment) else None

    @property
    def here(self) -> str:
        return self.page_of(self.id)

    def after(self, at: datetime | None, all: bool) -> str:
        return f"{self.here}&{urlencode({'done': at.isoformat()})}" if at else self.here

    @cached_property
    def log(self) -> list[Event]:
        """Also of a comment that is gone, for whoever moderates its page."""
        there = self.row.item if self.row else api.content.get(UID=self.id.partition(".")[0])
        return Comments(self.site).history(self.id) if there is not None and may_moderate(there) else []

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log, newest first. Texts of what is gone stay sealed."""
        originals = self.row is not None and self.row.originals
        return [
            {
                "told": self.words.line(event),
                "reason": self.words.reason(event.reason) if event.reason else "",
                "note": event.note,
                "original": event.original if originals else "",
                "sealed": bool(event.original) and not originals,
            }
            for event in reversed(self.log)
        ]
