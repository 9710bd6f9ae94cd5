"""The salts of days: a trace made with one tells that two comments came from one network, and not from which."""

from collective.socialterritory.comments.store import Comments
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from secrets import token_bytes
from typing import Any


SIZE = 32


def today(now: datetime) -> date:
    """The day that a trace made now is of: in UTC, so that no day is of two lengths."""
    return now.astimezone(UTC).date()


def salt(site: Any, day: date) -> bytes:
    """Of that day; a write where nobody asked for it before. It is random: nothing gives it back once it is gone."""
    salts = Comments(site).salts
    name = day.isoformat()
    if name not in salts:
        salts[name] = token_bytes(SIZE)
    return salts[name]


def known(site: Any, day: date) -> bytes | None:
    """Of that day, and no write; None where nobody needed it yet, or it was destroyed."""
    return Comments(site).salts.get(day.isoformat())


def expire(site: Any, now: datetime, days: int) -> int:
    """Destroy those of more than `days` days ago; how many that were. Traces made with them are mere noise then."""
    salts = Comments(site).salts
    old = list(salts.keys(max=(today(now) - timedelta(days=days)).isoformat(), excludemax=True))
    for name in old:
        del salts[name]
    return len(old)
