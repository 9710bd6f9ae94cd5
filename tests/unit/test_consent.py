"""The grammar of OAuth 2, against a server of ours under TLS: oauthlib refuses to speak in the clear."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.accounts.consent import load
from collective.socialterritory.accounts.consent import missing
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Client
from dataclasses import replace
from hostile import certificate
from hostile import hostile
from hostile import reply
from hostile import resolving
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import base64
import hashlib
import json
import pytest


BACK = "https://www.town.example/@@social-linked"
SCOPES = ("read:accounts", "write:statuses")


@pytest.fixture
def server(tmp_path, monkeypatch):
    context, authority = certificate(tmp_path, "social.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with hostile(context) as server:
        yield server


@pytest.fixture
def http(server):
    return Http(frozenset({f"social.example:{server.port}"}), resolve=resolving("127.0.0.1"), deadline=5)


@pytest.fixture
def asked(server):
    origin = f"https://social.example:{server.port}"
    return Consent(Client("us", "s3cret", f"{origin}/authorize", f"{origin}/token"), BACK, SCOPES)


def answer(server, said, status=200):
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    server.answers["/token"] = reply(body, status, "Content-Type: application/json")


def test_a_person_is_sent_with_a_state_and_a_challenge_and_without_secrets(asked):
    query = {name: values[0] for name, values in parse_qs(urlsplit(asked.address()).query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(asked.verifier.encode()).digest()).decode().rstrip("=")
    assert query == {
        "response_type": "code",
        "client_id": "us",
        "redirect_uri": BACK,
        "scope": "read:accounts write:statuses",
        "state": asked.state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    assert len(asked.state) >= 43 and 43 <= len(asked.verifier) <= 128
    assert "s3cret" not in f"{asked.address()}{asked!r}" and asked.verifier not in f"{asked.address()}{asked!r}"


def test_nobody_is_sent_to_a_page_without_tls():
    client = Client("us", "s3cret", "http://social.example/authorize", "http://social.example/token")
    with pytest.raises(NetworkError, match="pds_insecure"):
        Consent(client, BACK, SCOPES).address()


def test_no_two_are_alike(asked):
    other = Consent(asked.client, BACK, SCOPES)
    assert other.state != asked.state and other.verifier != asked.verifier


def test_what_the_vault_keeps_is_the_same_question(asked):
    assert load(asked.dump()) == asked


def test_a_code_is_exchanged_in_the_body_with_verifier_and_secret(server, http, asked):
    answer(server, {"access_token": "t0ken", "token_type": "Bearer", "scope": "read:accounts write:statuses"})
    assert asked.tokens(http, "the code") == {"access_token": "t0ken"}
    sent = server.asked[0].decode()
    head, _, body = sent.partition("\r\n\r\n")
    assert head.startswith("POST /token HTTP/1.1") and "Accept-Encoding: gzip\r\n" in head
    assert {name: values[0] for name, values in parse_qs(body).items()} == {
        "grant_type": "authorization_code",
        "code": "the code",
        "redirect_uri": BACK,
        "client_id": "us",
        "client_secret": "s3cret",
        "code_verifier": asked.verifier,
    }


def test_what_keeps_an_account_linked_comes_along(server, http, asked):
    said = {"access_token": "t0ken", "token_type": "Bearer", "refresh_token": "r", "expires_in": 7200, "more": 1}
    answer(server, said)
    assert asked.tokens(http, "c") == {"access_token": "t0ken", "refresh_token": "r", "expires_in": "7200"}
    answer(server, said | {"refresh_token_expires_in": 31536000})
    assert asked.tokens(http, "c")["refresh_token_expires_in"] == "31536000"


def test_where_id_and_secret_go_into_the_header(server, http, asked):
    asked = replace(asked, client=replace(asked.client, basic=True))
    assert load(asked.dump()) == asked
    answer(server, {"access_token": "t0ken", "token_type": "Bearer"})
    asked.tokens(http, "c")
    head, _, body = server.asked[0].decode().partition("\r\n\r\n")
    assert f"Authorization: Basic {base64.b64encode(b'us:s3cret').decode()}" in head
    assert set(parse_qs(body)) == {"grant_type", "code", "redirect_uri", "code_verifier"}


def test_a_network_that_refuses_who_speaks_of_pkce(server, http, asked):
    asked = replace(asked, client=replace(asked.client, pkce=False))
    assert load(asked.dump()) == asked
    assert "challenge" not in asked.address()
    answer(server, {"access_token": "t0ken", "token_type": "Bearer"})
    asked.tokens(http, "c")
    body = server.asked[0].decode().partition("\r\n\r\n")[2]
    assert set(parse_qs(body)) == {"grant_type", "code", "redirect_uri", "client_id", "client_secret"}


def test_nobody_is_asked_about_no_code(server, http, asked):
    with pytest.raises(NetworkError, match="consent_failed"):
        asked.tokens(http, "")
    assert server.asked == []


@pytest.mark.parametrize(
    "scope", ["read write push", "write:statuses read:accounts", "write:statuses,read:accounts", ""]
)
def test_broader_rights_or_none_named_are_enough(server, http, asked, scope):
    said = {"access_token": "t0ken", "token_type": "Bearer"}
    answer(server, said | ({"scope": scope} if scope else {}))
    assert asked.tokens(http, "c")["access_token"] == "t0ken"


@pytest.mark.parametrize(
    ("said", "status", "code", "params"),
    [
        ({"access_token": "t", "token_type": "Bearer", "scope": "read"}, 200, "scopes_missing", "write:statuses"),
        ({"error": "invalid_grant", "error_description": "used"}, 400, "consent_failed", "invalid_grant"),
        ({"error": "<b>x</b>" * 50}, 400, "consent_failed", "b x b b x b"),
        ({"no": "token"}, 200, "consent_failed", "missing_token"),
        ([1], 200, "not_json", "social.example"),
        (b"<html>", 200, "not_json", "social.example"),
        (b"<html>", 502, "server_error", "social.example"),
    ],
)
def test_an_answer_that_gives_no_token(server, http, asked, said, status, code, params):
    answer(server, said, status)
    with pytest.raises(NetworkError) as caught:
        asked.tokens(http, "c")
    assert caught.value.code == code
    assert params in str(caught.value.params)
    assert "<" not in str(caught.value.params)


def test_a_redirect_of_the_token_is_not_followed(server, http, asked):
    server.answers["/token"] = reply(b"", 302, "Location: /elsewhere")
    with pytest.raises(NetworkError):
        asked.tokens(http, "c")
    assert len(server.asked) == 1


def test_errors_of_the_door_come_through(asked):
    with pytest.raises(NetworkError, match="forbidden_port"):
        asked.tokens(Http(), "c")


def test_missing():
    assert missing(("read:accounts", "write:media"), ["read", "write:statuses"]) == ["write:media"]
    assert missing((), []) == []
