"""What an account's month comes to in numbers, and at which hours its posts do best."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from collective.socialterritory.measures.model import Measured
from collective.socialterritory.networks.answers import total
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from statistics import mean
from statistics import median


FIRST, LAST = date(1970, 2, 1), date(2400, 12, 1)
"""Months that can be asked for"""
BLOCK = 3
"""Hours that are looked at together"""
FEW = 5
"""With fewer posts nothing is said about a part of the day or a day of the week"""
SEEN = timedelta(days=1)
"""A post that was counted sooner after it went out says little about its hour"""
BEFORE = 2
"""Months before the one shown whose posts tell about hours as well"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a month. `counted`: posts of which something was told; sums are None where none was."""

    posts: int
    counted: int
    likes: int | None
    reposts: int | None
    replies: int | None
    views: int | None

    @property
    def reactions(self) -> int | None:
        return total(self.likes, self.reposts)


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the day, or a day of the week. `first`: its hour, or 0 for Monday; `mean`: reactions of a post."""

    first: int
    posts: int
    mean: float


def figures(posts: Sequence[Measured]) -> Figures:
    counts = [post.counts for post in posts]
    return Figures(
        len(posts),
        sum(post.last is not None for post in posts),
        total(*(one.likes for one in counts)),
        total(*(one.reposts for one in counts)),
        total(*(one.replies for one in counts)),
        total(*(one.views for one in counts)),
    )


def middle(spans: Iterable[timedelta]) -> timedelta | None:
    """The median; None for no time at all."""
    known = [span.total_seconds() for span in spans]
    return timedelta(seconds=median(known)) if known else None


def daily(posts: Iterable[Measured], first: date) -> list[tuple[date, int, int, int]]:
    """(day, posts, reactions, replies) of each day of the month that begins with `first`."""
    days = [first + timedelta(days=number) for number in range((following(first) - first).days)]
    found = {day: [post for post in posts if post.at.date() == day] for day in days}
    return [
        (day, len(out), sum(post.reactions or 0 for post in out), sum(post.counts.replies or 0 for post in out))
        for day, out in found.items()
    ]


def hours(posts: Iterable[Measured]) -> list[Slot]:
    return _slots(posts, range(0, 24, BLOCK), lambda at: at.hour // BLOCK * BLOCK)


def weekdays(posts: Iterable[Measured]) -> list[Slot]:
    return _slots(posts, range(7), datetime.weekday)


def _slots(posts: Iterable[Measured], firsts: Iterable[int], which: Callable[[datetime], int]) -> list[Slot]:
    settled = [post for post in posts if post.last and post.last.at - post.at >= SEEN and post.reactions is not None]
    found = {first: [post.reactions or 0 for post in settled if which(post.at) == first] for first in firsts}
    return [Slot(first, len(numbers), mean(numbers) if numbers else 0.0) for first, numbers in found.items()]


def best(slots: Iterable[Slot]) -> Slot | None:
    """The one whose posts did best; None where fewer than two have enough posts to be compared, or all did alike."""
    told = sorted((slot for slot in slots if slot.posts >= FEW), key=lambda slot: slot.mean)
    return told[-1] if len(told) > 1 and told[-1].mean > told[-2].mean else None


def month(text: str, today: date) -> date:
    """The first day of 2026-11; of this month for what is no month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = today.replace(day=1)
    return min(max(found, FIRST), LAST)


def following(first: date, number: int = 1) -> date:
    """The first day of the month so many months later, or earlier."""
    years, index = divmod(first.year * 12 + first.month - 1 + number, 12)
    return date(years, index + 1, 1)


def span(first: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """From the first moment of a month there to the first of the next one."""
    return datetime.combine(first, time(), zone), datetime.combine(following(first), time(), zone)
