"""What OAuth's library signs, checked by the server side of the same grammar, and through which door it goes."""

from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.http.sessions import answered
from collective.socialterritory.http.sessions import oauth1
from hostile import reply
from oauthlib.oauth1 import RequestValidator
from oauthlib.oauth1 import SignatureOnlyEndpoint

import pytest
import secrets


KEYS = ("k" * 25, "cläss&fied+", "t" * 50, "s3cret%20")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Validator(RequestValidator):
    enforce_ssl = False
    nonce_length = (10, 60)

    def __init__(self, token_secret):
        self.token_secret = token_secret

    def validate_timestamp_and_nonce(self, *args, **kwargs):
        return True

    def validate_client_key(self, key, request):
        return key == KEYS[0]

    def get_client_secret(self, key, request):
        return KEYS[1]

    def get_access_token_secret(self, key, token, request):
        return self.token_secret if token == KEYS[2] else ""


def good(server, body=None, changed="", token_secret=KEYS[3]):
    """Whether what the server was asked is signed well; `changed`: the path in place of the true one."""
    head, _, sent = server.asked[-1].decode().partition("\r\n\r\n")
    line, *fields = head.split("\r\n")
    verb, path, _ = line.split(" ")
    headers = dict(field.split(": ", 1) for field in fields)
    url = f"{server.url}{changed or path}"
    return SignatureOnlyEndpoint(Validator(token_secret)).validate_request(
        url, verb, sent if body is None else body, headers
    )[0]


@pytest.mark.parametrize(
    "verb, path, data, headers",
    [
        ("GET", "/me?start=2026-11-22T08%3A30%3A00Z&text=d%C3%A9j%C3%A0+vu%20%26%3D", None, {}),
        ("POST", "/tweets", '{"text": "é & = 100 %"}'.encode(), {"Content-Type": "application/json"}),
        ("POST", "/media", b"--x\r\n\r\na=b\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}),
        ("POST", "/form", b"a=b&c=d+e", FORM),
    ],
)
def test_what_is_signed_is_signed_well(server, http, verb, path, data, headers):
    server.answers[path] = reply(b"{}", 200, "X-Rate-Limit-Limit: 9")
    answer = answered(oauth1(http, *KEYS).request(verb, f"{server.url}{path}", data=data, headers=headers))
    assert (answer.status, answer.body, answer.url) == (200, b"{}", f"{server.url}{path}")
    assert answer.headers["x-rate-limit-limit"] == "9"
    assert server.asked[-1].endswith(b"\r\n\r\n" + (data or b""))
    assert good(server)
    assert not good(server, changed="/other")
    assert not good(server, token_secret=secrets.token_hex(8))
    assert good(server, body="a=tampered") == (headers != FORM)


def test_secrets_do_not_leave(server, http):
    server.answers["/"] = reply(b"{}", 200)
    oauth1(http, *KEYS).get(f"{server.url}/")
    oauth1(http, *KEYS).get(f"{server.url}/")
    first, second = server.asked
    assert first != second
    assert b"s3cret" not in first and b"fied" not in first


def test_errors_are_those_of_the_door(server):
    with pytest.raises(Transient, match="forbidden_port"):
        oauth1(Http(), *KEYS).get(f"{server.url}/")
