"""Writes what came of a try, and what it means for the account: a refusal, a payment, a new session."""

from collections.abc import Callable
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import iso
from collective.socialterritory.accounts.worker import finish_refresh
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.agenda import Agenda
from collective.socialterritory.crosspost.chaining import go_on
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import REPEATABLE
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import outcome
from collective.socialterritory.crosspost.rules.outcome import DAY
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Any
from ZODB.POSException import ConflictError

import random


FRESH = timedelta(minutes=10)
"""A session that is refused so soon after it was renewed is not worth another renewal"""
AGAIN = timedelta(seconds=30)
"""Before the renewal of a session is tried again"""
REST = timedelta(minutes=10)
"""Longest rest of an account after a network fault, however long the post itself waits"""


def record(agenda: Agenda, id: str, token: str, network: Network, site: Any, result: Any) -> None:
    """Write what came of a try, unless another token has taken the delivery over. The caller commits."""
    outbox = Outbox(site)
    delivery = outbox.get(id)
    if delivery is None or delivery.state is not State.SENDING or delivery.token != token:
        return
    now = clock.now()
    if isinstance(result, Exception):
        logger.error("Sending %s ended unexpectedly", id, exc_info=result)
        result = outcome.unknown(delivery, OutcomeUnknown("interrupted"))
    give_up = timedelta(hours=settings().give_up or 12)
    after = outcome.after(delivery, result, network, now, random.uniform(0.8, 1.2), give_up)
    outbox.save(after)
    settle(site, delivery, after, now)
    if isinstance(result.error, Billing):
        unpaid(site, delivery, now)
    if result.error is None:
        Accounts(site).mark(delivery.account, renewed="")
    if after.state is State.DELIVERED:
        go_on(outbox, after, now)
        if after.operation not in (Operation.CONTINUE, *REPEATABLE):
            Accounts(site).sent(delivery.account, now)
    elif isinstance(result.error, Unauthorized):
        unauthorized(site, delivery, network, result.error, now)
    elif after.state is State.QUEUED:
        if isinstance(result.error, RateLimited) and result.error.retry_after is not None:
            Accounts(site).mark(delivery.account, rests=iso(after.due))
        else:
            agenda.rests[delivery.account] = min(after.due, now + REST)
    elif after.state in (State.FAILED, State.UNCONFIRMED):
        tell(notices.problem, site, after, now)


def tell(notice: Callable[..., None], *args: Any) -> None:
    """What came of a try is kept even where nobody can be told, as when the directory of users is away."""
    try:
        notice(*args)
    except ConflictError:
        raise
    except Exception:
        logger.exception("People could not be told of this; it stands on the desk")


def settle(site: Any, before: Delivery, after: Delivery, now: datetime) -> None:
    """The account pays for what was set aside in between, or gets it back in the same month. The caller commits."""
    amount = Decimal(after.cost or 0) - Decimal(before.cost or 0)
    then = before.sent_at or now
    if amount > 0 or (amount and (then.year, then.month) == (now.year, now.month)):
        Accounts(site).pay(after.account, amount, now)


def unauthorized(site: Any, delivery: Delivery, network: Network, error: Unauthorized, now: datetime) -> None:
    """One refresh after a refusal; when the new session is refused as well, a person must reconnect the account."""
    accounts = Accounts(site)
    renewed = accounts.runtime(delivery.account).get("renewed")
    if isinstance(network, Refreshes) and not (renewed and now - datetime.fromisoformat(renewed) < FRESH):
        accounts.mark(delivery.account, session="stale")
    else:
        accounts.mark(delivery.account, link=str(Link.RECONNECT), session="ok", renewed="", error=error.code)
        tell(notices.reconnect, site, delivery.account, error, now)


def unpaid(site: Any, delivery: Delivery, now: datetime) -> None:
    """The network wants money: the account is paused until somebody has settled that, and people are told."""
    known = Accounts(site).get(delivery.account)
    if known is not None and not (known.pause and known.pause.frozen(now)):
        before = known.pause and known.pause.ended(now)
        by, reason = notices.unpaid_words(delivery, known.pause if known.pause and known.pause.start > now else None)
        Accounts(site).pause(delivery.account, Pause(reason, by, now, over=before))
        tell(notices.unpaid, site, known, reason, now)


def refreshed(agenda: Agenda, account: str, token: str, site: Any, result: Any) -> None:
    """Keep the new session, or say that a person must reconnect. The caller commits."""
    now = clock.now()
    if not finish_refresh(site, account, token, result, now):
        return
    if isinstance(result, Unauthorized):
        tell(notices.reconnect, site, account, result, now)
    elif isinstance(result, Exception):
        if not isinstance(result, NetworkError):
            logger.error("The session of account %s could not be renewed", account, exc_info=result)
        if isinstance(result, RateLimited) and result.retry_after:
            wait = timedelta(seconds=min(result.retry_after, DAY.total_seconds()))
            Accounts(site).mark(account, rests=iso(now + wait))
        else:
            agenda.rests[account] = now + AGAIN
