"""The nouns of what networks say: where it comes from, how it is chosen, and how well that goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any
from typing import NamedTuple


FEED = "feed"
"""Kind of a source that is a file of its own: RSS, Atom, RDF, JSON Feed"""
OWN = "own"
"""Kind of a source that is what one of our accounts posted from here, out of the record; `where` is its UID"""
ACCOUNT = "account"
"""Kind of a source that an account of ours reads with its own credentials; `where` is its UID"""


@dataclass(frozen=True, slots=True)
class Source:
    """`kind`: one of the above, or the id of a network that follows `where` without an account of ours."""

    uid: str
    title: str
    kind: str
    where: str
    every: int = 10
    """Minutes between two looks"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a mix is shown; what is empty asks for nothing."""

    words: tuple[str, ...] = ()
    """One of them must be there"""
    tags: tuple[str, ...] = ()
    """One of them, without #"""
    languages: tuple[str, ...] = ()
    """Codes such as fr; what says no language passes"""
    images: bool = False
    replies: bool = True
    reposts: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """How refreshing goes. Times are aware, None for never; `error` is the code of what went wrong last, "" when well.

    `failures`: how many times in a row it failed; `told`: whether the webmasters know.
    """

    checked: datetime | None = None
    succeeded: datetime | None = None
    failures: int = 0
    error: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    told: bool = False


class Kept(NamedTuple):
    """A picture as visitors get it, already small."""

    data: bytes
    mime: str
    width: int
    height: int
