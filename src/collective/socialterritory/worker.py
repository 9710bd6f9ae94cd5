"""The one loop that runs every room's jobs, for every site of this process that has the add-on.

One thread owns the ZODB connection. Its senders (senders.py) touch no ZODB object. A lease in each site lets one
worker at a time work there, whatever the number of processes; renewing it is the heartbeat.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collective.socialterritory import clock
from collective.socialterritory import logger
from collective.socialterritory import wake
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.store import WORKER_LEASE as LEASE
from collective.socialterritory.environment import setting
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.senders import commit
from collective.socialterritory.senders import Pool
from collective.socialterritory.senders import Senders
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from plone.browserlayer.utils import registered_layers
from Products.CMFPlone.interfaces import IPloneSiteRoot
from Testing.makerequest import makerequest
from typing import Any
from uuid import uuid4
from ZODB.POSException import ConflictError
from zope.component import getUtilitiesFor
from zope.component.hooks import setSite
from zope.globalrequest import clearRequest
from zope.globalrequest import setRequest

import signal
import sys
import threading
import transaction


SENDERS = 16
BEAT = timedelta(minutes=1)
SWEEP = 60.0
FAREWELL = 5.0
"""Seconds that a stopping process waits for its worker to give its leases back"""


@contextmanager
def opened(database: Any):
    """The application root in a connection of this thread."""
    connection = database.open()
    try:
        yield makerequest(connection.root()["Application"])
    finally:
        transaction.abort()
        setSite(None)
        clearRequest()
        connection.close()


def plone_sites(folder: Any) -> Iterator[Any]:
    """All of this database, in folders of the Zope root too."""
    for obj in folder.objectValues(["Plone Site", "Folder"]):
        if IPloneSiteRoot.providedBy(obj):
            yield obj
        elif obj.meta_type == "Folder":
            yield from plone_sites(obj)


def installed(site: Any) -> bool:
    """Whether the site has the add-on."""
    setSite(site)
    return IBrowserLayer in registered_layers()


def sites(app: Any) -> list[Any]:
    """The Plone sites of this database that have the add-on installed."""
    found = list(filter(installed, plone_sites(app)))
    setSite(None)
    return found


def attempt(site: Any, function: Callable[..., Any], *args: Any) -> Any:
    """What `function` says of the site; None should it stumble, and the others go on."""
    try:
        setSite(site)
        setRequest(site.REQUEST)
        return function(site, *args)
    except Exception:
        logger.exception("%s stumbled on %r and goes on in a minute; nothing is lost", function.__qualname__, site)
        transaction.abort()
        return None


class Worker:
    """Works until `stop`; `owner` tells its lease from another worker's. `only`: names of jobs; none given: all."""

    def __init__(self, database: Any, senders: int = SENDERS, only: frozenset[str] = frozenset()) -> None:
        self.database = database
        self.owner = uuid4().hex
        self.only = only
        self.stopping = threading.Event()
        self._senders = Senders(senders)
        self._pools: dict[str, Pool] = {}
        self._started: set[str] = set()
        self._turns = 0
        self.refused: set[str] = set()
        """Paths of sites where another worker holds the lease"""

    def run(self) -> None:
        """The thread's whole life: a turn, a wait, again."""
        while not self.stopping.is_set():
            try:
                pause = self.turn()
            except Exception:
                logger.exception("The worker stumbled and goes on in a minute; nothing is lost")
                pause = SWEEP
            wake.wait(pause)
        self._senders.shutdown(wait=False, cancel_futures=True)
        try:
            self.leave()
        except Exception:
            logger.exception("The worker's leases could not be given back; the next worker waits for their end")

    def stop(self) -> None:
        self.stopping.set()
        wake.wake()

    def turn(self) -> float:
        """Do what is due on every site; the seconds until the next turn. Each time another site and job is first."""
        with opened(self.database) as app:
            found = list(plone_sites(app))
            for gone in {*self._pools, *self.refused} - {"/".join(site.getPhysicalPath()) for site in found}:
                self._forget(gone)
            tasks = [task for site in found for task in attempt(site, self._begin) or ()]
            self._turns += 1
            first = self._turns % max(len(tasks), 1)
            alone = len({id(pool) for _site, pool, _job in tasks}) == 1
            pauses = [5.0 if self.refused else SWEEP]
            for site, pool, job in tasks[first:] + tasks[:first]:
                pool.most = self._senders.number if alone else self._senders.half
                transaction.begin()
                pause = attempt(site, job.step, pool, clock.now())
                pauses.append(SWEEP if pause is None else pause)
        return max(min(pauses), 0.0)

    def _begin(self, site: Any) -> list[tuple[Any, Pool, Any]]:
        """Write what came of calls; then the jobs there, if the site is ours and all of them have started."""
        path = "/".join(site.getPhysicalPath())
        if not installed(site):
            self._forget(path)
            return []
        pool = self._pools.setdefault(path, Pool(self._senders))
        pool.collect(site)
        now = clock.now()
        if not self._lease(site, path, now):
            self.refused.add(path)
            return []
        self.refused.discard(path)
        jobs = [job for name, job in getUtilitiesFor(IJob) if not self.only or name in self.only]
        if path not in self._started:
            for job in jobs:
                commit(lambda job=job: job.start(site, now), tries=5)
            self._started.add(path)
        return [(site, pool, job) for job in jobs]

    def _forget(self, path: str) -> None:
        """The site was removed, or has the add-on no more."""
        if pool := self._pools.pop(path, None):
            pool.leave()
        self._started.discard(path)
        self.refused.discard(path)

    def _lease(self, site: Any, path: str, now: datetime) -> bool:
        """Whether this worker may work on the site now."""
        transaction.begin()
        record = Outbox(site).worker
        until = datetime.fromisoformat(record["until"]) if record.get("until") else now
        mine = record.get("owner") == self.owner
        if not mine:
            self._started.discard(path)
        if not mine and until > now:
            return False
        if not mine or until < now + LEASE - BEAT:
            try:
                record.update(owner=self.owner, until=(now + LEASE).isoformat(), beat=now.isoformat())
                transaction.commit()
            except ConflictError:
                transaction.abort()
                return False
        return True

    @property
    def idle(self) -> bool:
        return not self._senders.running

    def leave(self) -> None:
        """Give the leases back, so that another worker need not wait for their end.

        A post that is being sent keeps its own claim: the next worker looks for it when that has run out.
        """
        with opened(self.database) as app:
            for site in plone_sites(app):
                attempt(site, self._leave)

    def _leave(self, site: Any) -> None:
        record = Outbox(site).worker if installed(site) else {}
        if record.get("owner") == self.owner:
            record.update(owner="", until="")
            transaction.commit()


def start(event: Any) -> None:
    """IProcessStarting: a serving process fires it, scripts do not, except under `zconsole run`.

    SOCIALTERRITORY_WORKER=off keeps this process from sending, where another one or cron does.
    """
    if setting("SOCIALTERRITORY_WORKER") == "off" or Path(sys.argv[0]).stem == "zconsole":
        return
    import Zope2

    worker = Worker(Zope2.DB)
    thread = threading.Thread(target=worker.run, name="social-worker", daemon=True)
    thread.start()
    leave_when_stopped(worker, thread)


def leave_when_stopped(worker: Worker, thread: threading.Thread) -> None:
    """On Ctrl-C and SIGTERM let the worker give its leases back first; then the process stops as it would have.

    Only in signals can this be done: Zope has closed the database when `atexit` runs, and SIGTERM ends it without.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def stop(number: int, frame: Any) -> None:
        for known in handlers:  # a supervisor may tell a whole group of processes, and each of them the next
            signal.signal(known, signal.SIG_IGN)
        worker.stop()
        thread.join(FAREWELL)
        for known, handler in handlers.items():
            signal.signal(known, handler)
        signal.raise_signal(number)

    for number, handler in list(handlers.items()):
        if handler in (None, signal.SIG_IGN):
            del handlers[number]
        else:
            signal.signal(number, stop)
