"""Memory of what sources told: the last good copy of each, its pictures, and how looking goes; the worker writes it."""

from BTrees.OOBTree import OOBTree
from collections.abc import Mapping
from collective.socialterritory.feeds.frames import record
from collective.socialterritory.feeds.frames import told
from collective.socialterritory.feeds.model import Health
from collective.socialterritory.feeds.model import Kept
from collective.socialterritory.kept import stored
from collective.socialterritory.networks.entries import Feed
from dataclasses import asdict
from dataclasses import fields
from datetime import datetime
from datetime import UTC
from persistent.mapping import PersistentMapping
from typing import Any
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.feeds"
STAMP = "stamp"
"""Where the root keeps the time of the last change, for caches"""
_TIMES = ("checked", "succeeded")
_HEALTH = frozenset(field.name for field in fields(Health))


def install(site: Any) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        annotations[KEY] = OOBTree({STAMP: PersistentMapping()})


class Feeds:
    """Of one site, by the UID of a source. The copy and the notes are apart: noting a look does not write entries.

    A copy: feed, an entry's images and avatar being names of pictures, with "/" before an address of this site's own;
    and `pictures`, which tells those names by the address that they came from, "" for what could not be kept.
    """

    def __init__(self, site: Any) -> None:
        self._root = IAnnotations(site)[KEY]

    def create(self, uid: str, now: datetime) -> None:
        if uid not in self._root:
            notes = PersistentMapping(added=now.astimezone(UTC).isoformat())
            self._root[uid] = PersistentMapping(notes=notes, copy=PersistentMapping(), media=OOBTree())

    def remove(self, uid: str) -> None:
        if uid in self._root and uid != STAMP:
            del self._root[uid]

    def uids(self) -> list[str]:
        return [uid for uid in self._root if uid != STAMP]

    def added(self, uid: str) -> datetime:
        return datetime.fromisoformat(self._root[uid]["notes"]["added"])

    def health(self, uid: str) -> Health:
        known = self._part(uid, "notes")
        values = {name: value for name, value in known.items() if name in _HEALTH}
        return Health(**{**values, **{name: _time(known.get(name)) for name in _TIMES}})

    def notes(self, uid: str) -> Mapping[str, Any]:
        """What the next look needs: etag, modified, since; beside the health."""
        return self._part(uid, "notes")

    def note(self, uid: str, health: Health | None = None, **more: Any) -> None:
        """Write what differs; nothing when the source is gone."""
        notes = self._part(uid, "notes")
        how = {**asdict(health), **{name: _iso(getattr(health, name)) for name in _TIMES}} if health else {}
        for name, value in {**how, **more}.items() if uid in self._root else ():
            if notes.get(name) != value:
                notes[name] = value

    def feed(self, uid: str) -> Feed | None:
        """The last good copy; None before the first."""
        known = self._part(uid, "copy")
        return told(known["feed"]) if "feed" in known else None

    def pictures(self, uid: str) -> dict[str, str]:
        return dict(self._part(uid, "copy").get("pictures", {}))

    def keep(self, uid: str, feed: Feed, pictures: Mapping[str, str], new: Mapping[str, Kept], now: datetime) -> bool:
        """Let `feed` be the copy, if it differs. Pictures that it does not name are removed. False: nothing changed."""
        copy, said = self._part(uid, "copy"), record(feed)
        if uid not in self._root or (copy.get("feed"), copy.get("pictures")) == (said, dict(pictures)):
            return False
        media = self._root[uid]["media"]
        named = set(pictures.values())
        for name in [name for name in media if name not in named]:
            del media[name]
        for name, picture in new.items():
            if name in named and name not in media:
                media[name] = stored(picture.data, picture.mime, picture.width, picture.height)
        if copy.get("feed") != said:
            self.touch(now)
        copy.update(feed=said, pictures=dict(pictures))
        return True

    def touch(self, now: datetime) -> None:
        """Pages that show feeds are not what they were."""
        self._root[STAMP]["changed"] = now.astimezone(UTC).isoformat()

    def picture(self, uid: str, name: str) -> Mapping[str, Any] | None:
        """mime, width, height, size and a blob; None when there is no such."""
        return self._root[uid]["media"].get(name) if uid in self._root and uid != STAMP else None

    def size(self, uid: str) -> int:
        """Bytes of its pictures."""
        return sum(picture["size"] for picture in self._root[uid]["media"].values())

    @property
    def changed(self) -> str:
        """When visitors saw something new last, ISO, "" for never."""
        return str(self._root[STAMP].get("changed", ""))

    def _part(self, uid: str, name: str) -> Any:
        return self._root[uid][name] if uid in self._root and uid != STAMP else {}


def _iso(when: datetime | None) -> str:
    return when.astimezone(UTC).isoformat() if when else ""


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None
