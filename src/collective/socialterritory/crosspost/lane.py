"""One account's way out: claim and commit, let a sender send, have the result recorded; never two at a time.

A crash or a missing answer in between is a doubt: it is looked up, or shown to a person, before anything is sent again.
"""

from Acquisition import aq_base
from collections.abc import Callable
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import begin_refresh
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost import clearance
from collective.socialterritory.crosspost import lent
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.agenda import Agenda
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import REPEATABLE
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.pictures import opened
from collective.socialterritory.crosspost.record import record
from collective.socialterritory.crosspost.record import refreshed
from collective.socialterritory.crosspost.record import settle
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules import outcome
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.crosspost.rules.departure import Verdict
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.sending import probe
from collective.socialterritory.crosspost.sending import send
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Network
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4
from ZODB.POSException import ConflictError
from zope.component import queryUtility

import transaction


LEASE = timedelta(minutes=5)
"""Longer than the hard deadline of any sending"""
SOON = timedelta(seconds=5)


@dataclass
class Lane:
    site: Any
    pool: Any
    agenda: Agenda
    account: str
    now: datetime

    def serve(self) -> None:
        """Go through what the account has due until something is under way or nothing is left."""
        if self.pool.busy(self.account) or self.pool.full or self._refresh():
            return
        while id := self.agenda.due(self.account, self.now):
            try:
                if self._take(id):
                    return
            except ConflictError:
                transaction.abort()
                self.agenda.looks[self.account][id] = self.now + SOON
            except Exception:  # one damaged item must not stop the others
                transaction.abort()
                logger.exception("Delivery %s cannot be looked at now; it is kept and tried again", id)
                self.agenda.looks[self.account][id] = self.now + departure.SWEEP

    def _take(self, id: str) -> bool:
        """Do the next thing for one delivery; whether a sender is now busy with it."""
        clearance.look_anew()
        delivery = Outbox(self.site).get(id)
        network = delivery and queryUtility(INetwork, name=delivery.network)
        if delivery is None or delivery.state not in (State.QUEUED, State.SENDING):
            self.agenda.looks[self.account].pop(id, None)
            return False
        if delivery.state is State.SENDING:
            return self._reclaim(delivery, network)
        if network is None:
            return self._hold(delivery, "unknown_network")
        if delivery.doubt and self._finds(delivery, network):
            return self._look("claim", delivery, network)
        return self._decide(delivery, network)

    def _strange(self, delivery: Delivery) -> bool:
        """Whether the account is somebody else by now, or gone: neither a look nor a repeat would tell anything."""
        account = Accounts(self.site).get(self.account)
        return account is None or bool(departure.strange(delivery, account))

    def _finds(self, delivery: Delivery, network: Network | None) -> bool:
        known = Vault(self.site).holds(self.account) and not self._strange(delivery)
        return isinstance(network, Finds) and known and delivery.operation not in REPEATABLE

    def _reclaim(self, delivery: Delivery, network: Network | None) -> bool:
        """The sender was lost with its process. After its lease, look; where nobody can look, ask a person."""
        if delivery.lease and delivery.lease > self.now:
            return self._later(delivery, delivery.lease)
        doubted = departure.lapsed(replace(delivery, doubt=True), self.now)
        if self._finds(delivery, network):
            return self._look("reclaim", doubted, network)
        gone = {"token": "", "lease": None, "error": "interrupted"}
        if network and not self._strange(delivery) and outcome.replays(delivery, network, self.now):
            doubt = delivery.operation is not Operation.EDIT  # that is composed and approved anew
            return self._write(step(doubted, "retry", self.now, due=self.now, **{**gone, "doubt": doubt}))
        lost = step(doubted, "lose", self.now, held="", **gone)
        notices.problem(self.site, lost, self.now)
        return self._write(lost)

    def _look(self, name: str, delivery: Delivery, network: Network) -> bool:
        """Ask whether it arrived; not before a refused account is reconnected, nor while its network wants a rest."""
        known = Accounts(self.site).runtime(self.account)
        if known.get("link") == Link.RECONNECT or rules.resting(known, self.now):
            return self._later(delivery, self.now + departure.SWEEP)
        return self._start(name, delivery, network, probe)

    def _later(self, delivery: Delivery, when: datetime) -> bool:
        self.agenda.look(delivery, when)
        return False

    def _hold(self, delivery: Delivery, why: str) -> bool:
        if delivery.held:
            return self._later(delivery, self.now + departure.SWEEP)
        held = departure.held(delivery, why, self.now)
        notices.held(self.site, held, self.now)
        return self._write(held)

    def _decide(self, delivery: Delivery, network: Network) -> bool:
        obj = find(delivery.content, delivery.item_path)
        item = None if obj is None else facts(obj)
        verdict = clearance.verdict(self.site, delivery, item, network, self.now)
        if verdict.act is Act.WAIT:
            return self._later(delivery, verdict.until or self.now + departure.SWEEP)
        if verdict.act is Act.CANCEL:
            return self._write(step(delivery, "cancel", self.now, note=verdict.why))
        if verdict.act is Act.HOLD:
            return self._hold(delivery, verdict.why)
        account = Accounts(self.site).get(self.account)
        current = delivery if item is None else changes.follow(self.site, obj, item, delivery, account)
        if current.state is not State.QUEUED:
            return self._write(current)
        if not validation.approved(current):
            unapproved = validation.void(current, self.now)
            notices.voided(self.site, unapproved, self.now)
            return self._write(unapproved)
        there = Outbox(self.site).post(current.content, current.target) if current.target else None
        if current.target and there is None:
            return self._write(step(current, "cancel", self.now, note="post_gone"))
        by_hand = current.by_hand or account.by_hand or self._strange(current)
        if by_hand or not correction.possible(network, current, there):
            return self._give_over(current, "do_by_hand")
        files = opened(obj, current.images)
        if files is None:  # an earlier try may have arrived, and what is not the same must not be sent again
            return self._give_over(current, "image_gone")
        again = partial(self._judged, obj, network)
        urls = lent.addresses(self.site, current, self.now) if network.fetches else ()
        return self._start("claim", current, network, send, network.limits_of(account.facts), files, urls, again=again)

    def _give_over(self, delivery: Delivery, why: str) -> bool:
        """To people: nothing here can do it, or do it again."""
        if delivery.operation not in REPEATABLE:
            Accounts(self.site).sent(self.account, self.now)
        begun = step(delivery, "claim", self.now, **self._identity(delivery))
        given = step(begun, "lose", self.now, note=why, error=why, held="", by_hand=why == "do_by_hand")
        notices.problem(self.site, given, self.now)
        return self._write(given)

    def _identity(self, delivery: Delivery) -> dict[str, str]:
        """Who says it; the name is kept, for that account may be called otherwise later, or be somebody else."""
        known = Accounts(self.site).runtime(self.account)
        id = delivery.identity or known.get("identity_id", "")
        same = id == known.get("identity_id", "")
        return {"identity": id, "identity_name": known.get("identity", "") if same else delivery.identity_name}

    def _write(self, delivery: Delivery) -> bool:
        Outbox(self.site).save(delivery)
        transaction.commit()
        self.agenda.look(delivery, self.now)
        return False

    def _judged(self, obj: Any, network: Network, delivery: Delivery) -> Verdict:
        """What people did while it was being claimed is in the database by now. One that was moved is found later."""
        clearance.look_anew()
        there = obj is not None and self.site.unrestrictedTraverse(obj.getPhysicalPath(), None)
        item = facts(obj) if there and aq_base(there) is aq_base(obj) else None
        return clearance.verdict(self.site, delivery, item, network, clock.now())

    def _start(
        self,
        name: str,
        delivery: Delivery,
        network: Network,
        function: Any,
        *args: Any,
        again: Callable[[Delivery], Verdict] | None = None,
    ) -> bool:
        """Commit the claim and set its price aside; only then may a byte leave, if `again` says so."""
        try:
            credentials = Vault(self.site).open(self.account)
        except ConfigurationError as error:
            logger.error("Account %s: %s", self.account, error.code)
            return self._later(delivery, self.now + departure.SWEEP)
        token = uuid4().hex
        kept = outcome.replays(delivery, network, self.now) or delivery.doubt
        claimed = step(
            delivery,
            name,
            self.now,
            token=token,
            lease=self.now + LEASE,
            attempts=delivery.attempts + 1,
            since=delivery.since or self.now,
            key=outcome.key(delivery, network),
            sent_at=delivery.sent_at if kept else self.now,
            cost=delivery.cost or (delivery.rendition.price if again else ""),
            **self._identity(delivery),
        )
        settle(self.site, delivery, claimed, self.now)
        self._write(claimed)
        self.agenda.look(claimed, claimed.lease)
        if again and (why := self._refused(again, replace(delivery, cost=claimed.cost))):
            return self._take_back(delivery, claimed, why)
        done = partial(record, self.agenda, delivery.id, token, network)
        self.pool.submit(self.account, done, function, network, Http.from_environment(), credentials, claimed, *args)
        return True

    def _refused(self, again: Callable[[Delivery], Verdict], delivery: Delivery) -> str:
        """Why the delivery must not leave after all. Nothing was sent, so a failure here is no doubt."""
        try:
            verdict = again(delivery)
        except Exception:
            transaction.abort()
            logger.exception("Delivery %s cannot be looked at now; it is kept and tried again", delivery.id)
            return "unreadable"
        return "" if verdict.act is Act.GO else verdict.why

    def _take_back(self, delivery: Delivery, claimed: Delivery, why: str) -> bool:
        now = clock.now()
        before = {name: getattr(delivery, name) for name in ("attempts", "since", "sent_at", "cost")}
        back = step(claimed, "retry", now, note=why, token="", lease=None, **before)
        settle(self.site, claimed, back, now)
        self._write(back)
        self.agenda.look(back, now + SOON)  # what this turn read before is old
        return False

    def _refresh(self) -> bool:
        """Whether the account's session must be renewed first, or is just being."""
        transaction.begin()
        known = Accounts(self.site).runtime(self.account)
        if not rules.session_over(known, self.now):
            return False
        if self.agenda.rests.get(self.account, self.now) > self.now or rules.resting(known, self.now):
            return True
        token, wait = uuid4().hex, SOON
        try:
            begun = begin_refresh(self.site, self.account, token, self.now)
            transaction.commit()
        except (ConfigurationError, ConflictError) as error:
            transaction.abort()
            logger.warning("Account %s: its session cannot be renewed now: %r", self.account, error)
            begun = None
            wait = departure.SWEEP if isinstance(error, ConfigurationError) else SOON
        if begun is None:
            self.agenda.rests[self.account] = self.now + wait
            return True
        network, credentials = begun
        done = partial(refreshed, self.agenda, self.account, token)
        self.pool.submit(self.account, done, network.refresh, Http.from_environment(), credentials)
        return True
