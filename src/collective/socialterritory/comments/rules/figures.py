"""What moderation comes to, in numbers: what was decided, month by month, and for which articles of the charter."""

from collections import Counter
from collections.abc import Iterable
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from dataclasses import dataclass
from dataclasses import field
from datetime import tzinfo


COUNTED = (Action.APPROVE, Action.REJECT, Action.SPAM, Action.DELETE, Action.EDIT, Action.REPORT)
"""Actions that have a column"""


@dataclass(frozen=True, slots=True)
class Month:
    """`month`: 2026-11; `actions`: how often each; `reasons`: of refusals, how many cite each article, by id."""

    month: str
    actions: Counter[Action] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)


def months(events: Iterable[Event], zone: tzinfo) -> list[Month]:
    """Newest first. `events`: oldest first. What was undone is as if it had never been decided.

    A comment that is refused, and refused again after an appeal, counts twice: two decisions were taken.
    """
    found: dict[str, Month] = {}
    last: dict[str, tuple[Month, Event]] = {}
    for event in events:
        if event.action is Action.RECALL:
            _take_back(last.pop(event.key, None), event)
        if event.action not in COUNTED:
            continue
        name = f"{event.at.astimezone(zone):%Y-%m}"
        month = found.setdefault(name, Month(name))
        month.actions[event.action] += 1
        if event.action is Action.REJECT:
            month.reasons[event.reason] += 1
        last[event.key] = month, event
    return [found[name] for name in sorted(found, reverse=True) if found[name].actions.total()]


def _take_back(counted: tuple[Month, Event] | None, undone: Event) -> None:
    """Where who decided has second thoughts. An appeal of the author leaves the decision on record."""
    if counted is None or counted[1].by != undone.by:
        return
    month, event = counted
    month.actions[event.action] -= 1
    if event.action is Action.REJECT:
        month.reasons[event.reason] -= 1
