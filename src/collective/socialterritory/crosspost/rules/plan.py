"""Which accounts post a news item when it is published, from when, and after whose yes."""

from collections.abc import Sequence
from collections.abc import Set
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import validation
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Planned:
    """A delivery to make. `due`: not to leave before; `needed` and `apart` as in Delivery."""

    account: Account
    state: State
    due: datetime
    needed: int
    apart: bool


def plan(
    item: Item,
    accounts: Sequence[Account],
    roles: Set[str],
    now: datetime,
    max_age: timedelta | None,
    on_request: bool = False,
) -> tuple[Planned, ...]:
    """What to make for `item`, in the order of `accounts`; whether it is public is for the caller to know.

    `max_age` None: a person chose this very item, however old it is and whenever the account was linked.
    `on_request`: a person or a rule of the site does, not publication alone.
    `roles` are those of the person who asks, on the item. "Urgent" changes neither due nor validation: it only lets
    the post pass before others when it leaves.
    """
    effective = item.effective or now
    due = due_from(item, now)
    too_old = max_age is not None and effective < now - max_age
    if not item.choice.post or item.working_copy or too_old:
        return ()
    if item.expires and item.expires <= due:
        return ()
    since = effective if max_age is not None else now
    return tuple(
        asked(account, roles, due)
        for account in accounts
        if (on_request or account.by_itself) and speaks_for(item, account) and _linked(account, since)
    )


def due_from(item: Item, asked: datetime) -> datetime:
    """Not to leave before: the day it was asked for, the item's publication date, the editor's own date."""
    return max(asked, item.effective or asked, item.choice.at or asked)


def _linked(account: Account, since: datetime) -> bool:
    """An account to reconnect or paused counts: its posts wait. News from before it was linked is not its own."""
    return account.link is not Link.NEW and (account.connected_at is None or account.connected_at <= since)


def asked(account: Account, roles: Set[str], due: datetime) -> Planned:
    """A trusted person's yes counts for the bytes of now alone: a change by somebody else is validated all the same."""
    needed, apart = validation.needed(account)
    waits = needed and not validation.trusts(account, roles)
    return Planned(account, State.PENDING if waits else State.QUEUED, due, needed, apart)


def speaks_for(item: Item, account: Account) -> bool:
    """Whether the account is there for such an item and the editor did not leave it out.

    The editor's choice narrows and never widens: what an account speaks for is the webmaster's decision.
    """
    chosen = item.choice.accounts
    return (
        (chosen is None or account.uid in chosen)
        and not translated(item, account)
        and rules.speaks_for(account, item.path, item.portal_type, item.subjects, item.language)
    )


def translated(item: Item, account: Account) -> bool:
    """Whether the account has said it in another language. One that names its languages speaks each of them."""
    return account.uid in item.told and not account.languages
