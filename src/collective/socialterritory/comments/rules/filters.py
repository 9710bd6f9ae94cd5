"""What a moderator wants to see of all comments: the filters of the desk, and what each asks of the catalogue."""

from collections.abc import Callable
from collections.abc import Iterable
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.tokens import name_token
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum

import re


class Show(StrEnum):
    WAITING = "waiting"
    REPORTED = "reported"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    DECIDED = "decided"
    """What was decided last, newest first: the log tells it"""


STATES = {
    Show.WAITING: State.WAITING,
    Show.APPROVED: State.APPROVED,
    Show.REJECTED: State.REJECTED,
    Show.SPAM: State.SPAM,
}
COUNTED = (Show.WAITING, Show.REPORTED)
"""Those that somebody has to look at"""
YOUNGER = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
OLDER = {"old": timedelta(days=7)}
LONGEST = 200
"""Characters of what is searched for"""
_AUTHOR = re.compile(r"(user|mail|net):\S+")


@dataclass(frozen=True, slots=True)
class Filters:
    """`q`: words of the text; `source`: as Facts.source; `section`: a path below the site, "/sport"; `reason`: an id;

    `age`: of YOUNGER or OLDER; `author`: as Facts.author, or a name. "" stands for all.
    """

    show: Show = Show.WAITING
    q: str = ""
    source: str = ""
    section: str = ""
    reason: str = ""
    age: str = ""
    author: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.q, self.source, self.section, self.reason, self.age, self.author))

    def tokens(self) -> list[str]:
        """Words of the index `social_comment`, all of which are asked for."""
        found = ["reported"] if self.show is Show.REPORTED else []
        found += [f"source:{self.source}"] if self.source else []
        found += [f"reason:{self.reason}"] if self.reason else []
        by = f"author:{self.author}" if self.token else name_token(self.author)
        return found + ([by] if self.author else [])

    @property
    def token(self) -> bool:
        """Whether `author` is one, and no name."""
        return bool(_AUTHOR.fullmatch(self.author))

    def between(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """Written after the one, before the other."""
        younger, older = YOUNGER.get(self.age), OLDER.get(self.age)
        return (now - younger if younger else None, now - older if older else None)


def filters(given: Callable[[str], str], sections: Iterable[str]) -> Filters:
    """`given`: what an address says by name, "" for nothing. What means nothing is left out."""
    show, age, section = given("show"), given("age"), given("section")
    return Filters(
        Show(show) if show in set(Show) else Show.WAITING,
        given("q").strip()[:LONGEST],
        given("source")[:LONGEST],
        section if section in set(sections) else "",
        given("reason")[:LONGEST],
        age if age in YOUNGER or age in OLDER else "",
        given("author").strip()[:LONGEST],
    )


def search(words: str) -> str:
    """As a text index takes it: all of the words, each also as a beginning. "" where nothing is to be found by it."""
    return " AND ".join(f"{word}*" for word in re.findall(r"\w+", words) if word.lower() not in ("and", "or", "not"))
