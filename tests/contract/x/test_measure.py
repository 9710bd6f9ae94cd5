"""How far posts got on X, and what it costs to know."""

from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.measuring import MeasureContract
from decimal import Decimal
from faults import Said

import json
import pytest


class Contract(MeasureContract):
    network = network
    measure_step = "looks"
    views = True
    senseless = [{}, [], None, {"data": None}, {"data": {}}, {"meta": {"result_count": 0}}]

    def react(self, server, id, likes, reposts):
        server.counts[id] = {"like_count": likes, "retweet_count": reposts}

    def answer(self, server, account, to):
        server.counts[to] = {**server.counts.get(to, {}), "reply_count": 1}


class TestXByKeys(Contract):
    @pytest.fixture
    def way(self):
        return "keys"


class TestXByConsent(Contract):
    @pytest.fixture
    def way(self):
        return "consent"


@pytest.mark.parametrize("way, each", [("keys", "0.001"), ("consent", "0.005")], indirect=["way"])
def test_what_is_told_and_what_it_costs(server, http, credentials, publish, each):
    id = publish().id
    server.counts[id] = {"retweet_count": 2, "quote_count": 3, "impression_count": 400}
    assert network.measure(http, credentials, [id, "19"]) == {id: Counts(0, 5, 0, 400)}
    assert sum(server.bill.values()) == Decimal(each) == network.toll(credentials, 1)


@pytest.mark.parametrize("way", ["keys"], indirect=True)
def test_what_x_may_not_show_now_is_not_gone(server, http, credentials, publish):
    id = publish().id
    kind = "https://api.twitter.com/2/problems/not-authorized-for-resource"
    errors = [{"type": kind, "resource_id": "19"}, {"type": "problems/resource-not-found", "resource_id": "18"}, 5]
    told = {"data": [{"id": id, "public_metrics": None}], "errors": errors}
    server.instead["looks"] = Said(200, json.dumps(told).encode())
    assert network.measure(http, credentials, [id, "18", "19"]) == {id: Counts(), "19": Counts()}
    server.instead["looks"] = Said(200, json.dumps({"errors": errors[:1]}).encode())
    assert caught(lambda: network.measure(http, credentials, ["19"]), Rejected).code == "rejected"


@pytest.mark.parametrize("way", ["keys"], indirect=True)
def test_no_money(server, http, credentials, publish):
    id = publish().id
    server.broke = "credits"
    assert caught(lambda: network.measure(http, credentials, [id]), Billing).code == "billing"
