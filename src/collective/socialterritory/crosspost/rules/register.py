"""What the register tells of what went out: which posts, what was done about each of them, and what a search finds."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Set
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from datetime import UTC

import unicodedata


FIRST, LAST = date(1970, 1, 1), date(2499, 12, 31)
"""Days that can be asked for: within what Plone takes for a date"""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Search:
    """What is empty asks for nothing."""

    words: str = ""
    accounts: Set[str] = frozenset()
    networks: Set[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is too late"""


def posted(delivery: Delivery, operation: str = Operation.POST) -> bool:
    """Whether it is a post, or an operation of another kind, that went out."""
    return delivery.operation == operation and _done(delivery)


def _done(delivery: Delivery) -> bool:
    return delivery.state is State.DELIVERED and delivery.finished is not None


def later(post: Delivery, of_item: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """What was done about a post, and about the answers to it, oldest first; out of all the deliveries of its item.

    The further posts of a thread are no answers: its text has them.
    """
    known, found = {post.id}, []
    for delivery in sorted(filter(_done, of_item), key=lambda delivery: delivery.finished or _LONG_AGO):
        if delivery.target in known and delivery.operation is not Operation.CONTINUE:
            known.add(delivery.id)
            found.append(delivery)
    return tuple(found)


def left(post: Delivery) -> tuple[Event, ...]:
    """The times when its news was gone and the post stayed, as its account wants it."""
    return tuple(event for event in post.log if event.name == "leave")


def withdrawn(post: Delivery, after: Iterable[Delivery]) -> bool:
    return any(one.operation is Operation.DELETE and one.target == post.id for one in after)


def reason(delivery: Delivery, approval: Approval) -> str:
    """Why an author gave the approval alone; "" for what needs no reason."""
    given = (event.note for event in delivery.log if (event.by, event.at) == (approval.by, approval.at))
    return "" if approval.trusted else next(given, "")


def within(delivery: Delivery, search: Search) -> bool:
    """Whether it went out in the time that is asked for."""
    when = delivery.finished or _LONG_AGO
    return (search.since is None or search.since <= when) and (search.until is None or when < search.until)


def chosen(post: Delivery, search: Search) -> bool:
    """Whether it went out in that time, by one of the accounts and to one of the networks that are asked for."""
    account = not search.accounts or post.account in search.accounts
    return account and (not search.networks or post.network in search.networks) and within(post, search)


def says(post: Delivery, after: Iterable[Delivery], words: str) -> bool:
    """Whether each of the words stands in its title, its account or what was ever said, accents and capitals apart."""
    texts = [post.item_title, post.account_title, post.identity_name]
    for one in (post, *after):
        texts += [one.rendition.text, *(image.alt for image in one.rendition.images), one.before]
    said = _folded("\n".join(texts))
    return all(word in said for word in _folded(words).split())


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def batch(
    records: Iterable[Delivery], wanted: Callable[[Delivery], bool], size: int, most: int
) -> tuple[list[Delivery], int | None]:
    """Up to `size` wanted ones among the first `most`; how many records come before where to go on, None at the end."""
    found: list[Delivery] = []
    for number, record in enumerate(records):
        if number == most:
            return found, number
        if wanted(record):
            if len(found) == size:
                return found, number
            found.append(record)
    return found, None


def day(text: str) -> date | None:
    """2026-03-12, None for "". Raises ValueError for what is no day, and for one that is too far away."""
    if not text:
        return None
    found = date.fromisoformat(text)
    if not FIRST <= found <= LAST:
        raise ValueError(text)
    return found


def period(first: date | None, last: date | None, zone: tzinfo) -> tuple[datetime | None, datetime | None]:
    """From the first moment of a day there to the first after another; None: no end to that side."""
    since = datetime.combine(first, time(), zone) if first else None
    until = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    return since, until
