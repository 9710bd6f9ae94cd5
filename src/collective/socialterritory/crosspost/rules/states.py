"""The states of a delivery, as one table, and the only function that changes one."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import IllegalTransition
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any


S = State


@dataclass(frozen=True, slots=True)
class Transition:
    sources: frozenset[State]
    target: State
    human: bool


def _human(target: State, *sources: State) -> Transition:
    return Transition(frozenset(sources), target, True)


def _machine(target: State, *sources: State) -> Transition:
    return Transition(frozenset(sources), target, False)


TRANSITIONS = {
    "endorse": _human(S.PENDING, S.PENDING),
    "approve": _human(S.QUEUED, S.PENDING),
    "reject": _human(S.REJECTED, S.PENDING),
    "revise": _human(S.PENDING, S.REJECTED),
    "confirm": _human(S.DELIVERED, S.UNCONFIRMED),
    "resend": _human(S.QUEUED, S.UNCONFIRMED, S.FAILED),
    "cancel": _human(S.CANCELLED, S.PENDING, S.QUEUED, S.FAILED, S.REJECTED, S.UNCONFIRMED),
    "void": _machine(S.PENDING, S.QUEUED),
    "claim": _machine(S.SENDING, S.QUEUED),
    "reclaim": _machine(S.SENDING, S.SENDING),
    "deliver": _machine(S.DELIVERED, S.SENDING),
    "retry": _machine(S.QUEUED, S.SENDING),
    "fail": _machine(S.FAILED, S.SENDING),
    "lose": _machine(S.UNCONFIRMED, S.SENDING),
}
"""`endorse` is an approval that does not suffice yet: people ask for `approve`, validation.py decides which it is."""

FLAGS = {
    "hold": frozenset({S.PENDING, S.QUEUED}),
    "release": frozenset({S.PENDING, S.QUEUED}),
}
"""What a person may do to the `held` flag, and in which states."""


def allowed(delivery: Delivery) -> tuple[str, ...]:
    """What people may ask for now, whoever they are; `endorse` hides behind `approve`."""
    names = [
        name
        for name, transition in TRANSITIONS.items()
        if transition.human and name != "endorse" and delivery.state in transition.sources
    ]
    if delivery.state in FLAGS["hold"]:
        names.append("release" if delivery.held else "hold")
    return tuple(names)


def step(
    delivery: Delivery,
    name: str,
    now: datetime,
    by: str = "",
    note: str = "",
    **changes: Any,
) -> Delivery:
    """The delivery after transition `name`, with a line in its log. Raises IllegalTransition.

    `changes` are further fields of the delivery that change with it.
    """
    transition = TRANSITIONS.get(name)
    if transition is None or delivery.state not in transition.sources:
        raise IllegalTransition(name, delivery.state, allowed(delivery))
    changes.setdefault("finished", now if transition.target in FINISHED else None)
    event = Event(now, name, by, note, delivery.fingerprint)
    return replace(delivery, state=transition.target, log=(*delivery.log, event), **changes)
