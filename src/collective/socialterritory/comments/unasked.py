"""Mails to addresses that nobody has confirmed: so few a day that we are no way to flood anybody's mailbox."""

from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from typing import Any


MOST = 3
"""Mails a day to one address, whatever was typed on whichever page"""
MARK = "~"
"""What keys of these counts begin with, behind all subscriptions"""


def may_write(site: Any, address: str, now: datetime) -> bool:
    """Whether one more mail may go to the address today, and counts it."""
    counts, key = Comments(site).subscriptions, _key(site, address)
    day, sent = counts.get(key, ("", 0))
    today = now.astimezone(UTC).date().isoformat()
    sent = sent if day == today else 0
    if sent >= MOST:
        return False
    counts[key] = (today, sent + 1)
    return True


def prune(site: Any, now: datetime) -> None:
    """Forget the counts of the days before."""
    counts = Comments(site).subscriptions
    today = (now - timedelta(minutes=5)).astimezone(UTC).date().isoformat()
    for key in [key for key, (day, _sent) in counts.items(min=MARK) if day < today]:
        del counts[key]


def _key(site: Any, address: str) -> str:
    return f"{MARK}{of_address(Comments(site).secret, address)}"
