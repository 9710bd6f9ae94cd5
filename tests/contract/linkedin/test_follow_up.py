"""What can be done at LinkedIn to a post that is out: its text edited, the whole deleted."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.linkedin import network
from collective.socialterritory.networks.model import Card
from contract.base import caught
from contract.base import picture
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from dataclasses import replace
from faults import Said

import pytest


PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"


@pytest.fixture
def read(server):
    def read(id):
        for post in (post for page in server.pages.values() for post in page.posts if post["id"] == id):
            content = post.get("content", {})
            told = [
                *([content["media"]] if "media" in content else []),
                *content.get("multiImage", {}).get("images", []),
            ]
            links = [content["article"]["source"]] if "article" in content else []
            return See(post["said"], links, [one.get("altText", "") for one in told])

    return read


class TestLinkedInFollowUp(FollowUpFailures):
    network = network
    deeds = {"edit": "edit", "delete": "delete"}
    questions = {}

    test_faults_of_a_question_change_nothing = None
    test_an_answer_to_a_question_that_makes_no_sense = None


@pytest.fixture
def out(publish, post):
    card = Card("https://www.ville.fr/a", "Fête", "")
    return publish(replace(post, link=card.url, card=card, pictures=(picture(),)))


def test_an_edit_is_escaped_and_leaves_the_card(server, http, credentials, account, out, post):
    content = account.posts[0]["content"]
    said = replace(post, text="Fête (samedi) #Fête_2026")
    assert network.edit(http, credentials, out.id, said) == out
    assert (server.posts(), account.posts[0]["content"]) == (["Fête (samedi) #Fête_2026"], content)


def test_an_edit_of_a_post_that_somebody_deleted(server, http, credentials, account, out, post):
    account.posts.clear()
    assert caught(lambda: network.edit(http, credentials, out.id, post), Rejected).code == "post_gone"
    assert network.delete(http, credentials, out.id) is None


@pytest.mark.parametrize(
    "status, body, error, code",
    [
        (404, b'{"status": 404, "message": "Not there"}', None, ""),
        (404, PAGE, Transient, "not_json"),
        (403, b'{"status": 403, "message": "Not enough permissions"}', Unauthorized, "scopes"),
        (400, b'{"status": 400, "message": "No"}', Rejected, "rejected"),
        (200, PAGE, OutcomeUnknown, "not_json"),
    ],
)
def test_a_delete_that_is_refused(server, http, credentials, out, status, body, error, code):
    server.instead["delete"] = Said(status, body)
    if error is None:
        assert network.delete(http, credentials, out.id) is None
    else:
        assert caught(lambda: network.delete(http, credentials, out.id), error).code == code


@pytest.mark.parametrize(
    "status, body, error, code",
    [
        (404, PAGE, Transient, "not_json"),
        (422, b'{"status": 422, "message": "Too long"}', Rejected, "rejected"),
    ],
)
def test_an_edit_that_is_refused(server, http, credentials, out, post, status, body, error, code):
    server.instead["edit"] = Said(status, body)
    assert caught(lambda: network.edit(http, credentials, out.id, post), error).code == code
