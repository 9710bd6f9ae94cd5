"""How long ago, as people say it."""

from datetime import datetime
from datetime import timedelta


def ago(when: datetime, now: datetime) -> tuple[str, int] | None:
    """A unit and how many: now, minutes, hours, yesterday, days. None for what is told better by its date."""
    past = now - when
    if past < timedelta(minutes=-5) or past >= timedelta(days=7):
        return None
    if past < timedelta(minutes=1):
        return "now", 0
    if past < timedelta(hours=1):
        return "minutes", past // timedelta(minutes=1)
    if past < timedelta(days=1):
        return "hours", past // timedelta(hours=1)
    return ("yesterday", 1) if past < timedelta(days=2) else ("days", past.days)
