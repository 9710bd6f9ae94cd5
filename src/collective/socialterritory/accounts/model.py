"""The nouns of an account: who speaks for us, where, when and after whose yes."""

from collections.abc import Mapping
from collective.socialterritory.pause import Pause
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Validation(StrEnum):
    """Who must say yes before something is posted in the account's name."""

    NONE = "none"
    ONE = "one"
    OTHER = "other"
    TWO = "two"


class Withdrawal(StrEnum):
    """What becomes of posts whose news is not public any more."""

    ASK = "ask"
    DELETE = "delete"
    LEAVE = "leave"


class Link(StrEnum):
    """Where the account stands with its network. Being paused is apart."""

    NEW = "new"
    CONNECTED = "connected"
    RECONNECT = "reconnect"


BY_HAND = "by_hand"
"""The fact, in `Account.facts`, of one that no machine posts for"""
PLACEHOLDERS = ("title", "description", "link", "subjects", "date")
"""What a message template may name in braces"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Local times as minutes since midnight, `start` <= t < `end`; `days` are 0 (Monday) to 6."""

    start: int
    end: int
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why what is asked of an account's network is not told. `code`: of a sentence, with its `params`."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    """ISO time; "" where nobody wants to know"""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the rules see it: its settings and where it stands. Empty scope tuples mean "all"."""

    uid: str
    title: str
    network: str
    link: Link = Link.NEW
    identity: str = ""
    """Who we are there, as people write it: town.example"""
    identity_id: str = ""
    """The network's own id of it"""
    identity_url: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What its network's server told of itself, such as how long a post may be there"""
    sections: tuple[str, ...] = ()
    """Physical paths below which the account speaks, such as /Plone/actualites"""
    types: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    by_itself: bool = True
    """Posts at publication; else only what a content rule or a person asks for"""
    replies: bool = False
    """What people answer to its posts is read, for moderators"""
    template: str = "{title}\n\n{link}"
    validation: Validation = Validation.ONE
    trusted: tuple[str, ...] = ("Reviewer", "Site Administrator")
    withdrawal: Withdrawal = Withdrawal.ASK
    hours: tuple[Hours, ...] = ()
    gap: int = 0
    """Least minutes between two posts"""
    daily: int = 0
    """Most posts in 24 hours; 0: no limit"""
    ceiling: int = 0
    """Most US dollars that posts and readings may cost in a month; 0: no limit"""
    paid: Mapping[str, Decimal] = field(default_factory=dict)
    """Month, such as 2026-11 in UTC -> US dollars that posts and readings cost"""
    campaign: str = ""
    """Query string added to links, such as utm_source=bluesky; empty: none"""
    pause: Pause | None = None
    sent: tuple[datetime, ...] = ()
    """When it posted in the last 24 hours, oldest first"""
    rests: datetime | None = None
    """Until when its network asked to wait"""
    connected_at: datetime | None = None
    lasts: datetime | None = None
    """When what a person agreed to at the network is over"""
    rewriters: tuple[str, ...] = ()
    rewritten: datetime | None = None
    """Who changed its template or campaign, until all its open posts follow"""

    @property
    def by_hand(self) -> bool:
        """Whether a person does at the network what is to be done there."""
        return BY_HAND in self.facts
