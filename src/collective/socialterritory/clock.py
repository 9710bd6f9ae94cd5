"""The time, in one place, so that hours of retries can be lived through in a second."""

from datetime import datetime
from datetime import UTC


def now() -> datetime:
    """Aware, in UTC."""
    return datetime.now(UTC)
