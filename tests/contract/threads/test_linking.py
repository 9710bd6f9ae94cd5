"""Threads on the scripted server: from its page to a token that lives on, what was said, and what was answered."""

from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.threads import EARLY
from collective.socialterritory.networks.threads import network
from contract.base import caught
from contract.base import sent
from contract.base import shown
from contract.hearing import HearContract
from contract.hearing import MINUTE
from contract.hearing import MORNING
from contract.linking import consented
from contract.reading import ReadContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_consent import BACK
from scripted_threads_methods import LASTS
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import json
import pytest
import requests


AT = "2026-11-22T08:30:15+0000"
DAY = timedelta(days=1)


def test_the_way_of_consent(server, http, account, tokens):
    client, got = tokens
    (connection,) = network.identify(http, client, got)
    assert (connection.identity.id, connection.identity.name) == (account.id, "@ville")
    assert connection.identity.url == "https://www.threads.com/@ville"
    kept = dict(connection.credentials)
    assert set(kept) == {"account", "handle", "token", "made", "ends"}
    assert client.secret not in kept.values()
    assert not any(secret in repr(connection) + repr(client) for secret in (client.secret, kept["token"]))
    server.now = lambda: datetime.now(UTC) + timedelta(days=59)
    sent(network, http, kept, Post("Bonjour", datetime.now(UTC)))
    assert network.whoami(http, kept) == connection.identity


def test_where_threads_takes_no_form_it_is_done_as_documented(server, http, tokens):
    server.takes_forms = False
    assert network.identify(http, *tokens)
    assert server.leaks == ["/access_token"]
    server.leaks.clear()


@pytest.mark.parametrize("fault", ["reset_after", "500_after", "429", "timeout_after", "html_200", "expired"])
@pytest.mark.parametrize("name", ["exchange", "me"])
def test_faults_on_the_way_link_nothing_and_are_no_doubt(server, http, tokens, name, fault):
    server.hold, http.deadline = 1.0, 0.7
    server.script(name, fault)
    kind = {"429": RateLimited, "expired": Unauthorized}.get(fault, Transient)
    assert tokens[0].secret not in shown(caught(lambda: network.identify(http, *tokens), kind))
    assert network.identify(http, *tokens)


@pytest.mark.parametrize("scope", ["threads_content_publish", "threads_manage_replies"])
def test_smaller_rights_than_asked_for(server, http, account, scope):
    server.declined = (scope,)
    client, consent, back = consented(network, server, http)
    error = caught(lambda: network.identify(http, client, consent.tokens(http, back["code"])), Rejected)
    assert (error.code, error.params) == ("scopes_missing", {"names": scope})


def test_an_account_whose_posts_of_the_day_are_used_up_is_linked(server, http, tokens):
    server.quota = 1
    server.say(server.accounts[0], "Bonjour")
    assert network.identify(http, *tokens)


def test_an_account_that_is_lost_while_it_is_linked(server, http, tokens):
    server.script("quota", "expired")
    assert caught(lambda: network.identify(http, *tokens), Unauthorized).code == "unauthorized"


def test_a_wrong_app_secret(server, http, tokens):
    client, got = tokens
    wrong = Client(client.id, "0" * 32, client.authorize, client.token)
    assert caught(lambda: network.identify(http, wrong, got), Unauthorized).code == "app_secret"


@pytest.mark.parametrize("said", [b"{}", b'{"access_token": {}}', '{"access_token": "é"}'.encode(), b"[]"])
def test_a_token_that_is_none(server, http, tokens, said):
    server.instead["exchange"] = Said(200, said)
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "not_json"


def test_another_refusal_puts_no_secret_into_an_address(server, http, tokens):
    server.instead["exchange"] = Said(400, b'{"error": {"message": "No", "code": 7777}}')
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "rejected"
    assert server.calls["exchange"] == 1


@pytest.mark.parametrize("said", [b"{}", b'{"id": "1"}', b'{"username": "a"}'])
def test_nobody(server, http, credentials, said):
    server.instead["me"] = Said(200, said)
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "not_json"


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": f"{BACK}/x"}, {"scope": "publish"}, {"state": ""}, {"client_id": "1"}, {"more": "1"}]
)
def test_the_scripted_dialog_takes_nothing_but_what_is_documented(server, http, account, changes):
    client = network.client(http, server.app(), BACK)
    query = dict(parse_qsl(urlsplit(Consent(client, BACK, network.scopes).address()).query))
    where = client.authorize.partition("?")[0]
    assert requests.get(where, params=query, timeout=10).status_code == 200
    assert requests.get(where, params=query | changes, timeout=10).status_code == 400


# A token that lives on


@pytest.fixture
def ahead(server, monkeypatch):
    """The clock runs ahead, here and there."""

    def ahead(by, real=lambda: datetime.now(UTC)):
        monkeypatch.setattr(clock, "now", lambda: real() + by)
        server.now = lambda: real() + by

    return ahead


def test_a_token_is_renewed_for_ever_weeks_before_it_is_over(server, http, account, tokens, ahead):
    (connection,) = network.identify(http, *tokens)
    known, ends = connection.credentials, network.ends(connection.credentials)
    assert LASTS - EARLY - MINUTE < ends - datetime.now(UTC) < LASTS - EARLY + MINUTE
    for number in range(1, 10):
        by = number * (LASTS - EARLY)
        ahead(by)
        assert rules.session_over({"link": "connected", "ends": network.ends(known).isoformat()}, clock.now())
        before, known = known, network.refresh(http, known)
        assert known["token"] != before["token"]
        assert (known["account"], known["handle"]) == (account.id, "ville")
        assert network.ends(known) > clock.now() + 30 * DAY
    assert sent(network, http, known, Post("Bonjour", datetime.now(UTC)))


def test_a_site_that_was_stopped_for_weeks(server, http, credentials, ahead):
    """Nearly as long as a token lives after it should have been renewed."""
    ahead(LASTS - 3 * DAY)
    assert network.whoami(http, network.refresh(http, credentials))
    ahead(LASTS)
    assert caught(lambda: network.refresh(http, credentials), Unauthorized).code == "expired"


def test_a_token_of_today_cannot_be_renewed_and_need_not_be(server, http, tokens):
    (connection,) = network.identify(http, *tokens)
    assert network.refresh(http, connection.credentials) == connection.credentials
    assert server.calls["refresh"] == 0
    server.revoke()
    assert caught(lambda: network.refresh(http, connection.credentials), Unauthorized).code == "unauthorized"


def test_a_token_that_threads_will_not_renew(server, http, credentials):
    server.instead["refresh"] = Said(400, b'{"error": {"message": "No", "code": 100}}')
    assert caught(lambda: network.refresh(http, credentials), Unauthorized).code == "unauthorized"


@pytest.mark.parametrize("said", [{"expires_in": None}, {"expires_in": "soon"}, {}])
def test_a_token_whose_end_is_not_told_lasts_sixty_days(server, http, credentials, said):
    server.instead["refresh"] = Said(200, json.dumps({"access_token": "THAA1", **said}).encode())
    left = network.ends(network.refresh(http, credentials)) - datetime.now(UTC)
    assert 60 * DAY - EARLY - MINUTE < left < 60 * DAY - EARLY + MINUTE
    assert network.ends({}) is None


# What was said, and answered


class TestThreadsReads(ReadContract):
    network = network
    read_step = "posts"
    author = "@ville"
    tells_alt = True
    tells_size = False
    senseless = [
        *({}, [], None, 1, {"data": None}, {"data": {}}, {"data": [None]}, {"data": ["a"]}, {"paging": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"timestamp": AT}]}, {"data": [{"id": "1", "timestamp": "a"}]}),
        {"data": [], "paging": {"next": "https://graph.threads.net/"}},
    ]

    def repost(self, server, account):
        server.say(account, "", media_type="REPOST_FACADE")

    def delete(self, account):
        account.posts.pop()

    test_words_are_plain_and_links_in_full = None
    """A link is told that has a card"""


def test_what_was_answered_is_not_what_was_said(server, account, http, credentials):
    first = server.say(account, "Menu")
    server.say(account, "Un mot de plus", to=first["id"])
    assert [entry.text for entry in network.read(http, credentials, 10).entries] == ["Menu"]


class TestThreadsHears(HearContract):
    network = network
    hear_step = "conversation"
    senseless = [{}, [], None, 1, {"data": None}, {"data": {}}, {"data": [], "paging": {"next": "https://x/"}}]
    odd = [
        *(None, 5, "a", [], {}, {"id": "1"}, {"timestamp": AT}, {"id": "1", "timestamp": "a", "text": "x"}),
        {"id": "1", "timestamp": AT, "text": 5},
    ]

    @pytest.fixture(autouse=True)
    def sure(self, at_once):
        pass

    def answer(self, server, account, to, text, at):
        return server.say(account, text, at, to=to)["id"]

    def change(self, server, id, text):
        server.post(id)["text"] = text

    def remove(self, server, id):
        for account in server.accounts:
            account.posts = [post for post in account.posts if post["id"] != id]

    def among(self, said, row):
        return {**said, "data": [row, *said["data"]]}

    def facts(self, server, other):
        return other.username, other.username, f"@{other.username}", f"https://www.threads.com/@{other.username}"


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def hear(http, credentials, out):
    return lambda: network.hear(http, credentials, out.id)


@pytest.fixture
def say(server, out):
    other = server.account("asso")
    return lambda text="Merci", at=MORNING, **more: server.say(other, text, at, to=out.id, **more)


@pytest.mark.parametrize(
    ("status", "barred"),
    [("NOT_HUSHED", False), ("UNHUSHED", False), ("HIDDEN", True), ("COVERED", True), ("BLOCKED", True), ("NEW", True)],
)
def test_what_is_hidden_there_is_not_for_everybody(hear, say, status, barred):
    say(hide_status=status)
    assert [one.barred for one in hear().replies] == [barred]


def test_pictures_without_words_and_people_without_a_name(hear, say):
    say("", media_type="IMAGE", username="")
    (reply,) = hear().replies
    assert (reply.text, reply.attached, reply.author.name, reply.author.handle) == ("", True, "", "")


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
    server.script("conversation", "", "500_before")
    assert caught(hear, Transient).code == "server_error"


def test_an_account_that_is_gone_is_no_post_that_is_gone(server, http, credentials, account, out):
    other = {**credentials, "account": "5"}
    account.posts.clear()
    assert caught(lambda: network.hear(http, other, out.id), Unauthorized).code == "scopes"
    assert network.hear(http, credentials, out.id).gone
