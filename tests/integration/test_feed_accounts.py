"""Accounts of the site as sources: what X and a page of Facebook show of them, and what that may cost."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.feeds import content
from collective.socialterritory.networks.x import network as network_of_x
from collective.socialterritory.worker import Worker
from decimal import Decimal
from feeding import hurry
from plone import api
from working import work
from zope.component.hooks import setSite
from zope.globalrequest import setRequest

import pytest
import time
import transaction


@pytest.fixture
def source(person):
    """The person's account, linked, is a source that nobody has looked at yet."""
    setRequest(person.town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "All", "kind": "account", "where": person.uid, "network": person.account.network}
        made = api.content.create(person.town.site[content.CONTAINER], content.SOURCE, id="all", **fields)
    transaction.commit()
    return made


def link(person, server, network):
    if network == "x":
        keys = server.keys(server.accounts[0])
        names = ("api_key", "api_secret", "access_token", "access_secret")
        person.press(f"{person.url}/@@connect", **{f"passw-{name}": keys[name] for name in names})
        person.account.ceiling = Decimal(10)
        transaction.commit()
    else:
        person.come_back()
        person.confirm()
    assert person.linked


def told(person):
    return [item["text"] for item in person.town.anonymous.get("@social-feed/all").json()["items"]]


def error(person):
    (source,) = person.town.webmaster.get("@social-status").json()["sources"]
    return source["error"] and source["error"]["code"]


@pytest.mark.parametrize("network", ["x", "facebook"], indirect=True)
def test_before_it_is_saved_its_network_is_not_said_to_be_silent(person, server, network):
    link(person, server, network)
    page = person.press(f"{person.town.url}/social-feeds/@@social-source", account=f"account:{person.uid}", look="1")
    assert "is read at the network once it is saved" in page.text and "It says nothing yet" not in page.text


@pytest.mark.parametrize("network", ["x", "facebook", "linkedin"], indirect=True)
def test_what_an_account_says_at_its_network_is_shown(person, server, network, source):
    link(person, server, network)
    server.say(server.accounts[0] if network == "x" else next(iter(server.pages.values())), "Bonjour")
    work(person.town.functional)
    assert told(person) == ["Bonjour"] and error(person) is None
    server.script("tweets" if network == "x" else "posts", "500_before")
    hurry(person.town)
    assert told(person) == ["Bonjour"] and error(person) == "server_error"


def paid(person):
    transaction.begin()
    return sum(Accounts(person.town.site).get(person.uid).paid.values())


@pytest.mark.parametrize("network", ["x"], indirect=True)
class TestMoney:
    def test_the_most_is_set_aside_before_x_is_asked_and_what_was_not_spent_comes_back(self, person, server, source):
        link(person, server, "x")
        server.say(server.accounts[0], "Bonjour")
        server.delay = 0.5
        worker = Worker(person.town.functional["app"]._p_jar.db())
        worker.turn()
        setSite(person.town.site)
        most = network_of_x.fee(server.keys(server.accounts[0]), 50)
        assert not worker.idle and paid(person) == most > Decimal("0.05")
        while not worker.idle:
            worker.turn()
            time.sleep(0.02)
        worker.leave()
        setSite(person.town.site)
        assert told(person) == ["Bonjour"] and paid(person) == Decimal("0.001")

    @pytest.mark.parametrize("fault", ["500_before", "reset_before", "html_502"])
    def test_what_failed_costs_nothing(self, person, server, source, fault):
        link(person, server, "x")
        server.script("tweets", fault)
        work(person.town.functional)
        assert server.calls["tweets"] == 1 and paid(person) == 0 and error(person)

    def test_the_ceiling_keeps_us_from_asking(self, person, server, source):
        link(person, server, "x")
        person.account.ceiling = Decimal("0.04")
        transaction.commit()
        work(person.town.functional)
        assert server.calls["tweets"] == 0 and paid(person) == 0 and error(person) == "ceiling"

    def test_a_copy_of_the_site_does_not_spend_the_body_s_money(self, person, server, source, monkeypatch):
        link(person, server, "x")
        monkeypatch.setenv("SOCIALTERRITORY_DEPLOYMENT", "staging")
        work(person.town.functional)
        assert server.calls["tweets"] == 0 and paid(person) == 0 and error(person) == "deployment"
