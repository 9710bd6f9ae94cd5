"""The hands of cross-posting: finds what may leave, account by account, and keeps the records in order."""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import logger
from collective.socialterritory import wake
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost import withdrawing
from collective.socialterritory.crosspost.agenda import Agenda
from collective.socialterritory.crosspost.agenda import Rewriting
from collective.socialterritory.crosspost.clearance import verdict
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.lane import Lane
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.correction import GRACE
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import time_zone
from contextlib import contextmanager
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from ZODB.POSException import ConflictError
from zope.component import queryUtility
from zope.interface import implementer

import transaction


FOLLOWED = 20
"""How many posts follow their account's template before the lanes are served again"""
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
            with _apart(delivery.id):
                if self._stale(site, delivery, accounts, now):
                    outbox.save(departure.held(delivery, "overdue", now))

    def _stale(self, site: Any, delivery: Delivery, accounts: Mapping[str, Account], now: datetime) -> bool:
        network = queryUtility(INetwork, name=delivery.network)
        obj = find(delivery.content, delivery.item_path)
        if delivery.state is not State.QUEUED or delivery.held or network is None or obj is None:
            return False
        item = facts(obj)
        ready = departure.ripe(verdict(site, delivery, item, network, now))
        return ready and departure.overdue(delivery, item, accounts[delivery.account], now, time_zone())

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        outbox = Outbox(site)
        agenda = self._agendas.setdefault(outbox.path, Agenda())
        if now - agenda.swept >= departure.SWEEP:
            self._sweep(site, outbox, agenda, now)
        for id in wake.hints(outbox.path):
            with _apart(id):
                if delivery := outbox.get(id):
                    agenda.look(delivery, delivery.due)
                    _tell_validators(site, outbox, delivery, now)
        _keep()
        if may_send():
            self._follow(site, outbox, agenda)
            for account in agenda.lanes():
                if account not in agenda.servers:
                    agenda.servers[account] = _servers(site, account)
                if pool.room(account, agenda.servers[account]):
                    Lane(site, pool, agenda, account, now).serve()
                if pool.busy(account):
                    agenda.served(account)
        return 0.0 if agenda.rewritten and may_send() else agenda.pause(now)

    def _follow(self, site: Any, outbox: Outbox, agenda: Agenda) -> None:
        """Open posts of accounts whose template changed say what it says now: some at a time, sending goes on."""
        for uid, change in list(agenda.rewritten.items()):
            account = Accounts(site).get(uid)
            some, change.ids = change.ids[:FOLLOWED], change.ids[FOLLOWED:]
            if [id for id in some if account and not _follows(site, outbox, account, id)]:
                change.failed = True
            if not change.ids:
                del agenda.rewritten[uid]
                if not change.failed and _rewriting(site, uid) == change.known:
                    Accounts(site).mark(uid, rewriters=[])
            if not _keep():
                change.failed = True

    def _sweep(self, site: Any, outbox: Outbox, agenda: Agenda, now: datetime) -> None:
        """Find what a lost wake-up missed; cancel what lost its item; remind people; archive."""
        agenda.swept = now
        agenda.forget()
        accounts = {account.uid: account for account in Accounts(site).all()}
        anew = {}
        for uid in [uid for uid, account in accounts.items() if account.rewriters]:
            known = _rewriting(site, uid)
            if uid not in agenda.rewritten or agenda.rewritten[uid].known != known:
                anew[uid] = Rewriting(known)
        agenda.rewritten.update(anew)
        for delivery in outbox.live():
            agenda.look(delivery, delivery.due)
            if delivery.account in anew and delivery.state not in FINISHED:
                anew[delivery.account].ids.append(delivery.id)
            with _apart(delivery.id):
                if _settled(delivery) and (why := _pointless(delivery, now)):
                    outbox.save(step(delivery, "cancel", now, note=why, held=""))
                elif delivery.state in _WAITS_FOR_PEOPLE and delivery.account not in accounts:
                    outbox.save(step(delivery, "cancel", now, note="account_deleted", held=""))
                else:
                    _tell_validators(site, outbox, delivery, now)
        withdrawing.note_expired(outbox, now)
        for uid, since in outbox.left():
            if now - since >= GRACE:
                with _apart(uid):
                    withdrawing.settle(site, outbox, uid, since, now)
        for uid, record in Accounts(site).records().items():
            if rules.session_over(record, now):  # also where nothing is to be sent
                agenda.looks.setdefault(uid, {})
            with _apart(uid):
                if may_send() and (days := rules.warning(record, now)):
                    notices.ending(site, uid, now)
                    Accounts(site).mark(uid, warned=days)
        outbox.archive(now)
        _keep()


def _servers(site: Any, uid: str) -> tuple[str, ...] | None:
    """Those that a call for the account needs."""
    account = Accounts(site).object(uid)
    network = None if account is None else queryUtility(INetwork, name=account.network)
    with suppress(ConfigurationError):
        return tuple(network.origins(Vault(site).open(uid))) or None if network else None
    return None


def _rewriting(site: Any, uid: str) -> tuple[Any, ...]:
    """Who changed what all posts of the account say, and to what."""
    known = Accounts(site).runtime(uid)
    return list(known.get("rewriters", ())), known.get("wording"), settings().public_url


def _follows(site: Any, outbox: Outbox, account: Account, id: str) -> bool:
    """An open post says what its account's template says; whatever becomes of it, who wrote that is an author."""
    with _apart(id):
        delivery = outbox.get(id)
        if delivery and delivery.state in WAITING:
            changes.follow_account(site, outbox, account, id)
            delivery = outbox.get(id)
        late = {*account.rewriters} - {"", *(delivery.authors if delivery else ())}
        new = delivery and account.rewritten and delivery.created > account.rewritten
        if delivery and delivery.state not in FINISHED and late and not new:
            outbox.save(replace(delivery, authors=(*delivery.authors, *sorted(late))))
        return True
    return False


def _settled(delivery: Delivery) -> bool:
    """Whether nothing of it is under way: what may have arrived is looked up first."""
    return delivery.state in _WAITS_FOR_PEOPLE or (delivery.state is State.QUEUED and not delivery.doubt)


def _pointless(delivery: Delivery, now: datetime) -> str:
    """Why nobody can want it any more; news that expires may be given another date, so that waits for its turn."""
    if delivery.state is State.UNCONFIRMED and (delivery.by_hand or delivery.target):
        return ""  # somebody may just be doing it
    obj = find(delivery.content, delivery.item_path)
    if obj is None:
        return departure.pointless(delivery, None, now)
    return departure.pointless(delivery, facts(obj), now) if delivery.cause else ""


@contextmanager
def _apart(id: str) -> Iterator[None]:
    """One damaged item must not stop the others: what was begun for its delivery is undone, and the log tells why."""
    before = transaction.savepoint(optimistic=True)
    try:
        yield
    except Exception:
        logger.exception("Delivery %s cannot be looked at now", id)
        before.rollback()


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


def _keep() -> bool:
    """Whether what was written is stored; if not, a person was quicker, and the next sweep finds the rest."""
    try:
        transaction.commit()
        return True
    except ConflictError:
        transaction.abort()
        return False
