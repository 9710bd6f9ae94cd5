"""When a post is counted: less and less often, and never after a month."""

from collections.abc import Iterable
from datetime import datetime
from datetime import timedelta


MINUTES = (15, 60, 3 * 60, 12 * 60)
DAYS = (1, 3, 7, 14, 30)
AGES = (*(timedelta(minutes=number) for number in MINUTES), *(timedelta(days=number) for number in DAYS))
"""Ages at which a post is counted"""
DEAR = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""The same where each time costs money"""
OVER = AGES[-1] + timedelta(days=1)
"""Who went out longer ago is not looked at any more"""
GAP = timedelta(seconds=20)
"""Between two questions for one account: a server with many posts to tell of is not asked about all of them at once"""
FIRST, SLOWEST = timedelta(minutes=5), timedelta(hours=6)


def due(at: datetime, asked: datetime | None, ages: Iterable[timedelta]) -> datetime | None:
    """When what went out `at` and was last `asked` about then is counted next; None: never more.

    Of ages that passed unasked, as while the server was down, one question makes up for all.
    """
    return next((at + age for age in ages if at + age > (asked or at)), None)


def patience(failures: int, wait: float | None = None) -> timedelta:
    """How long an account is left alone after so many failures in a row. `wait`: seconds its network asked for."""
    return max(min(FIRST * (1 << min(failures - 1, 10)), SLOWEST), timedelta(seconds=wait or 0))
