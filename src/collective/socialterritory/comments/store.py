"""Memory of the room beside the comments themselves: which of them visitors see, the log, and the site's secrets."""

from BTrees.LLBTree import LLTreeSet
from BTrees.OOBTree import OOBTree
from collections.abc import Iterator
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from dataclasses import asdict
from datetime import datetime
from datetime import UTC
from itertools import islice
from persistent.mapping import PersistentMapping
from secrets import token_bytes
from secrets import token_hex
from time import time_ns
from typing import Any
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.comments"
PARTS = ("bans", "heard", "latest", "log", "salts", "shown", "subscriptions")


def install(site: Any) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        parts = {name: OOBTree() for name in PARTS}
        annotations[KEY] = OOBTree({**parts, "secret": token_bytes(32), "worker": PersistentMapping()})


def again(site: Any) -> None:
    """Forget everything, the secret too: links in old mails lead nowhere."""
    del IAnnotations(site)[KEY]
    install(site)


def secret(site: Any) -> bytes:
    """What tokens and hashes are made with; of nobody's use where the add-on is not installed."""
    return IAnnotations(site)[KEY]["secret"] if KEY in IAnnotations(site) else b""


class Comments:
    """Of one site.

    `bans`, `heard` (polling of networks), `salts` (day -> bytes) and `subscriptions` (mails about replies) are trees
    of primitives whose own modules read them; `worker` is a mapping for what the worker remembers.
    """

    def __init__(self, site: Any) -> None:
        root = IAnnotations(site)[KEY]
        self.secret: bytes = root["secret"]
        """What tokens and hashes are made with. It is shown nowhere."""
        self.bans, self.heard, self.salts = root["bans"], root["heard"], root["salts"]
        self.subscriptions, self.worker = root["subscriptions"], root["worker"]
        self._shown, self._log, self._latest = root["shown"], root["log"], root["latest"]

    def shown(self, item: str) -> LLTreeSet | None:
        """Ids of the comments that visitors see below the page with this UID; None where nobody reckoned it yet."""
        return self._shown.get(item)

    def show(self, item: str, ids: set[int], all: set[int]) -> None:
        """Of `all`, which may be a part of the page's comments, visitors see `ids`."""
        if item not in self._shown:
            self._shown[item] = LLTreeSet()
        seen = self._shown[item]
        for id in all:
            if id in ids:
                seen.add(id)  # type: ignore[attr-defined]
            elif id in seen:
                seen.remove(id)  # type: ignore[attr-defined]

    def forget(self, item: str) -> None:
        """The page is gone."""
        self._shown.pop(item, None)
        self.heard.pop(item, None)

    def note(self, event: Event) -> None:
        """Add to the log. Who decided what is never changed; what is past its days, or erased, is removed."""
        said = {name: value for name, value in asdict(event).items() if value and name != "at"}
        # Of two lines of one moment, the one that was written first comes first.
        id = f"{_iso(event.at)}.{time_ns():020d}{token_hex(4)}"
        former = self._latest.get(event.key, "")
        self._log[id] = {**said, "by": event.by, "action": str(event.action), "former": former}
        self._latest[event.key] = id

    @property
    def changed(self) -> str:
        """When the log was last written to, "" for never."""
        try:
            return str(self._log.maxKey())
        except ValueError:  # of an empty tree; to count the lines of a full one takes long
            return ""

    def latest(self, key: str) -> Event | None:
        """What was last done to the comment `<item>.<id>`."""
        id = self._latest.get(key)
        return self._event(id) if id in self._log else None

    def history(self, key: str) -> list[Event]:
        """All that was done to a comment, oldest first. Each line knows the one before it."""
        found, id = [], self._latest.get(key, "")
        while id in self._log:
            found.append(self._event(id))
            id = self._log[id]["former"]
        return found[::-1]

    def log(self, since: datetime | None = None, newest_first: bool = False) -> Iterator[Event]:
        ids = self._log.keys(min=_iso(since)) if since else self._log.keys()
        yield from map(self._event, reversed(ids) if newest_first else ids)

    @property
    def extent(self) -> tuple[str, str]:
        """Its first and its last line: while they are the same, the log is."""
        return (self._log.minKey(), self._log.maxKey()) if self._log else ("", "")

    def prune(self, before: datetime, most: int | None = None) -> int:
        """Remove what the log told before, `most` lines at once; how many lines that were."""
        old = list(islice(self._log.keys(max=_iso(before)), most))
        for id in old:
            said = self._log.pop(id)
            key = f"{said['item']}.{said['comment']}"
            if self._latest.get(key) == id:
                del self._latest[key]
        return len(old)

    def seal(self, before: datetime, after: str, most: int) -> list[str]:
        """Remove the texts that edits replaced before; ids of lines looked at, of which the last is `after` next."""
        here = list(islice(self._log.keys(min=after or None, max=_iso(before), excludemin=bool(after)), most))
        for id in here:
            self._without(id, "original")
        return here

    def redact(self, key: str) -> None:
        """Remove what was written about a comment. Who decided what and when stays on record."""
        id = self._latest.get(key, "")
        while id in self._log:
            self._without(id, "original", "note")
            id = self._log[id]["former"]

    def _without(self, id: str, *names: str) -> None:
        said = self._log[id]
        if set(names) & set(said):
            self._log[id] = {name: value for name, value in said.items() if name not in names}

    def _event(self, id: str) -> Event:
        said = {name: value for name, value in self._log[id].items() if name != "former"}
        at = datetime.fromisoformat(id.rpartition(".")[0])
        return Event(**{**said, "at": at, "action": Action(said["action"])})


def _iso(when: datetime) -> str:
    """Of one length, so that texts sort as times do."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")
