"""Who is told by mail of an answer that visitors see now."""

from collections.abc import Collection
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """To answers on one page, by one address.

    `comments`: ids of what its owner wrote there; `author`: as Facts.author; `asked`, `confirmed`: ISO times; `told`:
    ids of answers that were mailed.
    """

    page: str
    to: str
    comments: tuple[int, ...]
    asked: str
    author: str = ""
    language: str = ""
    confirmed: str = ""
    told: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`thread`: id of the comment at its top; `author`: as Facts.author; `by`: its author's address, "" for none."""

    id: int
    thread: int
    author: str = ""
    by: str = ""


def wants(one: Subscription, answer: Answer, threads: Mapping[int, int]) -> bool:
    """Whether it is told of this answer. `threads`: by id of its comments, the one at the top of each."""
    own = answer.id in one.comments or (answer.author and answer.author == one.author)
    own = own or answer.by.strip().lower() == one.to.lower()
    if not one.confirmed or own or answer.id in one.told:
        return False
    # Ids are times: what was said before is no answer.
    return any(threads.get(mine) == answer.thread and mine < answer.id for mine in one.comments)


def without(one: Subscription, comments: Collection[int]) -> tuple[int, ...]:
    """Its comments when these are gone."""
    return tuple(mine for mine in one.comments if mine not in comments)
