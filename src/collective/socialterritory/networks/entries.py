"""The nouns of reading: what somebody said at a network, as it is read back."""

from dataclasses import dataclass
from datetime import datetime
from datetime import UTC
from decimal import Decimal


UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""`Entry.published` where nobody told a date: shown without one, and last when sorted, in the order it was told"""


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

    `text`: plain, links in full, a blank line between paragraphs; `author`: as people write it, @mairie or a page's
    name; `link`: the first one it has, of a feed's entry only where that has no title of its own.
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
    title: str = ""
    """Plain, one line"""
    html: str = ""
    """The text with its markup, safe to be shown as it is; "": show `text`"""
    avatar: str = ""
    """Address of the author's picture"""
    tags: tuple[str, ...] = ()
    """Without #"""


@dataclass(frozen=True, slots=True)
class Feed:
    """What a source told: newest first, or in its own order where an entry has no date."""

    title: str
    url: str
    """The page that people read"""
    entries: tuple[Entry, ...]
    avatar: str = ""
    """Address of its picture"""


@dataclass(frozen=True, slots=True)
class Reading:
    """Entries, newest first; what to hand over as `since` the next time; US dollars that it cost, as they were told."""

    entries: tuple[Entry, ...]
    since: str = ""
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Author:
    """Who said something; what is not told is empty."""

    id: str
    """The same wherever it is told: no number of one server's own"""
    name: str = ""
    """As they call themselves, one line"""
    handle: str = ""
    """As people write it, @name@host"""
    url: str = ""
    avatar: str = ""
    """Address of a picture that does not move"""
    mention: str = ""
    """What an answer must hold for them to learn of it; "" where they learn of it anyway"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered to a post of ours, or to such an answer, for everybody to read."""

    id: str
    url: str
    """Where people read it"""
    published: datetime
    text: str
    """Plain, links in full; "" where there are pictures alone"""
    author: Author
    parent: str
    """Id of what it answers, which need not be among the replies"""
    edited: datetime | None = None
    """None as well where its network does not tell"""
    attached: bool = False
    """Whether it has pictures, films or the like, which are not told"""
    ours: bool = False
    barred: bool = False
    """Whether our account has blocked or muted its author there, or hidden it, as far as that is told"""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was answered to a post, oldest first, our own answers among it."""

    replies: tuple[Reply, ...] = ()
    complete: bool = True
    """Whether a reply that was heard before and is not among them is gone, or for everybody no more"""
    gone: bool = False
    """The post itself is gone"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a post of ours got, as its network counts; None where it does not tell."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    """How often it was shown, however the network counts that"""
