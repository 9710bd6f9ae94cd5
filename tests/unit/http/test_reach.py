"""Which addresses the door reaches, whatever a name says."""

from collective.socialterritory.errors import Transient
from collective.socialterritory.http import door
from collective.socialterritory.http import Http
from hostile import code_of
from hostile import hostile
from hostile import INSIDE
from hostile import reply
from hostile import resolving
from hostile import row

import pytest
import socket
import time


@pytest.mark.parametrize("url", INSIDE)
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
