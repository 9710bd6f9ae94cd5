"""What a server of the Mastodon kind says of itself, however hostile, and the limits that follow."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.instance import limits_of
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest


# Who we are there


def facts(server, http, credentials):
    return network.whoami(http, credentials).facts


def test_facts_of_mastodon(server, http, credentials):
    server.chars = 1000
    told = facts(server, http, credentials)
    assert told == {
        "chars": "1000",
        "link": "23",
        "images": "4",
        "alt": "1500",
        "bytes": "16777216",
        "pixels": "33177600",
        "types": "image/jpeg image/png",
        "software": "mastodon",
        "version": "4.4.8",
    }
    limits = network.limits_of(told)
    assert (limits.text, limits.alt, limits.image_bytes, limits.image_side) == (1000, 1500, 16777216, 2000)
    assert (limits.images, limits.image_types) == (4, ("image/jpeg", "image/png"))


@pytest.mark.parametrize("dialect", ["plain"], indirect=True)
def test_facts_of_a_server_that_tells_little(server, http, credentials):
    server.chars = 5000
    told = facts(server, http, credentials)
    assert (told["chars"], told["alt"], told["link"], told["software"]) == ("5000", "900", "23", "")


@pytest.mark.parametrize(
    "said", [Said(404, b"{}"), Said(200, b"[1]"), Said(401, b"{}"), Said(403, b"no", "text/plain")]
)
def test_a_server_that_tells_nothing(server, http, account, credentials, said):
    server.instead |= {"instance_v1": said, "instance_v2": said, "nodeinfo": said}
    who = network.whoami(http, credentials)
    assert who.name == f"@mairie@{server.host}"
    assert (who.facts["chars"], who.facts["alt"], who.facts["version"], who.facts["software"]) == (
        "500",
        "1500",
        "",
        "",
    )
    assert network.limits_of(who.facts) == network.limits


@pytest.mark.parametrize("value", [-1, 0, 10**30, "500", None, True, 1.5, [], {}, "x" * 1000])
def test_hostile_numbers(server, http, credentials, value):
    media = {"description_limit": value, "image_size_limit": value, "image_matrix_limit": value}
    media["supported_mime_types"] = value
    statuses = {"max_characters": value, "characters_reserved_per_url": value}
    said = {"domain": value, "version": value, "configuration": {"statuses": statuses, "media_attachments": media}}
    server.instead["instance_v2"] = Said(200, json.dumps(said).encode())
    server.instead["nodeinfo"] = Said(200, json.dumps({"links": value}).encode())
    who = network.whoami(http, credentials)
    assert all(isinstance(fact, str) and len(fact) <= 300 for fact in who.facts.values())
    assert who.name == f"@mairie@{server.host}"
    limits = network.limits_of(who.facts)
    assert (limits.text, limits.alt, limits.image_bytes, limits.image_side) == (500, 1500, 2_000_000, 2000)


@pytest.mark.parametrize(
    "said", [{"configuration": value} for value in (None, [], 1, {"statuses": 1, "media_attachments": []})] + [{"a": 1}]
)
def test_hostile_shapes(server, http, credentials, said):
    server.instead["instance_v2"] = Said(200, json.dumps(said).encode())
    assert facts(server, http, credentials)["chars"] == "500"


@pytest.mark.parametrize("domain", ["évil.example/<b>", "a b.example", "https://x.example/y", "", "-"])
def test_a_domain_that_is_none(server, http, credentials, domain):
    server.domain = domain
    assert network.whoami(http, credentials).name == f"@mairie@{server.host}"


@pytest.mark.parametrize("href", ["http://169.254.169.254/nodeinfo/2.0", "https://elsewhere.example/nodeinfo/2.0"])
def test_nodeinfo_never_leads_elsewhere(server, http, credentials, href):
    server.instead["nodeinfo"] = Said(200, json.dumps({"links": [{"href": href}]}).encode())
    assert facts(server, http, credentials)["software"] == "mastodon"


@pytest.mark.parametrize("href", ["", "/nodeinfo/2.0", "file:///etc/passwd", "https://[", "https://a.fr", None, 1])
def test_nodeinfo_that_leads_nowhere(server, http, credentials, href):
    server.instead["nodeinfo"] = Said(200, json.dumps({"links": [{"href": href}]}).encode())
    assert facts(server, http, credentials)["software"] == ""


@pytest.mark.parametrize("method", ["instance_v2", "nodeinfo", "verify_credentials"])
def test_a_server_in_trouble_keeps_the_facts_that_are_known(server, http, credentials, method):
    server.script(method, "500_before")
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "server_error"


@pytest.mark.parametrize("said", [{}, {"id": "1"}, {"id": None, "acct": "a"}, {"id": "1", "acct": "a\nb"}])
def test_nobody(server, http, credentials, said):
    server.instead["verify_credentials"] = Said(200, json.dumps(said).encode())
    assert caught(lambda: network.whoami(http, credentials), Transient).code == "not_json"


@pytest.mark.parametrize("url", ["javascript:alert(1)", None, 7, "https:///x", "//x.example"])
def test_an_address_that_is_none(server, http, credentials, url):
    server.instead["verify_credentials"] = Said(200, json.dumps({"id": 7, "acct": "mairie", "url": url}).encode())
    who = network.whoami(http, credentials)
    assert who.url == f"{server.url}/@mairie"
    assert who.id == f"7@{server.host}"


# Limits


def test_limits_without_facts_are_the_careful_ones():
    text = "https://www.mairie.example.fr/" + "a" * 100
    assert network.limits.measure(text) == len(text)
    assert limits_of({"software": "mastodon"}).measure(text) == 23
    assert limits_of({"software": "gotosocial"}).measure(text) == len(text)
    assert limits_of({"software": "mastodon", "link": "30"}).measure(text) == 30
    assert limits_of({"software": "mastodon"}) == limits_of(
        {"software": "mastodon", "chars": "-3", "alt": "x", "types": "a"}
    )


@pytest.mark.parametrize("dialect", ["mastodon", "gotosocial"], indirect=True)
@pytest.mark.parametrize(
    "text",
    [
        "é" * 500,
        "é" * 501,
        "👨‍👩‍👧" * 100 + "x" * 400,
        "https://www.mairie.example.fr/" + "a" * 400 + " " + "b" * 476,
        "https://www.mairie.example.fr/" + "a" * 400 + " " + "b" * 477,
        "@mairie@mastodon.example " + "b" * 492,
        "@mairie@mastodon.example " + "b" * 493,
    ],
)
def test_limits_are_the_servers(server, http, credentials, text):
    limits = network.limits_of(facts(server, http, credentials))
    send = lambda: network.publish(http, credentials, Post(text, datetime.now(UTC)), "k1")
    if limits.measure(text) <= limits.text:
        assert send().id
    else:
        assert caught(send, Rejected).code == "rejected"
