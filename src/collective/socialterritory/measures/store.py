"""Memory of measuring: a small record for each post that was counted, and how counting goes for each account.

The worker alone writes here, so nothing is made at installation.
"""

from BTrees.OOBTree import OOBTree
from collections.abc import Mapping
from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.measures.model import Point
from collective.socialterritory.measures.model import Series
from collective.socialterritory.networks.entries import Counts
from dataclasses import astuple
from datetime import datetime
from decimal import Decimal
from persistent.mapping import PersistentMapping
from typing import Any
from zlib import crc32
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.measures"
SHARDS = 16
MOST = 20
"""Points of a series"""
ACCOUNTS = "accounts"


class Counted:
    """Of one site. Posts are known by the ids of their deliveries."""

    def __init__(self, site: Any) -> None:
        self._annotations = IAnnotations(site)

    def _tree(self, name: str, make: bool = False) -> Any:
        root = self._annotations.get(KEY, {})
        if name not in root and make:
            root = self._annotations.setdefault(KEY, OOBTree())
            root[name] = OOBTree()
        return root.get(name, {})

    def _shard(self, id: str) -> str:
        return f"posts-{crc32(id.encode()) % SHARDS}"

    def series(self, id: str) -> Series | None:
        record = self._tree(self._shard(id)).get(id)
        if record is None:
            return None
        points = (Point(datetime.fromisoformat(at), Counts(*numbers)) for at, *numbers in record["points"])
        return Series(datetime.fromisoformat(record["asked"]), tuple(points), record["gone"])

    def last(self, id: str) -> Point | None:
        """What was counted last."""
        series = self.series(id)
        return series.points[-1] if series and series.points else None

    def keep(self, id: str, counts: Counts | None, now: datetime) -> None:
        """`counts` None: it is gone. What was told before stays where nothing is told; the same twice is once."""
        name, at = self._shard(id), now.isoformat()
        record = self._tree(name).get(id)
        if record is not None and record["asked"] == at:
            return
        points = list(record["points"]) if record is not None else []
        if counts is not None and counts != Counts():
            points = [*points, (at, *astuple(counts))][-MOST:]
        fresh = {"asked": at, "points": points, "gone": counts is None}
        if record is None:
            self._tree(name, make=True)[id] = PersistentMapping(fresh)
        else:
            record.update(fresh)

    # Accounts

    def _account(self, uid: str) -> Mapping[str, Any]:
        return self._tree(ACCOUNTS).get(uid, {})

    def trouble(self, uid: str) -> Trouble | None:
        said = self._account(uid).get("trouble")
        return Trouble(*said) if said else None

    def note_trouble(self, uid: str, trouble: Trouble | None) -> None:
        self._note(uid, trouble=(trouble.code, dict(trouble.params)) if trouble else None)

    def toll(self, uid: str) -> Decimal:
        """What was set aside for a question that is under way, in US dollars."""
        return Decimal(self._account(uid).get("toll", 0))

    def note_toll(self, uid: str, toll: Decimal) -> None:
        self._note(uid, toll=str(toll) if toll else None)

    def _note(self, uid: str, **said: Any) -> None:
        """What is None is forgotten. Writes what differs."""
        before = dict(self._account(uid))
        fresh = {name: value for name, value in {**before, **said}.items() if value is not None}
        if fresh != before:
            self._tree(ACCOUNTS, make=True)[uid] = fresh
