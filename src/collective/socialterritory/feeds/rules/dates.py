"""When an entry was published, as its feed writes it: in the ways of its format, or as French people do."""

from datetime import datetime
from datetime import timedelta
from datetime import timezone
from datetime import tzinfo
from datetime import UTC
from time import struct_time
from zoneinfo import ZoneInfo

import calendar
import re
import unicodedata


_YEARS = range(1990, 2101)
"""Others are no dates of entries: programs write 1 or 1970 for "none"."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        "jan janv janvier|fev fevr fevrier|mar mars|avr avril|mai|juin|jui juil juillet|aou aout|"
        "sep sept septembre|oct octobre|nov novembre|dec decembre".split("|"),
        1,
    )
    for name in names.split()
}
_SHARED = {"jan", "mar", "sep", "oct", "nov", "dec"}
"""English too, so that the format's own way of writing dates comes first"""
_TIME = r"(?:\D{1,5}(?P<hour>\d{1,2})\s?[h:]\s?(?P<minute>\d{2})?(?::(?P<second>\d{2}))?(?:\.\d+)?)?"
_ZONE = r"\s*(?P<zone>[+-]\d{2}:?\d{2}|CES?T)?"
_WRITTEN = re.compile(rf"\b(?P<day>\d{{1,2}})(?:er)?[\s.-]+(?P<month>[^\W\d_]+)[\s.-]+(?P<year>\d{{4}}){_TIME}{_ZONE}")
_NUMBERS = re.compile(rf"\b(?P<day>\d{{1,2}})[/.](?P<month>\d{{1,2}})[/.](?P<year>\d{{4}}){_TIME}{_ZONE}")
# Where a date has no named month, feedparser fills in what it cannot read from today's.
_NAMED = re.compile(r"(?<![:\d])\d{1,2}[\s.,-]+[^\W\d_]{3}|[^\W\d_]{3}\.?\s+\d{1,2}(?![:\d])")
_ZONES = {"CET": 60, "CEST": 120}
_FRANCE = ZoneInfo("Europe/Paris")


def published(text: object, parsed: struct_time | None = None) -> datetime | None:
    """The time; None when `text` is no date. Where no zone is said: in UTC, what is written as in France in its time.

    `parsed`: what the format's own reader makes of it, in UTC. 03/11/2026 is 3 November.
    """
    text = text[:100] if isinstance(text, str) else ""
    match = _NUMBERS.search(text) or _WRITTEN.search(text)
    if match and _month(match) and match["month"].lower() not in _SHARED:
        return _possible(_french(match))
    named = _struct(parsed) if _NAMED.search(text) else None
    return _possible(named or _iso(text) or (_french(match) if match else None))


def since_1970(seconds: object) -> datetime | None:
    """None when it is no number of seconds, or before any entry."""
    try:
        return _possible(datetime.fromtimestamp(seconds, UTC)) if isinstance(seconds, int | float) else None
    except (OSError, OverflowError, ValueError):
        return None


def _possible(when: datetime | None) -> datetime | None:
    return when if when and when.year in _YEARS else None


def _struct(parsed: struct_time | None) -> datetime | None:
    return since_1970(calendar.timegm(parsed)) if parsed and parsed[0] in _YEARS else None


def _iso(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _month(match: re.Match[str]) -> int:
    """1 to 12, or anything else."""
    if match["month"].isdecimal():
        return int(match["month"])
    letters = unicodedata.normalize("NFD", match["month"].lower())
    return _MONTHS.get("".join(letter for letter in letters if letter.isascii()), 0)


def _french(match: re.Match[str]) -> datetime | None:
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    try:
        return datetime(
            int(match["year"]), _month(match), int(match["day"]), hour, minute, second, tzinfo=_zone(match["zone"])
        )
    except ValueError:
        return None


def _zone(told: str | None) -> tzinfo:
    """Raises ValueError when no place on earth has it."""
    if not told:
        return _FRANCE
    minutes = _ZONES.get(told) or int(told[1:3]) * 60 + int(told[-2:])
    return timezone(timedelta(minutes=-minutes if told[0] == "-" else minutes))
