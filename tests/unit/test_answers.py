from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import wait

import json
import pytest


URL = "https://pds.example/xrpc/method?token=hidden"


def answer(status, body=b"", **headers):
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode(), URL)


HTML = b"<h1>Proxy</h1>"
DEEP = b"[" * 100_000


def test_content():
    assert content(answer(200, {"a": 1}), True) == {"a": 1}


@pytest.mark.parametrize(
    "said, writes, error, code",
    [
        (answer(200, HTML), True, OutcomeUnknown, "not_json"),
        (answer(200, HTML), False, Transient, "not_json"),
        (answer(200, [1]), True, OutcomeUnknown, "not_json"),
        (answer(200, DEEP), True, OutcomeUnknown, "not_json"),
        (answer(204), False, Transient, "not_json"),
        (answer(500, {"error": "InternalServerError"}), True, OutcomeUnknown, "server_error"),
        (answer(502, HTML), True, OutcomeUnknown, "server_error"),
        (answer(503, HTML), False, Transient, "server_error"),
        (answer(429, HTML), True, RateLimited, "rate_limited"),
        (answer(401, HTML), True, Unauthorized, "unauthorized"),
        (answer(400, {"error": "ExpiredToken"}), True, Unauthorized, "unauthorized"),
        (answer(400, {"error": "InvalidRequest", "message": "too long"}), True, Rejected, "rejected"),
        (answer(403, HTML), True, Transient, "not_json"),
        (answer(302, HTML), True, Transient, "not_json"),
        (answer(404, {"message": "no"}), False, Rejected, "rejected"),
    ],
)
def test_errors(said, writes, error, code):
    with pytest.raises(error) as caught:
        content(said, writes, ("ExpiredToken",))
    assert type(caught.value) is error
    assert caught.value.code == code
    assert caught.value.params["host"] == "pds.example"
    assert "hidden" not in str(caught.value)


def test_reason_is_the_networks_in_one_line():
    said = {"error": "InvalidRequest", "message": "Record/text\nmust not be longer " + "x" * 500}
    with pytest.raises(Rejected) as caught:
        content(answer(400, said), True)
    assert caught.value.params["reason"].startswith("InvalidRequest: Record/text must not be longer xxx")
    assert len(caught.value.params["reason"]) == 200
    assert caught.value.params["name"] == "InvalidRequest"


def test_a_reason_that_quotes_a_secret_is_dropped():
    with pytest.raises(Unauthorized) as caught:
        content(answer(401, {"error": "Bad", "message": "token abc123 unknown"}), True, secrets=["", "abc123"])
    assert caught.value.params["reason"] == ""


def test_an_answer_shows_no_content():
    assert "hidden" not in repr(answer(200, {"secret": "hidden"}, cookie="hidden"))


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "99999999"}, 86400),
        ({"retry-after": "Thu, 01 Jan 1970 00:18:20 GMT"}, 100),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 1),
        ({"ratelimit-reset": "1060"}, 60),
        ({"retry-after": "5", "ratelimit-reset": "1060"}, 5),
    ],
)
def test_wait(headers, seconds):
    assert wait(headers, 1000.0) == seconds
