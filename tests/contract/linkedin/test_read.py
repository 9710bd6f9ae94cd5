"""What a page said, read at LinkedIn, and how far it got."""

from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks import updates
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.linkedin import network
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import picture
from contract.lookup import LINK
from contract.reading import ReadContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
ROW = {"id": "urn:li:share:1", "createdAt": int(NOW.timestamp() * 1000)}


@pytest.fixture
def read(http, credentials):
    return lambda limit=10, since="": network.read(http, credentials, limit, since)


class TestLinkedIn(ReadContract):
    network = network
    read_step = "posts"
    author = "Ville"
    tells_alt = True
    tells_size = False
    senseless = [
        *({}, [], None, 1, {"elements": None}, {"elements": [None]}, {"elements": [{"id": "1"}]}),
        *({"elements": [{**ROW, "commentary": 5}]}, {"elements": [{"createdAt": 1}]}),
    ]

    def repost(self, server, account):
        server.say(account, "Bonjour", reshareContext={"parent": "urn:li:share:5"})

    def delete(self, account):
        account.posts.pop()


def test_drafts_are_nobodys_to_read(server, account, read):
    server.say(account, "Brouillon", lifecycleState="DRAFT")
    server.say(account, "Menu")
    assert [entry.text for entry in read().entries] == ["Menu"]


def test_pages_are_turned_until_there_are_enough(server, account, read):
    server.most, server.totals = 3, False
    for number in range(20):
        server.say(account, f"Post {number}", NOW - timedelta(minutes=60 - number))
    assert len(read(100).entries) == 3
    server.totals = True
    assert [entry.text for entry in read(3).entries] == ["Post 19", "Post 18", "Post 17"]


def test_hashtags_and_mentions_are_read_as_people_see_them(server, read):
    said = r"Fête \(dimanche\) {hashtag|\#|Ville\_Lyon} #Été @[L'Asso](urn:li:organization:5) {x"
    server.instead["posts"] = Said(200, json.dumps({"elements": [{**ROW, "commentary": said}]}).encode())
    (entry,) = read().entries
    assert entry.text == "Fête (dimanche) #Ville_Lyon #Été L'Asso {x"
    assert entry.tags == ("Ville_Lyon", "Été")


def test_the_link_of_an_article_and_not_its_picture(http, credentials, read):
    card = Card(LINK, "Fête", "")
    network.publish(http, credentials, Post("Voir", NOW, link=LINK, card=card, pictures=(picture(),)), "k")
    (entry,) = read().entries
    assert (entry.link, entry.images) == (LINK, ())


def test_several_pictures_are_asked_for_at_once(server, http, credentials, read):
    for number in range(2):
        shown = tuple(picture(f"{number}{name}") for name in "ab")
        network.publish(http, credentials, Post(f"{number}", NOW, pictures=shown), "k")
    assert [[image.alt for image in entry.images] for entry in read().entries] == [["1a", "1b"], ["0a", "0b"]]
    assert server.calls["images"] == 1


@pytest.mark.parametrize(
    "odd", [None, 5, "a", [], {}, {"media": None, "multiImage": {"images": 5}}, {"media": {"id": 5}}]
)
def test_odd_parts_are_left_out(server, read, odd):
    server.instead["posts"] = Said(200, json.dumps({"elements": [{**ROW, "content": odd, "author": odd}]}).encode())
    (entry,) = read().entries
    assert (entry.text, entry.images, entry.link) == ("", (), "")


@pytest.mark.parametrize("one", [None, 5, {}, {"downloadUrl": "javascript:alert(1)"}, {"downloadUrl": None}])
def test_a_picture_that_is_nowhere(server, read, one):
    media = {"media": {"id": "urn:li:image:1", "altText": "Une \ud83d affiche"}}
    server.instead["posts"] = Said(200, json.dumps({"elements": [{**ROW, "content": media}]}).encode())
    server.instead["images"] = Said(200, json.dumps({"results": {"urn:li:image:1": one}}).encode())
    assert read().entries[0].images == ()
    found = {"urn:li:image:1": {"downloadUrl": "https://media.licdn.com/x.jpg"}}
    server.instead["images"] = Said(200, json.dumps({"results": found}).encode())
    assert read().entries[0].images == (Image("https://media.licdn.com/x.jpg", "Une ? affiche"),)
    server.instead["images"] = Said(200, b'{"results": 5}')
    assert caught(read, Transient).code == "not_json"


def test_the_right_to_read_was_not_given(server, http, account):
    few = server.credentials(account, ("w_organization_social",))
    assert caught(lambda: network.read(http, few, 10), Unauthorized).code == "scopes"


# How far it got


@pytest.fixture
def measure(http, credentials):
    return lambda *ids: network.measure(http, credentials, ids)


STATS = {"likeCount": 7, "shareCount": 2, "commentCount": 3, "impressionCount": 900, "engagement": 0.02}


def test_the_numbers_of_posts(server, account, measure):
    seen = server.say(account, "Menu", stats=STATS)
    film = server.say(account, "Film", stats={**STATS, "likeCount": 0}, id="urn:li:ugcPost:9")
    new = server.say(account, "Travaux")
    gone = "urn:li:share:404"
    assert measure(seen["id"], film["id"], new["id"], gone) == {
        seen["id"]: Counts(7, 2, 3, 900),
        film["id"]: Counts(0, 2, 3, 900),
        new["id"]: Counts(0, 0, 0, 0),
    }
    assert (server.calls["stats"], server.calls["posts"]) == (1, 1)


def test_as_many_as_are_told_at_once(server, account, measure):
    ids = [server.say(account, f"Post {n}", stats=STATS)["id"] for n in range(network.at_once)]
    assert set(measure(*ids)) == set(ids)
    assert (server.calls["stats"], server.calls["posts"]) == (1, 0)
    assert network.at_once == updates.MEASURED


@pytest.mark.parametrize("odd", [None, -1, "5", 1.5, True, 10**30])
def test_odd_numbers_are_not_told(server, account, measure, odd):
    seen = server.say(account, "Menu", stats={**STATS, "likeCount": odd})
    assert measure(seen["id"])[seen["id"]] == Counts(None, 2, 3, 900)


@pytest.mark.parametrize("step", ["stats", "posts"])
@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_measuring(server, account, measure, step, fault):
    server.hold = 2.5
    new = server.say(account, "Menu")
    server.script(step, fault)
    kind = {"429": RateLimited, "expired": Unauthorized}.get(fault, Transient)
    caught(lambda: measure(new["id"]), kind)
    assert measure(new["id"])


@pytest.mark.parametrize("step", ["stats", "posts"])
@pytest.mark.parametrize("said", [{}, [], {"elements": 5}, {"results": []}])
def test_numbers_that_are_none(server, account, measure, step, said):
    new = server.say(account, "Menu")
    server.instead[step] = Said(200, json.dumps(said).encode())
    assert caught(lambda: measure(new["id"]), Transient).code == "not_json"


def test_the_right_to_measure_was_not_given(server, http, account):
    few = server.credentials(account, ("w_organization_social", "r_organization_social"))
    new = server.say(account, "Menu")
    assert caught(lambda: network.measure(http, few, [new["id"]]), Unauthorized).code == "scopes"
