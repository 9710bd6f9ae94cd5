"""The calendar of what is planned and what went out: a month or a week as a table, or a month as a list."""

from AccessControl import Unauthorized
from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory.assets import asset
from collective.socialterritory.crosspost import moving
from collective.socialterritory.crosspost.deciding import GONE
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rows import Row
from collective.socialterritory.crosspost.rules import calendar
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.calendar import Entry
from collective.socialterritory.crosspost.rules.calendar import Layout
from collective.socialterritory.crosspost.rules.calendar import Stand
from collective.socialterritory.crosspost.timespan import Timespan
from collective.socialterritory.dates import weekday_words
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import INamedPage
from datetime import date
from datetime import timedelta
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlencode
from zope.interface import implementer


MOST = 1000
"""Records of the history that a page reads"""
UNFOLDED = {Layout.MONTH: 4}
"""Entries of a day that are seen at once; the others are one click away"""
STILL = {State.PENDING: _("It still waits for approval."), State.QUEUED: _("It is still on hold.")}
"""What a new day alone does not change; of what is queued, where it is held"""


@implementer(INamedPage)
class CalendarView(Timespan):
    page_title = _("Calendar of posts")
    entries = ViewPageTemplateFile("templates/calendar_entries.pt")
    asset = staticmethod(asset)
    _back = ""

    def __call__(self) -> str:
        if api.user.is_anonymous():
            raise Unauthorized("Please log in.")
        return super().__call__()

    # what stands in it

    @cached_property
    def _live(self) -> list[Delivery]:
        return list(self.outbox.live())

    @cached_property
    def _past(self) -> list[Delivery]:
        since, until = register.period(self.span.first, self.span.last, self.words.zone)
        return list(self.outbox.history(size=MOST + 1, since=since, until=until))

    @property
    def partial(self) -> bool:
        return len(self._past) > MOST

    @cached_property
    def _stands(self) -> list[Stand]:
        """Of all accounts and groups, as far as I may see them."""
        done = [found for one in (*self._live, *self._past[:MOST]) if (found := calendar.stand(one))]
        return [one for one in (*self._expected(), *done) if self._within(one) and self.sees(one.delivery)]

    def _expected(self) -> Iterator[Stand]:
        return calendar.expected(self._live, self._accounts, self.words.now, self.words.zone)

    def _within(self, one: Stand) -> bool:
        return self.span.first <= one.when.astimezone(self.words.zone).date() <= self.span.last

    @cached_property
    def days(self) -> dict[date, list[Entry]]:
        chosen = [one for one in self._stands if calendar.shown(one.delivery, self.account, self.group)]
        return calendar.by_day(chosen, self.words.zone)

    def html(self, day: date) -> str:
        """The entries of one day, those that are too many for a month folded away."""
        told = [self.told(entry, day) for entry in self.days[day]]
        seen = UNFOLDED.get(self.layout, len(told))
        seen += len(told) == seen + 1  # a fold takes as much room as one entry
        folded = str(self.entries(entries=told[seen:], folded="")) if told[seen:] else ""
        return str(self.entries(entries=told[:seen], folded=folded, count=str(len(told) - seen)))

    def told(self, entry: Entry, day: date) -> dict[str, Any]:
        first = entry.stands[0]
        one, time = first.delivery, self._time(first)
        told = {"dom": dom(one.content, day), "title": one.item_title, "time": time, "move": ""}
        told |= {"url": self._url(one), "lines": self._lines(entry, time)}
        waits = [stand for stand in entry.stands if stand.delivery in self._waiting.get(one.content, ())]
        if waits and self._may_move(one.content):
            seen = calendar.planned_for(self._waiting[one.content])
            told |= {"move": self.link(move=one.content), "uid": one.content, "seen": seen, "clock": self._clock(first)}
        return told

    def _url(self, one: Delivery) -> str:
        """The item's tab; of the history, where nobody knows what items there still are, the post on the desk."""
        obj = None if one.id in self._old else self.item(one.content)
        desk = f"{self.site.absolute_url()}/@@social-desk?{urlencode({'id': one.id})}"
        return desk if obj is None else f"{obj.absolute_url()}/@@social-networks"

    @cached_property
    def _old(self) -> set[str]:
        return {one.id for one in self._past}

    def _time(self, one: Stand) -> str:
        """ "" of what leaves as soon as it may."""
        return "" if one.when == self.words.now else self.words.time(one.when)

    def _clock(self, one: Stand) -> str:
        """For a field: its time of day."""
        when = one.delivery.due if one.when == self.words.now else one.when
        return f"{when.astimezone(self.words.zone):%H:%M}"

    def _lines(self, entry: Entry, said: str) -> list[dict[str, Any]]:
        """Accounts of one state and time together. `said`: the time that stands above them."""
        lines: dict[tuple[str, str], dict[str, Any]] = {}
        for one in entry.stands:
            state, time = Row(self, one.delivery).state, self._time(one)
            line = lines.setdefault((state["word"], time), {"state": state, "accounts": []})
            line["accounts"].append(one.delivery.account_title)
            line["time"] = "" if time == said else time
        return [{**line, "accounts": ", ".join(line["accounts"])} for line in lines.values()]

    @property
    def account_options(self) -> list[tuple[str, str]]:
        return self.choices(one.delivery for one in self._stands)

    # moving

    @property
    def back(self) -> str:
        return self._back or self.link()

    @cached_property
    def _waiting(self) -> dict[str, list[Delivery]]:
        """What can be moved, by item."""
        found: dict[str, list[Delivery]] = {}
        for one in calendar.movable(self._live):
            found.setdefault(one.content, []).append(one)
        return found

    def _may_move(self, uid: str) -> bool:
        obj, posts = self.item(uid), self._waiting.get(uid)
        return obj is not None and bool(posts) and moving.may_move(self.site, obj, posts)

    @cached_property
    def moving(self) -> dict[str, Any] | None:
        """The form for one item: as it is planned, or as it was typed and refused."""
        uid = self.typed.get("item") or self.given("move")
        posts = self._waiting.get(uid)
        if not posts or not self._may_move(uid):
            return None
        first = min((one for one in self._expected() if one.delivery in posts), key=lambda one: one.when)
        local = first.when.astimezone(self.words.zone)
        planned = {"day": local.date().isoformat(), "time": self._clock(first)}
        return {
            **planned,
            **self.typed,
            "uid": uid,
            "title": posts[0].item_title,
            "accounts": ", ".join(sorted(post.account_title for post in posts)),
            "when": self.words.at(first.when) if first.when > self.words.now else "",
            "seen": calendar.planned_for(posts),
        }

    @property
    def lost(self) -> str:
        """Why what should be moved cannot be, by this person or any more, where there is no form to say so."""
        asked = bool(self.given("move") or self.typed) and self.moving is None
        return (self.typed.get("problem") or self.words.sentence("move_lost")) if asked else ""

    def post(self) -> str:
        uid, day, time, seen = map(self.given, ("item", "day", "time", "seen"))
        try:
            at = calendar.moment(day, time, self.words.zone)
            if at is None:
                raise DecisionError("move_day")
            moved = moving.move(self.site, uid, at, seen)
        except KeyError:
            return self.leave(self.words.say(GONE), "error")
        except SocialError as error:
            self.typed = {"item": uid, "day": day, "time": time, "problem": self.words.problem(error)}
            return self.get()
        return self.leave(self._moved(moved))

    def _moved(self, posts: list[Delivery]) -> str:
        """Where they stand now, and what else keeps them."""
        self._live = list(self.outbox.live())  # as they are by now
        ids = {post.id for post in posts}
        mine = sorted((one for one in self._expected() if one.delivery.id in ids), key=lambda one: one.when)
        first = mine[0].when.astimezone(self.words.zone).date()
        self._back = f"{self.link(date=first.isoformat())}#{dom(posts[0].content, first)}"
        due = posts[0].due
        day = weekday_words(due.astimezone(self.words.zone).date(), self.words.language, self.today.year)
        told = [self.words.say(_("Moved to ${day}, ${time}."), day=day, time=self.words.time(due))]
        told += [self._later(one) for one in mine if one.when - one.delivery.due >= timedelta(minutes=1)]
        told += [self.words.say(STILL[post.state]) for post in posts if post.held or post.state is State.PENDING]
        item = self.facts(posts[0].content)
        told += [] if item is None or item.public else [self.words.sentence("not_public")]
        return " ".join(dict.fromkeys(told))

    def _later(self, one: Stand) -> str:
        names = {"account": one.delivery.account_title, "when": self.words.at(one.when)}
        return self.words.say(_("${account}: it leaves ${when}, when the account's hours and pace allow."), **names)


def dom(uid: str, day: date) -> str:
    """Where an entry stands on the page."""
    return f"item-{uid}-{day}"
