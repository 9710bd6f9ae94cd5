"""How far posts of a page got."""

from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.facebook import network
from contract.base import caught
from contract.hearing import MORNING
from contract.measuring import MeasureContract
from faults import Said
from scripted_facebook_oauth import SCOPES

import json
import pytest


@pytest.fixture
def credentials(server, account):
    return server.credentials(account, (*SCOPES, "pages_read_user_content"))


class TestFacebookMeasures(MeasureContract):
    network = network
    measure_step = "by_ids"
    senseless = [{}, [], None, {"data": []}, {"1": {"id": "1"}}]

    def react(self, server, id, likes, reposts):
        server.counts[id] = {"reactions": likes, "shares": reposts}

    def answer(self, server, account, to):
        server.comment(account, to, "Merci", MORNING)


def test_a_page_that_was_linked_without_the_right_to_comments(server, http, account, publish):
    id = publish().id
    server.counts[id] = {"reactions": 3}
    assert network.measure(http, server.credentials(account), [id]) == {id: Counts(3, 0, None)}


@pytest.mark.parametrize("code", [(100, 33), (10, 0), (803, 0)], ids=str)
def test_posts_that_are_gone_whatever_facebook_calls_it(server, http, credentials, publish, post, code):
    ids = [server.say(server.pages[credentials["account"]], f"Menu {n}")["id"] for n in range(5)]
    server.gone = code
    for gone in (ids[0], ids[3]):
        network.delete(http, credentials, gone)
    assert list(network.measure(http, credentials, ids)) == [ids[1], ids[2], ids[4]]


def test_a_refusal_of_what_is_there(server, http, credentials, publish):
    id = publish().id
    error = {"message": "(#10) No", "code": 10}
    server.instead["by_ids"] = Said(400, json.dumps({"error": error}).encode())
    assert caught(lambda: network.measure(http, credentials, [id]), Unauthorized).code == "scopes"
    server.instead["by_ids"] = Said(400, json.dumps({"error": {"message": "No", "code": 190}}).encode())
    assert caught(lambda: network.measure(http, credentials, [id]), Unauthorized).code == "unauthorized"
    assert server.leaks == []
