"""Memory of listening: what is followed, which people write; what was found, which the worker adds; who read it."""

from BTrees.OOBTree import OOBTree
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.feeds.listening.model import Forward
from collective.socialterritory.feeds.listening.model import Match
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.listening.rules import MARKS
from collective.socialterritory.feeds.listening.rules import MOST
from collective.socialterritory.feeds.listening.rules import surplus
from collective.socialterritory.networks.entries import Entry
from datetime import datetime
from datetime import UTC
from persistent.mapping import PersistentMapping
from typing import Any
from uuid import uuid4
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.listening"


def install(site: Any, now: datetime) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        parts = {name: OOBTree() for name in ("watches", "states", "matches", "marks")}
        annotations[KEY] = OOBTree({**parts, "worker": PersistentMapping(digested=_iso(now))})


class Listening:
    """Of one site. People write watches and single matches; the worker alone adds and removes matches.

    A state, one a watch: `heard`, the terms and sources with which all copies were looked through; `fresh`, ids of
    matches that no digest has told.
    """

    def __init__(self, site: Any) -> None:
        root = IAnnotations(site)[KEY]
        self._watches, self._states = root["watches"], root["states"]
        self._matches, self._marks = root["matches"], root["marks"]
        self._worker = root["worker"]

    def watches(self) -> list[Watch]:
        """By title."""
        return sorted(map(self._watch, self._watches), key=lambda watch: watch.title.lower())

    def watch(self, id: str) -> Watch | None:
        return self._watch(id) if id in self._watches else None

    def _watch(self, id: str) -> Watch:
        return Watch(id, **self._watches[id])

    def follow(
        self, id: str, title: str, terms: Sequence[str], sources: Sequence[str], departments: Sequence[str]
    ) -> None:
        """`id` "": a new watch."""
        said = {
            "title": title,
            "terms": tuple(terms),
            "sources": tuple(sources),
            "departments": tuple(departments),
        }
        self._watches.setdefault(id or uuid4().hex, PersistentMapping()).update(said)

    def unfollow(self, id: str) -> None:
        """What it alone found is not shown any more, and goes when the worker comes by."""
        if id in self._watches:
            del self._watches[id]

    def unheard(self) -> list[Watch]:
        """Watches that are new or have changed."""
        return [watch for watch in self.watches() if self._state(watch.id).get("heard") != _asked(watch)]

    def heard(self, watch: Watch) -> None:
        self._states.setdefault(watch.id, PersistentMapping())["heard"] = _asked(watch)

    def _state(self, id: str) -> Mapping[str, Any]:
        return self._states.get(id, {})

    def keep(
        self, entry: Entry, marks: Sequence[str], found: Mapping[str, Sequence[str]], source: str, now: datetime
    ) -> None:
        """Let the entry be found by these watches, once by each. `source`: its title."""
        known = sorted({self._marks[mark] for mark in marks if mark in self._marks})
        id = known[0] if known else f"{_iso(now)}.{marks[0]}"
        if not known:
            self._matches[id] = _record(entry, source, now)
        for mark in set(marks) - set(self._marks):
            self._marks[mark] = id
        record = self._matches.get(id)
        there = found if record is None else record["watches"]
        new = {name: tuple(terms) for name, terms in found.items() if name not in there}
        if new:
            record["watches"] = {**there, **new}
        for name in new:
            state = self._states.setdefault(name, PersistentMapping())
            state["fresh"] = (*state.get("fresh", ()), id)

    def matches(self) -> list[Match]:
        """Those of watches that there are, in the order in which they were found."""
        told = map(self._match, self._matches)
        return [match for match in told if match.watches]

    def match(self, id: str) -> Match | None:
        found = self._match(id) if id in self._matches else None
        return found if found and found.watches else None

    def _match(self, id: str) -> Match:
        record = self._matches[id]
        times = {name: datetime.fromisoformat(record[name]) for name in ("found", "published")}
        read = record["read_at"] and datetime.fromisoformat(record["read_at"])
        forwards = tuple(Forward(**{**said, "at": datetime.fromisoformat(said["at"])}) for said in record["forwards"])
        watches = {name: terms for name, terms in record["watches"].items() if name in self._watches}
        changed = {**times, "read_at": read or None, "forwards": forwards, "watches": watches}
        return Match(id, **{**record, **changed})

    def read(self, id: str, by: str, now: datetime) -> None:
        """`by` "": nobody has."""
        record = self._matches.get(id)
        if record is not None and bool(record["read_by"]) != bool(by):
            record.update(read_by=by, read_at=_iso(now) if by else "")

    def forwarded(self, id: str, forward: Forward) -> None:
        said = {"at": _iso(forward.at), "by": forward.by, "department": forward.department, "note": forward.note}
        self._matches[id]["forwards"] += (said,)

    @property
    def digested(self) -> datetime:
        """When the last digest was made."""
        return datetime.fromisoformat(self._worker["digested"])

    def digest(self, now: datetime) -> dict[Watch, list[Match]]:
        """What no digest has told; from now on it is told."""
        told = {}
        for watch in self.watches():
            ids = self._state(watch.id).get("fresh", ())
            told[watch] = [match for match in map(self.match, ids) if match]
            if ids:
                self._states[watch.id]["fresh"] = ()
        self._worker["digested"] = _iso(now)
        return {watch: matches for watch, matches in told.items() if matches}

    @property
    def full(self) -> bool:
        return len(self._matches) > MOST

    def prune(self, now: datetime) -> None:
        """Remove what is too much or too old, and what belongs to no watch any more."""
        for id in set(self._states) - set(self._watches):
            del self._states[id]
        alone = {id for id, record in self._matches.items() if not any(map(self._watches.has_key, record["watches"]))}
        old = surplus(((id, datetime.fromisoformat(id.rpartition(".")[0])) for id in self._matches), now)
        for id in {*alone, *old}:
            del self._matches[id]
        # What nobody follows any more may be found again, should somebody follow it again.
        gone = [mark for mark, id in self._marks.items() if id in alone]
        oldest = sorted(self._marks, key=self._marks.get)[: max(0, len(self._marks) - MARKS)]
        for mark in {*gone, *oldest}:
            del self._marks[mark]


def _asked(watch: Watch) -> tuple[Any, ...]:
    return (watch.terms, watch.sources)


def _record(entry: Entry, source: str, now: datetime) -> PersistentMapping:
    said = {name: getattr(entry, name) for name in ("text", "title", "author", "url", "language")}
    times = {"found": _iso(now), "published": _iso(entry.published)}
    return PersistentMapping(**said, **times, source=source, watches={}, read_by="", read_at="", forwards=())


def _iso(when: datetime) -> str:
    """Of one length, so that texts sort as times do."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")
