"""What the worker does about posts whose news is not public any more, as each account wants it."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Withdrawal
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.correcting import taken_away
from collective.socialterritory.crosspost.model import ANSWERS
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.correction import Standing
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any


_OPEN = (*WAITING, State.FAILED, State.REJECTED)
_OVERLAP = timedelta(minutes=2)
"""The catalogue's index counts in minutes"""


def note_expired(outbox: Outbox, now: datetime) -> None:
    """News expires without an event: the catalogue tells which did since this was asked last."""
    asked = outbox.worker.get("expiry")
    if asked:
        since = datetime.fromisoformat(asked) - _OVERLAP
        query = {"expires": {"query": (since, now), "range": "min:max"}}
        for brain in api.portal.get_tool("portal_catalog").unrestrictedSearchResults(query):
            outbox.leave(brain.UID, now)
    if not asked or now - datetime.fromisoformat(asked) >= _OVERLAP:
        outbox.worker["expiry"] = now.isoformat()


def settle(site: Any, outbox: Outbox, uid: str, since: datetime, now: datetime) -> None:
    """An item that left its readers at `since`, long enough ago: what is out of it is taken away, asked about, or left.

    While something else is under way about a post the item is looked at again, but what was settled since is settled.
    """
    deliveries = outbox.of_item(uid)
    obj = find(uid, deliveries[0].item_path if deliveries else "")
    cause = departure.absence(None if obj is None else facts(obj), now)
    if not cause:
        outbox.stay(uid)
        return
    _drop_corrections(outbox, uid, cause, now)
    deliveries = outbox.of_item(uid)
    seen_to = {delivery.target for delivery in deliveries if _changes(delivery, since)}
    for one in correction.standing(deliveries):
        account = Accounts(site).get(one.delivery.account)
        left = any(event.name == "leave" and event.at >= since for event in one.delivery.log)
        below = one.delivery.operation is Operation.CONTINUE  # it goes when the post that it belongs to has gone
        if account is not None and not left and not below and one.delivery.id not in seen_to:
            _settle(outbox, one, account, cause, now)
    if not any(map(_goes_on, deliveries)):
        outbox.looked_at(uid)


def _changes(delivery: Delivery, since: datetime) -> bool:
    """Whether its target is being changed, which no answer does, or the site has asked since to take that away."""
    asked = bool(delivery.cause) and delivery.created >= since
    return asked or (delivery.operation not in ANSWERS and _goes_on(delivery))


def _goes_on(delivery: Delivery) -> bool:
    """Whether it may still become a post that is out, or take one away."""
    if delivery.state is State.UNCONFIRMED:
        return delivery.operation is not Operation.EDIT
    asked = delivery.operation is Operation.DELETE and delivery.state in WAITING
    return asked or delivery.state is State.SENDING or (delivery.state is State.QUEUED and delivery.doubt)


def _drop_corrections(outbox: Outbox, uid: str, cause: str, now: datetime) -> None:
    """Nobody corrects news that is gone. The other half of a replacement is cancelled with it."""
    for delivery in outbox.of_item(uid):
        corrects = delivery.operation in (Operation.EDIT, *ANSWERS)
        given = delivery.state is State.UNCONFIRMED and delivery.by_hand and corrects  # to a person, who need not do it
        if given or (delivery.state in _OPEN and not delivery.doubt and (delivery.partner or corrects)):
            outbox.save(step(delivery, "cancel", now, note=cause, held=""))


def _settle(outbox: Outbox, one: Standing, account: Account, cause: str, now: datetime) -> None:
    if account.withdrawal is Withdrawal.LEAVE:
        log = (*one.delivery.log, Event(now, "leave", note=cause))
        outbox.save(replace(one.delivery, log=log))
    elif account.withdrawal is Withdrawal.ASK:
        taken_away(outbox, one, Planned(account, State.PENDING, now, 1, False), cause=cause)
    else:
        taken_away(outbox, one, Planned(account, State.QUEUED, now, 0, False), cause=cause)
