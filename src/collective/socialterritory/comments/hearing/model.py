"""The nouns of hearing: which post is asked about, and what came of asking."""

from collections.abc import Mapping
from collective.socialterritory.images import Fitted
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.model import Credentials
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Post:
    """A post of ours that is out. `id`: of its delivery; `there`: of the post at the network."""

    id: str
    item: str
    """UID of the page"""
    account: str
    network: str
    there: str
    at: datetime
    identity: str = ""
    """Who the account was when it posted, by id there"""


@dataclass(frozen=True, slots=True)
class Task:
    """What to ask. `known`: ids of replies that were heard; `faces`: marks of the avatars that are here already.

    `ours`: hosts with their ports that the account reaches anyway.
    """

    network: Any
    credentials: Credentials = field(repr=False)
    there: str
    known: tuple[str, ...] = ()
    faces: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Heard:
    """`faces`: avatars that are new, by the marks of their addresses; None for one that is no picture."""

    hearing: Hearing
    faces: Mapping[str, Fitted | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a reply: the post it belongs to, its comment here, a digest of its words.

    `there`: its id at the network, "" once its comment is gone; `missed`: ISO time since when it is not listed any
    more, "".
    """

    post: str
    there: str
    comment: str
    digest: str
    missed: str = ""
