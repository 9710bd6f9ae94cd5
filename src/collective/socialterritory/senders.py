"""The worker's hands: threads that call networks and mail servers, shared by its sites and touching no ZODB object."""

from collections.abc import Callable
from collections.abc import Hashable
from collective.socialterritory import logger
from collective.socialterritory import wake
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from ZODB.POSException import ConflictError

import queue
import time
import transaction


class Senders(ThreadPoolExecutor):
    """The threads of a worker, for all its sites. `running`: what they do now, and with which server."""

    def __init__(self, number: int) -> None:
        super().__init__(number, "social-sender")
        self.number = number
        self.half = max(1, number // 2)
        self.running: dict[tuple[int, str], Hashable] = {}


class Pool:
    """Runs calls of one site in sender threads, one at a time per lane, and keeps their results for the worker."""

    def __init__(self, senders: Senders) -> None:
        self._senders = senders
        self._servers: dict[str, Hashable] = {}
        self._results: queue.SimpleQueue[tuple[str, Callable[..., None], Any]] = queue.SimpleQueue()
        self.most = senders.number
        """How many senders the site may have"""

    def busy(self, lane: str) -> bool:
        return (id(self), lane) in self._senders.running

    @property
    def full(self) -> bool:
        """Whether a call would wait for a sender: then nothing should be claimed yet."""
        running = self._senders.running
        return len(running) >= self._senders.number or sum(pool == id(self) for pool, _lane in running) >= self.most

    def room(self, lane: str, server: Hashable) -> bool:
        """Whether the lane may call `server` now (None: nobody knows which): a dead one holds no more than half."""
        self._servers[lane] = server
        there = list(self._senders.running.values()).count(server)
        return not (self.full or self.busy(lane) or (server is not None and there >= self._senders.half))

    def submit(self, lane: str, done: Callable[..., None], function: Callable[..., Any], *args: Any) -> None:
        self._senders.submit(self._run, lane, done, function, *args)
        self._senders.running[id(self), lane] = self._servers.get(lane)

    def leave(self) -> None:
        """The site is gone: nobody waits for what its calls say."""
        for known in [known for known in self._senders.running if known[0] == id(self)]:
            del self._senders.running[known]

    def _run(self, lane: str, done: Callable[..., None], function: Callable[..., Any], *args: Any) -> None:
        try:
            result = function(*args)
        except Exception as error:
            result = error
        self._results.put((lane, done, result))
        wake.wake()

    def collect(self, site: Any) -> None:
        """Let `done` write each result, with a commit of its own; only the commit is tried again, never the call."""
        while not self._results.empty():
            lane, done, result = self._results.get()
            try:
                commit(lambda done=done, result=result: done(site, result))
            except Exception:  # the lease runs out and what came of it is looked up
                logger.exception("What came of a call in lane %s could not be written", lane)
            finally:
                self._senders.running.pop((id(self), lane), None)


def commit(write: Callable[[], None], tries: int = 50) -> None:
    """Write and commit until it is stored.

    A failed commit may have been stored all the same, so `write` reads afresh and does nothing the second time.
    """
    for number in range(tries):
        transaction.begin()
        written = False
        try:
            write()
            written = True
            transaction.commit()
            return
        except Exception as error:
            transaction.abort()
            fault = not written and not isinstance(error, ConflictError)
            if number == tries - 1 or (fault and number >= 4):
                raise
            if not isinstance(error, ConflictError):
                logger.warning("Commit failed, reading again: %r", error)
            time.sleep(min(0.01 * 2**number, 2.0))
