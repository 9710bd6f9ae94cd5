"""X when things go wrong in its own ways: refusals, limits, money."""

from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.base import picture
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said

import json
import pytest
import time


NOW = datetime.now(UTC)
PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"


# Refusals


def refused(server, status, body):
    server.instead["tweet"] = Said(status, body if isinstance(body, bytes) else json.dumps(body).encode())


OLD = {"errors": [{"code": 187, "message": "Status is a duplicate."}]}
LOCKED = "Your account is temporarily locked. Please log in."
ENROLL = {"title": "Client Forbidden", "reason": "client-not-enrolled", "detail": "When authenticating, use keys"}


@pytest.mark.parametrize(
    "status, body, error, code",
    [
        (200, {"errors": [{"title": "Invalid", "detail": "No"}]}, Rejected, "rejected"),
        (201, {"errors": [{"title": "Invalid"}], "data": None}, Rejected, "rejected"),
        (200, {"errors": [{"detail": "Partial"}], "data": {}}, OutcomeUnknown, "not_json"),
        (200, {"errors": []}, OutcomeUnknown, "not_json"),
        (201, {"data": {"id": "\n"}}, OutcomeUnknown, "not_json"),
        (201, [1], OutcomeUnknown, "not_json"),
        (201, PAGE, OutcomeUnknown, "not_json"),
        (302, b"", Transient, "not_json"),
        (400, {"detail": "One or more parameters was invalid."}, Rejected, "rejected"),
        (400, {"errors": [{"code": 215, "message": "Bad Authentication data."}]}, Unauthorized, "unauthorized"),
        (400, {}, Rejected, "rejected"),
        (400, {"errors": 5}, Rejected, "rejected"),
        (400, [1], Transient, "not_json"),
        (401, {"title": "Unauthorized", "detail": "Unauthorized"}, Unauthorized, "unauthorized"),
        (401, {"errors": [{"code": 135, "message": "Timestamp out of bounds."}]}, Unauthorized, "clock"),
        (401, PAGE, Unauthorized, "unauthorized"),
        (402, {"title": "CreditsDepleted"}, Billing, "billing"),
        (402, PAGE, Billing, "billing"),
        (403, {"title": "UsageCapExceeded", "detail": "Usage cap exceeded"}, Billing, "billing"),
        (403, ENROLL, Billing, "billing"),
        (429, {"type": "https://api.twitter.com/2/problems/usage-capped"}, Billing, "billing"),
        (429, PAGE, RateLimited, "rate_limited"),
        (403, {"detail": "You are not permitted to perform this action."}, Rejected, "rejected"),
        (403, {"detail": "x", "type": "https://api.twitter.com/2/problems/oauth1-permissions"}, Unauthorized, "scopes"),
        (403, {"detail": LOCKED}, Unauthorized, "unauthorized"),
        (403, OLD, OutcomeUnknown, "duplicate"),
        (403, PAGE, Transient, "not_json"),
        (404, {"title": "Not Found"}, Rejected, "rejected"),
        (413, PAGE, Rejected, "rejected"),
        (500, {"title": "Timestamp UsageCapExceeded"}, OutcomeUnknown, "server_error"),
        (503, PAGE, OutcomeUnknown, "server_error"),
    ],
)
def test_refusals(server, publish, status, body, error, code):
    refused(server, status, body)
    assert caught(publish, error).code == code


@pytest.mark.parametrize("way", ["keys"], indirect=True)
@pytest.mark.parametrize("secret", ["api_key", "api_secret", "access_token", "access_secret"])
def test_the_reason_is_the_networks_without_secrets(server, credentials, publish, secret):
    refused(server, 400, {"detail": "Wrong\n parameter", "title": "Invalid Request"})
    raised = caught(publish, Rejected)
    assert raised.params == {"host": "127.0.0.1", "status": 400, "reason": "Wrong parameter", "name": ""}
    refused(server, 400, {"detail": f"Wrong {credentials[secret]}"})
    assert caught(publish, Rejected).params["reason"] == ""


def test_a_token_of_too_few_scopes(server, http, account):
    few = server.credentials(account, ("tweet.read", "users.read", "offline.access"))
    assert caught(lambda: network.publish(http, few, Post("Bonjour", NOW), "k1"), Rejected).params["status"] == 403


@pytest.mark.parametrize(
    "image", [Picture(b"junk", "image/jpeg", 4, 3, "a"), Picture(b"x" * 5_300_000, "image/png", 4, 3, "a")]
)
def test_pictures_that_are_refused(publish, image):
    assert caught(lambda: publish(Post("a", NOW, pictures=(image,))), Rejected).code == "rejected"


@pytest.mark.parametrize("said", [b"{}", b'{"data": {}}', b'{"data": {"id": null}}'])
def test_a_picture_without_an_id(server, publish, said):
    server.instead["media"] = Said(200, said)
    assert caught(lambda: publish(Post("a", NOW, pictures=(picture(),))), Transient).code == "not_json"


@pytest.mark.parametrize("said", [b"{}", b'{"data": 1}', b'{"data": {"id": "1"}}', b'{"data": {"username": "a"}}'])
def test_nobody(server, http, credentials, said):
    server.instead["me"] = Said(200, said)
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "not_json"


# Limits and money


def test_a_hundred_posts_in_fifteen_minutes(server, publish, find):
    server.limits["tweet"] = 1
    publish(Post("1", NOW))
    raised = caught(lambda: publish(Post("2", NOW)), RateLimited)
    assert raised.retry_after == pytest.approx(900 - time.time() % 900, abs=3)
    assert find(Post("2", NOW)) is None
    server.now = lambda: datetime.now(UTC) + timedelta(minutes=15)
    publish(Post("2", NOW))
    assert server.posts() == ["1", "2"]


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"x-rate-limit-reset": "+60"}, 60),
        ({"x-rate-limit-reset": "+60", "retry-after": "5"}, 60),
        ({"x-rate-limit-reset": "soon", "retry-after": "5"}, 5),
        ({"x-rate-limit-remaining": "9", "x-rate-limit-reset": "+60"}, None),
        ({"x-rate-limit-reset": "+60", "x-user-limit-24hour-reset": "+5000"}, 5000),
        ({"x-rate-limit-reset": "+60", "x-app-limit-24hour-remaining": "3", "x-app-limit-24hour-reset": "+500"}, 60),
    ],
)
def test_how_long_to_wait(server, publish, headers, seconds):
    headers = {name: str(int(time.time()) + int(v)) if v[0] == "+" else v for name, v in headers.items()}
    server.instead["tweet"] = Said(429, b"{}", headers=headers)
    wait = caught(publish, RateLimited).retry_after
    assert wait == (seconds if seconds is None else pytest.approx(seconds, abs=3))


@pytest.mark.parametrize("broke", ["credits", "usage", "usage_403"])
def test_no_money_is_left(server, http, credentials, publish, find, broke):
    server.broke = broke
    calls = [publish, find, lambda: network.whoami(http, credentials)]
    for call in calls:
        raised = caught(call, Billing)
        assert raised.code == "billing"
        assert raised.params["host"] == "127.0.0.1" and raised.params["reason"]
    server.broke = ""
    publish()
