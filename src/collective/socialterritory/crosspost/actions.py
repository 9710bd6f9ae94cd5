"""What a person may do to a delivery, whichever door they come through."""

from collections.abc import Callable
from collective.socialterritory import address
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.chaining import go_on
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules import states
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.store import delivery_id
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import IllegalTransition
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.networks.model import Network
from dataclasses import replace
from datetime import datetime
from plone import api
from plone.uuid.interfaces import IUUID
from typing import Any
from urllib.parse import urlsplit
from zope.component import queryUtility

import re


SUBMIT = "collective.socialterritory: Submit posts"
VALIDATE = "collective.socialterritory: Validate posts"
LONGEST = 5_000
"""Code points of a note or a reason, which the log keeps for good"""
JUDGEMENTS = frozenset({"approve", "reject"})
"""For validators alone; the rest is also for whoever may change the item and post on the account"""


def decide(
    site: Any,
    id: str,
    name: str,
    note: str = "",
    fingerprint: str = "",
    override: str = "",
    permalink: str = "",
) -> Delivery:
    """One human transition by the current user, stored and told to those concerned.

    `permalink`: with `confirm`, where a post is that a person published by hand.

    Raises KeyError (no such delivery), NotAllowed, IllegalTransition, StaleFingerprint, DecisionError.
    """
    outbox = Outbox(site)
    delivery = outbox.get(id)
    if delivery is None or not visible(site, delivery):
        raise KeyError(id)
    if not permitted(site, delivery, name):
        raise NotAllowed("not_allowed")
    if max(len(note), len(override), len(permalink)) > LONGEST:
        raise DecisionError("note_too_long", most=LONGEST)
    now = clock.now()
    by = api.user.get_current().getId()
    if name in JUDGEMENTS:
        delivery = _as_it_is(site, delivery)
    if name == "revise" and delivery.state is State.REJECTED:
        delivery = _mended(site, delivery)
    after = _apply(delivery, name, by, now, note, fingerprint, override, _role(site, delivery))
    if after.state is State.QUEUED and name in ("approve", "release", "resend") and not after.target:
        # Whoever says so sees who the account is now; a post that is out stays with who it was.
        account = Accounts(site).get(delivery.account)
        after = replace(after, identity=(account.identity_id if account else "") or after.identity)
    if name == "confirm" and after.by_hand and not after.target:
        after = published_at(site, after, permalink)
    outbox.save(after)
    if after.state is State.DELIVERED:
        go_on(outbox, after, now)
    notices.decided(site, after, now)
    if name == "revise":
        notices.ask(site, after, now)
    return after


def _apply(
    delivery: Delivery, name: str, by: str, now: datetime, note: str, fingerprint: str, override: str, role: str
) -> Delivery:
    if name == "approve":
        return validation.approve(delivery, by, now, fingerprint, override, role)
    if name == "reject":
        return validation.reject(delivery, by, now, note, fingerprint)
    if name not in states.allowed(delivery):
        raise IllegalTransition(name, delivery.state, states.allowed(delivery))
    if name == "hold":
        return departure.held(delivery, note.strip() or "by_hand", now, by)
    if name == "release":
        due = max(delivery.due, now)
        log = (*delivery.log, Event(now, "release", by, note))
        return replace(delivery, held="", due=due, since=None, attempts=0, log=log)  # the hours of retries begin anew
    fresh = {"due": now, "since": None, "attempts": 0, "doubt": False, "cost": "", "error": "", "error_params": {}}
    changes: dict[str, Any] = {
        "resend": fresh,
        "revise": {"approvals": ()},
        "cancel": {"held": ""},
        "confirm": {"error": "", "error_params": {}, "doubt": False},
    }
    return states.step(delivery, name, now, by, note.strip(), **changes[name])


def published_at(site: Any, delivery: Delivery, permalink: str) -> Delivery:
    """What a person published, with the address that they pasted.

    Raises DecisionError: permalink_form, it is none of a post there; permalink_taken, it is that of another post.
    """
    network = queryUtility(INetwork, name=delivery.network)
    permalink = permalink.strip()
    form = network.permalink if network else Network.permalink
    account = Accounts(site).get(delivery.account)
    page = urlsplit(account.identity_url if account else "")
    elsewhere = form == Network.permalink and urlsplit(permalink).hostname != page.hostname
    bare = permalink.partition("?")[0].partition("#")[0]
    if elsewhere or address.problem(bare) or not permalink.isprintable() or not re.fullmatch(form, permalink):
        raise DecisionError("permalink_form", host=network_title(delivery.network))
    before, after = (address.told_apart(form, url) for url in (delivery.receipt_url, permalink))
    if not Outbox(site).place(delivery, before, after):
        raise DecisionError("permalink_taken")
    return replace(delivery, receipt_id=permalink, receipt_url=permalink)


def _role(site: Any, delivery: Delivery) -> str:
    """As what the current user decides, for the record: their roles may be others tomorrow."""
    account = Accounts(site).object(delivery.account)
    roles = () if account is None else api.user.get_current().getRolesInContext(account)
    return validation.role(frozenset(roles))


def _as_it_is(site: Any, delivery: Delivery) -> Delivery:
    """The delivery with what would be said now, so that nobody approves what is not there any more.

    Kept even when the decision is refused as stale: the next look shows it.
    """
    obj = find(delivery.content, delivery.item_path)
    account = Accounts(site).get(delivery.account)
    if delivery.operation is Operation.DELETE and account is not None:
        return delivery  # it takes away what was said, whatever the item says now
    if obj is None or account is None:
        raise DecisionError("item_deleted" if obj is None else "account_deleted")
    return changes.follow(site, obj, facts(obj), delivery, account)


def _mended(site: Any, delivery: Delivery) -> Delivery:
    """What was refused with what would be said now: while it was refused it followed nobody's changes."""
    followed = _as_it_is(site, replace(delivery, state=State.PENDING))
    return replace(followed, state=delivery.state)


def visible(site: Any, delivery: Delivery) -> bool:
    """Whether the current user may know of the delivery: validators of its account, and who may change its item."""
    account = Accounts(site).object(delivery.account)
    if account is not None and api.user.has_permission(VALIDATE, obj=account):
        return True
    obj = find(delivery.content, delivery.item_path)
    return obj is not None and bool(api.user.has_permission("Modify portal content", obj=obj))


def validated(site: Any) -> set[str]:
    """UIDs of the accounts the current user validates for."""
    return {IUUID(obj) for obj in Accounts(site).objects() if api.user.has_permission(VALIDATE, obj=obj)}


def sight(site: Any) -> Callable[[Delivery], bool]:
    """`visible` for a long list: each account and each item is judged once."""
    mine = validated(site)
    items: dict[str, bool] = {}

    def sees(delivery: Delivery) -> bool:
        if delivery.account in mine:
            return True
        if delivery.content not in items:
            items[delivery.content] = visible(site, delivery)
        return items[delivery.content]

    return sees


def permitted(site: Any, delivery: Delivery, name: str) -> bool:
    account = Accounts(site).object(delivery.account)
    if account is None:
        return name == "cancel" and bool(api.user.has_permission(VALIDATE, obj=site))
    if name in ("cancel", "hold") and _half_done(site, delivery):
        return False
    if api.user.has_permission(VALIDATE, obj=account):
        return True
    if delivery.cause and name in ("cancel", "hold", "release"):
        return False
    obj = find(delivery.content, delivery.item_path)
    if name == "release" and _held_by(delivery) != api.user.get_current().getId():
        return False
    if name in JUDGEMENTS or obj is None or not api.user.has_permission("Modify portal content", obj=obj):
        return False
    return any(api.user.has_permission(SUBMIT, obj=place) for place in (obj, account))


def _half_done(site: Any, delivery: Delivery) -> bool:
    """Whether the former post is gone, going or perhaps gone: the new one in its place is not stopped any more."""
    other = Outbox(site).get(delivery.partner) if delivery.operation is Operation.POST and delivery.partner else None
    waits = delivery.state in WAITING
    return other is not None and waits and (other.doubt or other.state in (State.SENDING, State.DELIVERED))


def _held_by(delivery: Delivery) -> str:
    """Who put it on hold last; "" for the machine: what a pause or a restart holds is for validators to decide."""
    return next((event.by for event in reversed(delivery.log) if event.name == "hold"), "")


def open_to_me(site: Any, delivery: Delivery) -> tuple[str, ...]:
    """The transitions that the current user may ask for now; an own post offers no approval."""
    by = api.user.get_current().getId()
    own = delivery.apart and by in delivery.authors
    twice = any(approval.by == by for approval in validation.standing(delivery))
    return tuple(
        name
        for name in states.allowed(delivery)
        if permitted(site, delivery, name)
        and not (name == "approve" and (own or twice))
        and not (name == "resend" and delivery.by_hand)
    )


def usable(site: Any, context: Any) -> list[Account]:
    """The accounts the current user may post on, by a role on the account or where the item is."""
    accounts = Accounts(site)
    if api.user.has_permission(SUBMIT, obj=context):
        return accounts.all()
    return [a for a in accounts.all() if api.user.has_permission(SUBMIT, obj=accounts.object(a.uid))]


def planned_delivery(
    item: Item,
    planned: plan.Planned,
    said: Rendition,
    authors: tuple[str, ...],
    by: str,
    now: datetime,
    operation: Operation = Operation.POST,
    edition: int = 1,
    **more: Any,
) -> Delivery:
    """As it is first written; `by` asks for it, "" the site itself."""
    account = planned.account
    trusted = by and planned.needed and planned.state is State.QUEUED
    return Delivery(
        id=delivery_id(item.uid, account.uid, operation, edition),
        content=item.uid,
        account=account.uid,
        network=account.network,
        created=now,
        due=planned.due,
        state=planned.state,
        operation=operation,
        edition=edition,
        item_title=item.title,
        item_path=item.path,
        account_title=account.title,
        identity=account.identity_id,
        authors=authors,
        needed=planned.needed,
        apart=planned.apart,
        rendition=said,
        approvals=(Approval(by, now, said.fingerprint, trusted=True),) if trusted else (),
        log=(Event(now, "plan", by, fingerprint=said.fingerprint),),
        **more,
    )
