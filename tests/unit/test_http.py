from collective.socialterritory import http as door
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from unit.hostile import certificate
from unit.hostile import drip
from unit.hostile import hostile
from unit.hostile import reply
from unit.hostile import reset

import gzip
import ipaddress
import pytest
import resource
import socket
import threading
import time


@pytest.fixture
def server():
    with hostile() as server:
        yield server


@pytest.fixture
def http(server):
    return Http(frozenset({server.host}), deadline=5.0, max_bytes=100_000)


def row(address, port=80):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


def resolving(*addresses):
    return lambda host, port, **options: [row(address, port) for address in addresses]


@pytest.fixture
def packets(monkeypatch):
    """The addresses that anything tries to connect to; they lead nowhere."""
    tried = []

    class Socket(socket.socket):
        def connect(self, address):
            tried.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(door.socket, "socket", Socket)
    return tried


def code_of(call, error=NetworkError):
    with pytest.raises(error) as caught:
        call()
    assert type(caught.value) is error or error is NetworkError
    return caught.value.code


# What may be reached


@pytest.mark.parametrize(
    "url",
    """http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://0/ http://[::1]/
    http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/
    http://[fe80::1]/ http://[fc00::1]/ http://[ff02::1]/ http://224.0.0.1/ http://169.254.169.254/latest/meta-data/
    http://10.0.0.1/ http://192.168.0.1/ http://172.16.0.1/ http://100.64.0.1/ http://0.0.0.0/ http://localhost/
    http://localhost./ http://LOCALHOST/ https://127.0.0.1/ http://①②⑦.0.0.1/ http://127。0。0。1/
    http://[::127.0.0.1]/ http://255.255.255.255/ http://192.0.0.1/ http://192.88.99.1/""".split(),
)
def test_no_packet_goes_inside(packets, url):
    assert code_of(lambda: Http(deadline=2).get(url), Transient) in ("forbidden_address", "dns")
    assert packets == []


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.1.2.3", "::1", "64:ff9b::a00:1", "224.0.0.1", "2002:a00:1::"])
@pytest.mark.parametrize("public_too", [True, False])
def test_every_answer_of_a_name_must_be_public(packets, inside, public_too):
    resolve = resolving("93.184.216.34", inside) if public_too else resolving(inside)
    assert code_of(lambda: Http(resolve=resolve).get("http://a.example/"), Transient) == "forbidden_address"
    assert packets == []


def test_a_name_is_resolved_once_and_that_address_is_used(packets):
    answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])

    def rebinding(host, port, **options):
        return [row(next(answers), port)]

    assert code_of(lambda: Http(resolve=rebinding).get("http://a.example/"), Transient) == "refused_connection"
    assert packets == [("93.184.216.34", 80)]


def test_all_addresses_are_tried(packets):
    http = Http(resolve=resolving("2606:2800:220:1::1", "93.184.216.34"))
    assert code_of(lambda: http.get("https://a.example/"), Transient) == "refused_connection"
    assert [address[0] for address in packets] == ["2606:2800:220:1::1", "93.184.216.34"]


def test_the_peer_is_checked_again(server, monkeypatch):
    class Diverted(socket.socket):
        def connect(self, address):
            super().connect(("127.0.0.1", server.port))

    monkeypatch.setattr(door.socket, "socket", Diverted)
    http = Http(resolve=resolving("93.184.216.34"))
    assert code_of(lambda: http.get("http://a.example/"), Transient) == "forbidden_address"
    assert server.asked == []


def test_ports_and_forms_of_urls(packets):
    assert code_of(lambda: Http().get("http://a.example:8080/"), Transient) == "forbidden_port"
    assert code_of(lambda: Http().get("http://u:p@a.example/"), Transient) == "bad_address"
    assert packets == []


def test_only_what_is_allowed_is_reached_inside(server, http):
    server.answers["/"] = reply(b"hello")
    assert http.get(f"{server.url}/").body == b"hello"
    with hostile() as other:
        assert code_of(lambda: http.get(f"{other.url}/"), Transient) == "forbidden_port"
        assert other.asked == []


def test_from_environment(monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_ALLOW", "127.0.0.1:2583, LOCALHOST:80,")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    http = Http.from_environment()
    assert http.allow == {"127.0.0.1:2583", "localhost:80"}
    assert not http._proxy


# Names


def test_an_unknown_name():
    def resolve(*arguments, **options):
        raise socket.gaierror("unknown")

    assert code_of(lambda: Http(resolve=resolve).get("http://a.example/"), Transient) == "dns"
    assert code_of(lambda: Http(resolve=resolving()).get("http://a.example/"), Transient) == "dns"


def test_a_slow_name_server_does_not_outlast_the_deadline():
    started = time.monotonic()

    def resolve(*arguments, **options):
        time.sleep(3)
        return []

    assert code_of(lambda: Http(deadline=0.3, resolve=resolve).get("http://a.example/"), Transient) == "dns"
    assert time.monotonic() - started < 2


# What is sent


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


# Failures


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


DRIPPING = {
    "headers": b"HTTP/1.1 200 OK\r\nX: ",
    "status": b"HTTP/1.1 ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
    "endless": b"HTTP/1.1 200 OK\r\n\r\n",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
}


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


# Redirects


def to(location, status=302):
    return reply(b"", status, f"Location: {location}")


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


def test_credentials_stay_with_their_host(server):
    with hostile() as other:
        other.answers["/"] = reply(b"there")
        server.answers["/"] = to(f"{other.url}/")
        http = Http(frozenset({server.host, other.host}))
        http.get(f"{server.url}/", headers={"Authorization": "t", "Cookie": "c", "X": "kept"})
        assert b"Authorization" not in other.asked[0]
        assert b"Cookie" not in other.asked[0]
        assert b"X: kept" in other.asked[0]


# TLS


@pytest.fixture
def secure(tmp_path, monkeypatch):
    context, authority = certificate(tmp_path, "good.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with hostile(context) as server:
        yield server


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


# Proxy


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
