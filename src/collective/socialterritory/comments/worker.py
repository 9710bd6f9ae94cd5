"""What the room does off-request, each duty in a transaction of its own."""

from collections.abc import Callable
from collective.socialterritory import logger
from collective.socialterritory.comments.settings import active
from collective.socialterritory.interfaces import IJob
from datetime import datetime
from typing import Any
from ZODB.POSException import ConflictError
from zope.interface import implementer

import transaction


DUTIES: tuple[Callable[[Any, datetime], None], ...] = ()
"""Each does what is due on a site at a time; in batches, for it is called again in a minute"""


@implementer(IJob)
class CommentsJob:
    def start(self, site: Any, now: datetime) -> None:
        """Nothing to prepare."""

    def step(self, site: Any, pool: Any, now: datetime) -> float:
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
