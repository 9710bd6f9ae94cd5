"""LinkedIn pages on the scripted server: the contract, what is sent, and what readers see."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks import restli
from collective.socialterritory.networks.linkedin import network
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.reading import Measures
from collective.socialterritory.networks.reading import Reads
from contract.base import caught
from contract.base import picture
from contract.failures import FailureContract
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest
import requests


NOW = datetime.now(UTC)
CARD = Card("https://www.ville.fr/fete?a=1&b=2", "Fête (de la musique) #2", "Dimanche, <place> de la mairie")


@pytest.mark.usefixtures("at_once")
class TestLinkedIn(FailureContract):
    network = network
    refuses_repeats = True
    post_step = "post"
    steps = {"image": "picture", "upload": "picture", "posts": "find", "acls": "whoami", "lookup": "whoami"}
    steps |= {"token": "refresh"}


def test_facts(monkeypatch):
    abilities = (Finds, Consents, Refreshes, Edits, Deletes, Reads, Measures)
    assert all(isinstance(network, ability) for ability in abilities)
    assert not any(isinstance(network, ability) for ability in (Connects, Replays, Replies))
    assert network.limits.card_pictures == 1
    assert network.origins({}) == []
    assert network.origins({"access": "a"}) == ["https://api.linkedin.com", "https://www.linkedin.com"]
    client = network.client(None, {"client_id": " a ", "client_secret": "b"}, "https://a.fr/back")
    assert (client.id, client.secret, client.basic, client.pkce) == ("a", "b", False, False)
    assert client.authorize == "https://www.linkedin.com/oauth/v2/authorization"
    assert client.token == "https://www.linkedin.com/oauth/v2/accessToken"
    assert network.fee({}, 100) == network.toll({}, 100) == 0


# What is sent


def test_each_call_names_its_version_and_no_token_is_in_an_address(server, http, credentials, sent, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_LINKEDIN_VERSION", "202610")
    network.publish(http, credentials, Post("Bonjour", NOW, pictures=(picture(),)), "k")
    network.whoami(http, credentials)
    calls = [(method, headers) for method, headers, _ in sent if method != "upload"]
    assert {method for method, _ in calls} == {"image", "post", "look", "acls", "lookup"}
    assert {headers["linkedin-version"] for _, headers in calls} == {"202610"}
    assert {headers["x-restli-protocol-version"] for _, headers in calls} == {"2.0.0"}


@pytest.mark.parametrize(
    "text",
    [
        "Fête (à 14 h) [complet] {1} <b> a|b *gras* ~ _souligné_ \\ mairie@ville.fr @ville",
        "#Fête #Ville_Lyon C# # ##a voir https://www.ville.fr/a_b(c)#d~e (#Été)",
        "{hashtag|#|a} @[Ville](urn:li:organization:1) \\#a \\\\",
    ],
)
def test_nothing_of_a_text_is_cut(server, http, credentials, text):
    network.publish(http, credentials, Post(text, NOW), "k")
    assert server.posts() == [text]


def test_hashtags_stay_hashtags(server, http, credentials, account):
    network.publish(http, credentials, Post("#Fête de #Ville_Lyon, C#", NOW), "k")
    assert account.posts[0]["commentary"] == r"{hashtag|\#|Fête} de {hashtag|\#|Ville\_Lyon}, C\#"


def test_an_article_with_its_picture(server, http, credentials, account):
    network.publish(http, credentials, Post("Fête", NOW, link=CARD.url, card=CARD, pictures=(picture(),)), "k")
    (image,) = server.images
    article = {"source": CARD.url, "title": CARD.title, "description": CARD.description, "thumbnail": image}
    assert account.posts[0]["content"] == {"article": article}
    assert server.images[image]["data"] == picture().data


def test_an_article_without_a_picture(http, credentials, account):
    long = replace(CARD, title="Fête " * 100, description="")
    network.publish(http, credentials, Post("Fête", NOW, link=CARD.url, card=long), "k")
    article = account.posts[0]["content"]["article"]
    assert set(article) == {"source", "title"}
    assert len(article["title"]) <= 400 and article["title"].endswith("Fête…")


@pytest.mark.parametrize("count", [1, 2, 20])
def test_pictures_go_in_their_order_with_what_is_said_of_them(server, http, credentials, account, count):
    pictures = tuple(picture(f"Affiche {number}" if number else "") for number in range(count))
    network.publish(http, credentials, Post("Fête", NOW, pictures=pictures), "k")
    content = account.posts[0]["content"]
    told = [content["media"]] if count == 1 else content["multiImage"]["images"]
    assert [one.get("altText", "") for one in told] == [one.alt for one in pictures]
    assert [one["id"] for one in told] == list(server.images)


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/dms-uploads/1",
        "http://www.linkedin.com/dms-uploads/1",
        "https://www.linkedin.com.evil.example/1",
        "https://www.linkedin.com@evil.example/1",
        "https://evillinkedin.com/1",
        "//www.linkedin.com/1",
        "",
        None,
    ],
)
@pytest.mark.parametrize("trial", [True, False])
def test_the_token_and_the_picture_go_to_linkedin_alone(server, http, credentials, monkeypatch, where, trial):
    """`trial`: as against the real one, whose addresses the scripted server cannot have."""
    value = {"image": "urn:li:image:1", "uploadUrl": where}
    server.instead["image"] = Said(200, json.dumps({"value": value}).encode())
    if not trial:
        monkeypatch.delenv("SOCIALTERRITORY_LINKEDIN")
        monkeypatch.setattr(restli, "API", server.url)
    post = Post("Bonjour", NOW, pictures=(picture(),))
    assert caught(lambda: network.publish(http, credentials, post, "k"), Transient).code == "not_json"
    assert set(server.calls) == {"image"}
    assert server.posts() == []


# Refusals


@pytest.mark.parametrize(
    "changes, status",
    [({}, 201), ({"more": 1}, 422), ({"visibility": "CONNECTIONS"}, 422), ({"commentary": "a" * 3001}, 422)],
)
def test_the_scripted_server_takes_nothing_but_what_is_documented(server, credentials, account, changes, status):
    distribution = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
    body = {"author": account.urn, "commentary": "a", "visibility": "PUBLIC", "distribution": distribution}
    body |= {"lifecycleState": "PUBLISHED", "isReshareDisabledByAuthor": False, **changes}
    headers = {"Authorization": f"Bearer {credentials['access']}", "LinkedIn-Version": restli.VERSION}
    url = f"{server.url}/rest/posts"
    assert requests.post(url, json=body, headers=headers, timeout=10).status_code == 400
    headers["X-Restli-Protocol-Version"] = "2.0.0"
    assert requests.post(url, json=body, headers=headers, timeout=10).status_code == status
    assert requests.post(url, json=body, timeout=10).status_code == 401


def test_a_text_that_linkedin_refuses_says_why(server, http, credentials):
    refused = caught(lambda: network.publish(http, credentials, Post("a" * 3001, NOW), "k"), Rejected)
    assert (refused.code, refused.params["reason"]) == (
        "rejected",
        "ShareCommentary text length exceeds the maximum",
    )
