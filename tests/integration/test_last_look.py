"""What people do while a post is being claimed, or between two tries, still counts."""

from collective.socialterritory import clock
from collective.socialterritory.crosspost import lane
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import outcome
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import Transient
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.sandbox import Sandbox
from collective.socialterritory.worker import Worker
from datetime import timedelta
from datetime import UTC
from plone import api
from working import work
from zope.component.hooks import getSite
from zope.component.hooks import setSite

import pytest
import re
import threading
import time
import transaction


@pytest.fixture
def calls(monkeypatch):
    """Keys of what the network was asked to publish."""
    found = []
    publish = Sandbox.publish

    def counted(self, http, credentials, post, key):
        found.append(key)
        return publish(self, http, credentials, post, key)

    monkeypatch.setattr(Sandbox, "publish", counted)
    return found


def approved(town):
    item = town.news()
    for post in town.validator.listed():
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    transaction.begin()
    return item


def pressed(client, url, **fields):
    page = client.session.get(url, headers={"Accept": "text/html"}).text
    token = re.search(r'_authenticator" value="(\w+)', page).group(1)
    html = {"Accept": "text/html"}
    answer = client.session.post(url, data={"_authenticator": token, **fields}, headers=html, allow_redirects=False)
    assert answer.status_code == 302


def retract(town, item):
    assert town.webmaster.post(f"{item.getId()}/@workflow/retract").status_code == 200


def pause(town, item):
    pressed(town.webmaster, f"{town.url}/@@social-pause", reason="Crue")


def disconnect(town, item):
    pressed(town.webmaster, f"{town.account.absolute_url()}/@@social-disconnect")


@pytest.mark.parametrize("change", [retract, pause, disconnect])
def test_what_is_changed_during_the_claim_is_seen_before_anything_leaves(town, calls, monkeypatch, change):
    item = approved(town)
    judged, done = lane.validation.approved, []

    def meanwhile(delivery):
        if not done:
            done.append(change(town, item))
        return judged(delivery)

    monkeypatch.setattr(lane.validation, "approved", meanwhile)
    work(town.functional)
    (stored,) = town.stored(item)
    assert (stored.state, calls, stored.attempts, stored.since) == (State.QUEUED, [], 0, None)


def test_nothing_is_claimed_that_would_wait_for_a_sender(town, monkeypatch):
    with api.env.adopt_roles(["Manager"]):
        town.speaks("Second", "validator", validation="other")
    transaction.commit()
    gate, calls, publish = threading.Event(), [], Sandbox.publish

    def slow(self, http, credentials, post, key):
        calls.append(key)
        gate.wait(20)
        return publish(self, http, credentials, post, key)

    monkeypatch.setattr(Sandbox, "publish", slow)
    item = approved(town)
    site = getSite()
    worker = Worker(town.functional["app"]._p_jar.db(), senders=1)
    for _ in range(3):
        worker.turn()
        time.sleep(0.1)
    setSite(site)
    assert sorted(stored.state for stored in town.stored(item)) == [State.QUEUED, State.SENDING]
    gate.set()
    until = time.monotonic() + 20
    while len(calls) < 2 and time.monotonic() < until:
        worker.turn()
        time.sleep(0.05)
    worker.turn()
    worker.leave()
    setSite(site)
    assert len(calls) == 2


def test_a_pause_between_two_tries_is_met(town, calls, monkeypatch):
    item = approved(town)
    (stored,) = town.stored(item)
    start = clock.now()
    lease = start + timedelta(minutes=5)
    claimed = lane.step(stored, "claim", start, token="t", lease=lease, attempts=5, since=start)
    failed = outcome.Outcome(error=Transient("unreachable", host="x"))
    Outbox(town.site).save(outcome.after(claimed, failed, None, start, 1.0, timedelta(hours=12)))
    known = settings()
    known.pause_reason, known.pause_by = "Crue", "W"
    known.pause_start, known.pause_until = (
        (start + timedelta(minutes=minutes)).astimezone(UTC).replace(tzinfo=None) for minutes in (10, 60)
    )
    transaction.commit()
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=3))
    work(town.functional)
    (stored,) = town.stored(item)
    assert (stored.state, stored.held, calls) == (State.QUEUED, "pause", [])


def test_the_post_of_a_deleted_item_is_cancelled_before_its_day(town):
    item = town.news(social_at=clock.now().replace(tzinfo=None) + timedelta(days=9))
    for post in town.validator.listed():
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    transaction.begin()
    uid = item.UID()
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(item)
    transaction.commit()
    work(town.functional)
    (stored,) = Outbox(town.site).of_item(uid)
    assert (stored.state, stored.log[-1].note) == (State.CANCELLED, "item_deleted")
