"""What the room does off-request, each duty in a transaction of its own."""

from collections.abc import Callable
from collective.socialterritory import logger
from collective.socialterritory.comments import answering
from collective.socialterritory.comments import asking
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import rounds
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments import telling
from collective.socialterritory.comments.hearing.pruning import prune as prune_faces
from collective.socialterritory.comments.retention import retain
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import IJob
from datetime import datetime
from datetime import timedelta
from functools import wraps
from typing import Any
from ZODB.POSException import ConflictError
from zope.interface import implementer

import transaction


Duty = Callable[[Any, datetime], None]


def daily(duty: Duty) -> Duty:
    """Once a day will do: on a large site it looks at a lot."""

    @wraps(duty)
    def when_due(site: Any, now: datetime) -> None:
        done, name, today = Comments(site).worker, f"{duty.__module__}.{duty.__name__}", now.date().isoformat()
        if done.get(name) != today:
            duty(site, now)
            done[name] = today

    return when_due


DUTIES: tuple[Duty, ...] = (
    answering.tell,
    report_letters.answer,
    rounds.write,
    asking.answer,
    telling.write,
    retain,
    bans.expire,
    daily(subscriptions.prune),
    daily(prune_faces),
)
"""Each does what is due on a site at a time; in batches, for it is called again in a minute"""
OFTEN = timedelta(seconds=5)
"""While posts leave, the worker turns many times a second: what has to be done for comments can wait so long"""


@implementer(IJob)
class CommentsJob:
    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], datetime] = {}
        """When each site was served"""

    def start(self, site: Any, now: datetime) -> None:
        self._last.pop(site.getPhysicalPath(), None)

    def step(self, site: Any, pool: Any, now: datetime) -> float:
        last = self._last.get(site.getPhysicalPath())
        if last is not None and timedelta(0) <= now - last < OFTEN:
            return (last + OFTEN - now).total_seconds()
        self._last[site.getPhysicalPath()] = now
        for duty in DUTIES if active() else ():
            try:
                duty(site, now)
                transaction.commit()
            except ConflictError:
                transaction.abort()  # somebody moderates at this moment: again in a minute
            except Exception:
                logger.exception("%s stumbled and goes on in a minute; nothing is lost", duty.__qualname__)
                transaction.abort()
        return 60.0
