"""Remembers links that are being made: each for ten minutes, for one person in one browser, and to be used once."""

from BTrees.OOBTree import OOBTree
from collections.abc import Mapping
from collective.socialterritory.accounts.vault import keys
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import DecisionError
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from persistent.mapping import PersistentMapping
from zope.annotation.interfaces import IAnnotations

import hashlib


ANNOTATION = "collective.socialterritory.links"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes the link, where, and for which account. `browser`: what the cookie of that browser says."""

    user: str
    browser: str
    account: str
    network: str


class Links:
    """Keys and browsers are stored as digests, and what was agreed with the network sealed."""

    def __init__(self, site):
        self._site = site

    def add(self, key: str, maker: Maker, secrets: Mapping[str, str], now: datetime) -> None:
        """Raises ConfigurationError without a key to seal with. Takes the place of what had the same key."""
        stored = self._stored(create=True)
        for old in [id for id, record in stored.items() if _until(record) <= now]:
            del stored[old]
        sealed = keys().seal(self._context(maker), secrets)
        who = {**asdict(maker), "browser": digest(maker.browser)}
        stored[digest(key)] = PersistentMapping(who, sealed=sealed, until=(now + LIFE).isoformat())

    def read(self, key: str, user: str, browser: str, now: datetime) -> tuple[Maker, dict[str, str]]:
        """Raises DecisionError("link_over") for what is unknown, used, too old, or another person's or browser's."""
        record = self._stored().get(digest(key))
        if record is None or _until(record) <= now or (record["user"], record["browser"]) != (user, digest(browser)):
            raise DecisionError("link_over")
        maker = Maker(user, browser, record["account"], record["network"])
        try:
            return maker, keys().unseal(self._context(maker), record["sealed"])
        except ConfigurationError:
            raise DecisionError("link_over") from None

    def take(self, key: str, user: str, browser: str, now: datetime) -> tuple[Maker, dict[str, str]]:
        """Like read(), and used up: whoever comes with a key that is not theirs uses it up, too."""
        try:
            return self.read(key, user, browser, now)
        finally:
            self._stored().pop(digest(key), None)

    def _context(self, maker):
        return ("/".join(self._site.getPhysicalPath()), maker.account, f"link to {maker.network}")

    def _stored(self, create=False):
        annotations = IAnnotations(self._site)
        if create and ANNOTATION not in annotations:
            annotations[ANNOTATION] = OOBTree()
        return annotations.get(ANNOTATION, {})


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _until(record) -> datetime:
    return datetime.fromisoformat(record["until"])
