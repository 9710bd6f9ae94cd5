"""What can be done on a Facebook page to a post that is out: deleted."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.facebook import network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Replies
from contract.base import caught
from contract.base import picture
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"


@pytest.fixture
def read(server):
    def read(id):
        for post in (post for page in server.pages.values() for post in page.posts if post["id"] == id):
            return See(post["said"], [post["link"]] if post["link"] else [], [made["alt"] for made in post["media"]])

    return read


class TestFacebookFollowUp(FollowUpFailures):
    network = network
    deeds = {"delete": "delete"}
    questions = {}

    test_faults_of_a_question_change_nothing = None
    test_an_answer_to_a_question_that_makes_no_sense = None


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def delete(http, credentials, out):
    return lambda: network.delete(http, credentials, out.id)


def error(code, subcode=0, message="No"):
    return json.dumps({"error": {"message": message, "code": code, "error_subcode": subcode}}).encode()


def test_what_is_out_is_not_answered():
    """A comment needs a right that is not asked for."""
    assert not isinstance(network, Replies)
    assert "pages_manage_engagement" not in network.scopes


# Deleted


def test_a_post_with_a_picture_is_deleted_under_the_id_of_its_receipt(server, http, credentials, publish, account):
    out = publish(Post("Avec image", NOW, picture=picture()))
    assert out.id.startswith(f"{account.id}_")
    assert out.id not in account.photos
    network.delete(http, credentials, out.id)
    assert server.posts() == []


@pytest.mark.parametrize("code", [(100, 33), (10, 0), (803, 0)], ids=str)
def test_what_is_gone_is_deleted_whatever_facebook_calls_it(server, out, delete, code):
    server.gone = code
    for _ in range(2):
        assert delete() is None
    assert (server.calls["delete"], server.calls["posts"]) == (2, 1)


def test_only_what_facebook_lists_of_the_page_tells_that_it_is_the_post_that_is_gone(server, account, delete):
    server.instead["delete"] = Said(400, error(100, 33))
    del server.pages[account.id]
    assert caught(delete, Unauthorized).code == "page_gone"


@pytest.mark.parametrize("step", ["node", "posts"])
@pytest.mark.parametrize(
    "status, body, raised, code",
    [
        (400, error(190), Unauthorized, "unauthorized"),
        (400, error(100), Rejected, "rejected"),
        (404, PAGE, Transient, "not_json"),
        (200, PAGE, Transient, "not_json"),
        (500, error(2), Transient, "server_error"),
    ],
)
def test_who_does_not_know_is_not_believed_that_a_post_is_gone(server, delete, step, status, body, raised, code):
    delete()
    server.instead[step] = Said(status, body)
    assert caught(delete, raised).code == code


@pytest.mark.parametrize(
    "status, body, raised, code",
    [
        (400, error(100, 33), Rejected, "rejected"),
        (400, error(803), Rejected, "rejected"),
        (403, error(10), Unauthorized, "scopes"),
        (403, error(200), Unauthorized, "scopes"),
        (400, error(100), Rejected, "rejected"),
        (404, PAGE, Transient, "not_json"),
        (200, b"{}", OutcomeUnknown, "not_json"),
        (200, b'{"success": false}', OutcomeUnknown, "not_json"),
        (400, error(2), OutcomeUnknown, "server_error"),
    ],
)
def test_what_is_still_there_is_not_deleted(server, delete, status, body, raised, code):
    server.instead["delete"] = Said(status, body)
    assert caught(delete, raised).code == code
    assert server.posts() == ["Bonjour"]


# Rights and limits


def test_rights_that_are_taken_back(server, delete):
    (rights,) = server.person.granted.values()
    rights["pages_manage_posts"] = "declined"
    assert caught(delete, Unauthorized).code == "scopes"
    rights["pages_read_engagement"] = "declined"
    assert caught(delete, Unauthorized).code == "scopes"
    assert server.posts() == ["Bonjour"]


def test_the_post_of_another_page(server, http, out):
    other = server.credentials(server.account("Autre"))
    assert caught(lambda: network.delete(http, other, out.id), Unauthorized).code == "scopes"
    assert server.posts() == ["Bonjour"]


def test_a_page_that_is_asked_too_often(server, delete):
    server.limits["delete"] = 0
    assert caught(delete, RateLimited).retry_after == 19 * 60
    assert server.posts() == ["Bonjour"]


def test_a_post_is_no_path(server, http, credentials, out):
    assert network.delete(http, credentials, "../me?x=1#") is None
    assert server.posts() == ["Bonjour"]
