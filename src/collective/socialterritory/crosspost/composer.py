"""What an account would say of an item: facts from Plone, decided by the rules."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.rules import authorship
from collective.socialterritory.crosspost.rules import compose
from collective.socialterritory.crosspost.rules.departure import UNTOLD
from collective.socialterritory.interfaces import IComposer
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import time_zone
from collective.socialterritory.networks.model import Charges
from dataclasses import replace
from typing import Any
from zope.component import getUtility
from zope.interface import implementer


@implementer(IComposer)
class Composer:
    def __init__(self, context: Any) -> None:
        self.context = context

    def compose(self, account: Account) -> Rendition:
        return rendition(facts(self.context), account)


def rendition(item: Item, account: Account, by_hand: bool = False) -> Rendition:
    """For facts at hand: reading them once serves all accounts. `by_hand`: a person says it, which costs nothing."""
    network = getUtility(INetwork, name=account.network)
    day = authorship.said_day(item, clock.now(), time_zone())
    limits = network.limits_of(account.facts)
    if account.by_hand and limits.card_pictures:  # whoever posts in a browser gets either the card or the picture
        limits = replace(limits, card=False, card_pictures=0)
    said = compose.compose(item, account, limits, day)
    said = replace(said, source=authorship.source(item))
    return priced(said, network) if isinstance(network, Charges) and not (by_hand or account.by_hand) else said


def foreseen(item: Item, account: Account) -> Rendition:
    """For previews: where captions are asked for, what has none will wait for one."""
    said = rendition(item, account)
    if not settings().alt_required:
        return said
    return replace(said, warnings=tuple("alt_required" if code == UNTOLD else code for code in said.warnings))


def priced(said: Rendition, network: Charges) -> Rendition:
    price = network.price(said.text)
    warning = "price_link" if price.link else "price"
    return replace(said, price=str(price.amount), warnings=(*said.warnings, warning))
