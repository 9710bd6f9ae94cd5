"""Facebook pages on the scripted server: from the dialog to the token of a page."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.facebook import network
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import shown
from contract.linking import consented
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said
from functools import partial
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import json
import pytest
import requests


asked = partial(consented, network)


def test_the_way_of_consent(server, http, account, tokens):
    client, got = tokens
    assert got["expires_in"] == "5100"
    (connection,) = network.identify(http, client, got)
    assert (connection.identity.id, connection.identity.name) == (account.id, "Ville")
    assert connection.identity.url == account.link
    kept = dict(connection.credentials)
    assert set(kept) == {"app_secret", "account", "token"}
    assert kept["token"] != got["access_token"]
    assert not any(secret in repr(connection) + repr(client) for secret in (client.secret, kept["token"]))
    server.now = lambda: datetime.now(UTC) + timedelta(days=400)
    network.publish(http, kept, Post("Bonjour", datetime.now(UTC)), "k1")
    assert server.posts() == ["Bonjour"]
    assert network.whoami(http, kept) == connection.identity


def test_a_choice_among_the_pages_on_which_one_may_post(server, http, account, tokens):
    server.account("Musée", ("ANALYZE", "MODERATE"))
    library = server.account("Médiathèque", ("CREATE_CONTENT",))
    connections = network.identify(http, *tokens)
    assert [connection.identity.name for connection in connections] == ["Ville", "Médiathèque"]
    assert len({connection.credentials["token"] for connection in connections}) == 2
    network.publish(http, connections[1].credentials, Post("Lire", datetime.now(UTC)), "k")
    assert [post["said"] for post in library.posts] == ["Lire"]
    assert account.posts == []


@pytest.mark.parametrize("task", ["CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL"])
def test_each_task_that_lets_one_post(server, http, account, tokens, task):
    server.person.tasks[account.id] = ["ANALYZE", task]
    assert len(network.identify(http, *tokens)) == 1


def test_more_pages_than_facebook_lists_at_once(server, http, account, tokens):
    for number in range(120):
        server.account(f"Page {number}")
    assert len(network.identify(http, *tokens)) == 121
    assert server.calls["accounts"] == 2


def test_more_pages_than_anybody_has(server, http, account, tokens):
    for number in range(520):
        server.account(f"Page {number}")
    assert len(network.identify(http, *tokens)) == 500


@pytest.mark.parametrize("tasks", [(), ("ANALYZE", "ADVERTISE")])
def test_no_page_to_post_on(server, http, account, tokens, tasks):
    server.person.tasks[account.id] = list(tasks)
    error = caught(lambda: network.identify(http, *tokens), Rejected)
    assert (error.code, error.params) == ("no_page", {})
    server.person.tasks.clear()
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "no_page"


@pytest.mark.parametrize(
    "row",
    [5, None, {}, {"id": "1", "name": "a"}, {"tasks": ["CREATE_CONTENT"]}, {"access_token": "a", "tasks": [{}, []]}],
)
def test_a_page_without_a_token_is_no_choice(server, http, tokens, row):
    server.instead["accounts"] = Said(200, json.dumps({"data": [row]}).encode())
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "no_page"


@pytest.mark.parametrize("lacks", ["id", "name"])
def test_a_page_without_a_name(server, http, tokens, lacks):
    row = {"id": "1", "name": "Ville", "access_token": "EAA1", "tasks": ["CREATE_CONTENT"]}
    del row[lacks]
    server.instead["accounts"] = Said(200, json.dumps({"data": [row]}).encode())
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "not_json"


def test_no_is_an_answer(server, http, account):
    assert asked(server, http, "cancel")[2]["error"] == "access_denied"


@pytest.mark.parametrize("declined", [("pages_manage_posts",), ("pages_show_list", "pages_read_engagement")])
def test_smaller_rights_than_asked_for(server, http, account, declined):
    server.declined = declined
    client, consent, back = asked(server, http)
    error = caught(lambda: network.identify(http, client, consent.tokens(http, back["code"])), Rejected)
    assert (error.code, error.params) == ("scopes_missing", {"names": ", ".join(declined)})


@pytest.mark.parametrize("declined", [(), ("pages_read_user_content",)])
def test_the_right_to_read_comments_may_be_declined(server, http, account, declined):
    """Posts leave all the same."""
    server.declined = declined
    client = network.client(http, server.app(), BACK)
    consent = Consent(client, BACK, (*network.scopes, *network.hearing_scopes))
    back = dict(parse_qsl(urlsplit(server.consent(consent.address())).query))
    (connection,) = network.identify(http, client, consent.tokens(http, back["code"]))
    out = network.publish(http, connection.credentials, Post("Bonjour", datetime.now(UTC)), "k1")
    if declined:
        assert caught(lambda: network.hear(http, connection.credentials, out.id), Unauthorized).code == "scopes"
    else:
        assert network.hear(http, connection.credentials, out.id).complete


def test_the_wrong_secret_is_told_in_meta_s_own_words(server, http, account):
    """As docs/how-to/en/link-facebook.md quotes it."""
    _client, consent, back = asked(server, http)
    other = replace(consent, client=replace(consent.client, secret="0" * 32))
    reason = caught(lambda: other.tokens(http, back["code"]), Rejected).params["reason"]
    assert reason == "Error validating client secret"


def test_a_code_is_good_once_and_ten_minutes(server, http, account):
    _client, consent, back = asked(server, http)
    consent.tokens(http, back["code"])
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"
    _client, consent, back = asked(server, http)
    server.now = lambda: datetime.now(UTC) + timedelta(minutes=11)
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"


@pytest.mark.parametrize("change", ["verifier", "redirect_uri"])
def test_a_code_is_good_for_who_asked_and_where(server, http, account, change):
    client, consent, back = asked(server, http)
    other = replace(consent, **{change: f"{getattr(consent, change)}x"})
    assert caught(lambda: other.tokens(http, back["code"]), Rejected).code == "consent_failed"


def test_a_wrong_app_secret(server, http, account):
    client, consent, back = asked(server, http)
    wrong = Client(client.id, "0" * 32, client.authorize, client.token)
    error = caught(lambda: Consent(wrong, BACK, network.scopes).tokens(http, back["code"]), Rejected)
    assert error.code == "consent_failed"
    assert "client secret" in error.params["reason"]


def test_an_app_secret_that_was_changed_meanwhile(server, http, account, tokens):
    client, got = tokens
    wrong = Client(client.id, "0" * 32, client.authorize, client.token)
    assert caught(lambda: network.identify(http, wrong, got), Unauthorized).code == "app_secret"


@pytest.mark.parametrize("id", ["", "abc", "12 34", "１２３", "-1", "https://www.facebook.com/1"])
def test_an_app_that_cannot_be(http, id):
    error = caught(lambda: network.client(http, {"app_id": id, "app_secret": "a"}, BACK), Rejected)
    assert (error.code, error.params) == ("app_id_invalid", {})


# What goes wrong on the way from the person's token to the page's


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["token", "permissions", "accounts"])
def test_faults_on_the_way_link_nothing_and_are_no_doubt(server, http, tokens, name, fault):
    server.hold, http.deadline = 1.0, 0.7
    server.script(name, fault)
    kind = {"429": RateLimited, "expired": Unauthorized}.get(fault, Transient)
    assert tokens[0].secret not in shown(caught(lambda: network.identify(http, *tokens), kind))
    assert network.identify(http, *tokens)


@pytest.mark.parametrize("said", [b"{}", b'{"access_token": {}}', '{"access_token": "é"}'.encode(), b"[]"])
def test_a_token_that_is_none(server, http, tokens, said):
    server.instead["token"] = Said(200, said)
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "not_json"


@pytest.mark.parametrize("said", [b"{}", b'{"data": 5}', b"[]"])
def test_rights_that_are_not_told(server, http, tokens, said):
    server.instead["permissions"] = Said(200, said)
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "not_json"


def test_a_version_that_was_never_there(server, http, tokens, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", "v99.0")
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "graph_version"


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": f"{BACK}/x"}, {"scope": "publish_actions"}, {"state": ""}, {"client_id": "1"}, {"more": "1"}],
)
def test_the_scripted_dialog_takes_nothing_but_what_is_documented(server, http, account, changes):
    client = network.client(http, server.app(), BACK)
    query = dict(parse_qsl(urlsplit(Consent(client, BACK, network.scopes).address()).query))
    where = client.authorize.partition("?")[0]
    assert requests.get(where, params=query, timeout=10).status_code == 200
    assert requests.get(where, params=query | changes, timeout=10).status_code == 400
