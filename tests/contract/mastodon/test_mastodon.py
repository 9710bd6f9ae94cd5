"""Mastodon and its kin on the scripted server: the contract in every dialect, linking, what is sent, and limits."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.mastodon import network
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Replays
from contract.base import caught
from contract.base import NetworkContract
from contract.base import picture
from contract.failures import FailureContract
from contract.linking import consented
from contract.mastodon.dialects import DIALECTS
from datetime import datetime
from datetime import UTC
from faults import Said
from scripted_consent import BACK
from scripted_mastodon import SCOPES
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import json
import pytest
import requests


class TestMastodon(FailureContract):
    network = network
    post_step = "post"
    steps = {"media": "picture", "statuses": "find", "verify_credentials": "whoami"}

    @pytest.fixture(params=["mastodon", "gotosocial"])
    def dialect(self, request):
        return request.param


class TestOtherDialects(NetworkContract):
    network = network

    @pytest.fixture(params=["plain", "closed"])
    def dialect(self, request):
        return request.param


def test_abilities():
    assert isinstance(network, Finds)
    assert isinstance(network, Consents)
    assert not isinstance(network, Replays)
    assert network.origins({}) == []
    assert network.origins({"origin": "https://m.example"}) == ["https://m.example"]


# Linking


def linked(server, http, *button):
    return consented(network, server, http, *button, typed={"server": server.url})


@pytest.mark.parametrize("dialect", DIALECTS, indirect=True)
def test_the_way_of_consent(server, http, account, dialect):
    client, consent, back = linked(server, http)
    (connection,) = network.identify(http, client, consent.tokens(http, back["code"]))
    assert connection.identity.id == f"{account.id}@{server.host}"
    assert connection.identity.name == "@mairie@ville.example"
    assert connection.identity.url == f"{server.url}/@mairie"
    assert connection.identity.facts["software"] == ("" if dialect == "plain" else server.software)
    assert set(connection.credentials) == {"origin", "client_id", "client_secret", "token", "account"}
    assert connection.credentials["token"] not in repr(connection)
    assert client.secret not in repr(connection) + repr(client)
    receipt = network.publish(http, connection.credentials, Post("Bonjour", datetime.now(UTC)), "k1")
    assert server.posts() == ["Bonjour"]
    assert receipt.url == f"{server.url}/@mairie/{receipt.id}"


def test_this_site_is_told_with_one_address_only(server, http, account):
    network.client(http, {"server": server.url}, BACK)
    (app,) = server.apps.values()
    assert (app.redirect_uri, app.scopes) == (BACK, SCOPES)


def test_no_is_an_answer(server, http, account):
    _client, _consent, back = linked(server, http, "Deny")
    assert back["error"] == "access_denied"


def test_a_code_is_good_once_and_for_who_asked(server, http, account):
    client, consent, back = linked(server, http)
    other = Consent(client, BACK, network.scopes)
    assert caught(lambda: other.tokens(http, back["code"]), Rejected).code == "consent_failed"
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"


def test_smaller_rights_than_asked_for(server, http, account):
    server.grants = ("read:accounts", "read:statuses")
    _client, consent, back = linked(server, http)
    error = caught(lambda: consent.tokens(http, back["code"]), Rejected)
    assert error.params["names"] == "write:statuses, write:media"


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": f"{BACK}/x"}, {"scope": "write:accounts"}, {"state": ""}, {"code_challenge": "x"}, {"more": "1"}],
)
def test_the_scripted_server_takes_nothing_but_what_is_documented(server, http, account, changes):
    client = network.client(http, {"server": server.url}, BACK)
    address = Consent(client, BACK, network.scopes).address()
    asked = dict(parse_qsl(urlsplit(address).query))
    assert requests.get(client.authorize, params=asked, timeout=10).status_code == 200
    assert requests.get(client.authorize, params=asked | changes, timeout=10).status_code == 400


@pytest.mark.parametrize(
    "typed, origin",
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://Mastodon.Social/@town \n", "https://mastodon.social"),
        ("HTTPS://mastodon.social", "https://mastodon.social"),
        ("http://mastodon.social/about?x#y", "https://mastodon.social"),
        ("@town@mastodon.social", "https://mastodon.social"),
        ("\u202atown@mastodon.social.\u202c", "https://mastodon.social"),
        ("https://mastodon.social/@town@other.example", "https://mastodon.social"),
        ("https://mastodon.social:443/", "https://mastodon.social"),
        ("https://mastodon.social/share?url=http://evil.example", "https://mastodon.social"),
        ("Mairie@Forêt.example", "https://xn--fort-ipa.example"),
        ("203.0.113.5", "https://203.0.113.5"),
        ("intranet:8443", "http://intranet:8443"),
        ("https://intranet:8443", "https://intranet:8443"),
        ("http://intranet:8443/@a", "http://intranet:8443"),
        ("town@mairie:443", "https://mairie"),
    ],
)
def test_ways_to_type_a_server(http, monkeypatch, typed, origin):
    asked = []

    def request(method, url, **options):
        asked.append((method, url, options["data"]["website"]))
        raise Transient("dns")

    http.allow = frozenset({"intranet:8443", "mairie:443"})
    monkeypatch.setattr(http, "request", request)
    assert caught(lambda: network.client(http, {"server": typed}, f"{BACK}?a=b"), Transient).code == "dns"
    assert asked == [("POST", f"{origin}/api/v1/apps", "https://www.ville.example")]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "@town", "mastodon", "town@", "https://", "ftp://mastodon.social", "mastodon social.fr", "a..fr\\b"),
        *("https://user:password@mastodon.social", "http://mastodon.social:8080", "mairie de mastodon.social", "[::1"),
        *("x" * 300 + ".fr", "http://127.0.0.1:1", "javascript:alert(1)", "https://a.fr\r\nX: y/"),
    ],
)
def test_what_is_no_server(http, typed):
    error = caught(lambda: network.client(http, {"server": typed}, BACK), Rejected)
    assert error.code == "server_invalid"
    assert error.params == {"server": typed[:100]}


def test_an_odd_port_is_named(http):
    error = caught(lambda: network.client(http, {"server": "https://mastodon.social:8443"}, BACK), Transient)
    assert error.code == "forbidden_port"


@pytest.mark.parametrize(
    "said",
    [
        Said(404, b"{}"),
        Said(404, b"<h1>Not found</h1>", "text/html"),
        Said(405, b""),
        Said(302, b"", headers={"Location": "https://other.example/"}),
        Said(200, b"<h1>Welcome to nginx</h1>", "text/html"),
        Said(200, b"[]"),
        Said(200, b'{"client_id": "a"}'),
        Said(200, b'{"client_id": "", "client_secret": "b"}'),
        Said(200, b'{"client_id": "a\\r\\nb", "client_secret": "b"}'),
        Said(401, b'{"error": "Unauthorized"}'),
    ],
)
def test_what_is_no_mastodon(server, http, said):
    server.instead["apps"] = said
    error = caught(lambda: network.client(http, {"server": server.url}, BACK), Rejected)
    assert (error.code, error.params) == ("not_mastodon", {"host": "127.0.0.1"})


def test_a_registration_that_is_refused(server, http):
    server.instead["apps"] = Said(422, b'{"error": "Validation failed: Redirect URI is wrong"}')
    error = caught(lambda: network.client(http, {"server": server.url}, BACK), Rejected)
    assert error.params["reason"] == "Validation failed: Redirect URI is wrong"


# What is sent


def test_what_is_sent(server, http, credentials, account, monkeypatch):
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append(how) or request(*args, **how))
    pictured = Post("Avec image", datetime.now(UTC), language="fr", pictures=(picture(),))
    network.publish(http, credentials, pictured, "key-1")
    _media, post = sent
    assert post["headers"]["Idempotency-Key"] == "key-1"
    (status,) = account.statuses
    assert post["json"] == {
        "status": "Avec image",
        "visibility": "public",
        "language": "fr",
        "media_ids": [status["media_attachments"][0]["id"]],
    }
    assert status["media_attachments"][0]["description"] == "Un carré « rouge »\r\nà deux lignes"
    assert status["media_attachments"][0]["data"] == picture().data


def test_a_picture_without_words(server, http, credentials, account):
    post = Post("Sans texte de remplacement", datetime.now(UTC), pictures=(picture("", "PNG"),))
    network.publish(http, credentials, post, "k1")
    assert account.statuses[0]["media_attachments"][0]["description"] is None


def test_a_repeat_is_one_post_where_keys_are_honoured(server, http, credentials, post):
    first = network.publish(http, credentials, post, "k1")
    assert network.publish(http, credentials, post, "k1") == first
    assert server.posts() == [post.text]


@pytest.mark.parametrize(
    "said, url",
    [
        ({"url": None, "uri": "https://a.example/s/9"}, "https://a.example/s/9"),
        ({"url": "javascript:x", "uri": "tag:x", "account": {"acct": "mairie"}}, "{origin}/@mairie/9"),
        ({}, "{origin}/@{account}/9"),
    ],
)
def test_addresses_of_posts(server, http, credentials, said, url):
    server.instead["post"] = Said(200, json.dumps({"id": "9", **said}).encode())
    receipt = network.publish(http, credentials, Post("a", datetime.now(UTC)), "k1")
    assert receipt.url == url.format(**credentials)
