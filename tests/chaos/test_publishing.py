"""Scorecard rows R1 and R2: many publishers at once with conflicts, and a web process that is killed."""

from chaos.world import share
from collections import Counter
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from persistent.mapping import PersistentMapping
from plone import api
from plone.app.testing import login
from plone.app.testing import TEST_USER_NAME
from Testing.makerequest import makerequest
from ZODB.POSException import ConflictError
from zope.component.hooks import setSite
from zope.globalrequest import setRequest
from zope.interface import alsoProvides

import json
import random
import subprocess
import sys
import threading
import time
import transaction


TRIES = 4
"""How often Zope runs a request that meets conflicts"""
_calls = Counter()
_publishing = threading.local()


def _count_sockets(event, args):
    if event == "socket.connect" and getattr(_publishing, "now", False):
        _calls["socket.connect"] += 1


sys.addaudithook(_count_sockets)


def _publish(database, path, number):
    """As a request does: everything again on a conflict, given up after the fourth."""
    transaction.begin()
    connection = database.open()
    try:
        app = makerequest(connection.root()["Application"])
        alsoProvides(app.REQUEST, IBrowserLayer)
        setRequest(app.REQUEST)
        site = app.unrestrictedTraverse(path)
        for _try in range(TRIES):
            setSite(site)
            login(site, TEST_USER_NAME)
            try:
                _publishing.now = True
                site.hot["count"] += 1
                item = api.content.create(site[f"folder-{number % 8}"], "News Item", title=f"Nouvelle {number}")
                api.content.transition(item, to_state="published")
                uid = item.UID()
                _publishing.now = False
                transaction.commit()
                return uid
            except ConflictError:
                _calls["conflicts"] += 1
                transaction.abort()
                time.sleep(random.random() / 50)
        return None
    finally:
        _publishing.now = False
        transaction.abort()
        connection.close()
        setSite(None)


def test_r1_publishing_at_the_same_time_writes_one_record_each_and_calls_nobody(world):
    accounts = [world.account("bluesky", f"Compte {number}") for number in range(3)]
    world.portal.hot = PersistentMapping(count=0)
    for number in range(8):
        api.content.create(world.portal, "Folder", id=f"folder-{number}")
    transaction.commit()
    _calls.clear()
    database, path = world.app._p_jar.db(), "/".join(world.portal.getPhysicalPath())
    with ThreadPoolExecutor(4) as threads:
        uids = list(threads.map(lambda n: _publish(database, path, n), range(share(1000, 24))))
    published = {uid for uid in uids if uid}
    transaction.begin()
    records = Counter((d.content, d.account) for d in Outbox(world.portal).live())
    assert records == Counter({(uid, account): 1 for uid in published for account in accounts})
    assert _calls["socket.connect"] == 0
    assert _calls["conflicts"] > 0
    assert sum(world.server.calls.values()) == 0
    world.run()
    assert len(world.server.posts()) == len(published) * len(accounts)


def test_the_socket_counter_would_notice(world):
    """The guard of the test above can fail."""
    import socket

    _calls.clear()
    _publishing.now = True
    try:
        socket.create_connection(("127.0.0.1", int(world.server.host.split(":")[1]))).close()
    finally:
        _publishing.now = False
    assert _calls["socket.connect"] == 1


def test_r2_and_r3_processes_killed_while_publishing_and_sending(tmp_path):
    """Real processes on a real FileStorage, ended by kill -9; see killing.py for what they do."""
    kills = share(20, 2)
    script = Path(__file__).with_name("killing.py")
    run = subprocess.run(
        [sys.executable, str(script), str(tmp_path), str(kills), str(share(30, 4))],
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    found = json.loads(run.stdout.strip().splitlines()[-1])
    assert found["kills"] == {"publishing": kills, "sending": kills}
    assert found["published"] == found["recorded"] > 0
    assert found["ghosts"] == found["missing"] == []
    assert found["losses"] == {"lost": [], "doubled": [], "unfinished": []}
