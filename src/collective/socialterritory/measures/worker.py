"""The hands of measuring: asks how far posts got when they are due, several of an account at once."""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.accounts import rules as accounts
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import askable
from collective.socialterritory.accounts.worker import failed
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import SocialError
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import IOutbox
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.interfaces import settings
from collective.socialterritory.measures.model import Post
from collective.socialterritory.measures.rules import schedule
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.reading import Measures
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from functools import partial
from heapq import heappop
from heapq import heappush
from typing import Any
from zope.component import queryUtility
from zope.interface import implementer

import time
import transaction


SHARE = "measures"
"""What stands for all servers together, of which no more than half the senders serve any"""
SWEEP = timedelta(minutes=5)
"""How often it is looked which posts went out since: sooner than the first of them is due"""
DAY = timedelta(days=1)
SPELL = 0.02
"""Seconds of one turn for what went out before a start"""
SOON, LATER = timedelta(minutes=1), timedelta(hours=1)
"""When an account is looked at again that cannot be asked now, and one whose money does not allow it"""


@dataclass
class Agenda:
    """Of one site, in this process alone: what is due when, made anew from what is stored at each start."""

    posts: dict[str, Post] = field(default_factory=dict)
    due: list[tuple[datetime, str]] = field(default_factory=list)
    """A heap"""
    ready: dict[str, dict[str, None]] = field(default_factory=dict)
    """By account, posts to be asked about now, each once"""
    rests: dict[str, datetime] = field(default_factory=dict)
    """Until when an account is not asked"""
    failures: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    """Posts that a question may be about, where one of several may be what was refused"""
    swept: datetime | None = None
    back: datetime | None = None
    """Since when it is known what went out: at a start of now, then of ever more days before"""

    def plan(self, post: Post, asked: datetime | None) -> None:
        """When it is asked about next, if ever."""
        when = schedule.due(post.at, asked, _ages(post.network))
        if when is None:
            self.posts.pop(post.id, None)
        else:
            self.posts[post.id] = post
            heappush(self.due, (when, post.id))


@implementer(IJob)
class Measure:
    def __init__(self) -> None:
        self._agendas: dict[tuple[str, ...], Agenda] = {}

    def start(self, site: Any, now: datetime) -> None:
        self._agendas[site.getPhysicalPath()] = Agenda()

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        """Where nothing is due, a look at what is first on the agenda."""
        agenda = self._agendas.setdefault(site.getPhysicalPath(), Agenda())
        if settings().measures is False or not may_send() or frozen(now):
            return SWEEP.total_seconds()
        whole = self._sweep(site, agenda, now)
        while agenda.due and agenda.due[0][0] <= now:
            post = agenda.posts.get(heappop(agenda.due)[1])
            if post:
                agenda.ready.setdefault(post.account, {})[post.id] = None
        for uid in [uid for uid in agenda.ready if agenda.rests.get(uid, now) <= now]:
            lane = f"{SHARE} {uid}"
            if pool.room(SHARE, SHARE) and not pool.busy(lane) and pool.room(lane, SHARE):
                self._serve(site, pool, agenda, uid, now)
        rests = [agenda.rests[uid] for uid in agenda.ready if agenda.rests.get(uid, now) > now]
        later = [*rests, *(when for when, _id in agenda.due[:1]), *(() if whole else (now,))]
        return min([SWEEP.total_seconds(), *((when - now).total_seconds() for when in later)])

    def _sweep(self, site: Any, agenda: Agenda, now: datetime) -> bool:
        """Learn what went out since the last look, and at a start, day by day, in the last month; whether that is all.

        Thousands of records are read in several turns: whoever posts waits for no figures.
        """
        agenda.swept, agenda.back = agenda.swept or now, agenda.back or now
        if now - agenda.swept >= SWEEP:
            self._learn(site, agenda, agenda.swept - 2 * SWEEP, None)
            agenda.swept = now
        end = time.monotonic() + SPELL
        while agenda.back > now - schedule.OVER and time.monotonic() < end:
            self._learn(site, agenda, agenda.back - DAY, agenda.back + SOON)
            agenda.back -= DAY
        return agenda.back <= now - schedule.OVER

    def _learn(self, site: Any, agenda: Agenda, since: datetime, until: datetime | None) -> None:
        counted = Counted(site)
        for one in IOutbox(site).posted(since, until):
            network = queryUtility(INetwork, name=one.network)
            if one.id in agenda.posts or not one.receipt_id or one.by_hand or not isinstance(network, Measures):
                continue
            post = Post(one.id, one.account, one.network, one.receipt_id, one.finished, one.identity)
            series = counted.series(one.id)
            if series is None or not series.gone:
                agenda.plan(post, series and series.asked)

    def _serve(self, site: Any, pool: Any, agenda: Agenda, uid: str, now: datetime) -> None:
        account = Accounts(site).get(uid)
        if account and not askable(site, account, account.identity_id, now):
            agenda.rests[uid] = now + SOON
            return
        network = queryUtility(INetwork, name=account.network) if account else None
        posts = [agenda.posts[id] for id in agenda.ready.pop(uid) if id in agenda.posts]
        posts = [post for post in posts if account and _said_by(account, post)]
        if account is None or not posts or not isinstance(network, Measures):
            return
        agenda.ready[uid] = dict.fromkeys(post.id for post in posts)
        posts = posts[: min(agenda.most.get(uid, network.at_once), network.at_once)]
        try:
            credentials = Vault(site).open(uid)
            if not _paid(site, account, network.toll(credentials, len(posts)), now):
                agenda.rests[uid] = now + LATER
                return
        except SocialError as error:
            self._failed(site, agenda, posts, error, now)
            transaction.commit()
            return
        transaction.commit()
        done, ids = partial(self._done, posts, now), [post.there for post in posts]
        pool.submit(f"{SHARE} {uid}", done, network.measure, Http.from_environment(), credentials, ids)

    def _done(self, posts: Sequence[Post], asked: datetime, site: Any, result: Any) -> None:
        """Keeps what was told; to do it twice is harmless."""
        now, uid, counted = clock.now(), posts[0].account, Counted(site)
        agenda = self._agendas.setdefault(site.getPhysicalPath(), Agenda())
        _settle(site, uid, result, len(posts), asked)
        if isinstance(result, Exception):
            self._failed(site, agenda, posts, result, now)
            return
        self._taken_off(agenda, posts)
        agenda.failures.pop(uid, None)
        agenda.most.pop(uid, None)
        agenda.rests[uid] = now + schedule.GAP
        counted.note_trouble(uid, None)
        for post in posts:
            told: Counts | None = result.get(post.there)
            counted.keep(post.id, told, asked)
            if told is None:
                agenda.posts.pop(post.id, None)
            else:
                agenda.plan(post, asked)

    def _taken_off(self, agenda: Agenda, posts: Sequence[Post]) -> None:
        uid, asked = posts[0].account, {post.id for post in posts}
        left = {id: None for id in agenda.ready.pop(uid, ()) if id not in asked}
        if left:
            agenda.ready[uid] = left

    def _failed(self, site: Any, agenda: Agenda, posts: Sequence[Post], error: Exception, now: datetime) -> None:
        """The account is left alone for a while. Of posts refused together each is tried alone in the end, and then
        passed over until its next time."""
        uid = posts[0].account
        failures = agenda.failures[uid] = agenda.failures.get(uid, 0) + 1
        wait = getattr(error, "retry_after", None)
        agenda.rests[uid] = now + schedule.patience(failures, wait)
        if isinstance(error, Rejected) or not isinstance(error, SocialError):
            agenda.most[uid] = max(len(posts) // 2, 1)
            if len(posts) == 1:
                self._taken_off(agenda, posts)
                agenda.plan(posts[0], now)
        if not isinstance(error, SocialError):
            logger.error("Posts of account %s cannot be counted: %r", uid, error)
            return
        if told := failed(site, uid, error, failures, now):
            Counted(site).note_trouble(uid, told)


def _ages(name: str) -> tuple[timedelta, ...]:
    network = queryUtility(INetwork, name=name)
    return schedule.DEAR if isinstance(network, Measures) and network.toll({}, 1) else schedule.AGES


def _said_by(account: Account, post: Post) -> bool:
    return post.network == account.network and post.identity in ("", account.identity_id)


def _paid(site: Any, account: Account, toll: Decimal, now: datetime) -> bool:
    """Whether it may be asked: free, or the site wants it and the account has a ceiling that allows it.

    The toll is set aside then, so that no crash spends more than the ceiling.
    """
    if not toll:
        return True
    if not settings().measures_paid or not account.ceiling or accounts.dear(account, toll, now):
        return False
    Accounts(site).pay(account.uid, toll, now)
    Counted(site).note_toll(account.uid, toll)
    return True


def _settle(site: Any, uid: str, result: Exception | Mapping[str, Counts], number: int, asked: datetime) -> None:
    """Give back, once, what was set aside for posts that nothing was told of."""
    if toll := Counted(site).toll(uid):
        told = 0 if isinstance(result, Exception) else len(result)
        Accounts(site).pay(uid, toll * told / number - toll, asked)
        Counted(site).note_toll(uid, Decimal(0))
