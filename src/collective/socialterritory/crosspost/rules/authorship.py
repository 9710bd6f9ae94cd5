"""Who is an author: the creator and everyone who changed what could be said of an item, not who published it."""

from collections.abc import Callable
from collective.socialterritory.crosspost.model import Item
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import tzinfo
from typing import Any

import hashlib


@dataclass(frozen=True, slots=True)
class Said:
    """All that any account could say of an item, apart from the account's own words."""

    words: str
    """Digest of its words and its images"""
    path: str
    """What its link is made of"""
    day: str
    """What {date} says, ISO; "" without any date"""


def said(item: Item, zone: tzinfo) -> Said:
    day = _iso(item.effective or item.choice.at, zone)
    return Said(hashlib.sha256(repr(_words(item)).encode()).hexdigest(), item.path, day)


def _words(item: Item) -> tuple[Any, ...]:
    choice = item.choice
    texts = (choice.text, choice.texts, choice.chain)
    return (item.title, item.description, item.subjects, item.language, item.images, *texts)


def source(item: Item) -> str:
    """Digest of all that posts are made of, but for the day; 16 hexadecimal digits, to tell a change."""
    return hashlib.sha256(repr((_words(item), item.path)).encode()).hexdigest()[:16]


def said_day(item: Item, now: datetime, zone: tzinfo) -> date:
    """What {date} says: the day of publication, else the editor's own date, else today."""
    return (item.effective or item.choice.at or now).astimezone(zone).date()


def _iso(when: datetime | None, zone: tzinfo) -> str:
    return when.astimezone(zone).date().isoformat() if when else ""


def redated(before: Said, after: Said, today: str) -> bool:
    """Whether the day was changed. `today`: ISO, local; publishing gives an item the date of the day: no change."""
    return before.day != after.day and not (not before.day and after.day == today)


def changed(before: Said, after: Said, today: str, dated: Callable[[], bool]) -> bool:
    """Whether somebody changed what could be said. `dated`: whether some account says {date}."""
    return before.words != after.words or before.path != after.path or (redated(before, after, today) and dated())
