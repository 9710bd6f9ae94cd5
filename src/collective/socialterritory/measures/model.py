"""The nouns of measuring: which post is counted, and what was counted when."""

from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.entries import Counts
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Post:
    """A post of ours that is out. `id`: of its delivery; `there`: of the post at the network."""

    id: str
    account: str
    network: str
    there: str
    at: datetime
    identity: str = ""
    """Who the account was when it posted, by id there"""


@dataclass(frozen=True, slots=True)
class Point:
    at: datetime
    counts: Counts


@dataclass(frozen=True, slots=True)
class Series:
    """What was counted of a post, oldest first. `asked`: when its network was last asked, whatever it told."""

    asked: datetime
    points: tuple[Point, ...] = ()
    gone: bool = False
    """Its network said that it is not there any more; what was counted before stays"""


@dataclass(frozen=True, slots=True)
class Measured:
    """A post of a month. `at`: local time at which it went out; `last`: what was counted last, None for nothing."""

    at: datetime
    last: Point | None = None

    @property
    def counts(self) -> Counts:
        return self.last.counts if self.last else Counts()

    @property
    def reactions(self) -> int | None:
        """Likes and reposts; None where none was told."""
        return total(self.counts.likes, self.counts.reposts)
