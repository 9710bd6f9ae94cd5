"""What authors do about their own comments: change, withdraw, ask for another look."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Posted
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules import judging
from collective.socialterritory.comments.rules.author import Door
from collective.socialterritory.comments.rules.author import doors
from collective.socialterritory.comments.rules.author import LONGEST
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import frozen
from datetime import datetime
from typing import Any


CLOSED = {Door.EDIT: "too_late", Door.APPEAL: "appeal_closed", Door.WITHDRAW: "withdraw_closed"}


def open_doors(comment: Any, now: datetime) -> frozenset[Door]:
    """What its author can do about it."""
    known, made = facts.facts(comment), comment.creation_date
    return doors(facts.state(comment), known, made, settings().grace, now, bool(frozen(now)))


def change(
    comment: Any, text: str, network: str, now: datetime, revision: int | None = None, sure: bool = False
) -> None:
    """Another text, which goes through the rules as a new comment does; what was approved waits again.

    `network`: of who sends it; `sure`: its author was warned. Raises Refusal, and Decided where somebody was first.
    """
    _through(comment, Door.EDIT, now, revision)
    known = facts.facts(comment)
    user = known.author.partition(":")[2] if known.author.startswith("user:") else ""
    draft = Draft(text, comment.author_name or "-", comment.author_email or "", anyway=sure)
    house = Change(facts.page(comment), draft, Visitor(user, network), now)
    verdict = judging.judge(draft, house.visitor, house, posting.known_rules())
    assert not isinstance(verdict, Posted)
    if verdict.draft.text == comment.text:
        return
    facts.keep(comment, digest=verdict.digest, rules=verdict.rules)
    deciding.rewrite(comment, verdict.draft.text, now, deciding.AUTHOR)
    if facts.state(comment) == State.APPROVED:
        deciding.move(comment, State.WAITING, now, deciding.AUTHOR)


class Change(posting.House):
    """A comment that is there already: it needs no form, and answers what it answered."""

    def form(self) -> str:
        return ""

    def check(self) -> None:
        """Whether it can be changed was asked before."""

    def same(self, digest: str, form: str) -> None:
        return None


def withdraw(comment: Any, now: datetime) -> None:
    """Raises Refusal for what is no comment of this site, or gone."""
    _through(comment, Door.WITHDRAW, now)
    deciding.withdraw(comment, now, deciding.AUTHOR, "author")


def appeal(comment: Any, words: str, now: datetime) -> None:
    """Once, a moderator looks again at what was refused. Raises Refusal."""
    _through(comment, Door.APPEAL, now)
    words = judging.readable(words)
    if len(words) > LONGEST:
        raise Refusal("appeal_long", "words", longest=LONGEST)
    facts.keep(comment, appeal=now.isoformat())
    deciding.move(comment, State.WAITING, now, deciding.AUTHOR, note=words)


def _through(comment: Any, door: Door, now: datetime, revision: int | None = None) -> None:
    if revision is not None and revision != facts.facts(comment).revision:
        raise Decided(deciding.latest(comment))
    if door not in open_doors(comment, now):
        raise Refusal("comments_paused" if frozen(now) and door is not Door.WITHDRAW else CLOSED[door])
