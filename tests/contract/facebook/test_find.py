"""Did a post arrive on a page? Looked up twice among what the page said; and the same said twice."""

from collective.socialterritory import clock as time
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import outcome
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.facebook import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import picture
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


AT = "2026-11-22T08:30:15+0000"
GIVE_UP = timedelta(hours=12)
NOW = datetime.now(UTC)


@pytest.mark.usefixtures("at_once")
class TestLookup(LookupContract):
    network = network
    find_step = "posts"
    page = 50
    texts = ["e\u0301te\u0301 sur ville.fr"]
    senseless = [
        *({}, [], None, 1, {"data": None}, {"data": {}}, {"data": [None]}, {"data": ["a"]}, {"paging": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"created_time": AT}]}, {"data": [{"id": "1", "created_time": "a"}]}),
        {"data": [], "paging": {"next": "https://graph.facebook.com/"}},
        {"data": [], "paging": {"next": "https://graph.facebook.com/", "cursors": {"after": ""}}},
    ]


def listing(server, *rows, **paging):
    rows = [{"id": "9_9", "created_time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S+0000}", **row} for row in rows]
    server.instead["posts"] = Said(200, json.dumps({"data": rows, **paging}).encode())


# What is the same post


@pytest.mark.parametrize("attached", [None, 5, {}, {"data": None}, {"data": [None]}, {"data": [{"unshimmed_url": 5}]}])
@pytest.mark.parametrize("message", [None, 5, "", "Autre"])
def test_a_post_without_words_or_link_is_not_this_one(server, find, at_once, message, attached):
    listing(server, {"message": message, "attachments": attached})
    assert find(Post("Bonjour", NOW, link=LINK)) is None
    assert find(Post("", NOW, pictures=(picture(),))) is None


def test_a_card_is_known_by_where_it_leads(server, find, account, at_once):
    server.say(account, "Autrement", link=f"{LINK}/")
    assert find(Post("Bonjour", NOW, link=LINK))


def test_an_address_that_is_no_address(server, find, at_once):
    listing(server, {"message": "Bonjour", "permalink_url": "/9/posts/9"})
    assert find().url == "https://www.facebook.com/9_9"


def test_a_cursor_that_leads_in_a_circle(server, find):
    listing(server, {"message": "Autre"}, paging={"next": "x", "cursors": {"after": "c50"}})
    assert caught(find, Transient).code == "not_json"
    assert server.calls["posts"] == 2


def test_an_empty_page_is_not_the_end(server, http, find, at_once, monkeypatch):
    empty = {"data": [], "paging": {"next": "x", "cursors": {"after": "c1"}}}
    found = {"data": [{"id": "9_9", "created_time": f"{NOW:%Y-%m-%dT%H:%M:%S+0000}", "message": "Bonjour"}]}
    pages = iter([empty, found])
    monkeypatch.setattr(server, "carry_out", lambda *call: Said(200, json.dumps(next(pages)).encode()))
    assert find().id == "9_9"


def test_where_facebook_forgets_since_when(server, find, at_once):
    old = {"message": "Bonjour", "created_time": f"{NOW - timedelta(days=2):%Y-%m-%dT%H:%M:%S+0000}"}
    listing(server, old, old, paging={"next": "x", "cursors": {"after": "c50"}})
    assert find() is None
    assert server.calls["posts"] == 1


# Two looks


@pytest.mark.parametrize("age, sure", [(0, False), (105, False), (149, False), (151, True), (3600, True)])
def test_a_young_post_that_is_not_listed_may_still_be(server, find, age, sure):
    post = Post("Bonjour", datetime.now(UTC) - timedelta(seconds=age))
    if sure:
        assert find(post) is None
    else:
        raised = caught(lambda: find(post), Transient)
        assert (raised.code, raised.params) == ("not_yet_sure", {"host": "127.0.0.1"})


def test_a_young_post_that_is_listed_is_there(server, publish, find):
    receipt = publish()
    assert find(Post("Bonjour", datetime.now(UTC))) == receipt


class Clock:
    at = NOW


@pytest.fixture
def clock(server, monkeypatch):
    monkeypatch.setattr(time, "now", lambda: Clock.at)
    monkeypatch.setattr(server, "now", lambda: Clock.at)
    Clock.at = NOW
    return Clock


def way(http, credentials, clock, delivery, post, jitter, lasts):
    """What the lane does with a delivery: try, look, try again. Yields the seconds since the first try began."""
    begun = clock.at
    while delivery.state is State.QUEUED:
        clock.at = delivery.due
        claimed = step(delivery, "claim", clock.at, attempts=delivery.attempts + 1, since=delivery.since or clock.at)
        sent_at = delivery.sent_at if delivery.doubt else clock.at
        yield ("look" if delivery.doubt else "try"), (clock.at - begun).total_seconds()
        said = replace(post, created=sent_at)
        if delivery.doubt:
            result = outcome.look(network, http, credentials, said, "k")
        else:
            result = outcome.attempt(network, http, credentials, delivery, said)
        clock.at += timedelta(seconds=0 if delivery.doubt else lasts)
        claimed = replace(claimed, sent_at=sent_at, token="t", lease=clock.at + GIVE_UP)
        delivery = outcome.after(claimed, result, network, clock.at, jitter, GIVE_UP)
    assert delivery.state is State.DELIVERED


@pytest.mark.parametrize("jitter", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("lasts", [0, 20, 45])
@pytest.mark.parametrize("arrives, looks", [(False, 2), (True, 1)], ids=["lost", "there"])
def test_a_doubt_is_looked_up_twice_before_it_is_sent_again(
    server, http, credentials, clock, jitter, lasts, arrives, looks
):
    server.script("feed", "500_after" if arrives else "500_before")
    queued = Delivery("i.1", "i", "a", "facebook", NOW, NOW, state=State.QUEUED, rendition=Rendition("Bonjour"))
    done = list(way(http, credentials, clock, queued, Post("Bonjour", NOW), jitter, lasts))
    assert [what for what, _ in done] == ["try", *["look"] * looks] + ["try"] * (not arrives)
    assert done[1][1] == lasts + 60
    if not arrives:
        assert done[2][1] >= lasts + 120
    assert server.posts() == ["Bonjour"]


def test_a_post_that_is_listed_late_is_not_sent_again(server, http, credentials, clock):
    server.lag = 110
    server.script("feed", "500_after")
    queued = Delivery("i.1", "i", "a", "facebook", NOW, NOW, state=State.QUEUED, rendition=Rendition("Bonjour"))
    done = list(way(http, credentials, clock, queued, Post("Bonjour", NOW), 0.8, 5))
    assert [what for what, _ in done] == ["try", "look", "look"]
    assert server.posts() == ["Bonjour"]


# The same said twice


@pytest.fixture
def refuses(server):
    server.refuse_duplicates = True


@pytest.mark.usefixtures("refuses")
class TestTheSameTwice:
    def test_what_is_there_is_not_said_again(self, server, publish):
        first = publish()
        assert publish() == first
        assert server.posts() == ["Bonjour"]

    @pytest.mark.parametrize("age", [0, 3600])
    def test_what_is_there_but_not_listed_yet(self, server, publish, account, age):
        server.lag = 10
        publish()
        post = Post("Bonjour", datetime.now(UTC) - timedelta(seconds=age))
        raised = caught(lambda: publish(post), OutcomeUnknown)
        assert (raised.code, raised.params) == ("duplicate", {"host": "127.0.0.1"})

    def test_what_was_said_long_ago_is_for_a_person_to_decide(self, server, publish, account):
        server.say(account, "Bonjour", datetime.now(UTC) - timedelta(days=2))
        assert caught(publish, OutcomeUnknown).code == "duplicate"

    @pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "drip"])
    def test_what_is_there_and_cannot_be_looked_up(self, server, http, publish, fault):
        server.hold, http.deadline = 1.0, 0.7
        publish()
        server.script("posts", fault)
        assert caught(publish, OutcomeUnknown).code == "duplicate"
