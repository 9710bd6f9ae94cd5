"""X on the scripted server: the contract in both ways of signing, what is sent, what it costs."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Charges
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Price
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from collective.socialterritory.networks.reading import Reads
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.base import picture
from contract.failures import FailureContract
from datetime import datetime
from datetime import UTC
from decimal import Decimal
from faults import Said
from scripted_consent import BACK

import json
import pytest
import requests


KEYS = ("api_key", "api_secret", "access_token", "access_secret")
NOW = datetime.now(UTC)


class Contract(FailureContract):
    network = network
    refuses_repeats = True
    post_step = "tweet"
    steps = {"media": "picture", "metadata": "picture", "tweets": "find", "me": "whoami"}

    @pytest.mark.parametrize("refuses", [True, False])
    def test_chaos_loses_and_doubles_nothing(self, server, http, credentials, post, refuses):
        server.refuse_duplicates = refuses
        server.limits = dict.fromkeys(server.limits, 10_000)
        super().test_chaos_loses_and_doubles_nothing(server, http, credentials, post)


class TestXByKeys(Contract):
    test_a_token_that_has_expired = None

    @pytest.fixture
    def way(self):
        return "keys"


class TestXByConsent(Contract):
    steps = Contract.steps | {"token": "refresh"}

    @pytest.fixture
    def way(self):
        return "consent"


def test_facts(monkeypatch):
    assert all(isinstance(network, ability) for ability in (Finds, Connects, Consents, Refreshes, Charges, Reads))
    assert not isinstance(network, Replays)
    assert network.origins({}) == ["https://api.x.com"]
    assert [field.name for field in network.fields if field.secret] == list(KEYS)
    assert not network.limits.card
    assert network.limits.measure("Voir ville.fr …") == 5 + 23 + 1 + 2
    client = network.client(None, {"client_id": "a", "client_secret": "b"}, BACK)
    assert (client.authorize, client.token) == (
        "https://x.com/i/oauth2/authorize",
        "https://api.x.com/2/oauth2/token",
    )


# What is sent


def sent(http, monkeypatch):
    """What goes through the door from now on."""
    found = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: found.append((args, how)) or request(*args, **how))
    return found


def test_what_is_sent(server, http, credentials, account, monkeypatch):
    found = sent(http, monkeypatch)
    post = Post("Voir https://www.ville.fr/fête", NOW, link="https://www.ville.fr/fête", pictures=(picture(),))
    network.publish(http, credentials, post, "k1")
    assert [args[1].removeprefix(server.url) for args, _ in found] == [
        "/2/media/upload",
        "/2/media/metadata",
        "/2/tweets",
    ]
    (tweet,) = account.tweets
    (media,) = tweet["media"]
    assert json.loads(found[2][1]["data"]) == {"text": post.text, "media": {"media_ids": [media["id"]]}}
    assert (media["alt"], media["data"]) == (picture().alt, picture().data)


def test_a_picture_without_words(server, http, credentials, account):
    network.publish(http, credentials, Post("Sans", NOW, pictures=(picture("", "PNG"),)), "k1")
    assert account.tweets[0]["media"][0]["alt"] == ""
    assert server.calls["metadata"] == 0


def test_a_picture_is_its_owners(server, http, credentials, account):
    other = server.keys(server.account("autre"))
    network.publish(http, other, Post("a", NOW, pictures=(picture(),)), "k")
    (id,) = server.media
    server.instead["media"] = Said(200, json.dumps({"data": {"id": id}}).encode())
    error = caught(lambda: network.publish(http, credentials, Post("b", NOW, pictures=(picture(""),)), "k"), Rejected)
    assert error.params["reason"] == "Your media IDs are invalid."


@pytest.mark.parametrize(
    "text", ["é" * 280, "…" * 140, "👨‍👩‍👧" * 140, f"{'a' * 256} https://ville.fr/{'b' * 300}"], ids=len
)
def test_the_longest_posts(server, http, credentials, text):
    assert network.limits.measure(text) == 280
    network.publish(http, credentials, Post(text, NOW), "k")
    error = caught(lambda: network.publish(http, credentials, Post(f"{text} x", NOW), "k"), Rejected)
    assert error.params["reason"] == "Your Tweet text is too long."


def test_unknown_keys_are_refused(server, http, account):
    token = server.credentials(account)["access"]
    said = {"text": "Bonjour", "language": "fr"}
    answer = requests.post(
        f"{server.url}/2/tweets", json=said, headers={"Authorization": f"Bearer {token}"}, timeout=10
    )
    assert answer.status_code == 400
    assert "language" in answer.json()["detail"]


def test_a_signature_is_good_once(server, http, account, monkeypatch):
    monkeypatch.setattr("oauthlib.oauth1.rfc5849.generate_nonce", lambda: "1234567890123")
    keys = server.keys(account)
    network.whoami(http, keys)
    assert caught(lambda: network.whoami(http, keys), Unauthorized).code == "unauthorized"


@pytest.mark.parametrize("handle, url", [("mairie", "https://x.com/mairie/status/9"), ("", "https://x.com/i/status/9")])
def test_addresses_of_posts(server, http, credentials, handle, url):
    server.instead["tweet"] = Said(201, b'{"data": {"id": "9"}}')
    assert network.publish(http, credentials | {"handle": handle}, Post("a", NOW), "k").url == url


@pytest.mark.parametrize(
    "text, price",
    [
        ("Bonjour", Price(Decimal("0.015"), False)),
        ("Écrire à mairie@ville.fr.", Price(Decimal("0.015"), False)),
        ("Voir https://www.ville.fr/a", Price(Decimal("0.200"), True)),
        ("Voir ville.fr", Price(Decimal("0.200"), True)),
        ("", Price(Decimal("0.015"), False)),
    ],
)
def test_prices(text, price):
    assert network.price(text) == price
