"""Mastodon and its kin when things go wrong in their own ways: refusals in every form, slow pictures."""

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
from contract.base import picture
from contract.failures import EXPECTED
from contract.mastodon.dialects import DIALECTS
from datetime import datetime
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest
import time


NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    monkeypatch.setattr(module, "WAITS", (0.01,) * 4)


# What each fault means


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_what_a_server_tells_of_itself(server, http, credentials, fault):
    server.script("instance_v2", fault)
    error, code = EXPECTED[fault]
    if code in ("not_json", "unauthorized"):
        assert network.whoami(http, credentials).facts["chars"] == "500"
    else:
        raised = caught(lambda: network.whoami(http, credentials), Transient if error is OutcomeUnknown else error)
        assert raised.code == code
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


@pytest.mark.parametrize("fault", ["reset_before", "500_before", "timeout_after"])
def test_faults_while_a_picture_is_prepared_are_asked_over(server, publish, fault):
    server.slow_media = 2
    server.script("media_state", "", fault)
    publish(Post("a", NOW, pictures=(picture(),)))
    assert (server.posts(), server.calls["media"]) == (["a"], 1)


def test_a_server_that_asks_to_slow_down_is_not_asked_over(server, publish):
    server.slow_media = 2
    server.script("media_state", "", "429")
    caught(lambda: publish(Post("a", NOW, pictures=(picture(),))), RateLimited)
    assert (server.posts(), server.calls["media_state"]) == ([], 2)


# Pictures


def test_a_slow_picture(server, publish):
    server.slow_media = 3
    publish(Post("Avec image", NOW, pictures=(picture(),)))
    assert server.calls["media_state"] == 4
    assert server.posts() == ["Avec image"]


def test_a_picture_that_is_never_ready(server, publish):
    server.slow_media = 50
    raised = caught(lambda: publish(Post("Avec image", NOW, pictures=(picture(),))), Transient)
    assert (raised.code, raised.params) == ("media_slow", {"host": "127.0.0.1"})
    assert server.posts() == []


def test_a_picture_that_turns_out_bad(server, publish):
    server.slow_media = 3
    server.instead["media_state"] = Said(422, b'{"error": "Error processing thumbnail"}')
    raised = caught(lambda: publish(Post("a", NOW, pictures=(picture(),))), Rejected)
    assert raised.params["reason"] == "Error processing thumbnail"


def test_junk_is_no_picture(publish):
    junk = Picture(b"junk", "image/jpeg", 4, 3, "Alt")
    assert caught(lambda: publish(Post("a", NOW, pictures=(junk,))), Rejected).code == "rejected"


def test_a_picture_without_an_id(server, publish):
    server.instead["media"] = Said(200, b'{"id": null}')
    assert caught(lambda: publish(Post("a", NOW, pictures=(picture(),))), Transient).code == "not_json"


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
def test_refusals(server, publish, status, body, error, code):
    refused(server, status, body)
    assert caught(publish, error).code == code


@pytest.mark.parametrize(
    "body, reason",
    [
        (b'{"error": "Validation failed: Text is\\n too long"}', "Validation failed: Text is too long"),
        (PAGE % b"Validation &amp;<br>failed", "Error Validation & failed"),
        (b'{"error": "no %s"}', ""),
        (b"<p>no %s</p>", ""),
    ],
)
def test_the_reason_is_the_servers_without_secrets(server, credentials, publish, body, reason):
    refused(server, 422, body.replace(b"%s", credentials["token"].encode()))
    raised = caught(publish, Rejected)
    assert raised.params == {"host": "127.0.0.1", "status": 422, "reason": reason, "name": ""}


@pytest.mark.parametrize("dialect", ["plain", "closed"], indirect=True)
def test_a_token_that_is_revoked(server, http, credentials, publish, find):
    server.revoke()
    for call in (publish, find):
        assert caught(call, Unauthorized).code == "unauthorized"
    assert caught(lambda: network.whoami(http, credentials), Unauthorized).code == "unauthorized"


def test_who_we_are_is_asked_within_one_deadline(server, http, credentials):
    server.delay, http.deadline = 0.6, 1.0
    started = time.monotonic()
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "read_timeout"
    assert time.monotonic() - started < 1.8


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_a_token_of_too_few_scopes(server, http, account):
    few = server.credentials(account, ("read:accounts",))
    for call in (network.publish, network.find):
        assert caught(lambda call=call: call(http, few, Post("Bonjour", NOW), "k1"), Unauthorized).code == "scopes"


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_a_post_that_is_too_long(publish):
    assert caught(lambda: publish(Post("é" * 501, NOW)), Rejected).code == "rejected"


def test_a_vanished_account(server, find):
    server.accounts.clear()
    assert caught(find, Rejected).code == "rejected"
