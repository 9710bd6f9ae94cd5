"""When a source is looked at: at its own pace, spread out, rarely once it is dead; and when people hear of it."""

from collective.socialterritory.feeds.model import Health
from datetime import datetime
from datetime import timedelta
from zlib import crc32


LONGEST = timedelta(hours=24)
PATIENCE = timedelta(hours=24)
"""How long a source fails before people are told: networks have bad days"""
LONG_PATIENCE = {"youtube_404": timedelta(days=45)}
"""By error: YouTube does not know its channels for weeks, and then does"""
FRESH = timedelta(hours=1)
"""How old the time of the last success may be on disk: noting each look would write for every source all day"""


def first(uid: str, every: int, now: datetime) -> datetime:
    """The first look after a start: all sources at once would be a flood."""
    return now + timedelta(minutes=every) * (crc32(uid.encode()) % 1000) / 1000


def after(uid: str, every: int, health: Health, now: datetime, wait: float | None = None) -> datetime:
    """The next look, twice as late after each failure. `wait`: seconds that the network asked for."""
    pause = min(timedelta(minutes=every) * (1 << min(health.failures, 12)), max(LONGEST, timedelta(minutes=every)))
    spread = pause * (crc32(f"{uid}{now:%j%H}".encode()) % 100) / 1000
    return now + max(pause + spread, timedelta(seconds=wait or 0))


def well(now: datetime) -> Health:
    return Health(checked=now, succeeded=now)


def failed(health: Health, error: str, params: dict[str, str], now: datetime) -> Health:
    return Health(now, health.succeeded, health.failures + 1, error, params, health.told)


def dead(health: Health, since: datetime, now: datetime) -> bool:
    """Whether it has told nothing for so long that people should look. `since`: when it was added."""
    return bool(health.failures) and now - (health.succeeded or since) >= LONG_PATIENCE.get(health.error, PATIENCE)


def to_write(before: Health, health: Health) -> bool:
    """Whether anybody would miss it on disk."""
    if (before.error, before.failures) != (health.error, health.failures) or before.checked is None:
        return True
    return health.checked is not None and health.checked - before.checked >= FRESH
