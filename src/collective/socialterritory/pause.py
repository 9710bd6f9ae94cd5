"""A freeze of the site or of one account, and what it means for a post that was ready to leave."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """A freeze with its reason. `until` None: until someone ends it; ending it sets `until`, so it is remembered."""

    reason: str
    by: str
    start: datetime
    until: datetime | None = None
    over: datetime | None = None
    """When the last pause before this one ended"""

    def frozen(self, now: datetime) -> bool:
        return self.start <= now and (self.until is None or now < self.until)

    def caught(self, ready: datetime, now: datetime) -> bool:
        """Whether a post that was ready at `ready` and is still here at `now` met this pause.

        It then waits for a person, also after the pause: nothing fires by itself on resume.
        """
        met = self.start <= now and (self.until is None or ready < self.until)
        return met or (self.over is not None and ready < self.over)

    def ended(self, now: datetime) -> datetime | None:
        """When the last pause ended that was over at `now`: this one or one before."""
        return self.until if self.until and self.until <= now else self.over
