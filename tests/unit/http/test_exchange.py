"""What is sent, what is read, and what a failure means."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import door
from collective.socialterritory.http import Http
from hostile import code_of
from hostile import drip
from hostile import DRIPPING
from hostile import reply
from hostile import reset
from hostile import resolving

import gzip
import pytest
import resource
import socket
import threading
import time


def test_request(server, http):
    server.answers["/p%C3%A9?a=%C3%A9"] = reply(b'{"a": 1}', 201, "X-Two: b")
    answer = http.post(f"{server.url}/pé?a=é#fragment", json={"b": "é"}, headers={"Authorization": "Bearer t"})
    assert (answer.status, answer.json(), answer.headers["x-two"]) == (201, {"a": 1}, "b")
    asked = server.asked[0].decode()
    assert f"Host: {server.host}\r\n" in asked
    assert "Authorization: Bearer t\r\n" in asked
    assert "Content-Type: application/json\r\n" in asked
    assert asked.endswith('{"b": "é"}') or "Content-Length: 11" in asked


def test_bodies(server, http):
    server.answers["/"] = reply()
    http.post(f"{server.url}/", data={"a": "é&"})
    http.post(f"{server.url}/", data=b"raw", headers={"Content-Type": "image/png"})
    assert b"application/x-www-form-urlencoded" in server.asked[0]
    assert b"image/png" in server.asked[1]


@pytest.mark.parametrize("value", ["secret\r\nX: y", "secret\x00", "sécret"])
def test_a_header_that_cannot_be_sent_is_not_quoted(server, http, value):
    with pytest.raises(Transient) as caught:
        http.get(f"{server.url}/", headers={"Authorization": value})
    assert caught.value.code == "bad_request"
    assert "cret" not in f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"
    assert server.asked == []


def test_refused(unused_port):
    http = Http(frozenset({f"127.0.0.1:{unused_port}"}))
    assert code_of(lambda: http.post(f"http://127.0.0.1:{unused_port}/"), Transient) == "refused_connection"


@pytest.fixture
def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(
    "error, code", [(TimeoutError, "connect_timeout"), (OSError, "unreachable"), (PermissionError, "unreachable")]
)
def test_no_way_there(monkeypatch, error, code):
    class Socket(socket.socket):
        def connect(self, address):
            raise error

    monkeypatch.setattr(door.socket, "socket", Socket)
    assert code_of(lambda: Http(resolve=resolving("93.184.216.34")).post("http://a.example/"), Transient) == code


@pytest.mark.parametrize("part", DRIPPING)
def test_a_drip_ends_at_the_deadline(server, http, part):
    server.answers["/"] = drip(DRIPPING[part])
    started = time.monotonic()
    assert code_of(lambda: http.get(f"{server.url}/", timeout=0.4), OutcomeUnknown) == "read_timeout"
    assert time.monotonic() - started < 2


def test_the_watch_survives_a_connection_that_is_gone():
    watch = door._Watch(10)
    with socket.socket() as unconnected:
        watch.hold(unconnected)
        watch._fire()
    watch.stop()
    assert watch.fired


def test_several_requests_share_one_deadline(server, http):
    def slow(link):
        time.sleep(0.4)
        link.sendall(reply(b"at last"))

    server.answers["/"] = slow
    started = time.monotonic()
    within = http.within(1.0)
    for _ in range(2):
        assert within.within(60).get(f"{server.url}/").body == b"at last"
    assert code_of(lambda: within.get(f"{server.url}/"), OutcomeUnknown) == "read_timeout"
    assert time.monotonic() - started < 1.3
    assert code_of(lambda: within.get(f"{server.url}/"), Transient) == "connect_timeout"
    assert len(server.asked) == 3
    assert http.get(f"{server.url}/").body == b"at last"


def test_silence_ends_at_the_deadline(server, http):
    server.answers["/"] = lambda link: time.sleep(2)
    assert code_of(lambda: http.post(f"{server.url}/", timeout=0.3), OutcomeUnknown) == "read_timeout"


@pytest.mark.parametrize(
    "answer, code",
    [
        (reset, "reset"),
        (b"", "reset"),
        (reply(b"half", length=100), "reset"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "reset"),
        (b"SSH-2.0-OpenSSH\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "bad_answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "bad_answer"),
        (reply(b"x", 200, "Content-Encoding: br"), "bad_answer"),
        (reply(b"not gzip", 200, "Content-Encoding: gzip"), "bad_answer"),
        (reply(gzip.compress(b"x" * 999, mtime=0)[:-9], 200, "Content-Encoding: gzip"), "reset"),
        (reply(b"x" * 100_001), "too_large"),
        (reply(gzip.compress(b"x" * 100_001, mtime=0), 200, "Content-Encoding: gzip"), "too_large"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_sending_all_is_doubt(server, http, answer, code, method):
    server.answers["/"] = answer
    assert code_of(lambda: http.request(method, f"{server.url}/"), OutcomeUnknown) == code


def test_gzip(server, http):
    server.answers["/"] = reply(gzip.compress(b"x" * 100_000, mtime=0), 200, "Content-Encoding: gzip")
    assert http.get(f"{server.url}/").body == b"x" * 100_000
    server.answers["/none"] = reply(b"", 200, "Content-Encoding: gzip")
    assert http.get(f"{server.url}/none").body == b""


def test_a_gzip_bomb_costs_little(server):
    bomb = gzip.compress(gzip.compress(bytes(300_000_000), 9), 9)
    server.answers["/"] = reply(gzip.compress(bytes(300_000_000)), 200, "Content-Encoding: gzip")
    server.answers["/twice"] = reply(bomb, 200, "Content-Encoding: gzip, gzip")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    http = Http(frozenset({server.host}))
    assert code_of(lambda: http.get(f"{server.url}/"), OutcomeUnknown) == "too_large"
    assert code_of(lambda: http.get(f"{server.url}/twice"), OutcomeUnknown) == "bad_answer"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_json_of_something_else(server, http):
    server.answers["/html"] = reply(b"<h1>Please log in</h1>")
    server.answers["/deep"] = reply(b"[" * 90_000)
    for path in ("/html", "/deep"):
        with pytest.raises(ValueError):
            http.get(server.url + path).json()


def test_errors_name_the_host_alone(server, http):
    server.answers["/?token=hidden"] = b""
    with pytest.raises(OutcomeUnknown) as caught:
        http.get(f"{server.url}/?token=hidden", headers={"Authorization": "hidden"})
    assert caught.value.params == {"host": "127.0.0.1"}


def test_no_thread_stays(server, http):
    server.answers["/"] = reply(b"x")
    before = threading.active_count()
    for _ in range(20):
        http.get(f"{server.url}/")
    time.sleep(0.2)
    assert threading.active_count() <= before + 1
