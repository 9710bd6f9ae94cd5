"""Who may not comment for a while: authors, by what is kept in place of them, and networks, as long as their trace."""

from collections.abc import Iterator
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import key as key_of
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.rules.limits import mark
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any
from typing import NamedTuple


class Ban(NamedTuple):
    """`of`: an author (`user:…`, `mail:…`, `net:…`) or the trace of a network (`<day>:…`); `comment`: key of the one
    that it came from; `by`: user id.
    """

    of: str
    until: datetime
    at: datetime
    by: str
    comment: str = ""
    note: str = ""

    @property
    def network(self) -> bool:
        return self.of[:1].isdigit()


def ban(comment: Any, now: datetime, by: str, note: str = "") -> list[Ban]:
    """Its author and the network that it came from, as far as they are known; none of both: an empty list.

    The trace of a network is destroyed after some days, and the ban with it: nobody remembers then which it was.
    """
    known, tree = facts(comment), Comments(api.portal.get()).bans
    until = now + timedelta(days=settings().ban_days)
    short = min(until, now + timedelta(days=settings().keep_origin))
    made = [
        Ban(of, end, now, by, key_of(comment), note)
        for of, end in ((known.author, until), (known.origin, short))
        if of and not (of == known.origin and known.author.startswith("user:"))
    ]
    for one in made:
        tree[one.of] = {
            "until": one.until.isoformat(),
            "at": one.at.isoformat(),
            **{name: getattr(one, name) for name in ("by", "comment", "note")},
        }
    return made


def banned(authors: list[str], network: str, now: datetime) -> datetime | None:
    """Until when somebody is, or None. `authors`: all by which they are known; `network`: a /24 or /64, or ""."""
    store = Comments(api.portal.get())
    if not store.bans:
        return None
    days = {one.of.partition(":")[0] for one in entries(now) if one.network} if network else ()
    traces = [f"{day}:{mark(store.salts[day], network)}" for day in days if day in store.salts]
    found = [one.until for of in (*authors, *traces) if (one := _ban(store.bans, of)) and one.until > now]
    return max(found, default=None)


def lift(of: str, now: datetime, by: str) -> bool:
    """Whether there was one. The log tells it beside the comment that the ban came from."""
    store = Comments(api.portal.get())
    one = _ban(store.bans, of)
    if one is None:
        return False
    del store.bans[of]
    item, _dot, id = one.comment.partition(".")
    store.note(Event(now, by, Action.UNBAN, item, id))
    return True


def entries(now: datetime) -> Iterator[Ban]:
    """Those that last."""
    bans = Comments(api.portal.get()).bans
    for of in bans:
        one = _ban(bans, of)
        if one and one.until > now:
            yield one


def expire(site: Any, now: datetime) -> None:
    """Forget those that are over; a duty of the worker."""
    bans = Comments(site).bans
    for of in [of for of in bans if _ban(bans, of).until <= now]:
        del bans[of]


def _ban(bans: Any, of: str) -> Ban | None:
    stored = bans.get(of)
    times = {name: datetime.fromisoformat(stored[name]) for name in ("until", "at")} if stored else {}
    return Ban(of, **{**stored, **times}) if stored else None
