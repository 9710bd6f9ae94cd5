"""How parent and child talk: a frame is a JSON object and bytes, each with its length in front, four bytes of it."""

from collections.abc import Mapping
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from dataclasses import asdict
from datetime import datetime
from typing import Any
from typing import IO

import json


LARGEST = 64_000_000
"""Bytes of one part of a frame"""


def write(stream: IO[bytes], head: Mapping[str, Any], body: bytes = b"") -> None:
    said = json.dumps(head).encode()
    stream.write(len(said).to_bytes(4) + said + len(body).to_bytes(4))
    stream.write(body)
    stream.flush()


def read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """Raises EOFError where the other side has gone, ValueError where it says something else."""
    head = json.loads(_part(stream))
    if not isinstance(head, dict):
        raise ValueError("no object")
    return head, _part(stream)


def _part(stream: IO[bytes]) -> bytes:
    length = int.from_bytes(_whole(stream, 4))
    if length > LARGEST:
        raise ValueError("too long")
    return _whole(stream, length)


def _whole(stream: IO[bytes], length: int) -> bytes:
    said = stream.read(length)
    if len(said) < length:
        raise EOFError
    return said


def record(feed: Feed) -> dict[str, Any]:
    """The feed as JSON has it; `told` reads it."""
    changed = [asdict(entry) | {"published": entry.published.isoformat()} for entry in feed.entries]
    return asdict(feed) | {"entries": changed}


def told(record: Mapping[str, Any]) -> Feed:
    """What another version of the add-on wrote beside is passed over."""
    return Feed(**{**record, "entries": tuple(map(_entry, record["entries"]))})


def _entry(row: Mapping[str, Any]) -> Entry:
    changed = {
        "published": datetime.fromisoformat(row["published"]),
        "images": tuple(Image(**image) for image in row["images"]),
        "tags": tuple(row["tags"]),
    }
    known = {name: value for name, value in row.items() if name in Entry.__dataclass_fields__}
    return Entry(**{**known, **changed})
