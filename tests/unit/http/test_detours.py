"""Redirects, TLS and proxies."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from hostile import code_of
from hostile import drip
from hostile import DRIPPING
from hostile import hostile
from hostile import reply
from hostile import resolving
from hostile import to

import ipaddress
import pytest
import socket
import threading
import time


def test_redirects(server, http):
    server.answers |= {"/1": to("/2"), "/2": to(f"{server.url}/3", 308), "/3": to("4"), "/4": reply(b"there")}
    answer = http.get(f"{server.url}/1", headers={"Authorization": "t"})
    assert (answer.body, answer.url) == (b"there", f"{server.url}/4")
    assert b"Authorization: t" in server.asked[-1]
    server.answers["/0"] = to("/1")
    assert code_of(lambda: http.get(f"{server.url}/0"), Transient) == "bad_redirect"


def test_a_post_is_not_redirected(server, http):
    server.answers["/"] = to("/2", 307)
    assert http.post(f"{server.url}/").status == 307


@pytest.mark.parametrize(
    "location, code",
    [
        ("http://169.254.169.254/", "forbidden_address"),
        ("http://127.0.0.1/", "forbidden_address"),
        ("//[::1]/", "forbidden_address"),
        ("http://127.0.0.1:22/", "forbidden_port"),
        ("file:///etc/passwd", "bad_address"),
        ("http://u:p@a.example/", "bad_address"),
        ("http://[oops/", "bad_redirect"),
    ],
)
def test_a_redirect_is_checked_like_an_address(server, http, location, code):
    server.answers["/"] = to(location)
    assert code_of(lambda: http.get(f"{server.url}/"), Transient) == code


def test_nobody_sends_us_to_what_only_the_operator_may_ask(server):
    with hostile() as other:
        http = Http(frozenset({server.host, other.host, "inside.example:80"}), resolve=resolving("10.0.0.1"))
        for location, code in ((f"{other.url}/", "forbidden_port"), ("http://inside.example/", "forbidden_address")):
            server.answers["/"] = to(location)
            assert code_of(lambda: http.get(f"{server.url}/", timeout=1), Transient) == code
        assert other.asked == []


def test_credentials_stay_with_their_host(server):
    server.answers["http://a.example/"] = to("http://b.example/")
    server.answers["http://b.example/"] = reply(b"there")
    http = Http(proxy=server.url, resolve=resolving("93.184.216.34"))
    http.get("http://a.example/", headers={"Authorization": "t", "Cookie": "c", "X": "kept"})
    assert b"Authorization" in server.asked[0]
    assert b"Authorization" not in server.asked[1]
    assert b"Cookie" not in server.asked[1]
    assert b"X: kept" in server.asked[1]


def test_the_certificate_is_of_the_name_not_the_address(secure):
    secure.answers["/"] = reply(b"safe")
    hosts = frozenset({f"good.example:{secure.port}", f"bad.example:{secure.port}"})
    http = Http(hosts, resolve=resolving("127.0.0.1"))
    assert http.get(f"https://good.example:{secure.port}/").body == b"safe"
    assert f"Host: good.example:{secure.port}".encode() in secure.asked[0]
    assert code_of(lambda: http.post(f"https://bad.example:{secure.port}/"), Transient) == "tls"


def test_an_unknown_authority(secure, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    http = Http(frozenset({f"good.example:{secure.port}"}), resolve=resolving("127.0.0.1"))
    assert code_of(lambda: http.post(f"https://good.example:{secure.port}/"), Transient) == "tls"


def test_https_never_becomes_http(secure, server):
    secure.answers["/"] = to(f"{server.url}/")
    http = Http(frozenset({f"good.example:{secure.port}", server.host}), resolve=resolving("127.0.0.1"))
    assert code_of(lambda: http.get(f"https://good.example:{secure.port}/"), Transient) == "bad_redirect"
    assert server.asked == []


def test_a_drip_under_tls_ends_at_the_deadline(secure):
    secure.answers["/"] = drip(DRIPPING["body"])
    http = Http(frozenset({f"good.example:{secure.port}"}), resolve=resolving("127.0.0.1"))
    started = time.monotonic()
    assert code_of(lambda: http.get(f"https://good.example:{secure.port}/", timeout=0.5), OutcomeUnknown) == (
        "read_timeout"
    )
    assert time.monotonic() - started < 2


def test_a_handshake_that_never_comes(server):
    http = Http(frozenset({f"127.0.0.1:{server.port}"}))
    assert code_of(lambda: http.get(f"https://{server.host}/", timeout=0.3), Transient) == "connect_timeout"


def test_a_connection_that_is_cut_off_before_the_handshake_leaves_no_doubt():
    class Cut(Http):
        def _open(self, where, watch):
            link = super()._open(where, watch)
            there, _ = listener.accept()
            there.close()
            link.shutdown(socket.SHUT_RDWR)  # as the watch does when the time is over
            with pytest.raises(OSError):
                while link.getpeername():
                    time.sleep(0.001)
            return link

    with socket.create_server(("127.0.0.1", 0)) as listener:
        host = f"127.0.0.1:{listener.getsockname()[1]}"
        assert code_of(lambda: Cut(frozenset({host})).post(f"https://{host}/", timeout=2), Transient) == "unreachable"


@pytest.fixture
def proxied(server):
    return Http(proxy=f"http://ville:mot%20de%20passe@127.0.0.1:{server.port}", resolve=resolving("93.184.216.34"))


LOGIN = b"Proxy-Authorization: Basic dmlsbGU6bW90IGRlIHBhc3Nl\r\n"


def test_plain_requests_go_through_the_proxy(server, proxied):
    server.answers["http://a.example/x"] = reply(b"by proxy")
    assert proxied.get("http://a.example/x").body == b"by proxy"
    assert b"Host: a.example\r\n" in server.asked[0]
    assert LOGIN in server.asked[0]


def test_tls_goes_through_a_tunnel(server, secure, proxied):
    def tunnel(link):
        link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", secure.port)) as onward:
            threading.Thread(target=pump, args=(onward, link), daemon=True).start()
            pump(link, onward)

    def pump(source, sink):
        try:
            while part := source.recv(65536):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    server.answers["good.example:443"] = tunnel
    secure.answers["/"] = reply(b"safe")
    assert proxied.get("https://good.example/").body == b"safe"
    assert LOGIN in server.asked[0]
    assert LOGIN not in secure.asked[0]


@pytest.mark.parametrize("answer", [reply(b"", 407), b"SSH-2.0\r\n"])
def test_a_proxy_that_refuses(server, proxied, answer):
    server.answers["a.example:443"] = answer
    assert code_of(lambda: proxied.post("https://a.example/"), Transient) == "proxy"


def test_a_proxy_without_login(server):
    server.answers["http://a.example/"] = reply(b"x")
    Http(proxy=server.url, resolve=resolving("93.184.216.34")).get("http://a.example/")
    assert b"Proxy-Authorization" not in server.asked[0]


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://inside.example/"])
def test_a_proxy_is_not_asked_for_what_is_inside(server, url):
    http = Http(proxy=server.url, resolve=resolving("10.0.0.1"))
    assert code_of(lambda: http.get(url), Transient) == "forbidden_address"
    assert server.asked == []


def test_a_proxy_may_know_names_that_we_do_not(server):
    server.answers["http://a.example.org/"] = reply(b"x")
    http = Http(proxy=server.url, resolve=resolving())
    assert http.get("http://a.example.org/").body == b"x"
    for url in ("http://intranet/", "http://nas.local/"):
        assert code_of(lambda url=url: http.get(url), Transient) == "forbidden_address"
    assert len(server.asked) == 1


def test_what_is_allowed_goes_past_the_proxy(server):
    server.answers["/"] = reply(b"direct")
    http = Http(frozenset({server.host}), proxy="http://127.0.0.1:9")
    assert http.get(f"{server.url}/").body == b"direct"


def test_the_loopback_of_these_tests_is_what_it_seems(server):
    assert ipaddress.ip_address(server.server_address[0]).is_loopback
