"""Mastodon and its kin when things go wrong: lost answers, doubts looked up, refusals in every form, slow pictures."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import mastodon as module
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.conftest import DIALECTS
from contract.test_mastodon import picture
from datetime import datetime
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest


EXPECTED = {
    "reset_before": (OutcomeUnknown, "reset"),
    "reset_after": (OutcomeUnknown, "reset"),
    "500_before": (OutcomeUnknown, "server_error"),
    "500_after": (OutcomeUnknown, "server_error"),
    "429": (RateLimited, "rate_limited"),
    "timeout_before": (OutcomeUnknown, "read_timeout"),
    "timeout_after": (OutcomeUnknown, "read_timeout"),
    "html_200": (OutcomeUnknown, "not_json"),
    "html_200_after": (OutcomeUnknown, "not_json"),
    "html_502": (OutcomeUnknown, "server_error"),
    "json_broken": (OutcomeUnknown, "not_json"),
    "expired": (Unauthorized, "unauthorized"),
    "drip": (OutcomeUnknown, "read_timeout"),
}
HUGE = Said(200, b"[" + b" " * 50_000_000 + b"]")
NOW = datetime.now(UTC)


@pytest.fixture
def server(mastodon):
    return mastodon


@pytest.fixture
def account(server):
    return server.account("mairie")


@pytest.fixture
def credentials(server, account):
    return server.credentials(account)


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0.01,) * 4)


def publishing(http, credentials, post=None, key="k1"):
    return lambda: network.publish(http, credentials, post or Post("Bonjour", NOW), key)


def finding(http, credentials, post=None):
    return lambda: network.find(http, credentials, post or Post("Bonjour", NOW), "k1")


# What each fault means


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("dialect", ["mastodon", "gotosocial"], indirect=True)
def test_faults_of_the_post_itself(server, http, credentials, fault):
    server.script("post", fault)
    error, code = EXPECTED[fault]
    raised = caught(publishing(http, credentials), error)
    assert raised.code == code
    if fault == "429":
        assert 5 < raised.retry_after <= 7
    assert bool(finding(http, credentials)()) == bool(server.posts())


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["media", "statuses", "verify_credentials", "instance_v2"])
def test_faults_without_a_doubt(server, http, credentials, method, fault):
    server.script(method, fault)
    error, code = EXPECTED[fault]
    error = Transient if error is OutcomeUnknown else error
    calls = {
        "media": publishing(http, credentials, Post("Bonjour", NOW, picture=picture())),
        "statuses": finding(http, credentials),
    }
    call = calls.get(method, lambda: network.whoami(http, credentials))
    if method == "instance_v2" and code in ("not_json", "unauthorized"):
        assert call().facts["chars"] == "500"
    else:
        assert caught(call, error).code == code
    assert server.posts() == []


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in ("429", "expired")])
def test_to_register_is_never_a_doubt(server, http, fault):
    server.script("apps", fault)
    code = EXPECTED[fault][1]
    raised = caught(
        lambda: network.client(http, {"server": server.url}, "https://a.example/b"),
        Rejected if code == "not_json" else Transient,
    )
    assert raised.code == ("not_mastodon" if code == "not_json" else code)


def test_a_server_that_is_down(server, http, credentials):
    server.down()
    assert caught(publishing(http, credentials), Transient).code == "refused_connection"


@pytest.mark.parametrize("fault", ["reset_before", "500_before", "timeout_after"])
def test_faults_while_a_picture_is_prepared_are_asked_over(server, http, credentials, fault):
    server.slow_media = 2
    server.script("media_state", "", fault)
    http.deadline = 2.0
    publishing(http, credentials, Post("a", NOW, picture=picture()))()
    assert (server.posts(), server.calls["media"]) == (["a"], 1)


def test_a_server_that_asks_to_slow_down_is_not_asked_over(server, http, credentials):
    server.slow_media = 2
    server.script("media_state", "", "429")
    caught(publishing(http, credentials, Post("a", NOW, picture=picture())), RateLimited)
    assert (server.posts(), server.calls["media_state"]) == ([], 2)


def caught_any(call):
    with pytest.raises(NetworkError) as info:
        call()
    return info.value


@pytest.mark.parametrize("method, call", [("post", publishing), ("statuses", finding)])
def test_a_huge_answer(server, http, credentials, method, call):
    server.instead[method] = HUGE
    assert caught_any(call(http, credentials)).code == "too_large"


# Pictures


def test_a_slow_picture(server, http, credentials):
    server.slow_media = 3
    publishing(http, credentials, Post("Avec image", NOW, picture=picture()))()
    assert server.calls["media_state"] == 4
    assert server.posts() == ["Avec image"]


def test_a_picture_that_is_never_ready(server, http, credentials):
    server.slow_media = 50
    raised = caught(publishing(http, credentials, Post("Avec image", NOW, picture=picture())), Transient)
    assert (raised.code, raised.params) == ("media_slow", {"host": "127.0.0.1"})
    assert server.posts() == []


def test_a_picture_that_turns_out_bad(server, http, credentials):
    server.slow_media = 3
    server.instead["media_state"] = Said(422, b'{"error": "Error processing thumbnail"}')
    raised = caught(publishing(http, credentials, Post("a", NOW, picture=picture())), Rejected)
    assert raised.params["reason"] == "Error processing thumbnail"


def test_junk_is_no_picture(http, credentials):
    junk = Picture(b"junk", "image/jpeg", 4, 3, "Alt")
    assert caught(publishing(http, credentials, Post("a", NOW, picture=junk)), Rejected).code == "rejected"


def test_a_picture_without_an_id(server, http, credentials):
    server.instead["media"] = Said(200, b'{"id": null}')
    assert caught(publishing(http, credentials, Post("a", NOW, picture=picture())), Transient).code == "not_json"


# Refusals


def refused(server, status, body, kind="application/json"):
    server.instead["post"] = Said(status, body if isinstance(body, bytes) else json.dumps(body).encode(), kind)


SCOPES = "This action is outside the authorized scopes"
PAGE = b"<!DOCTYPE html><head><title>Error</title><style>p {}</style></head><h1>%s</h1>"


@pytest.mark.parametrize(
    "status, body, error, code",
    [
        (401, {"error": "The access token is invalid"}, Unauthorized, "unauthorized"),
        (401, PAGE % b"401", Unauthorized, "unauthorized"),
        (400, b"Bad Request: token not recognised", Unauthorized, "unauthorized"),
        (400, PAGE % b"Invalid token", Unauthorized, "unauthorized"),
        (400, {"error": "invalid_token"}, Unauthorized, "unauthorized"),
        (400, {"error": "status contains a bad token"}, Rejected, "rejected"),
        (400, b"Bad Request", Transient, "not_json"),
        (403, {"error": SCOPES}, Unauthorized, "scopes"),
        (403, PAGE % SCOPES.encode(), Unauthorized, "scopes"),
        (403, {"error": "Insufficient permissions: write:statuses."}, Unauthorized, "scopes"),
        (403, {"error": "Invalid credentials."}, Unauthorized, "unauthorized"),
        (403, {"error": "Your login is currently disabled"}, Rejected, "rejected"),
        (403, PAGE % b"Access denied by the firewall", Transient, "not_json"),
        (404, {"error": "Record not found"}, Rejected, "rejected"),
        (410, PAGE % b"Gone", Transient, "not_json"),
        (413, PAGE % b"Request Entity Too Large", Rejected, "rejected"),
        (422, {"error": "Validation failed: Text has already been taken"}, Rejected, "rejected"),
        (422, PAGE % b"Validation failed", Rejected, "rejected"),
        (422, b"\xff\xfe", Rejected, "rejected"),
        (302, b"", Transient, "not_json"),
        (200, {"error": "no id"}, OutcomeUnknown, "not_json"),
        (200, [1], OutcomeUnknown, "not_json"),
        (202, {"id": "\n"}, OutcomeUnknown, "not_json"),
        (503, PAGE % b"Maintenance", OutcomeUnknown, "server_error"),
    ],
)
def test_refusals(server, http, credentials, status, body, error, code):
    refused(server, status, body)
    assert caught(publishing(http, credentials), error).code == code


@pytest.mark.parametrize(
    "body, reason",
    [
        (b'{"error": "Validation failed: Text is\\n too long"}', "Validation failed: Text is too long"),
        (PAGE % b"Validation &amp;<br>failed", "Error Validation & failed"),
        (b'{"error": "no %s"}', ""),
        (b"<p>no %s</p>", ""),
    ],
)
def test_the_reason_is_the_servers_without_secrets(server, http, credentials, body, reason):
    refused(server, 422, body.replace(b"%s", credentials["token"].encode()))
    raised = caught(publishing(http, credentials), Rejected)
    assert raised.params == {"host": "127.0.0.1", "status": 422, "reason": reason, "name": ""}


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_a_revoked_token(server, http, credentials):
    server.revoke()
    for call in (publishing, finding):
        assert caught(call(http, credentials), Unauthorized).code == "unauthorized"
    assert caught(lambda: network.whoami(http, credentials), Unauthorized).code == "unauthorized"


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_a_token_of_too_few_scopes(server, http, account):
    few = server.credentials(account, ("read:accounts",))
    assert caught(publishing(http, few), Unauthorized).code == "scopes"
    assert caught(finding(http, few), Unauthorized).code == "scopes"


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_a_post_that_is_too_long(server, http, credentials):
    assert caught(publishing(http, credentials, Post("é" * 501, NOW)), Rejected).code == "rejected"


def test_a_vanished_account(server, http, credentials):
    server.accounts.clear()
    assert caught(finding(http, credentials), Rejected).code == "rejected"


# Many at once


@pytest.mark.parametrize("dialect", ["gotosocial"], indirect=True)
def test_chaos_loses_and_doubles_nothing(server, http, credentials):
    """After each doubt it is looked up, which is what `Finds` is for; the server ignores keys."""
    server.hold, http.deadline = 0.2, 0.1
    server.chaos(0.35, seed=4)
    for number in range(30):
        post, doubt = Post(f"Post {number}", NOW), False
        for _ in range(60):
            try:
                if doubt and network.find(http, credentials, post, "k"):
                    break
                doubt = False
                network.publish(http, credentials, post, "k")
                break
            except OutcomeUnknown:
                doubt = True
            except (Transient, Unauthorized):
                pass
    assert sorted(server.posts()) == sorted(f"Post {number}" for number in range(30))
