"""Remembers, in this process alone, when to look at which delivery."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules.departure import SWEEP
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import UTC
from typing import Any


@dataclass
class Rewriting:
    """Somebody changed what all posts of an account say."""

    known: tuple[Any, ...]
    """By whom and to what, when the deliveries were listed"""
    ids: list[str] = field(default_factory=list)
    """Deliveries that have not followed yet"""
    failed: bool = False
    """Some could not follow: all are gone through again later"""


@dataclass
class Agenda:
    """What a site's deliveries wait for, as far as this process knows; made anew from the records every minute."""

    looks: dict[str, dict[str, datetime]] = field(default_factory=dict)
    """Account UID -> delivery id -> when to look at it"""
    rests: dict[str, datetime] = field(default_factory=dict)
    """Account UID -> when to try its network again after a fault; waits that it asked for are in the records"""
    rewritten: dict[str, Rewriting] = field(default_factory=dict)
    """Account UID -> what its open deliveries do not know yet"""
    servers: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    """Account UID -> the servers that a call for it needs, as far as that is known"""
    swept: datetime = datetime.min.replace(tzinfo=UTC)
    _urgent: set[str] = field(default_factory=set)
    _served: dict[str, int] = field(default_factory=dict)

    def forget(self) -> None:
        """What the records tell anew."""
        for known in (self.looks, self.servers, self._urgent):
            known.clear()

    def lanes(self) -> list[str]:
        """The accounts, those that were not served for longest first."""
        return sorted(self.looks, key=lambda account: self._served.get(account, 0))

    def served(self, account: str) -> None:
        self._served[account] = max(self._served.values(), default=0) + 1

    def look(self, delivery: Delivery, when: datetime) -> None:
        looks = self.looks.setdefault(delivery.account, {})
        if delivery.state in (State.QUEUED, State.SENDING):
            looks[delivery.id] = when
        else:
            looks.pop(delivery.id, None)
        (self._urgent.add if delivery.urgent else self._urgent.discard)(delivery.id)

    def due(self, account: str, now: datetime) -> str | None:
        """The delivery to look at: urgent ones first, then the longest due."""
        if self.rests.get(account, now) > now:
            return None
        due = [(id not in self._urgent, when, id) for id, when in self.looks[account].items() if when <= now]
        return min(due)[2] if due else None

    def pause(self, now: datetime) -> float:
        """Seconds until something may be due."""
        whens = [
            max(when, self.rests.get(account, when)) for account, looks in self.looks.items() for when in looks.values()
        ]
        return (min([when for when in whens if when > now] + [self.swept + SWEEP]) - now).total_seconds()
