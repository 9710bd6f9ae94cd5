"""Memory of the deliveries: one small persistent record of primitives each, in shards made at install.

The id of a delivery begins with its item's UID, so all records of an item lie side by side in one shard and its
Networks tab is one range read. Domain classes are never pickled.
"""

from BTrees.OOBTree import OOBTree
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import logger
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.authorship import Said
from collective.socialterritory.crosspost.rules.correction import Standing
from collective.socialterritory.crosspost.stored import dump
from collective.socialterritory.crosspost.stored import load
from collective.socialterritory.crosspost.stored import primitive
from collective.socialterritory.crosspost.stored import stored
from collective.socialterritory.interfaces import IOutbox
from collective.socialterritory.wake import wake
from contextlib import suppress
from dataclasses import asdict
from dataclasses import fields
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from itertools import chain
from itertools import islice
from persistent.mapping import PersistentMapping
from typing import Any
from uuid import NAMESPACE_URL
from uuid import uuid5
from zlib import crc32
from ZODB.POSException import ConflictError
from ZODB.POSException import POSKeyError
from zope.annotation.interfaces import IAnnotations
from zope.interface import implementer

import transaction


KEY = "collective.socialterritory.outbox"
SHARDS = 16
KEPT_LIVE = timedelta(days=1)
"""How long a finished record stays among the live ones, where the desk and the tab are quickest"""
WORKER_LEASE = timedelta(minutes=3)
Stored = tuple[str, PersistentMapping]
"""A delivery's id and record"""
_LAST = 10**17
_OUT = frozenset({State.QUEUED, State.SENDING, State.UNCONFIRMED, State.DELIVERED})
"""States of what readers may see: what a request reads as queued may just be claimed"""
_SAID = tuple(field.name for field in fields(Said))


def install(site: Any) -> None:
    """Make the shards, once; never in a request that publishes."""
    annotations = IAnnotations(site)
    if KEY not in annotations:
        annotations[KEY] = OOBTree()
    root = annotations[KEY]
    shards = [f"{kind}-{number}" for number in range(SHARDS) for kind in ("live", "history")]
    for name in (*shards, "timeline", "authors", "left", "places", "groups"):
        if name not in root:
            root[name] = OOBTree()
    if "worker" not in root:
        root["worker"] = PersistentMapping()


def delivery_id(content: str, account: str, operation: Operation, edition: int) -> str:
    """The same question gives the same id, so asking twice is harmless."""
    return f"{content}.{uuid5(NAMESPACE_URL, f'{content}/{account}/{operation}/{edition}').hex}"


def _place(when: datetime) -> str:
    """Where on the timeline what finished then begins: newest first."""
    return f"{_LAST - int(when.timestamp() * 1_000_000):018d}"


@implementer(IOutbox)
class Outbox:
    def __init__(self, site: Any) -> None:
        self.path = "/".join(site.getPhysicalPath())
        self._root = IAnnotations(site)[KEY]

    def _shard(self, kind: str, id: str) -> OOBTree:
        return self._root[f"{kind}-{crc32(id.partition('.')[0].encode()) % SHARDS}"]

    def _find(self, id: str) -> PersistentMapping | None:
        return self._shard("live", id).get(id) or self._shard("history", id).get(id)

    def enqueue(self, delivery: Delivery) -> bool:
        if self._find(delivery.id) is not None:
            self._wake(delivery.id)  # approved before, public now
            return False
        self._shard("live", delivery.id)[delivery.id] = PersistentMapping(stored(delivery))
        self._wake(delivery.id)
        return True

    def get(self, id: str) -> Delivery | None:
        record = self._find(id)
        return None if record is None else self._load(record)

    def _load(self, record: Mapping[str, Any]) -> Delivery:
        """Until all is over, whoever changed the item is an author, whatever the state of the post was then."""
        delivery = load(record)
        late = set(self.authors(delivery.content)).difference(delivery.authors)
        if delivery.state in FINISHED or not late:
            return delivery
        return replace(delivery, authors=(*delivery.authors, *sorted(late)))

    def save(self, delivery: Delivery) -> None:
        """Overwrite the record; only this one object is written."""
        record = self._find(delivery.id)
        record.clear()
        record.update(stored(delivery))
        for id in filter(None, (delivery.id, delivery.partner)):
            self._wake(id)

    def _wake(self, id: str) -> None:
        transaction.get().addAfterCommitHook(lambda stored: stored and wake(self.path, id))

    def of_item(self, uid: str) -> list[Delivery]:
        """Newest first."""
        return sorted(self._whole(self._records_of(uid)), key=lambda delivery: delivery.created, reverse=True)

    def standing(self, uid: str) -> tuple[Standing, ...]:
        """What readers see of the item at the networks, oldest first."""
        return correction.standing(self.of_item(uid))

    def post(self, uid: str, id: str) -> Standing | None:
        """What the item's delivery `id` brought out, as it is there now; None when it is not."""
        return next((one for one in self.standing(uid) if one.delivery.id == id), None)

    def gone(self, delivery: Delivery) -> bool:
        """Whether what it brought out was taken away since."""
        if delivery.state is not State.DELIVERED or delivery.operation is Operation.DELETE:
            return delivery.state is State.DELIVERED
        id = delivery.target if delivery.operation is Operation.EDIT else delivery.id
        return self.post(delivery.content, id) is None

    def counts(self, uid: str) -> Counter[str]:
        """How many deliveries of the item are in each state; "held" stands for those that a person must release."""
        return correction.counts(list(self._records_of(uid)))

    def _records_of(self, uid: str) -> Iterator[Stored]:
        span = (f"{uid}.", f"{uid}/")
        return chain(*(self._shard(kind, uid).items(*span) for kind in ("live", "history")))

    def live(self) -> Iterator[Delivery]:
        return self._whole(self._live())

    def history(
        self,
        start: int = 0,
        size: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Delivery]:
        """Newest first, of what finished between two aware times or at any time; what is passed over is not read."""
        return self._whole(self._history(start, None if size is None else start + size, since, until))

    def posted(self, since: datetime, until: datetime | None = None, operation: str = "post") -> Iterator[Delivery]:
        """In no order. What went out at another minute is not made a Delivery first, which takes most of the time."""
        first, last = (end.astimezone(UTC).isoformat()[:16] if end else "9" for end in (since, until))
        live = [one for one in self._live() if first <= str(one[1].get("finished"))[:16] <= last]
        found = chain(self._whole(live), self.history(since=since, until=until))
        span = register.Search(since=since, until=until)
        yield from (one for one in found if register.posted(one, operation) and register.within(one, span))

    def _live(self) -> Iterator[Stored]:
        for number in range(SHARDS):
            yield from list(self._root[f"live-{number}"].items())

    def _history(
        self,
        start: int = 0,
        stop: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[Stored]:
        span = (_place(until) if until else None, f"{_place(since)}/" if since else None)
        return ((id, self._find(id)) for id in islice(self._root["timeline"].values(*span), start, stop))

    def _whole(self, records: Iterable[Stored]) -> Iterator[Delivery]:
        """A damaged record must not hide the others: it is kept and left out, and the log tells which it is."""
        for id, record in records:
            try:
                delivery = self._load(record)
            except ConflictError:
                raise
            except Exception as error:
                logger.error("Delivery %s is damaged and left out: %r", id, error)
            else:
                yield delivery

    def leave(self, uid: str, now: datetime) -> None:
        """The item is not public any more: what is out of it is looked at in a while, once, if anything is."""
        if uid not in self._left and any(record["state"] in _OUT for _id, record in self._records_of(uid)):
            self._left[uid] = now.isoformat()

    def left(self) -> list[tuple[str, datetime]]:
        """(item, since when it is not public)."""
        return [(uid, datetime.fromisoformat(since)) for uid, since in self._left.items() if since]

    def looked_at(self, uid: str) -> None:
        """What is out of it was seen to: not again before the item was public."""
        self._left[uid] = ""

    def stay(self, uid: str) -> None:
        """The item is public again."""
        if uid in self._left:
            del self._left[uid]

    @property
    def _left(self) -> OOBTree:
        return self._tree("left")

    def _tree(self, name: str) -> OOBTree:
        if name not in self._root:  # made by an older version
            self._root[name] = OOBTree()
        return self._root[name]

    def place(self, delivery: Delivery, before: str, after: str) -> bool:
        """Note where a person published it; False where another post of the account is said to be.

        `before`, `after`: what tells that address from others, once noted and now.
        """
        places = self._tree("places")
        before, after = (f"{delivery.account} {where}" for where in (before, after))
        if places.get(after, delivery.id) != delivery.id:
            return False
        places.pop(before, None)
        places[after] = delivery.id
        return True

    def in_turn(self, group: str) -> None:
        """Of requests that plan translations of one piece of news at once, the later ones conflict, and run again."""
        groups = self._tree("groups")
        groups[group] = groups.get(group, 0) + 1

    def archive(self, now: datetime, most: int = 100) -> int:
        """Move up to `most` records that finished more than a day ago to the history, the oldest first.

        So whatever finished and is still live is newer than all of the history. The caller commits.
        """
        old = [d for d in self.live() if d.state in FINISHED and d.finished and d.finished < now - KEPT_LIVE]
        old = sorted(old, key=lambda delivery: delivery.finished)[:most]
        for delivery in old:
            self._shard("history", delivery.id)[delivery.id] = self._shard("live", delivery.id).pop(delivery.id)
            self._root["timeline"][f"{_place(delivery.finished)}.{delivery.id}"] = delivery.id
        return len(old)

    def export(self) -> list[dict[str, Any]]:
        """The whole record as JSON-ready dicts, live ones first; what is damaged as it is stored."""
        return [self._exported(*stored) for stored in chain(self._live(), self._history())]

    def _exported(self, id: str, record: PersistentMapping) -> dict[str, Any]:
        for delivery in self._whole([(id, record)]):
            return dump(delivery)
        with suppress(POSKeyError, TypeError):  # the database has lost the record
            return primitive(dict(record))
        return {"id": id}

    @property
    def worker(self) -> PersistentMapping:
        """The worker's lease and heartbeat: owner, until, beat, started (ISO times)."""
        return self._root["worker"]

    def silent_since(self, now: datetime) -> datetime | None:
        """The worker's last heartbeat when that is too long ago, `now` when it never ran; None while it is well."""
        beat = self.worker.get("beat")
        last = datetime.fromisoformat(beat) if beat else now
        return last if not beat or now - last > WORKER_LEASE else None

    def authors(self, uid: str) -> tuple[str, ...]:
        return tuple(self._root["authors"].get(uid, {}).get("users", ()))

    def said(self, uid: str) -> Said | None:
        """What could be said of the item when an author was last noted."""
        known = self._root["authors"].get(uid, {})
        return Said(*(known[name] for name in _SAID)) if all(name in known for name in _SAID) else None

    def note_author(self, uid: str, users: Iterable[str], said: Said | None = None) -> None:
        """Remember who changed what could be said, and what that is now."""
        known = self._root["authors"].get(uid)
        fresh = {"users": sorted({*self.authors(uid), *users}), **(asdict(said) if said else {})}
        if known is None:
            self._root["authors"][uid] = PersistentMapping(fresh)
        elif any(known.get(name) != value for name, value in fresh.items()):
            known.update(fresh)
