"""Linking and renewing on a certified OAuth 2 server that somebody else wrote."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from datetime import datetime
from datetime import timedelta
from linking import later
from working import work

import pytest
import transaction


@pytest.fixture
def network():
    return "x"


@pytest.fixture
def server(town, oidc):
    app = oidc.app(f"{town.url}/@@social-linked")
    oidc.typed = {"answer-client_id": app["client_id"], "passw-client_secret": app["client_secret"], "way": "consent"}
    return oidc


def credentials(person):
    transaction.begin()
    return dict(Vault(person.town.site).open(person.uid))


def test_a_person_links_and_the_worker_renews(town, person, monkeypatch):
    person.come_back()
    assert person.confirm().status_code == 302
    account = Accounts(town.site).get(person.uid)
    assert (account.link, account.identity) == ("connected", "@mairie")
    first = credentials(person)
    later(monkeypatch, timedelta(minutes=111))
    work(town.functional)
    second = credentials(person)
    assert second["access"] != first["access"] and second["refresh"] != first["refresh"]
    assert datetime.fromisoformat(second["ends"]) > datetime.fromisoformat(first["ends"])
    assert "It works" in person.get(person.press(f"{person.url}/@@social-test").headers["Location"]).text


@pytest.mark.parametrize("changes", [{"state": "x"}, {"state": None}, {"code": "x"}, {"code": None}])
def test_what_comes_back_changed_links_nobody(person, changes):
    assert person.come_back(**changes).status_code == 200
    person.confirm()
    assert not person.linked


def test_a_way_back_is_good_once(person):
    back = person.agree()
    assert person.get(back).status_code == 302
    assert person.get(back).status_code == 200
    person.confirm()
    assert person.linked


def test_no_is_an_answer(person, server):
    page = person.get(server.consent(person.begin(), agrees=False))
    assert page.status_code == 200 and "You did not agree at the network" in page.text
    assert not person.linked


def test_a_session_that_was_revoked_asks_for_a_person(town, person, server):
    person.come_back()
    person.confirm()
    app = {"client_id": server.typed["answer-client_id"], "client_secret": server.typed["passw-client_secret"]}
    server.revoke(app, credentials(person)["refresh"])
    person.get(person.press(f"{person.url}/@@social-test").headers["Location"])
    transaction.begin()
    assert Accounts(town.site).get(person.uid).link == "reconnect"
