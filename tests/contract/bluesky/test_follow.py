"""Accounts of the AT protocol, followed by whoever asks: what their own repository holds."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.following import FollowContract
from contract.following import MORNING
from faults import Said

import json
import pytest


RECORD = {"text": "x", "createdAt": "2026-01-01T00:00:00.000Z"}
PROFILE = "https://bsky.app/profile"
LINK = "app.bsky.richtext.facet#link"


@pytest.fixture
def subject(account):
    return f"{PROFILE}/{account.handle}"


@pytest.fixture
def follow(http, subject):
    return lambda limit=10: network.follow(http, subject, limit)


def facet(start, end, uri="https://ville.example/a"):
    return {"index": {"byteStart": start, "byteEnd": end}, "features": [{"$type": LINK, "uri": uri}]}


class TestBlueskyFollows(FollowContract):
    network = network
    steps = ("resolveHandle", "getRecord", "listRecords")
    author = "@mairie.example"
    page = 100
    senseless = [
        *({}, {"records": None}, {"records": {}}, {"records": [None]}, {"records": [{}]}),
        *({"records": [{"uri": "at://x/y/z"}]}, {"records": [{"value": RECORD}]}),
        *({"records": [{"uri": "at://x/y/z", "value": {**RECORD, name: 5}}]} for name in RECORD),
    ]
    subjects = {
        "https://bsky.app/profile/Mairie.Example": f"{PROFILE}/mairie.example",
        "http://bsky.app/profile/mairie.bsky.social/?x#y": f"{PROFILE}/mairie.bsky.social",
        "https://bsky.app/profile/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa": f"{PROFILE}/did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
        "https://bsky.app/profile/did%3Aweb%3Aville.example": f"{PROFILE}/did:web:ville.example",
    }
    others = (
        *(
            "",
            "https://bsky.app/",
            "https://bsky.app/profile/",
            "https://bsky.app/profile/mairie",
            "mairie.bsky.social",
        ),
        *(
            f"{PROFILE}/mairie.example/post/3k",
            "https://bsky.app/hashtag/x",
            "https://bsky.app.evil.example/profile/a.b",
        ),
        *("https://[bsky.app/profile/a.b", "https://me@bsky.app/profile/a.b", "ftp://bsky.app/profile/a.b"),
        *(f"{PROFILE}/did:plc:short", f"{PROFILE}/did:key:z6Mk", f"{PROFILE}/../a.b"),
    )


def test_who_speaks(server, account, follow):
    blob = {"$type": "blob", "ref": {"$link": "bafkreiavatar"}, "mimeType": "image/jpeg", "size": 9}
    server.profiles[account.did] = {"displayName": " Ville\nde X ", "avatar": blob}
    server.blobs["bafkreiavatar"] = b"pixels"
    server.say(account, "Menu")
    feed = follow()
    assert (feed.title, feed.url) == ("Ville de X", f"{PROFILE}/mairie.example")
    assert feed.avatar == feed.entries[0].avatar
    assert feed.avatar.startswith(f"{server.url}/xrpc/com.atproto.sync.getBlob?")


@pytest.mark.parametrize("said", [None, {"value": None}, {"value": {"displayName": 5, "avatar": 5, "labels": [5]}}])
def test_who_speaks_never_said_who_that_is(server, follow, said):
    if said:
        server.instead["getRecord"] = Said(200, json.dumps(said).encode())
    feed = follow()
    assert (feed.title, feed.avatar) == ("@mairie.example", "")


def test_an_account_named_by_its_did(server, http, account):
    server.say(account, "Menu")
    feed = network.follow(http, f"{PROFILE}/{account.did}", 10)
    assert (feed.title, feed.url) == ("@mairie.example", f"{PROFILE}/mairie.example")
    assert feed.entries[0].author == "@mairie.example"


@pytest.mark.parametrize("handle", ["elysee.example", "personne.invalid", "no handle"])
def test_a_handle_that_a_did_only_claims_is_not_shown(server, http, account, monkeypatch, handle):
    other = server.account("elysee.example")
    assert other.did != account.did
    document = {
        "id": account.did,
        "alsoKnownAs": [f"at://{handle}"],
        "service": [{"id": "#atproto_pds", "serviceEndpoint": server.url}],
    }
    server.instead[f"/{account.did}"] = Said(200, json.dumps(document).encode())
    server.say(account, "Menu")
    feed = network.follow(http, f"{PROFILE}/{account.did}", 10)
    assert (feed.title, feed.url, feed.entries[0].author) == (account.did, f"{PROFILE}/{account.did}", "")


def test_a_reply_is_marked(server, account, follow):
    server.say(account, "Oui", reply={"root": {}, "parent": {}})
    assert [entry.is_reply for entry in follow().entries] == [True]


def test_the_link_of_a_card(http, credentials, follow):
    card = Card("https://ville.example/une", "Titre", "Résumé")
    text = "Voir https://ville.example/deux"
    network.publish(http, credentials, Post(text, MORNING, card=card), network.key("1", MORNING))
    (entry,) = follow().entries
    assert (entry.text, entry.link, entry.images) == (text, card.url, ())


def test_a_link_that_is_shown_shortened_is_in_full(http, credentials, follow):
    link = "https://www.ville.example/actualites/un-tres-long-titre-qui-est-raccourci"
    text = "Été : www.ville.example/actualites/un-tres-lo… #fête"
    network.publish(http, credentials, Post(text, MORNING, link=link), network.key("1", MORNING))
    (entry,) = follow().entries
    assert (entry.text, entry.link) == (f"Été : {link} #fête", link)


@pytest.mark.parametrize(
    "text, facets, full",
    [
        ("Voir ici.", [facet(5, 8)], "Voir ici (https://ville.example/a)."),
        ("été ici", [facet(6, 9)], "été ici (https://ville.example/a)"),
        ("ville.example/a, b", [facet(0, 15)], "https://ville.example/a, b"),
        (
            "ici là",
            [facet(4, 99), facet(3, 3), facet(2, 1), facet(-1, 2), facet(0, 3)],
            "ici (https://ville.example/a) là",
        ),
        ("ici là", [facet(0, 3), facet(1, 2), facet(0, 5)], "ici (https://ville.example/a) là"),
        ("ici", [facet(0, 3, "javascript:alert(1)"), facet("0", 3), None, {}, {"index": 5, "features": 5}], "ici"),
    ],
)
def test_facets(server, account, follow, text, facets, full):
    server.say(account, text, facets=facets)
    assert follow().entries[0].text == full


def test_a_facet_inside_a_character_breaks_nothing(server, account, follow):
    server.say(account, "été", facets=[facet(1, 2)])
    assert "https://ville.example/a" in follow().entries[0].text


def test_a_quoted_post_is_linked_and_pictures_beside_it_are_shown(server, account, follow):
    quoted = {"uri": "at://did:plc:x/app.bsky.feed.post/3k", "cid": "bafyrei"}
    image = {"alt": "Un carré", "image": {"ref": {"$link": "bafkreix"}}}
    media = {"$type": "app.bsky.embed.images", "images": [image, {"alt": "rien"}]}
    server.say(account, "Lire", MORNING, embed={"$type": "app.bsky.embed.record", "record": quoted})
    both = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": quoted}, "media": media}
    server.say(account, "Voir", embed=both)
    see, read = follow().entries
    assert see.link == read.link == f"{PROFILE}/did:plc:x/post/3k"
    assert [(image.alt, image.width, image.height) for image in see.images] == [("Un carré", 0, 0)]


def test_pictures_that_the_author_warns_of_are_not_shown(server, account, follow):
    images = {"images": [{"alt": "", "image": {"ref": {"$link": "bafkreix"}}}]}
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    server.say(account, "Accident", embed=images, labels=labels)
    assert follow().entries[0].images == ()


# Refusals


def test_who_asks_to_be_shown_to_members_only_is_not_shown(server, account, follow):
    server.say(account, "Menu")
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    server.profiles[account.did] = {"displayName": "Ville", "labels": labels}
    raised = caught(follow, Rejected)
    assert (raised.code, raised.params["name"]) == ("members_only", "mairie.example")
    assert server.calls["listRecords"] == 0


@pytest.mark.parametrize("name", ["RepoDeactivated", "AccountTakedown", "InvalidRequest"])
@pytest.mark.parametrize("step", ["getRecord", "listRecords"])
def test_an_account_that_is_switched_off(server, follow, step, name):
    server.instead[step] = Said(400, json.dumps({"error": name, "message": "Could not find repo"}).encode())
    raised = caught(follow, Rejected)
    assert (raised.code, raised.params["name"]) == ("profile_gone", "mairie.example")


@pytest.mark.parametrize("status", [404, 410])
def test_an_identity_that_is_gone(server, http, account, status):
    server.instead[f"/{account.did}"] = Said(status, b'{"message": "DID not available"}')
    raised = caught(lambda: network.follow(http, f"{PROFILE}/{account.did}", 10), Rejected)
    assert raised.code == "profile_gone"


@pytest.mark.parametrize("endpoint", ["http://pds.example", "https://[pds.example", "", None, 5])
def test_a_server_that_cannot_be_asked_safely(server, http, account, endpoint):
    service = {"id": "#atproto_pds", "serviceEndpoint": endpoint}
    document = {"id": account.did, "alsoKnownAs": [f"at://{account.handle}"], "service": [service]}
    server.instead[f"/{account.did}"] = Said(200, json.dumps(document).encode())
    assert caught(lambda: network.follow(http, f"{PROFILE}/{account.handle}", 10), Rejected).code == "pds_insecure"


def test_all_questions_together_have_the_time_of_one(server, http, subject):
    server.delay, http.deadline = 0.3, 0.8
    assert caught(lambda: network.follow(http, subject, 10), Transient).code == "read_timeout"
