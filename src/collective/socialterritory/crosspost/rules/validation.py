"""Whose yes a post needs, for which bytes it holds, and what a change does to it."""

from collections.abc import Set
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.errors import StaleFingerprint
from dataclasses import replace
from datetime import datetime


NEEDED = {
    Validation.NONE: (0, False),
    Validation.ONE: (1, False),
    Validation.OTHER: (1, True),
    Validation.TWO: (2, True),
}
DECISIONS = frozenset({"approve", "reject", "cancel"})


ROLES = ("Social Validator", "Site Administrator", "Manager")
"""Roles that let people approve, the one that says most about it first"""


def role(roles: Set[str]) -> str:
    """As what somebody with these roles on the account says yes; "" where the site lets others."""
    return next((name for name in ROLES if name in roles), "")


def needed(account: Account) -> tuple[int, bool]:
    """How many people must say yes, and whether they must not be authors."""
    return NEEDED[account.validation]


def trusts(account: Account, roles: Set[str]) -> bool:
    """Whether somebody with these roles on the item needs nobody's yes."""
    return not roles.isdisjoint(account.trusted)


def trust(delivery: Delivery, by: str, now: datetime) -> Delivery:
    """A pending delivery after the change of a person whom the account trusts."""
    approval = Approval(by, now, delivery.fingerprint, trusted=True)
    return step(delivery, "approve", now, by, "trusted", approvals=(approval,))


def standing(delivery: Delivery) -> tuple[Approval, ...]:
    """The approvals that count: those for exactly the bytes that would be sent."""
    return tuple(approval for approval in delivery.approvals if approval.fingerprint == delivery.fingerprint)


def approved(delivery: Delivery) -> bool:
    """Whether enough people, or somebody trusted, said yes to exactly these bytes. Asked again before a claim."""
    given = standing(delivery)
    return any(approval.trusted for approval in given) or len({approval.by for approval in given}) >= delivery.needed


def tightened(delivery: Delivery, account: Account) -> Delivery:
    """An account that asks for more approvals now asks so for what is still here; one that asks for fewer does not.

    Where authors must not approve any more, their own yes of before is gone, that of somebody trusted is not.
    """
    if delivery.operation in (Operation.DELETE, Operation.CONTINUE) and not delivery.needed:
        return delivery  # the yes was given to the post that it belongs to, or by the account's settings
    number, apart = needed(account)
    approvals = delivery.approvals
    if apart and not delivery.apart:
        approvals = tuple(given for given in approvals if given.trusted or given.by not in delivery.authors)
    return replace(delivery, needed=max(delivery.needed, number), apart=delivery.apart or apart, approvals=approvals)


def void(delivery: Delivery, now: datetime, by: str = "") -> Delivery:
    """Back to its validators. The hours of retries count anew once it may leave again."""
    return step(delivery, "void", now, by, since=None, attempts=0)


def approve(
    delivery: Delivery, by: str, now: datetime, fingerprint: str, override: str = "", role: str = ""
) -> Delivery:
    """`by` says yes to what has `fingerprint`: an endorsement while approvals are lacking, else the approval.

    `override` is the reason for which an author on call may say yes alone; it is kept in the log.
    Raises DecisionError (fingerprint_missing, already_decided), StaleFingerprint, NotAllowed, IllegalTransition.
    """
    if not fingerprint:
        raise DecisionError("fingerprint_missing")
    _undecided(delivery)
    if fingerprint != delivery.fingerprint:
        raise StaleFingerprint("stale")
    given = standing(delivery)
    if any(approval.by == by for approval in given):
        raise NotAllowed("already_endorsed")
    own = delivery.apart and by in delivery.authors
    if own and not override.strip():
        raise NotAllowed("own_post")
    approvals = (*given, Approval(by, now, fingerprint, role=role))
    name = "approve" if len(approvals) >= delivery.needed else "endorse"
    note = override.strip() if own else ""
    return step(delivery, name, now, by, note, approvals=approvals, reviewed=delivery.rendition.text)


def reject(delivery: Delivery, by: str, now: datetime, note: str, fingerprint: str = "") -> Delivery:
    """`by` says no, for the reason `note`; yeses given so far are gone. Raises like approve().

    `fingerprint` "": whoever says no need not have read it.
    """
    _undecided(delivery)
    if fingerprint and fingerprint != delivery.fingerprint:
        raise StaleFingerprint("stale")
    if not note.strip():
        raise NotAllowed("reason_needed")
    return step(delivery, "reject", now, by, note.strip(), approvals=(), reviewed=delivery.rendition.text)


def _undecided(delivery: Delivery) -> None:
    """Raises already_decided (by, at in ISO 8601, decision) when somebody was faster."""
    if delivery.state is State.PENDING:
        return
    for event in reversed(delivery.log):
        if event.name in DECISIONS:
            at = event.at.isoformat(timespec="seconds")
            raise DecisionError("already_decided", by=event.by, at=at, decision=event.name)


def settled(delivery: Delivery) -> bool:
    """Whether it was or may have been sent, or was refused: what it says stays as it is."""
    return delivery.state not in WAITING or delivery.doubt


def recompose(delivery: Delivery, rendition: Rendition, by: tuple[str, ...], now: datetime) -> Delivery:
    """The delivery after `by` (nobody: the machine) changed what it would say; the same object when nothing changed.

    Approvals hold for exact bytes: a change takes them away and makes `by` authors.
    What is being sent, was sent, may have been sent or was refused stays as it is; so does what takes a post away,
    and an answer, which a person wrote.
    """
    fixed = settled(delivery) or delivery.operation not in (Operation.POST, Operation.EDIT)
    if fixed or rendition.fingerprint == delivery.fingerprint:
        return delivery
    authors = tuple(dict.fromkeys([*delivery.authors, *by]))
    last = by[-1] if by else ""
    if delivery.state is State.QUEUED and delivery.needed:
        delivery = void(delivery, now, last)
    else:
        event = Event(now, "edit", last, fingerprint=rendition.fingerprint)
        delivery = replace(delivery, log=(*delivery.log, event))
    return replace(delivery, rendition=rendition, authors=authors, approvals=())
