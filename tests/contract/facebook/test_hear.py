"""What is commented on posts of a page."""

from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.facebook import network
from contract.base import caught
from contract.hearing import HearContract
from contract.hearing import MINUTE
from contract.hearing import MORNING
from faults import Said
from scripted_facebook_oauth import SCOPES
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import json
import pytest


AT = "2026-11-22T08:30:15+0000"
RIGHTS = (*SCOPES, "pages_read_user_content")


@pytest.fixture
def credentials(server, account):
    return server.credentials(account, RIGHTS)


class TestFacebookHears(HearContract):
    network = network
    hear_step = "comments"
    senseless = [{}, [], None, 1, {"data": None}, {"data": {}}, {"data": [], "paging": {"next": "https://x/"}}]
    odd = [
        *(None, 5, "a", [], {}, {"id": "1"}, {"created_time": AT}, {"id": "1", "created_time": "a", "message": "x"}),
        {"id": "1", "created_time": AT, "message": 5},
    ]

    def answer(self, server, account, to, text, at):
        return server.comment(account, to, text, at)

    def change(self, server, id, text):
        server.comment_of(id)["message"] = text

    def remove(self, server, id):
        server.remove(id)

    def among(self, said, row):
        return {**said, "data": [row, *said["data"]]}

    def facts(self, server, other):
        """Facebook tells no address of people."""
        return other.id, other.name, "", ""


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def hear(http, credentials, out):
    return lambda: network.hear(http, credentials, out.id)


@pytest.fixture
def say(server, out):
    other = server.account("Asso")
    return lambda text="Merci", by=other, at=MORNING, **more: server.comment(by, out.id, text, at, **more)


def listing(server, *rows):
    rows = [{"id": f"9_{n}", "created_time": AT, "message": "Merci", **row} for n, row in enumerate(rows)]
    server.instead["comments"] = Said(200, json.dumps({"data": rows}).encode())


def test_what_is_asked(server, http, hear, out, monkeypatch):
    found, request = [], http.request

    def asked(verb, url, **how):
        found.append((verb, url))
        return request(verb, url, **how)

    monkeypatch.setattr(http, "within", lambda seconds: http)
    monkeypatch.setattr(http, "request", asked)
    hear()
    ((verb, url),) = found
    query = parse_qs(urlsplit(url).query)
    assert (verb, urlsplit(url).path) == ("GET", f"/{graph.VERSION}/{out.id}/comments")
    assert (query["filter"], query["limit"]) == (["stream"], ["100"])


def test_the_right_is_asked_for_only_where_comments_are_wanted():
    assert network.hearing_scopes == ("pages_read_user_content",)
    assert not set(network.hearing_scopes) & set(network.scopes)


def test_a_page_that_was_linked_without_the_right(server, http, account, out, say):
    say()
    few = server.credentials(account)
    assert caught(lambda: network.hear(http, few, out.id), Unauthorized).code == "scopes"


@pytest.mark.parametrize("code", [(100, 33), (10, 0), (803, 0)], ids=str)
def test_a_post_that_is_gone_whatever_facebook_calls_it(server, http, credentials, hear, out, code):
    server.gone = code
    network.delete(http, credentials, out.id)
    assert hear().gone


def test_pages_are_turned_and_too_many_are_not_all(server, hear, say):
    server.most = 10
    for number in range(10 * graph.PAGES):
        say(f"Réponse {number}", at=MORNING + number * MINUTE)
    assert (len(hear().replies), hear().complete) == (10 * graph.PAGES, True)
    say("La dernière", at=MORNING + 99 * MINUTE)
    hearing = hear()
    assert (len(hearing.replies), hearing.complete) == (10 * graph.PAGES, False)
    assert hearing.replies[-1].text == "La dernière"


def test_another_failure_on_the_way_is_one(server, hear, say):
    server.most = 1
    say()
    say()
    server.script("comments", "", "500_before")
    assert caught(hear, Transient).code == "server_error"


def test_what_the_page_has_hidden_and_what_it_said_itself(account, hear, say):
    say("Nul", is_hidden=True)
    say("De rien", by=account)
    told = {one.text: (one.barred, one.ours, one.author.url) for one in hear().replies}
    ours = f"https://www.facebook.com/{account.id}"
    assert told == {"Nul": (True, False, ""), "De rien": (False, True, ours)}


def test_pictures_without_words(hear, say):
    say("", attachment={"type": "photo"})
    (reply,) = hear().replies
    assert (reply.text, reply.attached) == ("", True)


@pytest.mark.parametrize("odd", [None, 5, "a", [], {}, {"id": {}}, {"picture": 5}, {"picture": {"data": {"url": "x"}}}])
def test_who_is_not_told(server, out, hear, odd):
    listing(server, {"from": odd, "permalink_url": "javascript:alert(1)", "parent": odd})
    (reply,) = hear().replies
    assert (reply.author.name, reply.author.avatar, reply.parent) == ("", "", out.id)
    assert reply.url == "https://www.facebook.com/9_0"


@pytest.mark.parametrize(
    "status, code, error, said",
    [
        (200, 2, Transient, "server_error"),
        (200, 190, Unauthorized, "unauthorized"),
        (400, 10, Unauthorized, "scopes"),
        (400, 80001, RateLimited, "rate_limited"),
    ],
)
def test_refusals(server, hear, status, code, error, said):
    server.instead["comments"] = Said(status, json.dumps({"error": {"message": "No", "code": code}}).encode())
    assert caught(hear, error).code == said
