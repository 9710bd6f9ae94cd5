"""What the author of a comment reads about it, and what can still be done about it without a moderator."""

from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import REFUSED
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from datetime import datetime
from datetime import timedelta
from enum import StrEnum


LONGEST = 1000
"""Characters in which a refusal is appealed"""


class Standing(StrEnum):
    WAITING = "waiting"
    APPEALED = "appealed"
    SHOWN = "shown"
    HIDDEN = "hidden"
    """Reported, until somebody has looked"""
    BELOW = "below"
    """Approved, but visitors do not see what it answers"""
    REFUSED = "refused"
    """Spam too: whoever sent it learns nothing about filters"""
    GONE = "gone"


class Door(StrEnum):
    EDIT = "edit"
    WITHDRAW = "withdraw"
    APPEAL = "appeal"


def standing(state: State, facts: Facts, seen: bool) -> Standing:
    """`seen`: whether visitors see it."""
    if facts.gone:
        return Standing.GONE
    if state == State.WAITING:
        return Standing.APPEALED if facts.appeal else Standing.WAITING
    if state != State.APPROVED:
        return Standing.REFUSED
    if facts.hidden:
        return Standing.HIDDEN
    return Standing.SHOWN if seen else Standing.BELOW


def until(made: datetime, grace: int) -> datetime:
    """When its text becomes fixed; `grace`: minutes."""
    return made + timedelta(minutes=grace)


def doors(state: State, facts: Facts, made: datetime, grace: int, now: datetime, paused: bool) -> frozenset[Door]:
    """`paused`: comments are only read for the moment. To take one's own words back is possible at all times."""
    if facts.gone or facts.source != SITE:
        return frozenset()
    found = {Door.WITHDRAW}
    open_text = state in (State.WAITING, State.APPROVED) and not facts.hidden and not facts.appeal
    if open_text and now < until(made, grace) and not paused:
        found.add(Door.EDIT)
    if state in REFUSED and not facts.appeal and not paused:
        found.add(Door.APPEAL)
    return frozenset(found)
