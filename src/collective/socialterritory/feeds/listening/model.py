"""The nouns of listening: what staff follow, what was found, and whom it was forwarded to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Watch:
    """`terms`: words, #hashtags, @mentions, any of which is enough; `sources`: UIDs, none for what others say."""

    id: str
    title: str
    terms: tuple[str, ...]
    sources: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    """Names of those who get the digest"""


@dataclass(frozen=True, slots=True)
class Forward:
    at: datetime
    by: str
    """Id of a user"""
    department: str
    note: str


@dataclass(frozen=True, slots=True)
class Match:
    """An entry as it was when it was found; `watches`: the terms that were found, by the id of the watch."""

    id: str
    found: datetime
    published: datetime
    """UNDATED where nobody told it"""
    text: str
    watches: Mapping[str, tuple[str, ...]]
    title: str = ""
    author: str = ""
    url: str = ""
    language: str = ""
    source: str = ""
    """Title of the source"""
    read_by: str = ""
    """Id of a user, "" while nobody has read it"""
    read_at: datetime | None = None
    forwards: tuple[Forward, ...] = ()
