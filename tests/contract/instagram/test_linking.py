"""Instagram on the scripted server: from Facebook's dialog to an account, what it said, and how far that got."""

from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.instagram import NEEDED
from collective.socialterritory.networks.instagram import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import picture
from contract.base import sent
from contract.base import shown
from contract.linking import consented
from contract.reading import ReadContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_consent import BACK
from scripted_instagram import SCOPES

import json
import pytest


AT = "2026-11-22T08:30:15+0000"


def tokens(server, http):
    """What is got for a code."""
    client, consent, back = consented(network, server, http)
    return client, consent.tokens(http, back["code"])


def test_the_way_of_consent(server, http, account):
    server.account("musee", ("ANALYZE",))
    super(type(server), server).account("Page")  # a page without Instagram
    client, got = tokens(server, http)
    (connection,) = network.identify(http, client, got)
    assert (connection.identity.id, connection.identity.name) == (account.id, "@ville")
    assert connection.identity.url == "https://www.instagram.com/ville/"
    kept = dict(connection.credentials)
    assert set(kept) == {"app_secret", "account", "handle", "token"}
    assert not any(secret in repr(connection) + repr(client) for secret in (client.secret, kept["token"]))
    server.now = lambda: datetime.now(UTC) + timedelta(days=400)
    sent(network, http, kept, Post("Bonjour", datetime.now(UTC), pictures=(picture(),)))
    assert server.posts() == ["Bonjour"]
    assert network.whoami(http, kept) == connection.identity


def test_several_accounts_are_a_choice(server, http, account):
    server.account("musee")
    found = network.identify(http, *tokens(server, http))
    assert [connection.identity.name for connection in found] == ["@ville", "@musee"]


def test_a_page_without_a_professional_account(server, http):
    super(type(server), server).account("Page")
    error = caught(lambda: network.identify(http, *tokens(server, http)), Rejected)
    assert (error.code, error.params) == ("no_professional", {})


@pytest.mark.parametrize("scope", SCOPES)
def test_smaller_rights_than_asked_for(server, http, account, scope):
    server.declined = (scope,)
    call = lambda: network.identify(http, *tokens(server, http))
    if scope in NEEDED:
        assert caught(call, Rejected).params == {"names": scope}
    else:
        assert call()


def test_an_account_without_a_name(server, http):
    page = {"id": "1", "access_token": "EAA1", "tasks": ["CREATE_CONTENT"], "instagram_business_account": {"id": "2"}}
    got = tokens(server, http)
    server.instead["accounts"] = Said(200, json.dumps({"data": [page]}).encode())
    assert caught(lambda: network.identify(http, *got), Transient).code == "not_json"


def test_an_app_that_cannot_be(http):
    assert caught(lambda: network.client(http, {"app_id": "a"}, BACK), Rejected).code == "app_id_invalid"


# What it said


class TestInstagramReads(ReadContract):
    network = network
    read_step = "media"
    author = "@ville"
    tells_alt = True
    tells_size = False
    senseless = [
        *({}, [], None, 1, {"data": None}, {"data": {}}, {"data": [None]}, {"data": ["a"]}, {"paging": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"timestamp": AT}]}, {"data": [{"id": "1", "timestamp": "a"}]}),
        {"data": [], "paging": {"next": "https://graph.facebook.com/"}},
    ]

    def delete(self, account):
        account.media.pop()

    test_a_repost_is_marked = None
    """Nobody passes on what others posted"""
    test_words_are_plain_and_links_in_full = None
    """No post is without a picture"""


@pytest.fixture
def read(http, credentials):
    return lambda limit=10, since="": network.read(http, credentials, limit, since)


def test_several_pictures(http, credentials, read):
    post = Post("Voir", datetime.now(UTC), pictures=tuple(map(picture, ["Une affiche", ""])))
    receipt = sent(network, http, credentials, post)
    (entry,) = read().entries
    assert ([image.alt for image in entry.images], entry.url) == (["Une affiche", ""], receipt.url)


def test_a_film_is_its_first_picture(server, read):
    film = {"media_type": "VIDEO", "media_url": "https://a.fr/film.mp4", "thumbnail_url": "https://a.fr/film.jpg"}
    server.instead["media"] = Said(200, json.dumps({"data": [{"id": "1", "timestamp": AT, **film}]}).encode())
    (entry,) = read().entries
    assert [image.url for image in entry.images] == ["https://a.fr/film.jpg"]
    assert (entry.text, entry.url) == ("", "https://www.instagram.com/ville/")


def test_where_instagram_forgets_since_when(server, read):
    server.instead["media"] = Said(200, json.dumps({"data": [{"id": "1", "timestamp": AT}]}).encode())
    assert read(since="1900000000").entries == ()


# How far it got


@pytest.fixture
def measure(http, credentials):
    return lambda *ids: network.measure(http, credentials, ids)


def test_numbers(server, account, measure):
    said = server.say(account, "Bonjour")
    account.media[0] |= {"like_count": 12, "comments_count": 3, "views": 400}
    assert measure(said["id"]) == {said["id"]: Counts(likes=12, replies=3, views=400)}
    assert network.toll({}, network.at_once) == 0


def test_numbers_without_the_right_to_see_how_often_it_was_seen(server, http, account):
    said = server.say(account, "Bonjour")
    few = server.credentials(account, NEEDED)
    assert network.measure(http, few, [said["id"]]) == {said["id"]: Counts(likes=0, replies=0)}


def test_a_post_that_is_gone_is_not_told_of_and_an_account_that_is_gone_is_an_error(server, account, measure):
    said = server.say(account, "Bonjour")
    account.media.clear()
    assert measure(said["id"]) == {}
    del server.grams[account.id]
    assert caught(lambda: measure(said["id"]), Unauthorized).code == "page_gone"


@pytest.mark.parametrize("step", ["medium", "insights"])
@pytest.mark.parametrize("fault", ["500_before", "html_200", "429", "expired"])
def test_numbers_that_are_not_told(server, account, measure, step, fault):
    said = server.say(account, "Bonjour")
    server.script(step, fault)
    kind = {"expired": Unauthorized, "429": RateLimited}.get(fault, Transient)
    assert "EAA" not in shown(caught(lambda: measure(said["id"]), kind))


@pytest.mark.parametrize("said", [{}, {"data": 5}])
def test_views_that_make_no_sense(server, account, measure, said):
    id = server.say(account, "Bonjour")["id"]
    server.instead["insights"] = Said(200, json.dumps(said).encode())
    assert caught(lambda: measure(id), Transient).code == "not_json"


@pytest.mark.parametrize("rows", [[], [5], [{"name": "views"}], [{"name": "views", "values": [{"value": "1"}]}]])
def test_numbers_that_are_none(server, account, measure, rows):
    id = server.say(account, "Bonjour")["id"]
    server.instead["insights"] = Said(200, json.dumps({"data": rows}).encode())
    server.instead["medium"] = Said(200, b'{"like_count": "5", "comments_count": -1}')
    assert measure(id) == {id: Counts()}


def test_a_total_in_place_of_values(server, account, measure):
    id = server.say(account, "Bonjour")["id"]
    rows = [{"name": "views", "total_value": {"value": 7}}]
    server.instead["insights"] = Said(200, json.dumps({"data": rows}).encode())
    assert measure(id)[id].views == 7
