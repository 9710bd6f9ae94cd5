"""The worker's part of listening: new watches look through what is there, and the digest of the day goes out."""

from collective.socialterritory.feeds.listening import letters
from collective.socialterritory.feeds.listening.hearing import catch_up
from collective.socialterritory.feeds.listening.rules import digest_due
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.local import time_zone
from collective.socialterritory.senders import commit
from datetime import datetime
from typing import Any
from zope.interface import implementer


@implementer(IJob)
class Listen:
    def start(self, site: Any, now: datetime) -> None:
        """Nothing to prepare."""

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        if Listening(site).unheard():
            commit(lambda: catch_up(site, now))
        if digest_due(Listening(site).digested, now, time_zone()):
            commit(lambda: send_digest(site, now))
        return 60.0


def send_digest(site: Any, now: datetime) -> None:
    """Mails and the note of what they tell are stored together: done again, it finds nothing to tell."""
    known = Listening(site)
    letters.digest(site, known.digest(now), now)
    known.prune(now)
