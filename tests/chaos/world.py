"""A site with accounts on scripted networks, a worker that can be made to crash, and a clock that runs ahead.

What must hold after everything is checked by `World.losses`, which knows what readers of the networks see.
"""

from collections import Counter
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from collective.socialterritory.worker import Pool
from collective.socialterritory.worker import Worker
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Faulty
from io import BytesIO
from naming import id_of
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from typing import Any
from uuid import uuid4

import os
import random
import time
import transaction


FULL = os.environ.get("CHAOS") == "full"
PUBLIC = "https://www.ville.fr"
POINTS = ("before_claim", "claimed", "sent", "recorded")
"""Where a worker can die: before it commits a claim, before a byte leaves, before the answer is written, after it."""


def share(full: int, small: int) -> int:
    """How often a row of the scorecard runs here: in full by `make chaos`, a small share in every test run."""
    return full if FULL else small


def photo() -> NamedBlobImage:
    stream = BytesIO()
    Image.new("RGB", (80, 60), "orange").save(stream, "JPEG")
    return NamedBlobImage(stream.getvalue(), "image/jpeg", "a.jpg")


class Crash(BaseException):
    """The process is gone: nothing after this line happens, and nothing in memory is left."""


class CrashingPool(Pool):
    """Dies once at `point`, at the n-th time it gets there."""

    def __init__(self, senders: Any, point: str, nth: int) -> None:
        super().__init__(senders)
        self.point, self.left = point, nth

    def _reached(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                raise Crash

    def busy(self, lane: str) -> bool:
        self._reached("before_claim")
        return super().busy(lane)

    def submit(self, lane: str, *args: Any) -> None:
        self._reached("claimed")
        super().submit(lane, *args)

    def collect(self, site: Any) -> None:
        if not self._results.empty():
            self._reached("sent")
            super().collect(site)
            self._reached("recorded")


class Clock:
    """Real time plus what was skipped."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def skip(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class World:
    """`servers`: by network; "" is the one of the networks for tests and of Bluesky."""

    def __init__(self, app: Any, portal: Any, servers: dict[str, Any], monkeypatch: Any) -> None:
        self.app, self.portal, self.servers = app, portal, servers
        self.server = servers[""]
        self.clock = Clock()
        self.random = random.Random(7)
        monkeypatch.setattr(clock, "now", self.clock.now)
        for server in servers.values():
            server.now = self.clock.now
            for name, value in server.environ.items():
                monkeypatch.setenv(name, value)
        monkeypatch.setenv("SOCIALTERRITORY_ALLOW", ",".join(server.host for server in servers.values()))
        settings().public_url = PUBLIC
        settings().measures = False  # it asks for what was published, as looks do, which are counted here
        self.webmaster = True
        """Somebody reconnects what must be reconnected"""
        self.pictured = "instagram" in servers
        """Each item has a picture, since nothing is posted there without one"""
        self.worker = self._new_worker()
        self._thread = ThreadPoolExecutor(1)  # a thread of its own, as in life: transactions and sites are per thread

    def account(self, network: str, title: str, **fields: Any) -> str:
        """The UID of a new account, connected; anything may be posted at once."""
        container = self.portal["social-accounts"]
        options = {"validation": "none", "template": "{title} {link}", "id": id_of(title, container), **fields}
        obj = api.content.create(container, "SocialAccount", title=title, network=network, **options)
        uid = obj.UID()
        linked = (self.clock.now() - timedelta(days=30)).isoformat()
        Accounts(self.portal).mark(uid, link="connected", identity=title, connected_at=linked, session="ok")
        Vault(self.portal).seal(uid, self._credentials(network, obj.getId()))
        transaction.commit()
        return uid

    def _credentials(self, network: str, name: str) -> dict[str, str]:
        if server := self.servers.get(network):
            return server.credentials(server.account(name))
        return self.server.account(f"{name}.example").credentials

    def relink(self, uid: str, network: str) -> None:
        """A person reconnects the account, under another name at the network, which the site takes for the same."""
        if hasattr(self.servers.get(network), "over"):
            self.servers[network].over = 0
        Vault(self.portal).seal(uid, self._credentials(network, f"again-{self.random.random()}"))
        Accounts(self.portal).mark(uid, link=str(Link.CONNECTED), session="ok", renewed="")
        transaction.commit()

    def publish(self, title: str, **fields: Any) -> Any:
        fields.setdefault("id", uuid4().hex)  # a name made of the title would be compared with all names so far
        if self.pictured and not fields.get("image"):
            fields["image"] = photo()
        item = api.content.create(self.portal, "News Item", title=title, **fields)
        api.content.transition(item, to_state="published")
        transaction.commit()
        return item

    def _new_worker(self) -> Worker:
        return Worker(self.app._p_jar.db(), senders=4)

    def crash_at(self, point: str, nth: int = 1) -> None:
        path = "/".join(self.portal.getPhysicalPath())
        self.worker._pools[path] = CrashingPool(self.worker._senders, point, nth)

    def run(self, hours: float = 30, until_crash: bool = False) -> None:
        """Work, the clock leaping over every wait, until nothing is left to do or `hours` have gone by."""
        end = self.clock.now() + timedelta(hours=hours)
        while self.clock.now() < end:
            try:
                pause = self._thread.submit(self.worker.turn).result()
            except Crash:
                self.restart()
                if until_crash:
                    return
                continue
            if not self.worker.idle:
                time.sleep(0.002)
            elif not self._open():
                return
            else:
                if self.webmaster:
                    self._reconnect()
                self.clock.skip(max(pause, 0.01))

    def restart(self) -> None:
        """The process died: its senders' last bytes may still be under way, its memory is gone, its leases run out."""
        self._thread.submit(transaction.abort).result()
        self.worker._senders.shutdown(wait=True)
        self.clock.skip(400)
        self.worker = self._new_worker()

    def _reconnect(self) -> None:
        """As a webmaster does: two refusals of a session in a row, by chance, ask for one.

        X's token of renewal is good once: where the answer to its use was lost, the owner consents anew.
        """
        accounts = Accounts(self.portal)
        for account in accounts.all():
            if account.link is Link.RECONNECT:
                if account.network == "x":
                    x = self.servers["x"]
                    (owner,) = x.accounts
                    Vault(self.portal).seal(account.uid, x.credentials(owner))
                accounts.mark(account.uid, link=str(Link.CONNECTED), session="ok")
        transaction.commit()

    def _open(self) -> bool:
        transaction.begin()
        return any(d.state in (State.QUEUED, State.SENDING) and not d.held for d in Outbox(self.portal).live())

    def deliveries(self) -> list[Delivery]:
        transaction.begin()
        return [*Outbox(self.portal).live(), *Outbox(self.portal).history()]

    def losses(self) -> dict[str, list[str]]:
        """What readers see against what the record says: lost, doubled, ghosts. All must be empty."""
        deliveries = self.deliveries()
        seen = Counter((place, text) for place in self.servers.values() for text in place.posts())
        said = Counter(self._there(d) for d in deliveries if d.state is State.DELIVERED)
        open_question = Counter(self._there(d) for d in deliveries if d.state is State.UNCONFIRMED)
        return {
            "lost": [there[1] for there, count in said.items() if seen[there] < count],
            "doubled": [there[1] for there, count in seen.items() if count > said[there] + open_question[there]],
            "unfinished": [f"{d.state} {d.error} {d.held}" for d in deliveries if d.state not in DONE],
        }

    def _there(self, delivery: Delivery) -> tuple[Faulty, str]:
        said = delivery.rendition
        return self.servers.get(delivery.network, self.server), said.parts[0] if said.parts else said.text


DONE = (State.DELIVERED, State.UNCONFIRMED)
NOTHING: dict[str, list[str]] = {"lost": [], "doubled": [], "unfinished": []}
