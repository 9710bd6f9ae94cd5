"""Webhooks on a strict receiver: the contract, what is sent and signed, what a receiver may answer."""

from collective.socialterritory import clock
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.webhook import network
from collective.socialterritory.networks.webhook import sign
from contract.base import caught
from contract.base import picture
from contract.failures import FailureContract
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from standardwebhooks import Webhook

import pytest
import requests
import time


NOW = datetime.now(UTC)
LINK = "https://www.ville.fr/fête"


class TestWebhook(FailureContract):
    network = network
    post_step = "post.created"
    steps = {"ping": "whoami"}
    readers = False

    def test_chaos_loses_and_doubles_nothing(self, server, http, credentials, post):
        """There is nothing to look up: what is in doubt is sent again, under the same id."""
        server.hold, http.deadline = 0.2, 0.1
        server.chaos(0.35, seed=4)
        for number in range(30):
            numbered = replace(post, text=f"Post {number}")
            for _ in range(60):
                try:
                    network.publish(http, credentials, numbered, f"delivery {number}")
                    break
                except (OutcomeUnknown, Transient, Unauthorized):
                    server.settled()
        assert sorted(server.posts()) == sorted(f"Post {number}" for number in range(30))


def test_facts(credentials, server):
    assert not isinstance(network, Finds)
    assert network.replays > 10**9
    assert network.origins({}) == []
    assert network.origins(credentials) == [server.url]


# What is sent


def test_the_published_signature_of_the_standard():
    """https://github.com/standard-webhooks/standard-webhooks, the vector of its libraries' own tests"""
    told = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    for secret in ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"):
        assert sign(secret, *told) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_an_event_tells(server, publish):
    card = Card(LINK, "Fête de l'été", "Dimanche, sur la place")
    publish(Post("Dimanche ! 🎉", NOW, LINK, "fr", (picture("Une affiche"),), card))
    (event,) = server.events
    image = {"url": picture().url, "mime": "image/jpeg", "width": 40, "height": 30, "alt": "Une affiche"}
    assert event["type"] == "post.created"
    assert event["data"] == {
        "id": "k1",
        "text": "Dimanche ! 🎉",
        "link": LINK,
        "title": "Fête de l'été",
        "description": "Dimanche, sur la place",
        "language": "fr",
        "images": [image],
    }


def test_a_repeat_has_the_same_id_although_addresses_of_pictures_change(server, publish):
    post = Post("Bonjour", NOW, pictures=(picture(),))
    again = replace(post, pictures=(replace(picture(), url="https://www.ville.fr/picture.jpg?until=2"),))
    assert publish(post) == publish(again)
    assert len({event["id"] for event in server.events}) == 1 < len(server.events)
    assert server.posts() == ["Bonjour"]


def test_another_text_under_the_same_key_replaces_the_first(server, publish):
    """As when somebody changed it and sends it again, after an answer that was lost."""
    publish(Post("Bonjour", NOW))
    publish(Post("Bonsoir", NOW))
    assert server.posts() == ["Bonsoir"]


def test_back_to_the_words_from_before(server, http, credentials, publish):
    """Corrected, and corrected back: the third event says what the first one did, and is another."""
    out = publish(Post("Dimanche", NOW))
    for number, text in enumerate(["Samedi", "Dimanche", "Samedi"]):
        network.edit(http, credentials, out.id, Post(text, NOW + timedelta(hours=number)))
        assert server.posts() == [text]
    assert len({event["id"] for event in server.events}) == 4


def test_an_event_cannot_be_taken_for_another(server, http, credentials, publish, monkeypatch):
    """Who listens in, behind the receiver's TLS, gains nothing: not later, not with other words, not elsewhere."""
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append((args, how)) or request(*args, **how))
    publish()
    (((_, url), how),) = sent
    told = Webhook(credentials["webhook_secret"]).verify(how["data"], how["headers"])  # the standard's own library
    assert told["data"]["text"] == "Bonjour"

    def again(url=url, body=how["data"], **headers):
        return requests.post(url, body, headers={**how["headers"], **headers}, timeout=10).status_code

    other = server.credentials(server.account("autre"))["receiver"]
    later = str(int(how["headers"]["webhook-timestamp"]) + 1)
    assert again() == 200
    assert server.posts() == ["Bonjour"]
    assert again(body=how["data"].replace(b"Bonjour", b"Bonsoir")) == again(url=other) == 401
    assert again(**{"webhook-timestamp": later}) == again(**{"webhook-id": "another"}) == 401
    server.now = lambda: clock.now() + timedelta(minutes=6)
    assert again() == 401
    assert server.posts() == ["Bonjour"]


# What a receiver may answer


@pytest.mark.parametrize("said", [Said(204), Said(200, b"{}"), Said(202, b'{"status": "success"}')])
def test_what_says_that_it_was_taken(server, publish, said):
    server.instead["post.created"] = said
    assert publish(Post("Bonjour", NOW, LINK)).url == LINK
    assert publish(Post("Bonjour", NOW)).url == ""  # readers have nothing to find at the receiver


@pytest.mark.parametrize("url", [None, 5, "javascript:alert(1)", "/a", "https:///a", "https://a/" + "b" * 2000])
def test_an_address_that_is_none(server, publish, url):
    server.instead["post.created"] = Said(200, str({"url": url}).replace("'", '"').replace("None", "null").encode())
    assert publish(Post("Bonjour", NOW, LINK)).url == LINK


def test_it_wants_no_more(server, http, credentials, publish):
    for event in ("post.created", "ping"):
        server.instead[event] = Said(410, b"<h1>Gone</h1>", "text/html")
    for call in (publish, lambda: network.whoami(http, credentials)):
        raised = caught(call, Unauthorized)
        assert (raised.code, raised.params) == ("receiver_gone", {"host": "127.0.0.1"})


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed(server, publish, status):
    """What is signed is for one host, and a redirect would turn a POST into a GET."""
    elsewhere = f"{server.url}/hooks/autre"
    server.instead["post.created"] = Said(status, b"{}", headers={"Location": elsewhere})
    assert caught(publish, Transient).code == "bad_redirect"
    assert sum(server.calls.values()) == 1


def test_clocks_that_differ(server, publish):
    server.now = lambda: datetime.now(UTC) - timedelta(minutes=6)
    raised = caught(publish, Unauthorized)
    assert raised.params["reason"] == "Too old"
    assert server.posts() == []


# Linked


def test_linked(server, http, account):
    typed = {name: f" {value} " for name, value in server.credentials(account).items()}
    linked = network.connect(http, typed)
    assert linked.credentials == server.credentials(account)
    assert (linked.identity.name, linked.identity.url) == (server.host, "")  # visitors are shown what has an address
    assert account.name not in repr(linked.identity)
    other = network.connect(http, server.credentials(server.account("autre")))
    assert other.identity.id != linked.identity.id
    assert [event["type"] for event in server.events] == ["ping", "ping"]


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "a long sentence that is no base64 at all", "whsec_é", "A" * 92]
)
def test_a_secret_that_is_none(server, http, credentials, secret):
    raised = caught(lambda: network.connect(http, {**credentials, "webhook_secret": secret}), Rejected)
    assert raised.code == "secret_invalid"
    assert not server.calls


@pytest.mark.parametrize(
    "receiver, error, code",
    [
        ("http://lettre.ville.fr/hook", Rejected, "not_https"),
        ("lettre.ville.fr/hook", Transient, "bad_address"),
        ("https://u:p@lettre.ville.fr/hook", Transient, "bad_address"),
        ("https://lettre.ville.fr:8443/hook", Transient, "forbidden_port"),
        ("https://10.0.0.1/hook", Transient, "forbidden_address"),
    ],
)
def test_addresses_that_are_not_asked(http, credentials, receiver, error, code):
    began = time.monotonic()
    assert caught(lambda: network.connect(http, {**credentials, "receiver": receiver}), error).code == code
    assert time.monotonic() - began < 1


def test_the_wrong_secret(http, server, credentials):
    wrong = server.credentials(server.account("autre"))["webhook_secret"]
    raised = caught(lambda: network.connect(http, {**credentials, "webhook_secret": wrong}), Unauthorized)
    assert (raised.code, raised.params["reason"]) == ("unauthorized", "Wrong signature")
