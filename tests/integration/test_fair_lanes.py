"""Nobody waits for ever: accounts, servers and sites share the senders, and what is urgent passes."""

from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import connect
from collective.socialterritory.crosspost.store import KEY
from collective.socialterritory.feeds.content import CONTAINER as FEEDS
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.sandbox import Sandbox
from collective.socialterritory.worker import Worker
from contextlib import ExitStack
from datetime import datetime
from datetime import UTC
from feeding import Feeding
from feeding import rss
from plone import api
from Products.CMFPlone.factory import addPloneSite
from working import work
from zope.annotation.interfaces import IAnnotations
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


@pytest.mark.parametrize("busy", [0, 1])
def test_an_account_with_a_backlog_does_not_keep_the_others(town, said, run, busy):
    accounts = [account(town, title) for title in ("One", "Two")]
    for number in range(5):
        town.news(f"Backlog {number}", social_accounts=[accounts[busy]])
    town.news("Other", social_accounts=[accounts[1 - busy]])
    run(1, lambda: len(said) == 6)
    assert len(said) == 6
    assert said.index("Other") <= 1


def test_an_urgent_post_passes_the_others_of_its_account(town, said):
    uid = account(town, "One")
    for number in range(4):
        town.news(f"News {number}", social_accounts=[uid])
    town.news("Urgent", social_accounts=[uid], social_urgent=True)
    work(town.functional)
    assert (said[0], len(said)) == ("Urgent", 5)


def test_a_dead_server_holds_half_of_the_senders_at_most(town, said, run):
    dead = [account(town, f"Dead {n}", gate="closed", server="https://dead.example") for n in range(4)]
    alive = account(town, "Alive", server="https://alive.example")
    town.news("Never", social_accounts=dead)
    town.news("At once", social_accounts=[alive])
    run(4, lambda: said)
    assert said[0] == "At once"


def test_feeds_hold_half_of_the_senders_at_most(town, run, monkeypatch):
    with ExitStack() as stack:
        servers = [stack.enter_context(Feeding(delay=0.4)) for _ in range(4)]
        monkeypatch.setenv("SOCIALTERRITORY_ALLOW", ",".join(server.host for server in servers))
        with api.env.adopt_roles(["Manager"]):
            for server in servers:
                fields = {"title": server.host, "kind": "feed", "where": server.put("/feed.xml", rss({"title": "One"}))}
                api.content.create(town.site[FEEDS], "SocialSource", **fields)
        transaction.commit()
        at_once = []
        run(4, lambda: at_once.append(sum(one.asking for one in servers)) or all(one.calls for one in servers))
        assert max(at_once) == 2 and all(one.calls.total() == 1 for one in servers)


@pytest.fixture
def other(town):
    """Makes another site below `place`, with an account, and a function that publishes there."""

    def made(place):
        with api.env.adopt_roles(["Manager"]):
            profiles = ["plone.app.contenttypes:default", "collective.socialterritory:default"]
            site = addPloneSite(place, "autre", setup_content=False, extension_ids=profiles)
            setSite(site)
            site.portal_workflow.setDefaultChain("simple_publication_workflow")
            settings().public_url, settings().deployment = "https://www.other.example", "tests"
            fields = {"network": "sandbox", "validation": "none"}
            uid = api.content.create(site[CONTAINER], "SocialAccount", title="Autre", **fields).UID()
            connect(site, uid, {}, datetime.now(UTC))
            item = api.content.create(site, "News Item", title="Elsewhere")
            api.content.transition(item, to_state="published")
        setSite(town.site)
        transaction.commit()

    return made


def test_a_site_with_a_backlog_does_not_keep_the_others(town, said, run, other):
    uid = account(town, "One")
    for number in range(5):
        town.news(f"Backlog {number}", social_accounts=[uid])
    other(town.functional["app"])
    run(1, lambda: len(said) == 6)
    assert len(said) == 6
    assert said.index("Elsewhere") <= 2


def test_no_site_takes_all_senders(town, said, run, other):
    town.news("Never", social_accounts=[account(town, f"Slow {n}", gate="closed") for n in range(4)])
    other(town.functional["app"])
    run(4, lambda: said)
    assert said[0] == "Elsewhere"


def test_a_damaged_site_does_not_keep_the_others(town, said, run, other, caplog):
    other(town.functional["app"])
    del IAnnotations(town.site)[KEY]
    transaction.commit()
    run(2, lambda: said)
    assert said == ["Elsewhere"]
    assert "/plone" in caplog.text


def test_a_site_in_a_folder_is_found(town, said, run, other):
    app = town.functional["app"]
    app.manage_addFolder("communes")
    other(app["communes"])
    run(2, lambda: said)
    assert said == ["Elsewhere"]
