"""Which days the calendar shows, what it is narrowed to, and the ways to other days."""

from collective.socialterritory import _
from collective.socialterritory.crosspost.deciding import Deciding
from collective.socialterritory.crosspost.desk import FILTERS
from collective.socialterritory.crosspost.rules import calendar
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.calendar import Layout
from collective.socialterritory.crosspost.rules.calendar import Span
from collective.socialterritory.dates import date_words
from collective.socialterritory.dates import month_words
from collective.socialterritory.dates import weekday_words
from datetime import date
from functools import cached_property
from plone import api
from typing import Any


LAYOUTS = {Layout.MONTH: _("Month"), Layout.WEEK: _("Week"), Layout.LIST: _("List")}
BESIDE = {
    Layout.MONTH: (_("Previous month"), _("Next month")),
    Layout.WEEK: (_("Previous week"), _("Next week")),
    Layout.LIST: (_("Previous month"), _("Next month")),
}
EMPTY = {
    Layout.MONTH: _("Nothing was published and nothing is planned in this month."),
    Layout.WEEK: _("Nothing was published and nothing is planned in this week."),
    Layout.LIST: _("Nothing was published and nothing is planned in this month."),
}


class Timespan(Deciding):
    """`date` names any day that is to be seen, `view` a Layout, `account` and `show` narrow it."""

    @cached_property
    def layout(self) -> Layout:
        wanted = self.given("view")
        return Layout(wanted) if wanted in LAYOUTS else Layout.MONTH

    @cached_property
    def no_day(self) -> bool:
        """Whether the address names a day that the calendar does not have."""
        try:
            return register.day(self.given("date")) is None and bool(self.given("date"))
        except ValueError:
            return True

    @cached_property
    def day(self) -> date:
        given = self.given("date")
        return date.fromisoformat(given) if given and not self.no_day else self.today

    @cached_property
    def today(self) -> date:
        return self.words.now.astimezone(self.words.zone).date()

    @property
    def account(self) -> str:
        return self.given("account")

    @property
    def group(self) -> str:
        wanted = self.given("show")
        return wanted if wanted in calendar.GROUPS else ""

    @cached_property
    def span(self) -> Span:
        """In French a week begins on Monday, whatever the site has set."""
        first = 0 if self.words.french else api.portal.get_registry_record("plone.first_weekday")
        return calendar.span(self.layout, self.day, -(first or 0) % 7)

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@social-calendar"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The month, and all that goes without saying, are not in the address."""
        now = {"view": self.layout, "date": self.day.isoformat(), "account": self.account, "show": self.group}
        usual = (("view", "month"), ("date", self.today.isoformat()))
        return [(name, str(value)) for name, value in now.items() if value and (name, value) not in usual]

    # how it reads

    @property
    def title(self) -> str:
        if self.layout is Layout.WEEK:
            return self.words.say(_("Week of ${day}"), day=date_words(self.span.first, self.words.language))
        return month_words(self.day, self.words.language)

    def name(self, day: date) -> str:
        """Monday 23 November"""
        return weekday_words(day, self.words.language, self.day.year)

    @property
    def columns(self) -> list[dict[str, str]]:
        """Names of the days of a week, in full and short."""
        days = [day.weekday() for day in self.span.days[:7]]
        return [{"full": self.words.weekday(day), "short": self.words.weekday(day, "_abbr")} for day in days]

    @property
    def beside(self) -> list[dict[str, Any]]:
        """The ways to other days; where the calendar ends there is none."""
        before, after = BESIDE[self.layout]
        ways = [(before, self.span.before, "prev"), (_("Today"), self.today, None), (after, self.span.after, "next")]
        return [{"title": title, "url": self._at(day), "rel": rel} for title, day, rel in ways if day]

    def _at(self, day: date) -> str:
        return self.link(date="" if day == self.today else day.isoformat())

    @property
    def views(self) -> list[dict[str, Any]]:
        return [
            {"title": title, "url": self.link(view=name), "current": name is self.layout}
            for name, title in LAYOUTS.items()
        ]

    @property
    def groups(self) -> list[tuple[str, Any]]:
        return [(name, FILTERS[name][0]) for name in calendar.GROUPS]

    @property
    def empty(self) -> Any:
        return _("Nothing matches this choice.") if self.account or self.group else EMPTY[self.layout]
