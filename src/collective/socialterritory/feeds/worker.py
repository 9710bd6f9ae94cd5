"""The hands of feeds: looks at each source when it is due, and keeps what it told."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory import mail
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import network_of
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.feeds import caching
from collective.socialterritory.feeds import children
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.fetching import look
from collective.socialterritory.feeds.fetching import MOST
from collective.socialterritory.feeds.fetching import Task
from collective.socialterritory.feeds.fetching import Told
from collective.socialterritory.feeds.listening.hearing import hear
from collective.socialterritory.feeds.model import ACCOUNT
from collective.socialterritory.feeds.model import FEED
from collective.socialterritory.feeds.model import Health
from collective.socialterritory.feeds.model import OWN
from collective.socialterritory.feeds.model import Source
from collective.socialterritory.feeds.rules import schedule
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import ISpoken
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.messages import feed_trouble
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.public import staff_url
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from functools import partial
from plone.app.uuid.utils import uuidToObject
from typing import Any
from urllib.parse import urlsplit
from zope.component import getUtility
from zope.interface import implementer

import transaction


WHOLE = timedelta(days=7)
"""How often what is paid for by the entry is read whole, so that what was deleted there goes here"""
SHARE = "feeds"
"""What stands for all servers of feeds together, of which no more than half the senders serve any"""


@implementer(IJob)
class Refresh:
    def __init__(self) -> None:
        self._due: dict[tuple[str, ...], dict[str, datetime]] = {}
        self._lanes: dict[str, str] = {}
        """By source, as it was last read: many that wait for one server are not all read again each turn"""
        self.hurry = False
        """Every source is due at the start"""

    def start(self, site: Any, now: datetime) -> None:
        """What has a copy can wait for its turn."""
        known = Feeds(site)
        sources = {source.uid: source for source in all_sources(site)}
        self._due[site.getPhysicalPath()] = {
            uid: schedule.first(uid, source.every, now) if known.feed(uid) and not self.hurry else now
            for uid, source in sources.items()
        }

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        due = self._due.setdefault(site.getPhysicalPath(), {})
        known = Feeds(site)
        uids = set(known.uids())
        for gone in set(due) - uids:
            del due[gone]
            self._lanes.pop(gone, None)
        due.update(dict.fromkeys(uids - set(due), now))
        for uid in sorted((uid for uid in uids if due[uid] <= now), key=due.__getitem__):
            if not pool.room(SHARE, SHARE):
                break
            if pool.busy(self._lanes.get(uid, "")):
                continue
            obj = uuidToObject(uid, unrestricted=True)
            source = content.source(obj) if obj is not None else None
            self._lanes[uid] = lane = _lane(source) if source else ""
            if source is None or pool.room(lane, SHARE):
                due[uid] = now + timedelta(minutes=source.every if source else 10)
                if source:
                    self._serve(site, pool, source, now)
        return min([60.0, *((when - now).total_seconds() for when in due.values() if when > now)])

    def _serve(self, site: Any, pool: Any, source: Source, now: datetime) -> None:
        done = partial(self._done, source, now)
        try:
            if source.kind == OWN:
                done(site, Told(Feed("", "", tuple(ISpoken(site).entries(source.where, MOST)))))
                transaction.commit()
                return
            task = _task(site, source, now)
        except SocialError as error:
            done(site, error)
            transaction.commit()
            return
        transaction.commit()
        http = Http.from_environment()
        pool.submit(_lane(source), done, look, http, task, children.parse, children.picture)

    def _done(self, source: Source, asked: datetime, site: Any, result: Any) -> None:
        """Keeps what came of a look; to do it twice is harmless."""
        now, known, uid = clock.now(), Feeds(site), source.uid
        if uid not in known.uids():
            return
        before = known.health(uid)
        _settle(site, source, result, asked)
        if isinstance(result, Exception):
            health = _failed(source, result, before, now)
        else:
            health = schedule.well(now)
            if result.feed is not None and known.keep(
                uid, _named(site, source, result.feed), result.pictures, result.new, now
            ):
                known.note(uid, health)
                caching.purge(site, uid)
                hear(site, source, result.feed, now)
            known.note(uid, etag=result.etag, modified=result.modified, **_since(source, result, now))
        if health.told is False and schedule.dead(health, known.added(uid), now):
            health = replace(health, told=tell(site, source, health, now))
        if health.told != before.told:  # visitors read how old the copy is, or no more
            known.touch(now)
            caching.purge(site, uid)
        if schedule.to_write(before, health):
            known.note(uid, health)
        wait = getattr(result, "retry_after", None)
        self._due[site.getPhysicalPath()][uid] = schedule.after(uid, source.every, health, now, wait)


def look_at_all() -> None:
    """Let the worker that starts next in this process look at every source at once."""
    getUtility(IJob, "refresh").hurry = True


def standing(site: Any) -> list[tuple[str, Health]]:
    """Title and health of each source."""
    return [(source.title, Feeds(site).health(source.uid)) for source in all_sources(site)]


def all_sources(site: Any) -> list[Source]:
    return [content.source(obj) for obj in content.feeds(site) if obj.portal_type == content.SOURCE]


def _lane(source: Source) -> str:
    """One look at a time for each server, or account of ours."""
    return f"{SHARE} {urlsplit(source.where).netloc or source.where}"


def _task(site: Any, source: Source, now: datetime) -> Task:
    """What to ask. What may cost money is set aside. Raises SocialError."""
    known = Feeds(site)
    notes, kept, pictures = known.notes(source.uid), known.feed(source.uid), known.pictures(source.uid)
    if source.kind == FEED:
        marks = {name: notes.get(name, "") for name in ("etag", "modified")}
        return Task(FEED, source.where, **marks, kept=kept, known=pictures)
    if source.kind != ACCOUNT:
        return Task(source.kind, source.where, network_of(source.kind), known=pictures)
    account = Accounts(site).get(source.where)
    if account is None:
        raise ConfigurationError("account_gone")
    network, record = network_of(account.network), Accounts(site).runtime(account.uid)
    if account.link is not Link.CONNECTED or rules.session_over(record, now):
        raise ConfigurationError("account_waits", account=account.title)
    credentials = Vault(site).open(account.uid)
    fee = network.fee(credentials, MOST)
    whole = datetime.fromisoformat(notes["whole"]) if notes.get("whole") else None
    since = notes.get("since", "") if fee and whole and now - whole < WHOLE else ""
    if fee and not may_send():
        raise ConfigurationError("deployment")
    if not rules.may_read(account, network, credentials, MOST, now):
        raise ConfigurationError("ceiling", account=account.title)
    if fee:
        Accounts(site).pay(account.uid, fee, now)
        known.note(source.uid, fee=str(fee))
    return Task(ACCOUNT, account.uid, network, credentials, since=since, kept=kept, known=pictures)


def _settle(site: Any, source: Source, result: Any, asked: datetime) -> None:
    """Give back what was set aside and not spent, once; and note what the account's credentials are worth."""
    if source.kind != ACCOUNT:
        return
    if fee := Feeds(site).notes(source.uid).get("fee"):
        cost = Decimal(0) if isinstance(result, Exception) else result.cost
        Accounts(site).pay(source.where, cost - Decimal(fee), asked)
        Feeds(site).note(source.uid, fee="")
    account = Accounts(site).get(source.where)
    if isinstance(result, Unauthorized) and account and isinstance(network_of(account.network), Refreshes):
        Accounts(site).mark(source.where, session="stale")  # its lane renews it, under the account's lease


def _since(source: Source, told: Told, now: datetime) -> dict[str, str]:
    """What the next reading of an account needs."""
    if source.kind != ACCOUNT:
        return {}
    return {"since": told.since, **({"whole": now.isoformat()} if told.whole else {})}


def _named(site: Any, source: Source, feed: Feed) -> Feed:
    """What our accounts say has their names; a list of entries alone has none."""
    account = Accounts(site).get(source.where) if source.kind in (ACCOUNT, OWN) else None
    if account is None:
        return feed
    # The worker knows no host of the site: what is there is kept without one.
    url = account.identity_url.removeprefix(site.absolute_url())
    return replace(feed, title=account.identity or account.title, url=url)


def _failed(source: Source, error: Exception, before: Health, now: datetime) -> Health:
    if isinstance(error, SocialError):
        return schedule.failed(before, error.code, {name: str(value) for name, value in error.params.items()}, now)
    logger.error("Source %s cannot be looked at: %r", source.uid, error)
    return schedule.failed(before, "unexpected", {}, now)


def tell(site: Any, source: Source, health: Health, now: datetime) -> bool:
    """Administrators learn that a source has been silent for long; once, until it is well again."""
    subject = _("The feed ${title} has not been reached for a day", mapping={"title": source.title})
    obj = uuidToObject(source.uid, unrestricted=True)
    lines = feed_trouble(health.error, health.params, bool(health.succeeded))
    mail.tell(site, mail.administrators(), subject, lines, staff_url(obj) if obj is not None else "", now)
    return True
