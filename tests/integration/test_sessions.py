"""Sessions are renewed before they end; where only a person can, people are told in time."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.bluesky import network as bluesky
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from linking import later
from working import work

import base64
import json
import pytest
import transaction


def record(person):
    transaction.begin()
    return Accounts(person.town.site).runtime(person.uid)


def publish(town):
    """As the editor does, in a request of their own."""
    made = town.editor.post("", {"@type": "News Item", "title": "Menu"}).json()
    assert town.editor.post(f"{made['id']}/@workflow/publish").status_code == 200


@pytest.mark.parametrize("network", ["x"], indirect=True)
def test_a_session_is_renewed_before_it_ends_though_nothing_is_to_be_sent(town, server, person, monkeypatch):
    person.come_back()
    person.confirm()
    ends = datetime.fromisoformat(record(person)["ends"])
    assert timedelta(minutes=118) < ends - clock.now() <= timedelta(hours=2)
    work(town.functional)
    assert server.calls["token"] == 1
    later(monkeypatch, timedelta(minutes=111))
    server.now = clock.now
    work(town.functional)
    assert server.calls["token"] == 2
    assert datetime.fromisoformat(record(person)["ends"]) > ends + timedelta(minutes=100)
    work(town.functional)
    assert server.calls["token"] == 2
    publish(town)
    work(town.functional)
    assert len(server.posts()) == 1
    assert server.faulted == {} and server.calls["tweet"] == 1


@pytest.mark.parametrize("network", ["x"], indirect=True)
def test_a_network_that_does_not_say_when_is_renewed_when_it_refuses(town, server, person, monkeypatch):
    person.come_back()
    person.confirm()
    Accounts(town.site).mark(person.uid, ends="")
    transaction.commit()
    later(monkeypatch, timedelta(hours=3))
    server.now = clock.now
    work(town.functional)
    assert server.calls["token"] == 1
    publish(town)
    work(town.functional)
    assert (len(server.posts()), server.calls["token"]) == (1, 2)


def test_people_are_told_when_only_they_can_prolong_it(town, monkeypatch):
    def told():
        """How many mails of today, and which warning was the last."""
        transaction.begin()
        subject = "Reconnect the account Town before"
        mails = [mail for _id, mail in waiting(town.site) if subject in mail["subject"] and "webmaster" in mail["to"]]
        return len(mails), Accounts(town.site).runtime(uid).get("warned")

    uid = town.account.UID()
    Accounts(town.site).mark(uid, lasts=(clock.now() + timedelta(days=15)).isoformat())
    transaction.commit()
    for days, known in (
        (0, (0, 0)),
        (1.5, (1, 14)),
        (1, (1, 14)),
        (6, (1, 7)),
        (1, (1, 7)),
        (4.6, (2, 1)),
        (0.2, (2, 1)),
    ):
        later(monkeypatch, timedelta(days=days))
        work(town.functional, seconds=5)
        assert told() == known, days
    page = town.webmaster.session.get(town.url, headers={"Accept": "text/html"}, timeout=30).text
    assert "What was agreed to at the network ends" in page and "Reconnect Town before" in page
    (known,) = town.webmaster.get("@social-status").json()["ending_accounts"]
    assert (known["title"], known["lasts"][:4]) == ("Town", "2026")
    assert "agreed to at the network" not in town.anonymous.session.get(town.url, headers={"Accept": "text/html"}).text


def test_linking_again_ends_the_warnings(town):
    from collective.socialterritory.accounts.worker import connect

    Accounts(town.site).mark(town.account.UID(), lasts=(clock.now() + timedelta(days=3)).isoformat(), warned=7)
    connect(town.site, town.account.UID(), {}, clock.now())
    known = Accounts(town.site).runtime(town.account.UID())
    assert (known["lasts"], known["warned"]) == ("", 0)


@pytest.mark.parametrize(
    ("access", "ends"),
    [
        (
            "a." + base64.urlsafe_b64encode(json.dumps({"exp": 1795000000}).encode()).decode().rstrip("=") + ".c",
            1795000000,
        ),
        ("access.1234", None),
        ("a.e30.c", None),
        ("", None),
        ("a." + base64.urlsafe_b64encode(json.dumps({"exp": 10**30}).encode()).decode() + ".c", None),
    ],
)
def test_bluesky_says_in_its_token_when_it_ends(access, ends):
    assert bluesky.ends({"access": access}) == (ends and datetime.fromtimestamp(ends, UTC))
