"""Did a post arrive at X? Looked up among what the account said; and the same said twice."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.lookup import LookupContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)


@pytest.fixture
def way():
    return "keys"


class TestXLookup(LookupContract):
    network = network
    find_step = "tweets"
    page = 100
    texts = [
        "e\u0301te\u0301 à 20\u202fh sur ville.fr, https://ville.fr https://ville.fr/ ou HTTPS://Ville.fr/a (ville.fr)"
    ]
    senseless = [
        *({}, [], None, 1, {"data": None, "meta": {"result_count": 0}}, {"data": {}}, {"data": [None]}, {"meta": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"text": "a"}]}, {"data": [{"id": "1", "text": 5}]}),
        {"data": [{"id": "1", "text": "a"}], "errors": [{"title": "Partial"}], "meta": {"result_count": 1}},
    ]


def test_a_repost_is_not_our_post(server, account, find):
    server.say(account, "Bonjour", retweet=True)
    assert find() is None


@pytest.mark.parametrize("urls", [None, 5, [None], [{}], [{"url": "", "expanded_url": "x"}], [{"url": "a"}]])
def test_odd_entities(server, find, urls):
    tweet = {"id": "9", "text": "Bonjour", "entities": {"urls": urls}}
    server.instead["tweets"] = Said(200, json.dumps({"data": [tweet], "meta": {"result_count": 1}}).encode())
    assert find().id == "9"


def test_an_account_that_is_gone(server, find):
    server.accounts.clear()
    assert caught(find, Rejected).params["reason"] == "Could not find user."


# The same said twice


def test_what_is_there_but_not_listed_yet(server, account, publish, find):
    server.lag = 10
    server.script("tweet", "reset_after")
    caught(publish, OutcomeUnknown)
    assert find() is None
    raised = caught(publish, OutcomeUnknown)
    assert (raised.code, raised.params) == ("duplicate", {"host": "127.0.0.1"})
    server.now = lambda: datetime.now(UTC) + timedelta(seconds=network.settle)
    assert find().id == account.tweets[0]["id"]


def test_what_was_said_long_ago_is_for_a_person_to_decide(server, account, publish):
    server.say(account, "Bonjour", NOW - timedelta(days=2))
    assert caught(publish, OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "drip"])
def test_what_is_there_and_cannot_be_looked_up(server, publish, fault):
    publish()
    server.script("tweets", fault)
    assert caught(publish, OutcomeUnknown).code == "duplicate"
