from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.answers import wait
from collective.socialterritory.networks.answers import word
from datetime import datetime
from datetime import UTC

import json
import pytest


URL = "https://pds.example/xrpc/method?token=hidden"


def answer(status, body=b"", **headers):
    return Answer(status, headers, body if isinstance(body, bytes) else json.dumps(body).encode(), URL)


HTML = b"<h1>Proxy</h1>"
DEEP = b"[" * 100_000


def test_content():
    assert content(answer(200, {"a": 1}), dict, True) == {"a": 1}
    assert content(answer(206, [1]), list, False) == [1]


@pytest.mark.parametrize("kind, said", [(dict, [1]), (list, {"a": 1}), (dict, None), (list, "x"), (dict, 1)])
def test_content_of_another_kind(kind, said):
    with pytest.raises(OutcomeUnknown):
        content(answer(200, said), kind, True)


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
        content(said, dict, writes, ("ExpiredToken",))
    assert type(caught.value) is error
    assert caught.value.code == code
    assert caught.value.params["host"] == "pds.example"
    assert "hidden" not in str(caught.value)


def test_reason_is_the_networks_in_one_line():
    said = {"error": "InvalidRequest", "message": "Record/text\nmust not be longer " + "x" * 500}
    with pytest.raises(Rejected) as caught:
        content(answer(400, said), dict, True)
    assert caught.value.params["reason"].startswith("InvalidRequest: Record/text must not be longer xxx")
    assert len(caught.value.params["reason"]) == 200
    assert caught.value.params["name"] == "InvalidRequest"


def test_a_reason_that_quotes_a_secret_is_dropped():
    with pytest.raises(Unauthorized) as caught:
        content(answer(401, {"error": "Bad", "message": "token abc123 unknown"}), dict, True, secrets=["", "abc123"])
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
        ({"x-ratelimit-reset": "1970-01-01T00:18:20.500000Z"}, 100.5),
        ({"x-ratelimit-reset": "1970-01-01T00:18:20"}, 100),
        ({"x-ratelimit-reset": "1970-01-01T02:18:20+02:00"}, 100),
        ({"x-ratelimit-reset": "1060"}, 60),
        ({"x-ratelimit-reset": "0001-01-01T00:00:00Z"}, 1),
        ({"x-ratelimit-reset": "9999-12-31T23:59:59-14:00"}, 86400),
        ({"x-ratelimit-reset": "tomorrow"}, None),
        ({"x-ratelimit-reset": "9" * 400}, 86400),
    ],
)
def test_wait(headers, seconds):
    assert wait(headers, 1000.0) == seconds


def test_parts_of_what_may_be_anything():
    assert part({"a": 1}, "a") == 1
    assert [part(said, "a") for said in ({}, [], None, "a", 1)] == [None] * 5


@pytest.mark.parametrize(
    "value, said",
    [("  a b ", "a b"), (7, "7"), ("a\nb", ""), ("x" * 301, ""), (None, ""), ([], ""), (1.5, ""), ("\u202ea", "")],
)
def test_words(value, said):
    assert word(value) == said


@pytest.mark.parametrize(
    "value, said",
    [(0, 0), (7, 7), *((odd, None) for odd in (-1, True, "7", 1.5, None, [], {}, 10**12))],
)
def test_counts(value, said):
    assert count(value) == said


@pytest.mark.parametrize("counts, said", [((1, 2), 3), ((1, None), 1), ((0, None), 0), ((None, None), None)])
def test_counts_together(counts, said):
    assert total(*counts) == said


@pytest.mark.parametrize(
    "value, said",
    [
        ("https://a.fr/x", "https://a.fr/x"),
        ("http://a.fr", "http://a.fr"),
        *((value, "") for value in ("javascript:alert(1)", "//a.fr", "https:///x", "ftp://a.fr", None, "https://a\nb")),
    ],
)
def test_addresses(value, said):
    assert address(value) == said


def test_moments():
    assert moment("2026-11-22T08:30:15.123Z") == datetime(2026, 11, 22, 8, 30, 15, 123000, UTC)
    assert moment("2026-11-22") == datetime(2026, 11, 22, tzinfo=UTC)
    assert [moment(value) for value in (None, "", "x", 5, {}, "2026-13-01")] == [None] * 6
