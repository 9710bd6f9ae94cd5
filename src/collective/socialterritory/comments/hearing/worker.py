"""The ears: asks about each post of ours when it is due, for accounts whose replies are shown here."""

from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import askable
from collective.socialterritory.accounts.worker import failed
from collective.socialterritory.accounts.worker import network_of
from collective.socialterritory.caching import purge
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.entering import enter
from collective.socialterritory.comments.hearing.fetching import listen
from collective.socialterritory.comments.hearing.model import Heard
from collective.socialterritory.comments.hearing.model import Post
from collective.socialterritory.comments.hearing.model import Task
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.errors import SocialError
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import IOutbox
from collective.socialterritory.interfaces import IPictures
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.networks.reading import Hears
from collective.socialterritory.public import is_public
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from functools import partial
from plone.app.uuid.utils import uuidToObject
from typing import Any
from urllib.parse import urlsplit
from zope.component import getUtility
from zope.component import queryUtility
from zope.interface import implementer

import transaction


SHARE = "replies"
"""What stands for all servers together, of which no more than half the senders serve any"""
SWEEP, WHOLE = timedelta(minutes=1), timedelta(hours=1)
"""How often it is looked which posts are out, of late and of all the days"""


@dataclass
class Looks:
    """Of one site, in this process alone: which posts are out, and when each is asked about next."""

    posts: dict[str, Post] = field(default_factory=dict)
    due: dict[str, datetime] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    """Posts that are gone"""
    accounts: set[str] = field(default_factory=set)
    swept: datetime | None = None
    whole: datetime = datetime.min.replace(tzinfo=UTC)


@implementer(IJob)
class Hear:
    def __init__(self) -> None:
        self._looks: dict[tuple[str, ...], Looks] = {}
        self.hurry = False
        """Every post is due after a start"""

    def start(self, site: Any, now: datetime) -> None:
        self._looks[site.getPhysicalPath()] = Looks()

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        looks = self._looks.setdefault(site.getPhysicalPath(), Looks())
        known = {account.uid: account for account in Accounts(site).all() if account.replies} if active() else {}
        if not known or not may_send() or frozen(now):
            looks.swept = looks.swept and now - SWEEP  # what went out meanwhile is new
            return SWEEP.total_seconds()
        if looks.swept is None or now - looks.swept >= SWEEP:
            self._sweep(site, looks, known, now)
        for id in sorted((id for id, when in looks.due.items() if when <= now), key=looks.due.__getitem__):
            post = looks.posts[id]
            lane = f"{SHARE} {post.account}"
            if not pool.room(SHARE, SHARE):
                break
            if post.account not in known or not _ready(site, known[post.account], post, now):
                looks.due[id] = now + SWEEP
            elif not pool.busy(lane) and pool.room(lane, SHARE):
                self._serve(site, pool, looks, post, known[post.account], now)
        later = [(when - now).total_seconds() for when in looks.due.values() if when > now]
        return min([SWEEP.total_seconds(), *later])

    def _sweep(self, site: Any, looks: Looks, known: dict[str, Account], now: datetime) -> None:
        """Which posts are out: all of them once an hour, and when other accounts are read; else those of late."""
        whole = looks.swept is None or now - looks.whole >= WHOLE or looks.accounts != set(known)
        since = now - timedelta(days=settings().replies_days)
        found = {} if whole else {id: post for id, post in looks.posts.items() if post.at >= since}
        for delivery in IOutbox(site).posted(since if whole else max(since, looks.swept - 2 * SWEEP)):
            account = known.get(delivery.account)
            reached = account and account.network == delivery.network and delivery.receipt_id and not delivery.by_hand
            if reached and delivery.id not in looks.over:
                there = (delivery.receipt_id, delivery.finished, delivery.identity)
                found[delivery.id] = Post(delivery.id, delivery.content, delivery.account, delivery.network, *there)
        for id in set(looks.due) - set(found):
            del looks.due[id]
            looks.failures.pop(id, None)
        for id in set(found) - set(looks.due):
            fresh = looks.swept and found[id].at >= looks.swept - 2 * SWEEP
            looks.due[id] = now if fresh or self.hurry else rules.first(id, found[id].at, now)
        looks.posts, looks.swept, looks.accounts = found, now, set(known)
        looks.whole = now if whole else looks.whole

    def _serve(self, site: Any, pool: Any, looks: Looks, post: Post, account: Account, now: datetime) -> None:
        item, store = uuidToObject(post.item, unrestricted=True), Hearsay(site)
        out = {one.delivery.id for one in IOutbox(site).standing(post.item)}
        looks.due[post.id] = rules.following(post.at, now)
        if item is None or post.id not in out:
            looks.over.add(post.id)
            del looks.due[post.id]
            return
        kept = [kept.there for _key, kept in store.replies(post.item, post.id) if kept.there]
        if not is_public(item) or not (kept or opening(item, now).open):
            return
        try:
            network, credentials = network_of(post.network), Vault(site).open(account.uid)
        except SocialError as error:
            self._failed(site, looks, post, error, now)
            transaction.commit()
            return
        if isinstance(network, Hears):
            ours = frozenset(urlsplit(origin).netloc for origin in network.origins(credentials))
            task = Task(network, credentials, post.there, tuple(kept), store.marks(), ours)
            transaction.commit()
            lane, done = f"{SHARE} {post.account}", partial(self._done, post)
            pool.submit(lane, done, listen, Http.from_environment(), task, queryUtility(IPictures))

    def _done(self, post: Post, site: Any, result: Any) -> None:
        """Keeps what came of a look; to do it twice is harmless."""
        now, looks = clock.now(), self._looks.setdefault(site.getPhysicalPath(), Looks())
        if isinstance(result, Exception):
            self._failed(site, looks, post, result, now)
            return
        assert isinstance(result, Heard)
        item = uuidToObject(post.item, unrestricted=True)
        if item is None or result.hearing.gone:
            looks.over.add(post.id)
            looks.due.pop(post.id, None)
            return
        seen = set(visible.ids(item))
        again = enter(site, item, post, result, now, opening(item, now).open)
        if seen != set(visible.ids(item)):
            below = "/".join(item.getPhysicalPath()[len(site.getPhysicalPath()) :])
            purge(site, f"/{below}", f"/{below}/@comments")
        Hearsay(site).note(post.account, None)
        looks.failures.pop(post.id, None)
        if post.id in looks.due:
            looks.due[post.id] = rules.following(post.at, now) if again is None else now + again

    def _failed(self, site: Any, looks: Looks, post: Post, error: Exception, now: datetime) -> None:
        failures = looks.failures.get(post.id, 0) + 1
        looks.failures[post.id] = failures
        wait = getattr(error, "retry_after", None)
        if post.id in looks.due:
            looks.due[post.id] = rules.following(post.at, now, failures, wait)
        if not isinstance(error, SocialError):
            logger.error("Replies to %s cannot be read: %r", post.id, error)
            return
        if told := failed(site, post.account, error, failures, now):
            Hearsay(site).note(post.account, told, now + timedelta(seconds=wait) if wait else None)


def listen_at_once() -> None:
    """Let the worker that starts next in this process ask about every post at once."""
    getUtility(IJob, "replies").hurry = True


def _ready(site: Any, account: Account, post: Post, now: datetime) -> bool:
    rests = Hearsay(site).rests(account.uid)
    return askable(site, account, post.identity, now) and not (rests is not None and rests > now)
