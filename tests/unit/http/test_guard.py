from collective.socialterritory.errors import Transient
from collective.socialterritory.http.guard import public
from collective.socialterritory.http.guard import public_name
from collective.socialterritory.http.guard import target

import pytest


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.0.9 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
    240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
    64:ff9b:1::1 100::1 2001::1 2001:db8::1 2001:10::1 2002:7f00:1:: 3fff::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0
    fec0::1 ff02::1 5f00::1 name""".split(),
)
def test_addresses_that_nobody_on_the_internet_owns(address):
    assert not public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a01:e0a::1", "::ffff:8.8.8.8"])
def test_public_addresses(address):
    assert public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "bsky.app",
        "//bsky.app/",
        "ftp://bsky.app/",
        "file:///etc/passwd",
        "gopher://bsky.app/",
        "javascript:alert(1)",
        "http:///x",
        "http://user@bsky.app/",
        "http://user:password@bsky.app/",
        "http://@bsky.app/",
        "http://bsky.app\\@127.0.0.1/",
        "http://bsky.app/ x",
        "http://bsky.app/\r\nHost: evil",
        "http://bsky.app/\x00",
        "http://127%2e0%2e0%2e1/",
        "http://bsky.app:99999/",
        "http://bsky.app:x/",
        "http://[::1/",
        "http://[::1%25eth0]/",
        "http://[v1.a]/",
        "http://-a.fr/",
        "http://.fr/",
        "http://a b.fr/",
        "http://a,b/",
        "http://" + "a" * 300 + ".fr/",
        "http://xn--é/",
        "http://\u2028.fr/",
    ],
)
def test_urls_that_are_none(url):
    with pytest.raises(Transient) as caught:
        target(url)
    assert caught.value.code == "bad_address"
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("port", [0, 21, 22, 25, 8080, 8443, 2583])
def test_ports(port):
    with pytest.raises(Transient) as caught:
        target(f"https://bsky.app:{port}/")
    assert caught.value.code == "forbidden_port"


def test_the_operator_may_allow_a_port():
    assert target("http://localhost:2583/", frozenset({"localhost:2583"})).allowed
    assert target("http://[::1]:2583/", frozenset({"[::1]:2583"})).allowed
    assert not target("http://localhost/", frozenset({"localhost:2583"})).allowed


@pytest.mark.parametrize(
    "url, host, authority, name",
    [
        ("https://BSKY.app", "bsky.app", "bsky.app", "/"),
        ("https://bsky.app:443/a?b=c#d", "bsky.app", "bsky.app", "/a?b=c"),
        ("http://bsky.app:443/", "bsky.app", "bsky.app:443", "/"),
        (
            "https://mairie-évreux.fr/été?q=é",
            "xn--mairie-vreux-heb.fr",
            "xn--mairie-vreux-heb.fr",
            "/%C3%A9t%C3%A9?q=%C3%A9",
        ),
        ("http://[2606:2800::1]/", "2606:2800::1", "[2606:2800::1]", "/"),
        ("http://①②⑦.0.0.1/", "127.0.0.1", "127.0.0.1", "/"),
    ],
)
def test_targets(url, host, authority, name):
    where = target(url)
    assert (where.host, where.authority, where.name) == (host, authority, name)


@pytest.mark.parametrize("name", ["localhost", "intranet", "nas.local", "db.internal", "a.test", "router.lan", "127.1"])
def test_names_that_no_proxy_is_asked_for(name):
    assert not public_name(name)


def test_names_that_a_proxy_may_resolve():
    assert public_name("bsky.social")
    assert public_name("bsky.social.")
