"""How what is planned for an item becomes deliveries, whoever asks: publication, a rule of the site, or a person."""

from AccessControl import getSecurityManager
from collections.abc import Set
from collective.socialterritory import clock
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost.actions import planned_delivery
from collective.socialterritory.crosspost.actions import usable
from collective.socialterritory.crosspost.composer import rendition
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import max_age
from collective.socialterritory.local import me
from collective.socialterritory.public import translation_group
from dataclasses import replace
from plone import api
from typing import Any
from zope.component import queryUtility


def submit(obj: Any, fresh: bool = True, accounts: Set[str] | None = None, on_request: bool = False) -> list[Delivery]:
    """Make what is planned for the item and is not there yet: at publication, or when validation is asked for before.

    `accounts`: UIDs, None for all that speak for the item; whose network is not installed any more has nothing to say.
    `on_request`: a person or a rule asks, not publication
    alone. Returns the new deliveries. Asking again makes nothing: an item and an account have one post. Some ways to
    publish set no publication date: it is now for what is `fresh`, else the day of creation, so that no old item goes
    out.
    """
    site = api.portal.get()
    item = facts(obj)
    now = clock.now()
    undated = item.effective is None
    if undated:
        item = replace(item, effective=now if fresh else item.created)
    outbox = Outbox(site)
    chosen = [account for account in usable(site, obj) if accounts is None or account.uid in accounts]
    mine = [account for account in chosen if queryUtility(INetwork, name=account.network)]
    authors = changes.authors(obj, item)
    by = me()
    made = []
    for planned in plan.plan(item, mine, my_roles(obj), now, max_age(), on_request):
        delivery = draft(item, planned, authors, by)
        if outbox.enqueue(delivery):
            made.append(delivery)
        elif undated and fresh:  # asked for before: that it is public only now stands nowhere else
            before = outbox.get(delivery.id)
            if before and before.state in WAITING:
                outbox.save(replace(before, due=max(before.due, now)))
    if made:
        in_turn(obj)
    return made


def my_roles(obj: Any) -> frozenset[str]:
    """Those of the current user on the item."""
    return frozenset(getSecurityManager().getUser().getRolesInContext(obj))


def draft(item: Item, planned: Planned, authors: tuple[str, ...], by: str) -> Delivery:
    """What the user `by` asks for, as it would first be written; nothing is stored."""
    said = rendition(item, planned.account)
    return planned_delivery(item, planned, said, authors, by, clock.now(), urgent=item.choice.urgent)


def in_turn(obj: Any) -> None:
    """After something was planned for the item: nobody who plans for a translation of it meanwhile misses it."""
    if group := translation_group(obj):
        Outbox(api.portal.get()).in_turn(group)
