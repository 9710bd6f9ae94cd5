"""Did a post arrive at a server of the Mastodon kind? Looked up among what the account said."""

from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.conftest import DIALECTS
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)


@pytest.fixture
def server(mastodon):
    return mastodon


@pytest.fixture
def account(server):
    return server.account("mairie")


@pytest.fixture
def credentials(server, account):
    return server.credentials(account)


def publishing(http, credentials, post=None, key="k1"):
    return lambda: network.publish(http, credentials, post or Post("Bonjour", NOW), key)


def finding(http, credentials, post=None):
    return lambda: network.find(http, credentials, post or Post("Bonjour", NOW), "k1")


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
@pytest.mark.parametrize(
    "text",
    [
        "Bonjour",
        "  Deux   espaces \n\n\nparagraphes\u202f!\nligne  ",
        "Voir https://www.ville.example/actualites/un-tres-long-titre-qui-est-raccourci?a=1&b=<2> & « cela »",
        "Merci @asso@mastodon.example. #Été2026 <b>1 < 2</b> &amp; 👨‍👩‍👧",
        "e\u0301te\u0301 à 20\u202fh",
    ],
)
def test_a_post_is_found_by_its_text(server, http, credentials, account, text):
    server.say(account, "Autre chose", NOW)
    post = Post(text, NOW)
    receipt = publishing(http, credentials, post)()
    server.say(account, "Encore autre chose")
    assert finding(http, credentials, post)() == receipt
    assert finding(http, credentials, Post(f"{text}.", NOW))() is None


def test_a_post_is_found_by_its_link(server, http, credentials, account):
    link = "https://www.ville.example/f\u00eate"
    server.say(account, "x", content='<p>Reworded <a href="https://www.ville.example/f%C3%AAte">x</a></p>')
    assert finding(http, credentials, Post("Bonjour", NOW, link=link))()
    assert finding(http, credentials, Post("Bonjour", NOW, link=f"{link}s"))() is None
    assert finding(http, credentials, Post("Bonjour", NOW))() is None


def test_what_was_said_long_before_is_not_this_post(server, http, credentials, account):
    server.say(account, "Bonjour", NOW - timedelta(minutes=11))
    assert finding(http, credentials)() is None
    server.say(account, "Bonjour", NOW - timedelta(minutes=9))
    assert finding(http, credentials)()


def test_a_boost_is_not_our_post(server, http, credentials):
    boost = {"id": "9", "content": "<p>Bonjour</p>", "created_at": NOW.isoformat(), "reblog": {"id": "1"}}
    old = {**boost, "id": "8", "created_at": "2026-01-01T00:00:00.000Z", "reblog": None}
    server.instead["statuses"] = Said(200, json.dumps([boost, old]).encode())
    assert finding(http, credentials)() is None


def test_pages_are_turned_until_the_post(server, http, credentials, account):
    wanted = server.say(account, "Bonjour")
    for number in range(90):
        server.say(account, f"Post {number}")
    assert finding(http, credentials)().id == wanted["id"]
    assert server.calls["statuses"] == 3


def test_pages_are_turned_no_further_than_needed(server, http, credentials, account):
    for number in range(90):
        server.say(account, f"Post {number}", NOW - timedelta(days=1))
    assert finding(http, credentials)() is None
    assert server.calls["statuses"] == 1


def test_an_account_that_says_too_much_to_be_sure(server, http, credentials, account):
    for number in range(210):
        server.say(account, f"Post {number}")
    assert caught(finding(http, credentials), Transient).code == "too_many_posts"
    assert server.calls["statuses"] == 5


@pytest.mark.parametrize(
    "status",
    [
        *(1, None, "x", {}, []),
        {"id": "1", "content": "<p>x</p>"},
        {"id": "1", "created_at": "yesterday", "content": "<p>x</p>"},
        {"id": "1", "created_at": 5, "content": "<p>x</p>"},
        {"id": "1", "created_at": "2026-01-01T00:00:00Z", "content": None},
        {"created_at": "2026-01-01T00:00:00Z", "content": "<p>x</p>"},
    ],
)
def test_what_is_not_understood_is_never_a_no(server, http, credentials, status):
    server.instead["statuses"] = Said(200, json.dumps([status]).encode())
    assert caught(finding(http, credentials), Transient).code == "not_json"


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"error": "x"}', b"<rss/>"])
def test_no_list_is_never_a_no(server, http, credentials, body):
    server.instead["statuses"] = Said(200, body)
    assert caught(finding(http, credentials), Transient).code == "not_json"
