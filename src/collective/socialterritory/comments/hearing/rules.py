"""When a post is asked about again, what of the replies comes in, and what a reply says here."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory.comments.hearing.model import Kept
from collective.socialterritory.comments.rules.judging import NAME
from collective.socialterritory.comments.rules.judging import readable
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.plain import one_line
from datetime import datetime
from datetime import timedelta
from zlib import crc32

import hashlib


PACES = (
    (timedelta(hours=1), timedelta(minutes=2)),
    (timedelta(hours=6), timedelta(minutes=10)),
    (timedelta(days=1), timedelta(minutes=30)),
    (timedelta(days=3), timedelta(hours=2)),
)
"""Up to which age a post is asked about how often"""
SLOWEST = timedelta(hours=6)
SECOND = timedelta(minutes=1)
"""What is not listed twice, at least so long apart, is gone"""
SOON = timedelta(minutes=2)
ATTACHED = "🖼"
"""Stands for pictures without words"""
FACES = 20
"""Avatars that one look fetches"""


def pace(age: timedelta) -> timedelta:
    return next((every for until, every in PACES if age < until), SLOWEST)


def said_at(reply: Reply, post: datetime, now: datetime) -> datetime:
    """When, as far as that can be: nobody answers before the post, or tomorrow."""
    return min(max(reply.published, post), now)


def first(id: str, at: datetime, now: datetime) -> datetime:
    """After a start: spread out, so that a server is not asked about everything at once."""
    return now + pace(now - at) * (crc32(id.encode()) % 100) / 100


def following(at: datetime, now: datetime, failures: int = 0, wait: float | None = None) -> datetime:
    """When it is asked about next: after each failure twice as late. `wait`: seconds that its network asked for."""
    later = min(pace(now - at) * (1 << min(failures, 10)), SLOWEST)
    return now + max(later, timedelta(seconds=wait or 0))


def text(reply: Reply, longest: int) -> str:
    """What it says here: nothing unseen, and no more than comments may have."""
    said = readable(reply.text)
    said = said if len(said) <= longest else f"{said[: longest - 1].rstrip()}…"
    return said or (ATTACHED if reply.attached else "")


def name(reply: Reply) -> str:
    """How its author is called: as they do themselves, else by handle."""
    return one_line(readable(reply.author.name))[:NAME].strip() or reply.author.handle[:NAME] or "…"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def key(account: str, there: str) -> str:
    """By which a reply is remembered; it does not tell whose it was. Ids are those of the account's own server."""
    return hashlib.sha256(f"{account} {there}".encode("utf-8", "replace")).hexdigest()[:32]


def mark(url: str) -> str:
    """By which the address of an avatar is known again."""
    return key("avatar", url)


def comes_in(reply: Reply, banned: Collection[str] = ()) -> bool:
    """Whether it is one for moderators. `banned`: ids there of people who may not comment for a while."""
    return not (reply.ours or reply.barred or reply.author.id in banned) and bool(text(reply, 2))


def above(reply: Reply, replies: Mapping[str, Reply], known: Collection[str]) -> str:
    """Id of the one it stands below, "" for the page: answers of ours, and those of who is not heard, are passed over.

    `known`: ids of those that are here.
    """
    parent, seen = reply.parent, {reply.id}
    while parent not in known:
        if parent in seen or parent not in replies:
            return ""
        seen.add(parent)
        parent = replies[parent].parent
    return parent


def faces(replies: Iterable[Reply], known: Collection[str]) -> list[str]:
    """Addresses of avatars to fetch, each once."""
    urls = dict.fromkeys(reply.author.avatar for reply in replies if comes_in(reply) and reply.author.avatar)
    return [url for url in urls if mark(url) not in known][:FACES]


def fate(kept: Kept, hearing: Hearing, reply: Reply | None, now: datetime) -> str:
    """What becomes of a reply that is here: keep, go, miss (look again soon), or "" where nobody can tell.

    `reply`: as it was heard now. Somebody whom the account has blocked meanwhile goes at once.
    """
    if reply is not None:
        return "go" if reply.barred else "keep"
    if hearing.gone or not hearing.complete:
        return ""
    if not kept.missed:
        return "miss"
    return "go" if now - datetime.fromisoformat(kept.missed) >= SECOND else ""
