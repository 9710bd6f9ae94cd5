"""How what sources told becomes matches; in the transaction that keeps what they told."""

from collections.abc import Iterable
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening import rules
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.feeds.model import Source
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.networks.entries import Feed
from datetime import datetime
from plone.uuid.interfaces import IUUID
from typing import Any


def hear(site: Any, source: Source, feed: Feed, now: datetime) -> None:
    """Look through all that it says, for all watches: what was found before is known by its marks."""
    _listen(site, source, feed, Listening(site).watches(), now)


def catch_up(site: Any, now: datetime) -> None:
    """Look through all copies for watches that are new or changed."""
    listening, known = Listening(site), Feeds(site)
    watches = listening.unheard()
    for obj in content.feeds(site) if watches else ():
        feed = known.feed(IUUID(obj)) if obj.portal_type == content.SOURCE else None
        if feed is not None:
            _listen(site, content.source(obj), feed, watches, now)
    for watch in watches:
        listening.heard(watch)


def _listen(site: Any, source: Source, feed: Feed, watches: Iterable[Watch], now: datetime) -> None:
    watches = [watch for watch in watches if rules.follows(watch, source)]
    listening = Listening(site)
    for entry in feed.entries if watches else ():
        said = rules.Said(entry)
        found = {watch.id: terms for watch in watches if (terms := rules.found(watch, said))}
        if found and not rules.too_old(entry, now):
            listening.keep(entry, rules.marks(source.uid, entry), found, source.title, now)
    if listening.full:
        listening.prune(now)
