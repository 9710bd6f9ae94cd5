"""What of several sources is shown, and in what order: newest first, and once what two of them say."""

from collections.abc import Iterable
from collective.socialterritory.feeds.model import Filters
from collective.socialterritory.networks.entries import Entry
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import re
import unicodedata


Known = TypeVar("Known")

_TAG = re.compile(r"#(\w+)")
_LINK = re.compile(r"https?://\S+")
_LEAST = 20
"""Characters from which on two texts that are alike are one: "Merci !" can be said twice"""


def mixed(told: Iterable[tuple[Known, Entry]], filters: Filters) -> list[tuple[Known, Entry]]:
    """Pairs of a source and an entry of it. Of what two sources say the one that was first stays."""
    chosen = [(source, entry) for source, entry in told if shown(entry, filters)]
    if all(source == chosen[0][0] for source, _entry in chosen):
        return sorted(chosen, key=_when, reverse=True)
    said: dict[str, Known] = {}
    kept = []
    for source, entry in sorted(chosen, key=_when):
        marks = _marks(entry)
        if all(said.get(mark, source) == source for mark in marks):
            kept.append((source, entry))
            said |= dict.fromkeys(marks, source)
    return sorted(kept, key=_when, reverse=True)


def _when(pair: tuple[Known, Entry]) -> datetime:
    return pair[1].published


def shown(entry: Entry, filters: Filters) -> bool:
    if (entry.is_reply and not filters.replies) or (entry.is_repost and not filters.reposts):
        return False
    if filters.images and not entry.images:
        return False
    if filters.languages and entry.language and _language(entry.language) not in map(_language, filters.languages):
        return False
    return _has_word(entry, filters.words) and _has_tag(entry, filters.tags)


def _has_word(entry: Entry, words: tuple[str, ...]) -> bool:
    said = folded(f"{entry.title} {entry.text}") if words else ""
    return not words or any(folded(word) in said for word in words)


def _has_tag(entry: Entry, wanted: tuple[str, ...]) -> bool:
    tags = {folded(tag) for tag in (*entry.tags, *_TAG.findall(entry.text))} if wanted else set()
    return not wanted or any(folded(tag.lstrip("#")) in tags for tag in wanted)


def folded(text: str) -> str:
    """In small letters, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _language(code: str) -> str:
    return code.partition("-")[0].lower()


def _marks(entry: Entry) -> set[str]:
    """By which two are told to be the same: where it is, where it leads if to one page, its words but for links."""
    found = {page(entry.url), page(entry.link) if urlsplit(entry.link).path.strip("/") else ""}
    words = " ".join(_LINK.sub("", folded(entry.text or entry.title)).split())
    return {*found, words if len(words) >= _LEAST else ""} - {""}


def page(url: str) -> str:
    """Without what campaigns add."""
    return url.partition("#")[0].partition("?")[0].rstrip("/") if "utm_" in url else url.partition("#")[0].rstrip("/")
