"""Facebook pages on the scripted server: the contract, what is sent, and what a page's owner sees."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.facebook import network
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from collective.socialterritory.networks.reading import Reads
from contract.base import caught
from contract.base import picture
from contract.failures import FailureContract
from datetime import datetime
from datetime import UTC
from faults import FAULTS
from faults import Said

import hashlib
import hmac
import json
import pytest
import requests


LINK = "https://www.ville.fr/actualités/fête?a=1&b=2"
NOW = datetime.now(UTC)


@pytest.mark.usefixtures("at_once")
class TestFacebook(FailureContract):
    network = network
    post_step = "feed"
    steps = {"photos": "picture", "posts": "find", "me": "whoami"}

    @pytest.mark.parametrize("refuses", [True, False])
    def test_chaos_loses_and_doubles_nothing(self, server, http, credentials, post, refuses):
        server.refuse_duplicates = refuses
        super().test_chaos_loses_and_doubles_nothing(server, http, credentials, post)


@pytest.mark.usefixtures("at_once")
class TestFacebookThatRefusesTheSameTwice(FailureContract):
    network = network
    refuses_repeats = True
    post_step = "feed"
    steps = {"posts": "find"}

    @pytest.fixture(autouse=True)
    def refuses(self, server):
        server.refuse_duplicates = True

    test_chaos_loses_and_doubles_nothing = None


def test_facts(monkeypatch):
    assert all(isinstance(network, ability) for ability in (Finds, Consents, Reads))
    assert not any(isinstance(network, ability) for ability in (Connects, Refreshes, Replays))
    assert network.origins({}) == ["https://graph.facebook.com"]
    assert [(field.name, field.secret) for field in network.app_fields] == [("app_id", False), ("app_secret", True)]
    assert network.limits.text == 63_206
    assert network.limits.card
    assert network.limits.measure("é👨‍👩‍👧") == 6
    client = network.client(None, {"app_id": " 123\n", "app_secret": " b "}, "")
    assert (client.id, client.secret, client.basic) == ("123", "b", False)
    assert client.authorize == "https://www.facebook.com/v26.0/dialog/oauth?auth_type=rerequest"
    assert client.token == "https://graph.facebook.com/v26.0/oauth/access_token"
    monkeypatch.setenv("SOCIALTERRITORY_GRAPH_VERSION", "v27.0")
    assert network.client(None, {"app_id": "1"}, "").token == "https://graph.facebook.com/v27.0/oauth/access_token"


# What is sent


@pytest.fixture
def sent(http, monkeypatch):
    """What goes through the door from now on: verb, address without version, what else."""
    found = []
    request = http.request

    def asked(verb, url, **how):
        found.append((verb, url.partition("/v26.0")[2], how))
        return request(verb, url, **how)

    monkeypatch.setattr(http, "request", asked)
    return found


def proof(credentials):
    """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
    return hmac.new(credentials["app_secret"].encode(), credentials["token"].encode(), hashlib.sha256).hexdigest()


def test_a_post_with_a_link(server, publish, credentials, account, sent):
    text = f"Fête de l'été\n\n{LINK}"
    receipt = publish(Post(text, NOW, link=LINK, language="fr", card=Card(LINK, "Fête", "de l'été")))
    (post,) = account.posts
    assert (post["said"], post["link"]) == (text, LINK)
    assert (receipt.id, receipt.url) == (post["id"], post["permalink_url"])
    (verb, path, how), (_, looked, _) = sent
    assert (verb, path) == ("POST", f"/{account.id}/feed")
    assert how["data"] == {"message": text, "link": LINK, "appsecret_proof": proof(credentials)}
    assert how["headers"] == {"Authorization": f"Bearer {credentials['token']}"}
    assert looked == f"/{receipt.id}?fields=permalink_url&appsecret_proof={proof(credentials)}"


def test_a_post_without_a_link(publish, account, sent):
    publish(Post("Bonjour", NOW))
    assert set(sent[0][2]["data"]) == {"message", "appsecret_proof"}


def test_a_picture_goes_before_the_post_and_is_not_seen_without_it(publish, account, sent):
    publish(Post(f"Voir {LINK}", NOW, link=LINK, pictures=(picture(),)))
    (post,) = account.posts
    (photo,) = post["media"]
    assert (photo["data"], photo["alt"], post["link"]) == (picture().data, picture().alt, "")
    assert [path.partition("?")[0].rpartition("/")[2] for _, path, _ in sent][:2] == ["photos", "feed"]
    (id,) = account.photos
    assert json.loads(sent[1][2]["data"]["attached_media"]) == [{"media_fbid": id}]


def test_a_picture_without_words(publish, account):
    publish(Post("Sans", NOW, pictures=(picture("", "PNG"),)))
    assert account.posts[0]["media"][0]["alt"] == ""


@pytest.mark.parametrize("text", ["é" * 63_206, "👨" * 63_206], ids=len)
def test_the_longest_posts(server, publish, text):
    publish(Post(text, NOW))
    assert server.posts() == [text]
    assert caught(lambda: publish(Post(f"{text}x", NOW)), Rejected).code == "rejected"


def test_no_token_is_in_an_address(server, http, credentials, publish, find, sent, at_once):
    publish()
    find()
    network.whoami(http, credentials)
    known = [credentials["token"], credentials["app_secret"]]
    assert len(sent) == 4
    assert [path for _, path, _ in sent if any(secret in path for secret in known)] == []
    assert not any(secret in repr(graph.Key(*known)) for secret in known)


def test_the_scripted_server_sees_a_token_in_an_address(server, credentials):
    requests.get(f"{server.url}/v26.0/me?access_token={credentials['token']}", timeout=10)
    assert server.leaks == ["/v26.0/me"]
    server.leaks.clear()


@pytest.mark.parametrize("changes", [{"mesage": "a"}, {"appsecret_proof": ""}, {"appsecret_proof": "0" * 64}])
def test_the_scripted_server_takes_nothing_but_what_is_documented(server, credentials, account, changes):
    form = {"message": "Bonjour", "appsecret_proof": proof(credentials)}
    headers = {"Authorization": f"Bearer {credentials['token']}"}
    url = f"{server.url}/v26.0/{account.id}/feed"
    assert requests.post(url, form | changes, headers=headers, timeout=10).status_code == 400
    assert requests.post(url, form, headers=headers, timeout=10).status_code == 200


# The address of a post


@pytest.mark.parametrize("fault", FAULTS)
def test_a_post_that_is_there_has_an_address_whatever_happens(server, http, publish, account, fault):
    http.deadline = 0.5
    server.hold = 1.0
    server.script("node", fault)
    receipt = publish()
    (post,) = account.posts
    assert receipt.id == post["id"]
    assert receipt.url in (f"https://www.facebook.com/{post['id']}", post["permalink_url"])
    assert (receipt.url == post["permalink_url"]) == (fault == "drip")
    assert server.calls["feed"] == 1


@pytest.mark.parametrize("said", [b"{}", b'{"permalink_url": "/12/posts/3"}', b'{"permalink_url": 5}', b"[]"])
def test_an_address_that_is_none(server, publish, said):
    server.instead["node"] = Said(200, said)
    receipt = publish()
    assert receipt.url == f"https://www.facebook.com/{receipt.id}"
