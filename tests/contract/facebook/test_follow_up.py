"""What can be done on a Facebook page to a post that is out: its words changed, deleted."""

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


LINK = "https://www.ville.fr/a"
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
    deeds = {"edit": "edit", "delete": "delete"}
    questions = {}

    test_faults_of_a_question_change_nothing = None
    test_an_answer_to_a_question_that_makes_no_sense = None


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def delete(http, credentials, out):
    return lambda: network.delete(http, credentials, out.id)


@pytest.fixture
def edit(http, credentials, out):
    return lambda text="Bonsoir", **more: network.edit(http, credentials, out.id, Post(text, NOW, **more))


def error(code, subcode=0, message="No"):
    return json.dumps({"error": {"message": message, "code": code, "error_subcode": subcode}}).encode()


def test_what_is_out_is_not_answered():
    """A comment needs a right that is not asked for."""
    assert not isinstance(network, Replies)
    assert "pages_manage_engagement" not in network.scopes


# Edited


def test_an_edit_changes_the_words_alone(server, http, credentials, publish, read):
    """Picture and link of a post stay, whatever is asked for."""
    pictured, linked = (
        publish(Post("Avec image", NOW, pictures=(picture("Une affiche"),))),
        publish(Post(LINK, NOW, link=LINK)),
    )
    for out in (pictured, linked):
        changed = Post(f"Bonsoir {out.id}", NOW, link=f"{LINK}2", pictures=(picture("Une autre"),))
        assert network.edit(http, credentials, out.id, changed) == out
    assert read(pictured.id) == See(f"Bonsoir {pictured.id}", [], ["Une affiche"])
    assert read(linked.id) == See(f"Bonsoir {linked.id}", [LINK], [])
    assert server.calls["photos"] == 1


def test_what_an_edit_sends(server, http, edit, out, monkeypatch):
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append((args, how)) or request(*args, **how))
    edit()
    (method, url), how = sent[0]
    assert (method, url) == ("POST", f"{server.url}/v26.0/{out.id}")
    assert set(how["data"]) == {"message", "appsecret_proof"} and how["data"]["message"] == "Bonsoir"


def test_what_was_edited_is_what_the_page_says(http, credentials, edit, at_once):
    receipt = edit()
    (entry,) = network.read(http, credentials, 10).entries
    assert (entry.id, entry.text) == (receipt.id, "Bonsoir")
    assert network.find(http, credentials, Post("Bonjour", NOW), "k") is None


@pytest.mark.parametrize("code", [(100, 33), (10, 0), (803, 0)], ids=str)
def test_what_is_gone_is_not_edited_whatever_facebook_calls_it(server, edit, delete, code):
    server.gone = code
    delete()
    raised = caught(edit, Rejected)
    assert (raised.code, raised.params) == ("post_gone", {"host": "127.0.0.1"})


def test_a_post_that_another_app_made(server, http, account, edit, out):
    """As when a webmaster links the page anew with another app: to do so again would be of no use."""
    other = server.credentials(account)
    raised = caught(lambda: network.edit(http, other, out.id, Post("Bonsoir", NOW)), Rejected)
    assert "non-app posts" in raised.params["reason"]
    assert server.posts() == ["Bonjour"]
    network.delete(http, other, out.id)
    assert server.posts() == []


def test_an_edit_that_is_too_long(server, edit):
    assert caught(lambda: edit("é" * 63_207), Rejected).code == "rejected"
    assert server.posts() == ["Bonjour"]


@pytest.mark.parametrize("fault", ["500_before", "html_200", "reset_after"])
def test_an_edit_is_done_whatever_becomes_of_the_address(server, out, edit, fault):
    server.script("node", fault)
    assert edit().url == f"https://www.facebook.com/{out.id}"
    assert server.posts() == ["Bonsoir"]


# Deleted


def test_a_post_with_a_picture_is_deleted_under_the_id_of_its_receipt(server, http, credentials, publish, account):
    out = publish(Post("Avec image", NOW, pictures=(picture(),)))
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


def test_rights_that_are_taken_back(server, delete, edit):
    (rights,) = server.person.granted.values()
    rights["pages_manage_posts"] = "declined"
    assert [caught(call, Unauthorized).code for call in (edit, delete)] == ["scopes"] * 2
    rights["pages_read_engagement"] = "declined"
    assert [caught(call, Unauthorized).code for call in (edit, delete)] == ["scopes"] * 2
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
