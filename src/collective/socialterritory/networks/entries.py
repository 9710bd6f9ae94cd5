"""The nouns of reading: what somebody said at a network, as it is read back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Image:
    """A picture where its network shows it, perhaps for some days only. Pixels are 0 where they are not told."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody said, as it is read back; what its network does not tell is empty.

    `text`: plain, links in full; `author`: as people write it, @mairie or a page's name; `link`: the first one it has.
    """

    id: str
    url: str
    """Where people read it"""
    published: datetime
    text: str
    author: str = ""
    language: str = ""
    link: str = ""
    images: tuple[Image, ...] = ()
    is_reply: bool = False
    is_repost: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Entries, newest first; what to hand over as `since` the next time; US dollars that it cost, as they were told."""

    entries: tuple[Entry, ...]
    since: str = ""
    cost: Decimal = Decimal(0)
