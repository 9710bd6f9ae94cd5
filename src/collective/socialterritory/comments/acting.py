"""What a moderator can do to comments, and doing it, whichever door they come through: desk, mailed link or REST."""

from AccessControl import getSecurityManager
from AccessControl import Unauthorized
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import replying
from collective.socialterritory.comments import reports
from collective.socialterritory.comments import threads
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import keep
from collective.socialterritory.comments.facts import page
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.indexing import lightly
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.local import me
from collective.socialterritory.plain import plain
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum
from typing import Any
from ZODB.POSException import ConflictError

import transaction


JUDGEMENTS = (Action.APPROVE, Action.REJECT, Action.SPAM)
UNDOABLE = (*JUDGEMENTS, Action.SETTLE)
OPEN = {
    State.WAITING: JUDGEMENTS,
    State.APPROVED: (Action.REJECT, Action.SPAM),
    State.REJECTED: (Action.APPROVE, Action.SPAM),
    State.SPAM: (Action.APPROVE, Action.REJECT),
}
RIGHTS = {Action.EDIT: "Edit comments", Action.DELETE: "Delete comments"}
"""What is asked for beside the right to moderate"""
LONGEST_NOTE = 2000
"""Characters"""


class Result(StrEnum):
    DONE = "done"
    DECIDED = "decided"
    """Somebody was first: `event` tells who, what and when"""
    NOT_ALLOWED = "not_allowed"
    GONE = "gone"
    REFUSED = "refused"
    """`code` names the sentence"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of the comments that somebody wanted to act on."""

    key: str
    result: Result
    code: str = ""
    field: str = ""
    """What to mend where it was refused: reason, note, text, to, or "" for all of it"""
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """`to`: the department that it is forwarded to; `text`: of an edit or an answer, or a refusal's to its author.

    `tell`: the author, later.
    """

    action: Action
    now: datetime
    reason: str = ""
    note: str = ""
    text: str = ""
    to: str = ""
    tell: bool = True
    cites: bool = False
    """Whether the reason is an article of the charter"""


def act(
    site: Any,
    keys: Iterable[str],
    action: Action | str,
    now: datetime,
    *,
    reason: str = "",
    note: str = "",
    text: str = "",
    to: str = "",
    tell: bool = True,
    revisions: Mapping[str, int] | None = None,
) -> list[Outcome]:
    """Do it to each comment, as the current user; what goes wrong with one keeps no other back.

    `keys`: as facts.key gives them. `tell`: whether authors may be told of a decision, where the site does so.
    `revisions`: which were seen, by key; without one nobody looked. Raises ValueError for an action that moderators
    do not have.
    """
    action = Action(action)
    if action not in DOING:
        raise ValueError(action)
    cites = action is Action.REJECT and reason in reasons(settings().reasons)
    order = Order(action, now, reason, plain(note).strip(), plain(text).strip(), to, tell, cites)
    seen = {key: (revisions or {}).get(key) for key in keys}
    comments = deciding.find_all(seen)
    before = transaction.savepoint(optimistic=True)
    try:
        done = [_one(key, comments[key], order, revision) for key, revision in seen.items()]
    except ConflictError:
        raise
    except Exception:
        # A savepoint each would take longer than the decisions: only where one of them is needed.
        before.rollback()
        done = [_carefully(key, comments[key], order, revision) for key, revision in seen.items()]
    if action in (*JUDGEMENTS, Action.RECALL) and len(done) > 1:
        lightly([comments[one.key] for one in done if one.result is Result.DONE])
    return done


def _carefully(key: str, comment: Any, order: Order, revision: int | None) -> Outcome:
    """What stumbles half-way leaves nothing behind."""
    before = transaction.savepoint(optimistic=True)
    try:
        return _one(key, comment, order, revision)
    except ConflictError:
        raise
    except Exception:
        logger.exception("%s failed for the comment %s", order.action, key)
        before.rollback()
        return Outcome(key, Result.REFUSED, "comment_failed")


def _one(key: str, comment: Any, order: Order, revision: int | None) -> Outcome:
    if comment is None or comment.id not in comment.__parent__:
        return Outcome(key, Result.GONE)
    try:
        _check(comment, order, revision)
        DOING[order.action](comment, order)
    except Unauthorized:
        return Outcome(key, Result.NOT_ALLOWED)
    except Decided as first:
        return Outcome(key, Result.DECIDED, event=first.event)
    except Refusal as why:
        return Outcome(key, Result.REFUSED, why.code, why.field)
    there = comment.id in comment.__parent__
    return Outcome(key, Result.DONE, event=deciding.latest(comment) if there else None)


def _check(comment: Any, order: Order, revision: int | None) -> None:
    """Raises Unauthorized, Decided, and Refusal."""
    deciding.check(comment, None if order.action is Action.RECALL else revision)
    right = RIGHTS.get(order.action)
    if right and not getSecurityManager().checkPermission(right, comment):
        raise Unauthorized(right)
    if facts(comment).gone and order.action not in (Action.DELETE, Action.CLOSE, Action.OPEN):
        raise Refusal("comment_withdrawn")
    if len(order.note) > LONGEST_NOTE:
        raise Refusal("note_long", "note")


def actions_open(comment: Any, now: datetime | None = None) -> tuple[Action, ...]:
    """What the current user can do to it, in the order in which buttons stand."""
    if not may_moderate(comment):
        return ()
    known, where = facts(comment), state(comment)
    may = getSecurityManager().checkPermission
    can = {
        **dict.fromkeys(OPEN[where], True),
        Action.SETTLE: where == State.APPROVED and known.reported,
        Action.RECALL: undoable(comment, now or clock.now()),
        Action.ANSWER: replying.possible(comment),
        Action.EDIT: known.source == SITE and may(RIGHTS[Action.EDIT], comment),
        Action.FORWARD: bool(replying.departments_known()),
        Action.BAN: bool(known.author or known.origin) and not known.official,
    }
    last = {Action.CLOSE: threads.open_here(page(comment)), Action.OPEN: threads.closed_here(page(comment))}
    last[Action.DELETE] = bool(may(RIGHTS[Action.DELETE], comment))
    found = {**({} if known.gone else can), **last}
    return tuple(action for action, holds in found.items() if holds and action in DOING)


def undoable(comment: Any, now: datetime) -> bool:
    """Whether the last thing that was done to it is a decision of the current user, a moment ago."""
    return still_undoable(deciding.latest(comment), now)


def still_undoable(event: Event | None, now: datetime) -> bool:
    lasts = timedelta(minutes=settings().undo_minutes)
    return event is not None and event.action in UNDOABLE and event.by == me() and now - event.at <= lasts


def _judge(comment: Any, order: Order) -> None:
    if order.action is Action.REJECT and not order.cites:
        raise Refusal("refusal_reason_needed", "reason")
    if order.action is Action.REJECT and len(order.text) > LONGEST_NOTE:
        raise Refusal("note_long", "words")
    if state(comment) == OUTCOMES[order.action]:
        raise Decided(deciding.latest(comment))
    # Reports are right about what is refused, and wrong about what is approved.
    reports.settle_all(comment, order.action is not Action.APPROVE, order.now, me())
    deciding.decide(comment, order.action, order.now, reason=order.reason, note=order.note)
    if order.action is Action.REJECT and order.text:
        keep(comment, words=order.text)
    if facts(comment).quiet is order.tell:
        keep(comment, quiet=not order.tell)


def _undo(comment: Any, order: Order) -> None:
    """Back to what it was before."""
    event = deciding.latest(comment)
    if not still_undoable(event, order.now):
        if event is not None and event.by != me() and event.action in OUTCOMES:
            raise Decided(event)
        raise Refusal("undo_late")
    assert event is not None
    former = facts(comment).former
    reports.reopen(comment, event.at, order.now, me())
    if event.action is Action.SETTLE:
        deciding.log(comment, Action.RECALL, order.now, me(), note=order.note)
    else:
        before, reason = State(event.before or State.WAITING), former.get("reason", "")
        deciding.move(comment, before, order.now, me(), reason, order.note, Action.RECALL)
        keep(comment, words=former.get("words", ""), quiet=former.get("quiet", False))


def _edit(comment: Any, order: Order) -> None:
    if facts(comment).source != SITE:
        raise Refusal("edit_elsewhere", "text")
    if not order.text:
        raise Refusal("comment_empty", "text")
    if len(order.text) > settings().longest:
        raise Refusal("comment_long", "text")
    if order.text == comment.text:
        raise Refusal("edit_same", "text")
    deciding.edit(comment, order.text, order.now, note=order.note)


def _delete(comment: Any, order: Order) -> None:
    deciding.remove(comment, order.now, reason=order.reason, note=order.note)


def _answer(comment: Any, order: Order) -> None:
    replying.answer(comment, order.text, order.now)


def _forward(comment: Any, order: Order) -> None:
    replying.forward(comment, order.to, order.note, order.now)


def _close(comment: Any, order: Order) -> None:
    threads.allow(page(comment), order.action is Action.OPEN)
    deciding.log(comment, order.action, order.now, me(), note=order.note)


def _ban(comment: Any, order: Order) -> None:
    if not bans.ban(comment, order.now, me(), order.note):
        raise Refusal("ban_nobody")
    deciding.log(comment, Action.BAN, order.now, me(), note=order.note)


def _settle(comment: Any, order: Order) -> None:
    """Nothing is wrong with it: it stays, and visitors see it again."""
    if not facts(comment).reported:
        raise Refusal("report_none")
    reports.settle_all(comment, False, order.now, me(), order.note)


DOING: dict[Action, Callable[[Any, Order], None]] = {
    **dict.fromkeys(JUDGEMENTS, _judge),
    Action.RECALL: _undo,
    Action.SETTLE: _settle,
    Action.ANSWER: _answer,
    Action.EDIT: _edit,
    Action.FORWARD: _forward,
    Action.BAN: _ban,
    Action.CLOSE: _close,
    Action.OPEN: _close,
    Action.DELETE: _delete,
}
