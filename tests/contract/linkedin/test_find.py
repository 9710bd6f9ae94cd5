"""Did a post arrive at LinkedIn? Looked up among what the page said; posts that LinkedIn says it has, and has not."""

from collective.socialterritory import clock
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.linkedin import network
from collective.socialterritory.networks.model import Card
from contract.base import caught
from contract.lookup import LINK
from contract.lookup import LookupContract
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
ROW = {"id": "urn:li:share:1", "createdAt": int(NOW.timestamp() * 1000)}


@pytest.mark.usefixtures("at_once")
class TestLinkedInLookup(LookupContract):
    network = network
    find_step = "posts"
    page = 100
    texts = ["(a) [b] {c} <d> *e* _f_ ~g~ | \\ @h # #i #j_k {hashtag|#|l} @[m](urn:li:person:1)"]
    senseless = [
        *({}, [], None, 1, {"elements": None}, {"elements": {}}, {"elements": [None]}, {"elements": ["a"]}),
        *({"elements": [row]} for row in ({"id": "1"}, {"createdAt": 1}, {**ROW, "createdAt": "1"})),
        *({"elements": [{**ROW, **odd}]} for odd in ({"commentary": 5}, {"createdAt": 10**20}, {"createdAt": -1})),
    ]


def test_a_post_is_found_by_the_link_of_its_card(publish, find, post, at_once):
    said = replace(post, link=LINK, card=Card(LINK, "Fête", ""))
    receipt = publish(said)
    assert find(replace(said, text="Autre")) == receipt
    assert find(replace(post, text="Autre")) is None


@pytest.mark.parametrize("state", ["DRAFT", "PUBLISH_FAILED"])
def test_what_nobody_sees_is_not_there(server, account, find, post, at_once, state):
    server.say(account, post.text, lifecycleState=state)
    assert find() is None


def test_a_list_that_does_not_say_how_long_it_is(server, account, find, post, at_once):
    server.totals, server.most = False, 40
    wanted = server.say(account, post.text)
    for number in range(45):
        server.say(account, f"Post {number}")
    server.instead.clear()
    assert find() is None or find().id == wanted["id"]
    assert server.calls["posts"] >= 2


def test_a_young_doubt_is_not_settled(publish, find, monkeypatch):
    """LinkedIn may list a post late."""
    assert caught(find, Transient).code == "not_yet_sure"
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=3))
    assert find() is None
    receipt = publish()
    assert find() == receipt


# Ghosts


def test_the_same_twice_is_one_post(server, publish, post):
    assert publish() == publish()
    assert server.posts() == [post.text]


def test_a_duplicate_of_what_is_gone_is_a_doubt(server, http, credentials, publish):
    """LinkedIn names a post that nobody can read, for a day or two after the real one went."""
    network.delete(http, credentials, publish().id)
    error = caught(publish, OutcomeUnknown)
    assert (error.code, error.params) == ("duplicate", {"host": "127.0.0.1"})
    assert server.posts() == []


def test_a_duplicate_of_an_older_post_is_not_this_one(server, account, publish, post):
    server.say(account, post.text, post.created - timedelta(days=7))
    assert caught(publish, OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("words", ["Content is a duplicate", "Content is a duplicate of urn:li:person:1"])
def test_a_duplicate_of_nobody_knows_what(server, publish, words):
    said = {"status": 422, "message": words, "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]}}
    server.instead["post"] = Said(422, json.dumps(said).encode())
    assert caught(publish, OutcomeUnknown).code == "duplicate"
    assert server.calls["look"] == 0


def test_a_duplicate_of_somebody_elses_post(server, publish, post):
    """No text of another page is taken for ours."""
    other = server.say(server.account("Autre"), post.text)
    said = {"status": 422, "message": f"Content is a duplicate of {other['id']}"}
    server.instead["post"] = Said(422, json.dumps(said).encode())
    assert caught(publish, OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_duplicate_that_cannot_be_looked_at(server, publish, fault):
    publish()
    server.hold = 2.5
    server.script("look", fault)
    assert caught(publish, OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("status, body", [(404, b'{"status": 404}'), (410, b'{"status": 410}')])
def test_a_post_that_linkedin_took_and_does_not_have_is_a_doubt(server, publish, find, at_once, status, body):
    server.instead["look"] = Said(status, body)
    error = caught(publish, OutcomeUnknown)
    assert (error.code, error.params) == ("ghost", {"host": "127.0.0.1"})
    assert find()  # it is listed after all: nothing is sent twice


@pytest.mark.parametrize("fault", FAULTS)
def test_a_post_that_cannot_be_looked_at_is_there_all_the_same(server, publish, post, fault):
    server.hold = 2.5
    server.script("look", fault)
    receipt = publish()
    assert receipt.url == f"https://www.linkedin.com/feed/update/{receipt.id}/"
    assert server.posts() == [post.text]


@pytest.mark.parametrize("id", ["", "1", "urn:li:person:1", "urn:li:share:é", "urn:li:share:1/../x"])
def test_an_id_that_is_none(server, publish, id):
    server.instead["post"] = Said(201, b"", headers={"x-restli-id": id.encode().decode("latin-1")})
    assert caught(publish, OutcomeUnknown).code == "not_json"
