"""What can be done on Bluesky to a post that is out: deleted, answered."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.bluesky.records import see
from contract.follow_up_failures import FollowUpFailures
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
KEY, SECOND, THIRD = "3n2uoitxhrhun", "3n2uoitxhrhuo", "3n2uoitxhrhup"


@pytest.fixture
def read(server):
    def read(id):
        record = server.records.get((id.split("/")[2], id.split("/")[-1]))
        return record and see(record)

    return read


class TestBlueskyFollowUp(FollowUpFailures):
    network = network
    deeds = {"delete": "deleteRecord", "reply": "putRecord"}
    questions = {"getRecord": "reply", "uploadBlob": "pictured reply"}

    def revoke(self, server, account):
        server.revoke(account)


@pytest.fixture
def out(publish):
    return publish(key=KEY)


@pytest.fixture
def reply(http, credentials):
    return lambda to, key=SECOND: network.reply(http, credentials, to, Post("Merci", NOW, answers=to), key)


def test_what_is_out_is_not_edited():
    """Official apps may not show it."""
    assert not isinstance(network, Edits)


def test_a_conversation_has_one_root(server, http, credentials, out, reply):
    first = reply(out.id)
    second = reply(first.id, THIRD)
    said = {id: server.records[credentials["did"], id[-13:]].get("reply") for id in (out.id, first.id, second.id)}
    root = {"uri": out.id, "cid": said[first.id]["root"]["cid"]}
    assert said[out.id] is None
    assert said[first.id] == {"root": root, "parent": root}
    assert said[second.id]["root"] == root
    assert said[second.id]["parent"]["uri"] == first.id
    assert said[second.id]["parent"]["cid"] not in ("", root["cid"])


def test_the_same_reply_twice_is_one(server, out, reply):
    assert reply(out.id) == reply(out.id)
    assert server.commits == 2


@pytest.mark.parametrize("said", [{}, {"value": {}}, {"cid": None, "value": None}, {"cid": "", "value": {}}])
def test_a_post_of_which_its_server_makes_no_sense_is_not_answered(server, out, reply, said):
    server.instead["getRecord"] = Said(200, json.dumps(said).encode())
    assert caught(lambda: reply(out.id), Transient).code == "not_json"
    assert len(server.posts()) == 1


def test_a_missing_repository_is_not_a_missing_post(server, out, reply):
    server.instead["getRecord"] = Said(400, b'{"error": "RepoDeactivated", "message": "Repo has been deactivated"}')
    raised = caught(lambda: reply(out.id), Rejected)
    assert (raised.code, raised.params["name"]) == ("rejected", "RepoDeactivated")


def test_what_another_account_said_is_not_taken_for_deleted(server, http, out):
    """As when somebody else was linked meanwhile."""
    other = server.account("autre.example").credentials
    caught(lambda: network.delete(http, other, out.id), Unauthorized)
    assert len(server.posts()) == 1
