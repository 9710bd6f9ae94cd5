"""What a page said, read at Facebook."""

from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.facebook import network
from contract.base import caught
from contract.base import picture
from contract.reading import ReadContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from faults import Said
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import json
import pytest
import requests


NOW = datetime.now(UTC)
AT = "2026-11-22T08:30:15+0000"


@pytest.fixture
def read(http, credentials):
    return lambda limit=10, since="": network.read(http, credentials, limit, since)


class TestFacebook(ReadContract):
    network = network
    read_step = "posts"
    author = "Ville"
    tells_alt = False
    senseless = [
        *({}, [], None, 1, {"data": None}, {"data": {}}, {"data": [None]}, {"data": ["a"]}, {"paging": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"created_time": AT}]}, {"data": [{"id": "1", "created_time": "a"}]}),
        {"data": [], "paging": {"next": "https://graph.facebook.com/"}},
    ]

    def repost(self, server, account):
        server.say(account, "Bonjour", parent="1220_5")

    def delete(self, account):
        account.posts.pop()


# What is asked and understood


@pytest.mark.parametrize("limit, asked", [(1, "1"), (20, "20"), (500, "100")])
def test_what_is_asked(server, http, account, read, monkeypatch, limit, asked):
    found = []
    request = http.request

    def asked_for(verb, url, **how):
        found.append((verb, url))
        return request(verb, url, **how)

    monkeypatch.setattr(http, "request", asked_for)
    read(limit)
    read(limit, "1770000000")
    (verb, url), (_, again) = found
    query = parse_qs(urlsplit(url).query)
    assert (verb, urlsplit(url).path) == ("GET", f"/{graph.VERSION}/{account.id}/published_posts")
    assert (query["limit"], set(query)) == ([asked], {"fields", "limit", "appsecret_proof"})
    assert parse_qs(urlsplit(again).query) == {**query, "since": ["1770000000"]}


@pytest.mark.parametrize(
    "fields, status",
    [
        ("id,attachments{media,subattachments{media}}", 200),
        ("id,link", 400),
        ("id,attachments{image}", 400),
        ("id,attachments{subattachments{subattachments}}", 400),
        ("from{name", 400),
        ("from{name}}", 400),
    ],
)
def test_the_scripted_server_knows_the_documented_fields_alone(server, account, credentials, fields, status):
    proof = graph.Key(credentials["token"], credentials["app_secret"]).proof
    headers = {"Authorization": f"Bearer {credentials['token']}"}
    url = f"{server.url}/{graph.VERSION}/{account.id}/published_posts"
    asked = {"fields": fields, "appsecret_proof": proof}
    assert requests.get(url, asked, headers=headers, timeout=10).status_code == status
    assert requests.get(url, asked, timeout=10).status_code == 400


def test_pages_are_turned_until_there_are_enough(server, account, read):
    server.most = 3
    for number in range(20):
        server.say(account, f"Post {number}", NOW - timedelta(minutes=60 - number))
    assert [entry.text for entry in read(7).entries] == [f"Post {19 - n}" for n in range(7)]
    assert server.calls["posts"] == 3
    assert len(read(100).entries) == 3 * graph.PAGES


def test_posts_that_come_in_another_order(server, read):
    early = {"created_time": "2026-11-20T08:30:15+0000", "message": "Avant"}
    listing(server, early, {"message": "Après"})
    assert [entry.text for entry in read().entries] == ["Après", "Avant"]
    assert [entry.text for entry in read(1).entries] == ["Après"]


def listing(server, *rows):
    rows = [{"id": f"9_{n}", "created_time": AT, **row} for n, row in enumerate(rows)]
    server.instead["posts"] = Said(200, json.dumps({"data": rows}).encode())


def test_the_card_of_a_link_is_no_picture_of_the_page(server, account, read):
    server.say(account, "Voir", link="https://www.ville.fr/fête?a=1&b=2")
    (entry,) = read().entries
    assert (entry.link, entry.images) == ("https://www.ville.fr/f%C3%AAte?a=1&b=2", ())


def test_an_album_shows_each_picture_once(server, http, credentials, account, read):
    server.say(account, "Album", media=[{"data": picture("", kind).data} for kind in ("PNG", "JPEG")])
    (entry,) = read().entries
    assert [(image.width, image.height) for image in entry.images] == [(40, 30)] * 2
    assert len({image.url for image in entry.images}) == 2


@pytest.mark.parametrize("odd", [None, 5, "a", [], {}, [None], {"data": None}, {"data": [None, 5, {}]}])
def test_odd_parts_are_left_out(server, read, odd):
    listing(server, {"message": odd, "attachments": odd, "from": odd, "permalink_url": "/9"})
    (entry,) = read().entries
    assert (entry.text, entry.author, entry.images, entry.link) == (odd if odd == "a" else "", "", (), "")
    assert entry.url == "https://www.facebook.com/9_0"
    deep = {"media": odd, "subattachments": odd, "unshimmed_url": odd}
    listing(server, {"attachments": {"data": [deep, {**deep, "media_type": "link"}]}})
    assert (read().entries[0].images, read().entries[0].link) == ((), "")


@pytest.mark.parametrize("src", ["javascript:alert(1)", "//a.fr/x.jpg", None, 5])
def test_a_picture_that_is_nowhere(server, read, src):
    images = [{"src": src, "width": 4, "height": 3}, {"src": "https://a.fr/x.jpg", "width": "4", "height": -3}]
    listing(server, {"attachments": {"data": [{"media": {"image": image}} for image in images]}})
    assert read().entries[0].images == (Image("https://a.fr/x.jpg"),)


# Refusals


@pytest.mark.parametrize(
    "status, code, error, said",
    [
        (200, 2, Transient, "server_error"),
        (200, 190, Unauthorized, "unauthorized"),
        (400, 10, Unauthorized, "scopes"),
        (400, 80001, RateLimited, "rate_limited"),
    ],
)
def test_refusals(server, read, status, code, error, said):
    body = {"error": {"message": "No", "type": "OAuthException", "code": code}}
    server.instead["posts"] = Said(status, json.dumps(body).encode())
    assert caught(read, error).code == said


def test_the_right_to_read_was_taken_back(server, http, account):
    few = server.credentials(account, ("pages_show_list", "pages_manage_posts"))
    assert caught(lambda: network.read(http, few, 10), Unauthorized).code == "scopes"


def test_the_page_of_others(server, http, credentials):
    other = credentials | {"account": server.account("Autre").id}
    assert caught(lambda: network.read(http, other, 10), Unauthorized)


def test_reading_is_free(server, credentials):
    spent = Account("a", "Ville", "facebook", ceiling=1, paid={f"{NOW:%Y-%m}": Decimal(5)})
    assert network.fee(credentials, 100) == 0
    assert rules.may_read(spent, network, credentials, 100, NOW)
