"""Kill -9 for real: `python killing.py FOLDER KILLS ITEMS` prints what was found as one line of JSON.

The components are loaded once; each process is a fork of that, opens the FileStorage for itself and is killed at a
random moment, first while it publishes, then while it sends. The network is a process of its own and survives.
"""

from pathlib import Path


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(Path(__file__).parents[1]))

from collections import Counter
from collections.abc import Callable
from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import settings
from collective.socialterritory.public import is_public
from collective.socialterritory.testing import FIXTURE
from collective.socialterritory.worker import Worker
from contextlib import contextmanager
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.testing import login
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.app.testing import TEST_USER_NAME
from scripted import Scripted
from Testing.makerequest import makerequest
from ZODB.blob import BlobStorage
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage
from zope.component.hooks import setSite
from zope.globalrequest import setRequest
from zope.interface import alsoProvides

import json
import os
import random
import signal
import socket
import sys
import time
import traceback
import transaction


NOTICED = 400.0
"""Seconds after which a killed worker's leases are over"""


class Transactions:
    """A storage in memory as FileStorage reads it."""

    def __init__(self, storage) -> None:
        self.storage = storage

    def iterator(self):
        for record in self.storage.iterator():
            record.extension_bytes = getattr(record, "extension_bytes", b"")
            yield record


class Place:
    """The site on disk, and the network."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = str(folder / "Data.fs")
        self.posts = folder / "posts.json"
        self.server = Scripted(hold=0.05)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.server.port = free.getsockname()[1]
        os.environ.update(self.server.environ)

    @contextmanager
    def opened(self):
        database = DB(BlobStorage(str(self.folder / "blobs"), FileStorage(self.file)))
        connection = database.open()
        app = makerequest(connection.root()["Application"])
        alsoProvides(app.REQUEST, IBrowserLayer)
        setRequest(app.REQUEST)
        setSite(app.plone)
        login(app.plone, TEST_USER_NAME)
        yield database, app.plone
        transaction.abort()
        connection.close()
        database.close()

    def build(self, layer) -> None:
        """Copy the fixture's site to disk and link two accounts."""
        target = FileStorage(self.file, create=True)
        target.copyTransactionsFrom(Transactions(layer["zodbDB"].storage))
        target.close()
        child(self.link)

    def link(self) -> None:
        with self.opened() as (_database, site):
            setRoles(site, TEST_USER_ID, ["Manager"])
            site.portal_workflow.setDefaultChain("simple_publication_workflow")
            settings().public_url = "https://www.ville.fr"
            for name in ("ville", "mairie"):
                account = api.content.create(
                    site["social-accounts"], "SocialAccount", id=name, title=name, network="bluesky", validation="none"
                )
                linked = (clock.now() - timedelta(days=30)).isoformat()
                Accounts(site).mark(account.UID(), link="connected", connected_at=linked, session="ok")
                Vault(site).seal(account.UID(), self.server.accounts[f"{name}.example"].credentials)
            transaction.commit()

    def serve(self) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: self._dump())
        self.server.up()
        end = time.monotonic() + 3000
        while time.monotonic() < end and os.getppid() != 1:
            time.sleep(0.2)

    def _dump(self) -> None:
        fresh = self.posts.with_suffix(".new")
        fresh.write_text(json.dumps(self.server.posts()))
        fresh.rename(self.posts)

    def publish(self, first: int, count: int) -> None:
        with self.opened() as (_database, site):
            for number in range(first, first + count):
                item = api.content.create(site, "News Item", title=f"Nouvelle {number}")
                api.content.transition(item, to_state="published")
                transaction.commit()

    def send(self, ahead: float) -> None:
        skipped = timedelta(seconds=ahead)
        clock.now = lambda: datetime.now(UTC) + skipped
        with self.opened() as (database, site):
            worker = Worker(database, senders=2)
            while True:
                pause = worker.turn()
                transaction.begin()
                setSite(site)
                if worker.idle and not any(d.state in (State.QUEUED, State.SENDING) for d in Outbox(site).live()):
                    return
                if worker.idle:
                    skipped += timedelta(seconds=max(pause, 0.01))
                time.sleep(0.002)

    def judge(self) -> None:
        found = {}
        with self.opened() as (_database, site):
            items = {item.UID() for item in site.objectValues() if item.portal_type == "News Item" and is_public(item)}
            deliveries = list(Outbox(site).live())
            recorded = Counter(delivery.content for delivery in deliveries)
            found["published"], found["recorded"] = len(items), len(recorded)
            found["ghosts"] = sorted(set(recorded) - items)
            found["missing"] = sorted(uid for uid in items if recorded[uid] != 2)
            seen = Counter(json.loads(self.posts.read_text()))
            said = Counter(d.rendition.text for d in deliveries if d.state is State.DELIVERED)
            found["losses"] = {
                "lost": sorted((said - seen).elements()),
                "doubled": sorted((seen - said).elements()),
                "unfinished": [f"{d.state} {d.held} {d.error}" for d in deliveries if d.state is not State.DELIVERED],
            }
        (self.folder / "found.json").write_text(json.dumps(found))


def fork(function: Callable[..., None], *args: object) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            function(*args)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    return pid


def child(function: Callable[..., None], *args: object) -> None:
    _pid, status = os.waitpid(fork(function, *args), 0)
    if status:
        raise SystemExit(f"{function.__name__} ended with {status}")


def killed(function: Callable[..., None], *args: object, within: tuple[float, float]) -> bool:
    """Run it and kill it at a random moment; False when it was quicker."""
    pid = fork(function, *args)
    time.sleep(random.uniform(*within))
    done, status = os.waitpid(pid, os.WNOHANG)
    if not done:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    elif status:
        raise SystemExit(f"{function.__name__} ended with {status}")
    return not done


def set_up(layer, done: set) -> None:
    for base in layer.__bases__:
        set_up(base, done)
    if layer not in done:
        done.add(layer)
        layer.setUp()


def main(folder: Path, kills: int, items: int) -> None:
    random.seed(5)
    set_up(FIXTURE, set())
    place = Place(folder)
    for name in ("ville", "mairie"):
        place.server.account(f"{name}.example")
    place.build(FIXTURE)
    network = fork(place.serve)
    count = Counter()
    number = 0
    while count["publishing"] < kills:
        number += 1000
        count["publishing"] += killed(place.publish, number, 1000, within=(0.5, 0.5 + items / 10))
    tries = 0
    while count["sending"] < kills:
        tries += 1
        child(place.publish, number + 1000 * tries, items)
        count["sending"] += killed(place.send, tries * NOTICED, within=(0.2, 0.8))
    child(place.send, (tries + 1) * NOTICED)
    os.kill(network, signal.SIGUSR1)
    while not place.posts.exists():
        time.sleep(0.05)
    child(place.judge)
    os.kill(network, signal.SIGKILL)
    found = json.loads((folder / "found.json").read_text())
    print(json.dumps({**found, "kills": dict(count)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
