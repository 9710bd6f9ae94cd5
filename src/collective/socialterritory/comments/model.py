"""The nouns of comments: states, what is known of a comment beyond Plone's own fields, who decided what about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any


SITE = "site"
"""`Facts.source` of what was written here; else it is the id of a network"""


class State(StrEnum):
    """Values are those of plone.app.discussion's comment_review_workflow."""

    WAITING = "pending"
    APPROVED = "published"
    REJECTED = "rejected"
    SPAM = "spam"


REFUSED = (State.REJECTED, State.SPAM)


class Action(StrEnum):
    """What can be done to a comment; the log tells it."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    RECALL = "recall"
    EDIT = "edit"
    HIDE = "hide"
    UNHIDE = "unhide"
    WITHDRAW = "withdraw"
    DELETE = "delete"
    FORWARD = "forward"
    ANSWER = "answer"
    BAN = "ban"
    UNBAN = "unban"
    CLOSE = "close"
    OPEN = "open"
    REPORT = "report"
    SETTLE = "settle"


OUTCOMES = {
    Action.APPROVE: State.APPROVED,
    Action.REJECT: State.REJECTED,
    Action.SPAM: State.SPAM,
    Action.RECALL: State.WAITING,
}
"""The decisions, and the state each leads to"""


@dataclass(frozen=True, slots=True)
class Remote:
    """A reply at a network: its id and address there, that of its author, the UID of our account it was told to.

    `avatar`: key of the picture that is kept here, ""; `edited`: ISO time of its last change there, ""; `post`: id of
    the delivery of our post; `handle`: as people write it there;
    `mention`: what an answer must hold for its author to learn of it.
    """

    id: str
    url: str
    author_id: str
    author_url: str
    account: str
    parent: str = ""
    avatar: str = ""
    edited: str = ""
    post: str = ""
    handle: str = ""
    mention: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a comment beyond the fields that Plone keeps.

    `author`: "user:<id>", "mail:<hash of the address>", "net:<network>:<id>" or ""; `origin`: "<day>:<hash of the
    network it came from>" or ""; `digest`: of its normalised text; `rules`: ids of rules that fired; `reason`: id of
    the charter's article that a refusal cites; `gone`: why its text was taken away while replies stay: author,
    erased or source; `official`: the body itself answers; `parent`: of a network's reply, see Remote.
    """

    source: str = SITE
    author: str = ""
    origin: str = ""
    digest: str = ""
    rules: tuple[str, ...] = ()
    reason: str = ""
    reports: tuple[Mapping[str, str], ...] = ()
    hidden: bool = False
    gone: str = ""
    official: bool = False
    edited: str = ""
    """ISO time of the last change of its text, by its author or a moderator; "" where there was none"""
    appeal: str = ""
    """ISO time at which its author asked for another look at a refusal, which is possible once; "" where not"""
    announced: bool = False
    """Whether Plone's events told of it, which they do when visitors see it for the first time"""
    words: str = ""
    """What the moderator who refused it wrote to its author, "" for nothing; the log's notes are for colleagues"""
    form: str = ""
    """Name of the form it came by, so that a replay gets the answer of the first time; "" where there was none"""
    revision: int = 0
    """One more with each decision and each change of the text: who decides says which they saw"""
    quiet: bool = False
    """Whether its author is not told of the last decision, because a moderator said so"""
    former: Mapping[str, Any] = field(default_factory=dict)
    """`reason`, `words` and `quiet` as they were before the last decision, for whoever undoes it"""
    remote: Mapping[str, str] = field(default_factory=dict)
    """Fields of a Remote, for what came from a network"""

    @property
    def reported(self) -> bool:
        """Whether a report waits for somebody to look at it."""
        return any(not report.get("settled") for report in self.reports)


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log, which is only ever added to. `by`: a user's id, "author", "source", or "" for the site."""

    at: datetime
    by: str
    action: Action
    item: str
    """UID of the page; `path`, below the site, and `title` are as they were then"""
    comment: str
    """Id in its conversation"""
    path: str = ""
    title: str = ""
    before: str = ""
    after: str = ""
    """States"""
    reason: str = ""
    note: str = ""
    original: str = ""
    """The text that an edit replaced"""

    @property
    def key(self) -> str:
        return f"{self.item}.{self.comment}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody typed, as it came: nothing of it is trusted.

    `parent`: id of the comment that it answers, "" for the page; `token`: of the form, "" from a door that needs none;
    `trap`: the field that people do not see; `anyway`: its author was warned and sends it all the same.
    """

    text: str
    name: str = ""
    email: str = ""
    parent: str = ""
    notify: bool = False
    token: str = ""
    trap: str = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends it. `user`: a member's id, "" for others; `network`: its /24 or /64, "" where that is not known."""

    user: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a draft: its key (<UID of the page>.<id>), whether it is visible at once, its private link."""

    key: str
    waits: bool
    link: str
    again: bool = False
    """It was there already: a second click, or a replay"""


class Refusal(Exception):
    """It was not taken. `code` names a sentence, `field` what to mend: text, name, email, or "" for all of it.

    `rules`: ids of the rules that would make it wait, for code `would_wait`: a warning, which `anyway` overrules.
    """

    def __init__(self, code: str, field: str = "", rules: tuple[str, ...] = (), **facts: object) -> None:
        super().__init__(code)
        self.code, self.field, self.rules, self.facts = code, field, rules, facts


class Decided(Exception):
    """Somebody was first: `event` is what they did; None where the comment is gone."""

    def __init__(self, event: Event | None) -> None:
        super().__init__("decided already")
        self.event = event


def known(stored: Mapping[str, Any]) -> Facts:
    """Facts of a stored mapping; a name that this version does not know is left alone."""
    names = Facts.__dataclass_fields__
    return Facts(**{name: value for name, value in stored.items() if name in names})
