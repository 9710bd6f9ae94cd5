"""When moderators and authors are written to, and how much: a flood of comments makes no flood of mails."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from datetime import tzinfo
from enum import Enum


EVERY = timedelta(minutes=5)
"""Between two rounds of mails: what comes meanwhile is told together"""
SETTLE = timedelta(minutes=2)
"""A comment is younger than its transaction: those of the last moments are left for the next round"""
FARTHEST = timedelta(days=1)
"""How far a round looks back, after a stop of the worker or where none was before"""
HOUR = timedelta(hours=1)
SINGLE = 6
"""Mails with single comments to one moderator in an hour; what comes beyond is told as a number"""
SHOWN = 10
"""Comments in one mail"""
TOLD = 3
"""Mails to one author in a day: the address was typed, and nobody has confirmed it"""
DAY = timedelta(days=1)


class Kind(Enum):
    NONE = "none"
    SINGLE = "single"
    """With the comments themselves"""
    SUMMARY = "summary"
    """How many there are"""


@dataclass(frozen=True, slots=True)
class Written:
    """What one moderator got: `mails` of the last hour, and how many comments came that no mail told."""

    mails: tuple[datetime, ...] = ()
    untold: int = 0


def letter(before: Written, fresh: int, now: datetime) -> tuple[Kind, Written]:
    """What to write to a moderator for whom `fresh` comments came since the last round, and what to remember."""
    recent = tuple(at for at in before.mails if now - at < HOUR)
    if not fresh and not before.untold:
        return Kind.NONE, Written(recent)
    if len(recent) >= SINGLE:
        return Kind.NONE, Written(recent, before.untold + fresh)
    return Kind.SUMMARY if before.untold else Kind.SINGLE, Written((*recent, now))


def span(until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """What the round of `now` tells of: what came after the first moment, up to the second."""
    end = now - SETTLE
    return min(max(until or end - FARTHEST, end - FARTHEST), end), end


def digest_due(last: datetime, now: datetime, hour: int, zone: tzinfo) -> bool:
    """Whether the hour of the day, on the clocks of `zone`, has come since `last`."""
    local = now.astimezone(zone)
    today = local.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if local < today:
        today = datetime.combine(local.date() - timedelta(days=1), today.timetz())
    return last < today


def may_tell(before: Iterable[datetime], now: datetime) -> tuple[datetime, ...] | None:
    """The mails of the last day to an author with one more of now; None where that would be one too many."""
    recent = tuple(at for at in before if now - at < DAY)
    return (*recent, now) if len(recent) < TOLD else None


def quoted(text: str, most: int) -> tuple[list[str], bool]:
    """Lines of a mail with what somebody wrote, each marked, so that none passes for ours; whether that is all."""
    whole = len(text) <= most
    shown = text if whole else text[:most].rsplit(" ", 1)[0] + " …"
    return [f"> {line}".rstrip() for line in shown.splitlines()], whole
