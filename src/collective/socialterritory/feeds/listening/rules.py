"""What is found, what counts as the same, how long it is kept, and when the digest is due."""

from collections.abc import Iterable
from collective.socialterritory.feeds.listening.model import Match
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.model import ACCOUNT
from collective.socialterritory.feeds.model import OWN
from collective.socialterritory.feeds.model import Source
from collective.socialterritory.feeds.rules.mix import folded
from collective.socialterritory.feeds.rules.mix import page
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import UNDATED
from collective.socialterritory.plain import one_line
from datetime import datetime
from datetime import time
from datetime import timedelta
from datetime import tzinfo
from hashlib import sha256

import re


MOST = 1000
"""Matches that are kept, the newest"""
KEPT = timedelta(days=90)
"""How long a match is kept, and how old an entry may be when it is found"""
MARKS = 20_000
"""By as many marks entries are known again, whether or not their match is kept"""
TERMS = 50
"""Most terms of a watch"""
LONGEST = 100
"""Characters of a term or a title"""
DIGEST = time(7)
"""When the digest of the day is made, in the site's time zone"""

_LINK = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w+")
_TAG = re.compile(r"#(\w+)")
_MENTION = re.compile(r"(?<![\w.+-])@([\w.-]+)(@[\w.-]+)?")
_JOINED = str.maketrans({"œ": "oe", "æ": "ae"})


def terms(typed: str) -> tuple[tuple[str, ...], str]:
    """Terms, one a line, each once; and what is wrong with them, "" when nothing is.

    terms_missing: none. terms_many: more than TERMS. term_long: longer than LONGEST. term_empty: nothing to look for
    in one of them.
    """
    found = tuple(dict.fromkeys(filter(None, map(one_line, typed.splitlines()))))
    if not found:
        return found, "terms_missing"
    if len(found) > TERMS:
        return found, "terms_many"
    if any(len(term) > LONGEST for term in found):
        return found, "term_long"
    return found, "" if all(_WORD.search(term) for term in found) else "term_empty"


def follows(watch: Watch, source: Source) -> bool:
    """Whether the watch looks there. What the body itself says is looked through only where it is chosen."""
    return source.uid in watch.sources if watch.sources else source.kind not in (OWN, ACCOUNT)


class Said:
    """An entry as terms are looked for in it, read once for all watches."""

    def __init__(self, entry: Entry) -> None:
        text = _plain(_LINK.sub(" ", f"{entry.title}\n{entry.text}"))
        self.words = f" {_words(text)} "
        self.tags = {_plain(tag) for tag in entry.tags} | set(_TAG.findall(text))
        self.names = set()
        for name, host in _MENTION.findall(text):
            short = name.rstrip(".-") if not host else name
            self.names |= {short, short + host.rstrip(".-")}

    def has(self, term: str) -> bool:
        """Words stand whole and in their order; hashtags and mentions are the whole of it, on whatever server."""
        wanted = _plain(term)
        if wanted.startswith("#"):
            return wanted[1:] in self.tags
        if wanted.startswith("@"):
            return wanted[1:] in self.names
        return f" {_words(wanted)} " in self.words


def found(watch: Watch, said: Said) -> tuple[str, ...]:
    """The watch's terms that are there."""
    return tuple(filter(said.has, watch.terms))


def marks(source: str, entry: Entry) -> tuple[str, ...]:
    """By which an entry is known again: its id at its source; where it is and what it says, should ids change."""
    where, words = page(entry.url), Said(entry).words
    told = (_digest(entry.author, where, words),) if where or words.strip() else ()
    return (_digest(source, entry.id), *told)


def too_old(entry: Entry, now: datetime) -> bool:
    return entry.published != UNDATED and entry.published < now - KEPT


def surplus(matches: Iterable[tuple[str, datetime]], now: datetime) -> list[str]:
    """Ids of matches that are kept no longer, of pairs of id and time."""
    newest = sorted(matches, key=lambda match: match[1], reverse=True)
    return [id for number, (id, at) in enumerate(newest) if number >= MOST or at < now - KEPT]


def newest(matches: Iterable[Match]) -> list[Match]:
    """As people read them: what was said last is first; what has no date stands where it was found."""
    return sorted(
        matches, key=lambda match: match.found if match.published == UNDATED else match.published, reverse=True
    )


def digest_due(last: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether the time of day for it has come since `last`."""
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), DIGEST, zone)
    return last < (today if local >= today else datetime.combine(local.date() - timedelta(days=1), DIGEST, zone))


def address(url: str, root: str) -> str:
    """Of the web, or of the site whose address is `root`; "" for anything else."""
    if url.startswith("/"):
        return f"{root.rstrip('/')}{url}"
    return url if url.startswith(("http://", "https://")) else ""


def _plain(text: str) -> str:
    return folded(text).translate(_JOINED)


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text))


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
