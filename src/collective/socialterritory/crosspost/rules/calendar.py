"""The calendar: which days a page shows, where each post stands on them, and why one is not moved to another day."""

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.register import FIRST
from collective.socialterritory.crosspost.rules.register import LAST
from dataclasses import dataclass
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from datetime import UTC
from enum import StrEnum


DAY = timedelta(days=1)
_TRIED = (State.SENDING, State.UNCONFIRMED, State.FAILED)
GROUPS: Mapping[str, Callable[[Delivery], bool]] = {
    "planned": lambda one: one.state in (*WAITING, State.SENDING) and not one.held,
    "check": lambda one: one.state in (State.UNCONFIRMED, State.FAILED) or bool(one.held),
    "published": lambda one: one.state is State.DELIVERED,
}
"""What can be asked for, by the names of the desk's filters."""


class Layout(StrEnum):
    MONTH = "month"
    WEEK = "week"
    LIST = "list"
    """A month, day below day"""


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `first` to `last`; `before` and `after` lie in the spans beside it, None where the calendar ends."""

    first: date
    last: date
    before: date | None
    after: date | None

    @property
    def days(self) -> list[date]:
        return [self.first + n * DAY for n in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        return [self.days[n : n + 7] for n in range(0, len(self.days), 7)]


@dataclass(frozen=True, slots=True)
class Stand:
    when: datetime
    """When it went out, was last tried, or is expected to leave"""
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on one day of one item, in the order of time."""

    stands: tuple[Stand, ...]

    @property
    def when(self) -> datetime:
        return self.stands[0].when

    @property
    def content(self) -> str:
        return self.stands[0].delivery.content


def span(layout: Layout, day: date, monday: int) -> Span:
    """The days around `day` that a page shows. `monday`: the place of Mondays in a week, 0 where they begin it.

    A month as a table has whole weeks.
    """
    if layout is Layout.WEEK:
        first = _week(day, monday)
        return Span(first, first + 6 * DAY, _within(first - DAY), _within(first + 7 * DAY))
    first = day.replace(day=1)
    after = (first + 31 * DAY).replace(day=1)
    beside = _within(first - DAY), _within(after)
    if layout is Layout.LIST:
        return Span(first, after - DAY, *beside)
    return Span(_week(first, monday), _week(after - DAY, monday) + 6 * DAY, *beside)


def _week(day: date, monday: int) -> date:
    return day - (day.weekday() + monday) % 7 * DAY


def _within(day: date) -> date | None:
    return day if FIRST <= day <= LAST else None


def waits(delivery: Delivery) -> bool:
    return delivery.operation is Operation.POST and delivery.state in WAITING


def expected(
    deliveries: Iterable[Delivery], accounts: Mapping[str, Account], now: datetime, zone: tzinfo
) -> Iterator[Stand]:
    """When those that wait are expected to leave, as far as their dates and the pace of their accounts tell.

    What waits for a person as well leaves today at the earliest.
    """
    of_account = defaultdict(list)
    for one in sorted(filter(waits, deliveries), key=lambda one: (max(one.due, now), one.created)):
        of_account[one.account].append(one)
    for uid, waiting in of_account.items():
        account = accounts.get(uid)
        due = [replace(one, due=max(one.due, now)) for one in waiting]
        leaving = departure.spread(due, account, zone) if account else due
        yield from (Stand(then.due, one) for then, one in zip(leaving, waiting, strict=True))


def stand(delivery: Delivery) -> Stand | None:
    """Where a post stands that does not wait any more; None for what is not in the calendar."""
    if delivery.state is State.DELIVERED:
        return Stand(delivery.finished or delivery.log[-1].at, delivery)
    return Stand(delivery.sent_at or delivery.log[-1].at, delivery) if delivery.state in _TRIED else None


def shown(delivery: Delivery, account: str, group: str) -> bool:
    """Whether it is a post of the account and of the group that are asked for; "" asks for all."""
    asked = account in ("", delivery.account) and (group not in GROUPS or GROUPS[group](delivery))
    return asked and delivery.operation is Operation.POST


def by_day(stands: Iterable[Stand], zone: tzinfo) -> dict[date, list[Entry]]:
    """One entry an item and day, in the order of time."""
    found: dict[tuple[date, str], list[Stand]] = defaultdict(list)
    for one in stands:
        found[one.when.astimezone(zone).date(), one.delivery.content].append(one)
    days: dict[date, list[Entry]] = defaultdict(list)
    for (day, _content), of_item in found.items():
        days[day].append(Entry(tuple(sorted(of_item, key=lambda one: (one.when, one.delivery.account_title)))))
    return {day: sorted(entries, key=lambda entry: (entry.when, entry.content)) for day, entries in days.items()}


def movable(of_item: Iterable[Delivery]) -> list[Delivery]:
    """Posts that wait and were never tried: their day is the item's, so they are moved together."""
    return [one for one in of_item if waits(one) and not one.attempts]


def planned_for(posts: Sequence[Delivery]) -> str:
    """What somebody saw who moves them: the latest of their dates, "" without any."""
    return max(post.due for post in posts).isoformat() if posts else ""


def moment(day: str, hour: str, zone: tzinfo) -> datetime | None:
    """In UTC, for a day as 2026-11-24 and a time as 08:00 there; None for what is none.

    A time that the clocks leave out in spring is an hour later, one that comes twice in autumn is the first of both.
    """
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(hour.rjust(5, "0")), zone)
    except ValueError:
        return None
    return local.astimezone(UTC) if FIRST <= local.date() <= LAST else None


def refusal(of_item: Sequence[Delivery], item: Item, at: datetime, seen: str, now: datetime) -> str:
    """The code of why the item's posts do not move to `at`; "" when they do. `seen`: of planned_for()."""
    posts = movable(of_item)
    if not posts:
        return "move_left"
    if any(map(_under_way, of_item)):
        return "move_under_way"
    if planned_for(posts) != seen:
        return "move_stale"
    if at <= now:
        return "move_past"
    if item.effective and at < item.effective:
        return "move_early"
    return "move_expired" if item.expires and item.expires <= at else ""


def _under_way(delivery: Delivery) -> bool:
    sending = delivery.operation is Operation.POST and delivery.state is State.SENDING
    return sending or (waits(delivery) and bool(delivery.attempts))
