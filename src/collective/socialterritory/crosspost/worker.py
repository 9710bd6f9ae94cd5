"""The hands of cross-posting: finds what may leave, account by account, and keeps the records in order."""

from collective.socialterritory import logger
from collective.socialterritory import wake
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.clearance import verdict
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.lane import Agenda
from collective.socialterritory.crosspost.lane import Lane
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.local import time_zone
from dataclasses import replace
from datetime import datetime
from typing import Any
from ZODB.POSException import ConflictError
from zope.component import queryUtility
from zope.interface import implementer

import transaction


_WAITS_FOR_PEOPLE = (State.PENDING, State.REJECTED, State.FAILED, State.UNCONFIRMED)


@implementer(IJob)
class Deliver:
    def __init__(self) -> None:
        self._agendas: dict[str, Agenda] = {}

    def start(self, site: Any, now: datetime) -> None:
        """What should have left long ago is held: this may be a restored backup, or news of last week."""
        outbox = Outbox(site)
        self._agendas[outbox.path] = Agenda()
        accounts = {account.uid: account for account in Accounts(site).all()}
        for delivery in outbox.live():
            network = queryUtility(INetwork, name=delivery.network)
            if delivery.state is not State.QUEUED or network is None or delivery.due > now:
                continue
            try:
                obj = find(delivery.content)
                item = obj and facts(obj)
                said = verdict(site, delivery, item, network, now)
                ready = said.act is departure.Act.GO or said.why == "pace"
                if ready and departure.overdue(delivery, item, accounts[delivery.account], now, time_zone()):
                    outbox.save(departure.held(delivery, "overdue", now))
            except Exception:  # one damaged item must not stop the others
                logger.exception("Delivery %s cannot be looked at now", delivery.id)

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        outbox = Outbox(site)
        agenda = self._agendas.setdefault(outbox.path, Agenda())
        if now - agenda.swept >= departure.SWEEP:
            self._sweep(site, outbox, agenda, now)
        for id in wake.hints(outbox.path):
            if delivery := outbox.get(id):
                agenda.look(delivery, delivery.due)
                _tell_validators(site, outbox, delivery, now)
        _keep()
        if may_send():
            for account in list(agenda.looks):
                Lane(site, pool, agenda, account, now).serve()
        return agenda.pause(now)

    def _sweep(self, site: Any, outbox: Outbox, agenda: Agenda, now: datetime) -> None:
        """Find what a lost wake-up missed; cancel what lost its item; remind people; archive."""
        agenda.swept = now
        agenda.looks.clear()
        accounts = {account.uid for account in Accounts(site).all()}
        for delivery in outbox.live():
            agenda.look(delivery, delivery.due)
            if delivery.state in _WAITS_FOR_PEOPLE and find(delivery.content) is None:
                outbox.save(step(delivery, "cancel", now, note="item_deleted", held=""))
            elif delivery.state in _WAITS_FOR_PEOPLE and delivery.account not in accounts:
                outbox.save(step(delivery, "cancel", now, note="account_deleted", held=""))
            else:
                _tell_validators(site, outbox, delivery, now)
        outbox.archive(now)
        _keep()


def _tell_validators(site: Any, outbox: Outbox, delivery: Delivery, now: datetime) -> None:
    """Ask them once, so that the request that publishes need not know who they are; remind them later."""
    if not may_send():  # a staging copy writes to nobody
        return
    if departure.unasked(delivery):
        notices.ask(site, delivery, now)
        name = "ask"
    elif number := departure.reminder(delivery, now):
        notices.remind(site, delivery, number, now)
        name = "remind"
    else:
        return
    outbox.save(replace(delivery, log=(*delivery.log, Event(now, name))))


def _keep() -> None:
    try:
        transaction.commit()
    except ConflictError:  # a person was quicker: the next sweep finds the rest
        transaction.abort()
