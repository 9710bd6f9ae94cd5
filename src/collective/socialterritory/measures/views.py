"""The page of an account's month: what went out, how far it got, how soon people were answered, and the best hours."""

from AccessControl import Unauthorized
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import AccountPage
from collective.socialterritory.dates import month_words
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import IOutbox
from collective.socialterritory.interfaces import IReplies
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import decimal
from collective.socialterritory.local import time_zone
from collective.socialterritory.measures import sheet
from collective.socialterritory.measures.model import Measured
from collective.socialterritory.measures.rules import charts
from collective.socialterritory.measures.rules import figures
from collective.socialterritory.measures.rules.charts import Column
from collective.socialterritory.measures.rules.figures import Slot
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.measures.telling import PAGE
from collective.socialterritory.measures.telling import readable
from collective.socialterritory.messages import measures_sentence
from collective.socialterritory.networks.reading import Measures
from collective.socialterritory.words import Words
from datetime import date
from datetime import timedelta
from functools import cached_property
from plone import api
from plone.app.uuid.utils import uuidToObject
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.component import queryAdapter
from zope.component import queryUtility
from zope.interface import implementer


LABELLED = (1, 5, 10, 15, 20, 25, 30)
"""Days that have their number below their bar"""


@implementer(INamedPage)
class MonthView(AccountPage):
    """Around what its readers may not see Plone draws neither head nor menus, so it is a page of the site's to it."""

    page_title = _("Figures of posts")

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(api.portal.get(), request)
        self.object = context

    @cached_property
    def uid(self) -> str:
        return str(IUUID(self.object))

    def __call__(self) -> Any:
        if not readable(self.object):
            raise Unauthorized("The figures are for those who work with the account.")
        return super().__call__()

    def get(self) -> Any:
        if self.given("format") == "csv":
            return self.file(sheet.written(self), "text/csv", f"social-figures-{self.first:%Y-%m}.csv")
        return super().get()

    @cached_property
    def words(self) -> Words:
        return Words(self.request, clock.now())

    @cached_property
    def zone(self) -> Any:
        return time_zone()

    @cached_property
    def first(self) -> date:
        return figures.month(self.given("month"), clock.now().astimezone(self.zone).date())

    @property
    def account_url(self) -> str:
        """ "" for whom the account's own page is not."""
        return f"{self.object.absolute_url()}/view" if api.user.has_permission("View", obj=self.object) else ""

    @property
    def month(self) -> str:
        return self._named(self.first)

    def _named(self, first: date) -> str:
        return month_words(first, self.words.language)

    def link(self, first: date, **more: str) -> str:
        rest = "".join(f"&{name}={value}" for name, value in more.items())
        return f"{self.object.absolute_url()}/{PAGE}?month={first:%Y-%m}{rest}"

    @property
    def before(self) -> tuple[str, str]:
        """Address and name of the month before."""
        first = figures.following(self.first, -1)
        return self.link(first), self._named(first)

    @property
    def after(self) -> tuple[str, str] | None:
        first = figures.following(self.first)
        return (self.link(first), self._named(first)) if first <= clock.now().astimezone(self.zone).date() else None

    @property
    def csv(self) -> str:
        return self.link(self.first, format="csv")

    # What went out

    @cached_property
    def _lately(self) -> list[tuple[Any, Measured]]:
        """(delivery, what was counted of it) of the month and of those before that tell about hours; oldest first."""
        since = figures.span(figures.following(self.first, -figures.BEFORE), self.zone)[0]
        out = IOutbox(self.site).posted(since, figures.span(self.first, self.zone)[1])
        found = sorted((one for one in out if one.account == self.uid), key=lambda one: one.finished)
        counted = Counted(self.site)
        return [(one, Measured(one.finished.astimezone(self.zone), counted.last(one.id))) for one in found]

    @cached_property
    def out(self) -> list[tuple[Any, Measured]]:
        begin = figures.span(self.first, self.zone)[0]
        return [pair for pair in self._lately if pair[1].at >= begin]

    @cached_property
    def _posts(self) -> list[Measured]:
        return [measured for _delivery, measured in self.out]

    @cached_property
    def sums(self) -> figures.Figures:
        return figures.figures(self._posts)

    @cached_property
    def median(self) -> timedelta | None:
        """From what people said to the answer that was written here; None where nothing was answered."""
        begin, end = figures.span(self.first, self.zone)
        heard = queryAdapter(self.site, IReplies)
        answers = [one for one in IOutbox(self.site).posted(begin, end, "answer") if one.account == self.uid]
        said = [(heard.said(one.content, one.account, one.target_id), one.finished) for one in answers if heard]
        return figures.middle(max(done - asked, timedelta(0)) for asked, done in said if asked)

    @property
    def tiles(self) -> list[tuple[Any, str]]:
        """(what, how much) in words; what no network told is left out."""
        sums, lasted = self.sums, self.median
        told = [(_("Posts"), sums.posts), (_("Reactions"), sums.reactions), (_("Likes"), sums.likes)]
        told += [(_("Reposts"), sums.reposts), (_("Replies"), sums.replies), (_("Views"), sums.views)]
        found = [(label, self.words.number(number)) for label, number in told if number is not None]
        return [*found, *([(_("Median time to answer"), self.lasted(lasted))] if lasted is not None else [])]

    def lasted(self, span: timedelta) -> str:
        """3 d 2 h, 2 h 5 min, 5 min."""
        minutes = int(span.total_seconds()) // 60
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return self.words.say(_("${days} d ${hours} h"), days=str(days), hours=str(hours))
        if hours:
            return self.words.say(_("${hours} h ${minutes} min"), hours=str(hours), minutes=str(rest))
        return self.words.say(_("${minutes} min"), minutes=str(rest))

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Newest first."""
        return [self._row(*pair) for pair in reversed(self.out)]

    def _row(self, delivery: Any, measured: Measured) -> dict[str, Any]:
        counts = measured.counts
        url = "" if IOutbox(self.site).gone(delivery) else delivery.receipt_url
        item = uuidToObject(delivery.content, unrestricted=True)
        may = item is not None and api.user.has_permission("View", obj=item)
        return {
            "when": self.words.at(delivery.finished),
            "title": delivery.item_title,
            "item": f"{item.absolute_url()}/view" if may else "",
            "url": url if url.startswith(("https://", "http://")) else "",
            "numbers": [self.shown(n) for n in (counts.likes, counts.reposts, counts.replies, counts.views)],
            "counted": self.words.at(measured.last.at) if measured.last else "",
        }

    def shown(self, number: int | None) -> str:
        return "–" if number is None else self.words.number(number)

    # What can be learnt of it

    @cached_property
    def days(self) -> list[tuple[date, int, int, int]]:
        return figures.daily(self._posts, self.first)

    @property
    def by_day(self) -> str:
        say = self.words.say
        columns = [
            Column(
                str(day.day) if day.day in LABELLED else "",
                (reactions, replies),
                say(
                    _("${day}: reactions ${reactions}, replies ${replies}"),
                    day=str(day.day),
                    reactions=str(reactions),
                    replies=str(replies),
                ),
            )
            for day, _posts, reactions, replies in self.days
        ]
        return charts.bars(columns, "social-by-day")

    @cached_property
    def _measured(self) -> list[Measured]:
        return [measured for _delivery, measured in self._lately]

    @cached_property
    def hours(self) -> list[Slot]:
        return figures.hours(self._measured)

    @cached_property
    def weekdays(self) -> list[Slot]:
        return figures.weekdays(self._measured)

    @property
    def learnt(self) -> list[dict[str, Any]]:
        """For parts of the day and days of the week: chart, the same as rows, and which of them is best."""
        tables = [
            ("social-by-hour", _("By time of day"), self.hours, self._part, self._part_short),
            ("social-by-weekday", _("By day of the week"), self.weekdays, self._weekday, self._weekday_short),
        ]
        return [self._learnt(*table) for table in tables] if any(slot.posts for slot in self.hours) else []

    def _learnt(self, id: str, title: Any, slots: list[Slot], name: Any, short: Any) -> dict[str, Any]:
        best = figures.best(slots)
        columns = [Column(short(slot), (slot.mean,), f"{name(slot)} – {self.mean(slot)}") for slot in slots]
        few = _("Too few posts to name the best: ${few} in each of two are needed.")
        told = _("Best seen: ${slot}, with ${mean} reactions a post on average (${count} posts).")
        return {
            "id": id,
            "title": title,
            "chart": charts.bars(columns, id),
            "rows": [(name(slot), self.words.number(slot.posts), self.mean(slot)) for slot in slots if slot.posts],
            "best": self.words.say(told, slot=name(best), mean=self.mean(best), count=str(best.posts))
            if best
            else self.words.say(few, few=str(figures.FEW)),
        }

    def mean(self, slot: Slot) -> str:
        return decimal(f"{slot.mean:.1f}") if slot.posts else "–"

    def _part(self, slot: Slot) -> str:
        hours = {"first": str(slot.first), "last": str(slot.first + figures.BLOCK)}
        return self.words.say(_("from ${first}:00 to ${last}:00"), **hours)

    def _part_short(self, slot: Slot) -> str:
        return self.words.say(_("${hour}:00"), hour=str(slot.first))

    def _weekday(self, slot: Slot, form: str = "") -> str:
        day = self.words.weekday(slot.first, form)
        return day.lower() if self.words.french else day

    def _weekday_short(self, slot: Slot) -> str:
        return self._weekday(slot, "_abbr")

    # What keeps posts from being counted

    @property
    def problems(self) -> list[Any]:
        network = queryUtility(INetwork, name=self.account.network)
        trouble = Counted(self.site).trouble(self.uid)
        if settings().measures is False:
            return [_("Posts are not counted: a setting of the site is off.")]
        if not isinstance(network, Measures) or self.account.by_hand:
            return [_("This network tells this site no figures: only posts and answers are counted.")]
        if network.toll({}, 1) and not (settings().measures_paid and self.account.ceiling):
            return [
                _(
                    "This network takes money for its figures. They are asked for where a setting of the site allows "
                    "it and the account has a ceiling of cost."
                )
            ]
        return [measures_sentence(trouble.code, trouble.params)] if trouble else []
