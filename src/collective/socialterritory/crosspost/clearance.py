"""Whether a delivery may leave as the site stands: asked before sending, and to say what it waits for."""

from collective.socialterritory import address
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.crosspost.rules.departure import Verdict
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import last_pause
from collective.socialterritory.interfaces import max_age
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import time_zone
from collective.socialterritory.networks.model import Network
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zope.globalrequest import getRequest

import transaction


def look_anew() -> None:
    """Begin a transaction that sees what others have committed, the settings as well.

    plone.registry remembers values for as long as a request lasts, and the worker's lasts for a whole turn.
    """
    transaction.begin()
    getRequest().other.pop("_plone_registry_cache", None)


def verdict(site: Any, delivery: Delivery, item: Item | None, network: Network, now: datetime) -> Verdict:
    """`item`: None when it was deleted."""
    account = Accounts(site).get(delivery.account)
    pauses = [pause for pause in (last_pause(), account and account.pause) if pause]
    problem = "" if network.local or item is None else address.problem(item.url)
    other = Outbox(site).get(delivery.partner) if delivery.partner else None
    partner = other.state if other else None
    if other and partner is State.QUEUED and delivery.operation is Operation.DELETE:
        # What is taken away for a new post stays until that one could leave at once.
        prices = [other.rendition.price, "" if delivery.cost else delivery.rendition.price]
        both = replace(other.rendition, price=str(sum(Decimal(price or 0) for price in prices)))
        alone = verdict(site, replace(other, partner="", rendition=both), item, network, now)
        if alone.act is not Act.GO:
            return Verdict(Act.WAIT, "partner_approval", alone.until)
    told = bool(settings().alt_required)
    return departure.verdict(delivery, item, account, pauses, now, time_zone(), max_age(), problem, partner, told)
