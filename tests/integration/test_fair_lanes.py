"""Nobody waits for ever: accounts, servers and sites share the senders, and what is urgent passes."""

from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.networks.sandbox import Sandbox
from collective.socialterritory.worker import Worker
from plone import api
from working import work
from zope.component.hooks import getSite
from zope.component.hooks import setSite

import pytest
import threading
import time
import transaction


@pytest.fixture
def said(monkeypatch):
    """Titles of posts, in the order in which they left."""
    titles, publish = [], Sandbox.publish

    def noted(self, http, credentials, post, key):
        if gate := GATES.get(credentials.get("gate")):
            gate.wait(30)
        titles.append(post.text.split("\n")[0])
        return publish(self, http, credentials, post, key)

    monkeypatch.setattr(Sandbox, "publish", noted)
    monkeypatch.setattr(Sandbox, "origins", lambda self, credentials: [*filter(None, [credentials.get("server")])])
    GATES["closed"] = threading.Event()
    yield titles
    GATES["closed"].set()


GATES: dict[str, threading.Event] = {}


@pytest.fixture
def run(town):
    """Turns of a worker until `done()`, or not."""

    def turns(senders, done, seconds=10):
        site = getSite()
        worker = Worker(town.functional["app"]._p_jar.db(), senders)
        until = time.monotonic() + seconds
        while not done() and time.monotonic() < until:
            worker.turn()
            time.sleep(0.02)
        for gate in GATES.values():
            gate.set()
        while not worker.idle:
            worker.turn()
            time.sleep(0.02)
        worker.leave()
        setSite(site)

    return turns


def account(town, title, **credentials):
    with api.env.adopt_roles(["Manager"]):
        uid = town.speaks(title, validation="none").UID()
    Vault(town.site).seal(uid, credentials)
    transaction.commit()
    return uid


def test_an_urgent_post_passes_the_others_of_its_account(town, said):
    uid = account(town, "One")
    for number in range(4):
        town.news(f"News {number}", social_accounts=[uid])
    town.news("Urgent", social_accounts=[uid], social_urgent=True)
    work(town.functional)
    assert (said[0], len(said)) == ("Urgent", 5)
