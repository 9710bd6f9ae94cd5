"""X on the scripted server: linked by keys or by consent, and how either lasts."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.linking import consented
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
import requests


KEYS = ("api_key", "api_secret", "access_token", "access_secret")
NOW = datetime.now(UTC)


# Linking by keys


def test_keys_that_are_typed(server, http, account):
    typed = {name: f" {value}\n" for name, value in server.keys(account).items() if name in KEYS}
    connection = network.connect(http, typed)
    assert connection.identity.id == account.id
    assert (connection.identity.name, connection.identity.url) == ("@mairie", "https://x.com/mairie")
    assert dict(connection.credentials) == {name: value.strip() for name, value in typed.items()} | {
        "account": account.id,
        "handle": "mairie",
    }
    assert typed["access_secret"].strip() not in repr(connection)


@pytest.mark.parametrize("wrong", KEYS)
@pytest.mark.parametrize("value", ["", "wrong", "clé secrète\r\nX: y"])
def test_wrong_keys(server, http, account, wrong, value):
    error = caught(lambda: network.connect(http, server.keys(account) | {wrong: value}), Unauthorized)
    assert error.code == "wrong_keys"
    assert server.calls["me"] == 1


def test_keys_without_the_right_to_post(server, http, account):
    keys = server.keys(account, "read")
    assert caught(lambda: network.connect(http, keys), Unauthorized).code == "keys_read_only"
    assert caught(lambda: network.publish(http, keys, Post("Bonjour", NOW), "k"), Unauthorized).code == "scopes"


def test_keys_have_nothing_to_renew(server, http, account):
    keys = server.keys(account)
    assert network.refresh(http, keys) == keys
    server.revoke()
    assert caught(lambda: network.refresh(http, keys), Unauthorized).code == "unauthorized"
    assert server.calls["token"] == 0


@pytest.mark.parametrize("by", [-600, 600])
def test_a_clock_that_is_off(server, http, account, monkeypatch, by):
    keys = server.keys(account)
    stamp = str(int(datetime.now(UTC).timestamp()) + by)
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_timestamp", lambda: stamp)
    calls = [
        lambda: network.connect(http, keys),
        lambda: network.refresh(http, keys),
        lambda: network.publish(http, keys, Post("Bonjour", NOW), "k"),
    ]
    assert [caught(call, Unauthorized).code for call in calls] == ["clock"] * 3


# Linking by consent


def linked(server, http, *button):
    return consented(network, server, http, *button, typed=server.app(BACK))


def test_the_way_of_consent(server, http, account):
    client, consent, back = linked(server, http)
    tokens = consent.tokens(http, back["code"])
    assert tokens["expires_in"] == "7200"
    (connection,) = network.identify(http, client, tokens)
    assert connection.identity.name == "@mairie"
    names = {"client_id", "client_secret", "access", "refresh", "ends", "account", "handle"}
    assert set(connection.credentials) == names
    assert client.secret not in repr(connection) + repr(client)
    receipt = network.publish(http, connection.credentials, Post("Bonjour", NOW), "k1")
    assert server.posts() == ["Bonjour"]
    assert receipt.url == f"https://x.com/mairie/status/{receipt.id}"


def test_no_is_an_answer(server, http, account):
    assert linked(server, http, "deny")[2]["error"] == "access_denied"


def test_a_code_is_good_once_for_who_asked_and_thirty_seconds(server, http, account):
    client, consent, back = linked(server, http)
    other = Consent(client, BACK, network.scopes)
    assert caught(lambda: other.tokens(http, back["code"]), Rejected).code == "consent_failed"
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"
    client, consent, back = linked(server, http)
    server.now = lambda: datetime.now(UTC) + timedelta(seconds=31)
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"


def test_smaller_rights_than_asked_for(server, http, account):
    server.grants = ("tweet.read", "users.read", "offline.access")
    _client, consent, back = linked(server, http)
    error = caught(lambda: consent.tokens(http, back["code"]), Rejected)
    assert error.params["names"] == "tweet.write, media.write"


def test_an_account_that_would_be_lost_in_two_hours(http):
    client = network.client(http, {"client_id": "a", "client_secret": "b"}, BACK)
    error = caught(lambda: network.identify(http, client, {"access_token": "a"}), Rejected)
    assert (error.code, error.params) == ("scopes_missing", {"names": "offline.access"})


@pytest.mark.parametrize("wrong", ["client_id", "client_secret"])
def test_an_app_that_cannot_be(http, wrong):
    answers = {"client_id": "a", "client_secret": "b", wrong: "clé"}
    assert caught(lambda: network.client(http, answers, BACK), Rejected).code == "consent_failed"


def test_a_wrong_secret(server, http, account):
    client, consent, back = linked(server, http)
    server.apps.clear()
    error = caught(lambda: consent.tokens(http, back["code"]), Rejected)
    assert error.params == {"reason": "unauthorized_client"}


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": f"{BACK}/x"}, {"scope": "dm.write"}, {"state": ""}, {"code_challenge": "x"}, {"more": "1"}],
)
def test_the_scripted_server_takes_nothing_but_what_is_documented(server, http, account, changes):
    client = network.client(http, server.app(BACK), BACK)
    asked = dict(parse_qsl(urlsplit(Consent(client, BACK, network.scopes).address()).query))
    assert requests.get(client.authorize, params=asked, timeout=10).status_code == 200
    assert requests.get(client.authorize, params=asked | changes, timeout=10).status_code == 400


# Sessions


def test_a_session_that_has_expired(server, http, account):
    old = server.credentials(account)
    server.now = lambda: datetime.now(UTC) + timedelta(hours=2, seconds=1)
    assert caught(lambda: network.publish(http, old, Post("a", NOW), "k"), Unauthorized).code == "unauthorized"
    new = network.refresh(http, old)
    assert network.whoami(http, new).id == account.id
    assert set(new) == {*old, "ends"}
    assert timedelta(minutes=119) < network.ends(new) - datetime.now(UTC) <= timedelta(hours=2)
    assert new["access"] != old["access"] and new["refresh"] != old["refresh"]
    assert caught(lambda: network.whoami(http, old), Unauthorized).code == "unauthorized"


def test_a_refresh_token_is_good_once(server, http, account):
    old = server.credentials(account)
    new = network.refresh(http, old)
    error = caught(lambda: network.refresh(http, old), Unauthorized)
    assert (error.code, error.params["reason"]) == ("unauthorized", "Value passed for the token was invalid.")
    for call in (network.whoami, network.refresh):  # it may be stolen, so the new ones are void too
        assert caught(lambda call=call: call(http, new), Unauthorized).code == "unauthorized"


@pytest.mark.parametrize("fault, code", [("reset_after", "reset"), ("timeout_after", "read_timeout")])
def test_a_new_session_whose_answer_is_lost(server, http, account, fault, code):
    """Only X knows whether the token was used up: the next try shows it."""
    credentials = server.credentials(account)
    server.script("token", fault)
    assert caught(lambda: network.refresh(http, credentials), Transient).code == code
    assert caught(lambda: network.refresh(http, credentials), Unauthorized).code == "unauthorized"
    credentials = server.credentials(account)
    server.script("token", fault.replace("after", "before"))
    assert caught(lambda: network.refresh(http, credentials), Transient).code == code
    assert network.whoami(http, network.refresh(http, credentials)).id == account.id


@pytest.mark.parametrize("said", [b"{}", b'{"access_token": "a"}', b'{"access_token": 1, "refresh_token": "b"}', b"[]"])
def test_a_session_that_is_none(server, http, account, said):
    server.instead["token"] = Said(200, said)
    assert caught(lambda: network.refresh(http, server.credentials(account)), Transient).code == "not_json"
