"""Did a post arrive at X? Looked up among what the account said; and the same said twice."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.test_mastodon import picture
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said

import json
import pytest


NOW = datetime.now(UTC)
LINK = "https://www.ville.fr/actualités/fête?a=1&b=2"


@pytest.fixture
def server(x):
    return x


@pytest.fixture
def account(server):
    return server.account("mairie")


@pytest.fixture(params=["keys", "consent"])
def credentials(server, account, request):
    return server.keys(account) if request.param == "keys" else server.credentials(account)


@pytest.fixture
def keys(server, account):
    return server.keys(account)


def publishing(http, credentials, post=None):
    return lambda: network.publish(http, credentials, post or Post("Bonjour", NOW), "k1")


def finding(http, credentials, post=None):
    return lambda: network.find(http, credentials, post or Post("Bonjour", NOW), "k1")


# Looking it up


@pytest.mark.parametrize(
    "text",
    [
        "  Deux   espaces \n\n\nparagraphes\u202f!\nligne  ",
        f"Voir {LINK} & « cela » <b>1 < 2</b> &amp; &eacute; 100 % 👨‍👩‍👧 #Été2026 @asso",
        "e\u0301te\u0301 à 20\u202fh sur ville.fr, https://ville.fr https://ville.fr/ ou HTTPS://Ville.fr/a (ville.fr)",
    ],
)
@pytest.mark.parametrize("image", [None, picture("")])
def test_a_post_is_found_by_its_text(server, http, keys, account, text, image):
    server.say(account, "Autre chose", NOW)
    post = Post(text, NOW, picture=image)
    receipt = publishing(http, keys, post)()
    server.say(account, "Encore autre chose")
    assert finding(http, keys, post)() == receipt
    assert finding(http, keys, Post(f"{text}.", NOW))() is None


def test_a_post_is_found_by_its_link(server, http, keys, account):
    server.say(account, f"Autrement dit {LINK}")
    assert finding(http, keys, Post("Bonjour", NOW, link=LINK))()
    assert finding(http, keys, Post("Bonjour", NOW, link=f"{LINK}3"))() is None
    assert finding(http, keys, Post("Bonjour", NOW))() is None


def test_what_was_said_long_before_or_by_others_is_not_this_post(server, http, keys, account):
    server.say(account, "Bonjour", NOW - timedelta(minutes=11))
    server.say(server.account("autre"), "Bonjour")
    server.say(account, "Bonjour", retweet=True)
    assert finding(http, keys)() is None
    server.say(account, "Bonjour", NOW - timedelta(minutes=9))
    assert finding(http, keys)()


def test_pages_are_turned_until_the_post(server, http, keys, account):
    wanted = server.say(account, "Bonjour")
    for number in range(250):
        server.say(account, f"Post {number}")
    assert finding(http, keys)().id == wanted["id"]
    assert server.calls["tweets"] == 3


def test_an_account_that_says_too_much_to_be_sure(server, http, keys, account):
    for number in range(501):
        server.say(account, f"Post {number}")
    assert caught(finding(http, keys), Transient).code == "too_many_posts"
    assert server.calls["tweets"] == 5


@pytest.mark.parametrize(
    "said",
    [
        *({}, [], None, 1, {"data": None, "meta": {"result_count": 0}}, {"data": {}}, {"data": [None]}, {"meta": {}}),
        *({"data": [{"id": "1"}]}, {"data": [{"text": "a"}]}, {"data": [{"id": "1", "text": 5}]}),
        {"data": [{"id": "1", "text": "a"}], "errors": [{"title": "Partial"}], "meta": {"result_count": 1}},
    ],
)
def test_what_is_not_understood_is_never_a_no(server, http, keys, said):
    server.instead["tweets"] = Said(200, json.dumps(said).encode())
    assert caught(finding(http, keys), Transient).code == "not_json"


@pytest.mark.parametrize("urls", [None, 5, [None], [{}], [{"url": "", "expanded_url": "x"}], [{"url": "a"}]])
def test_odd_entities(server, http, keys, urls):
    tweet = {"id": "9", "text": "Bonjour", "entities": {"urls": urls}}
    server.instead["tweets"] = Said(200, json.dumps({"data": [tweet], "meta": {"result_count": 1}}).encode())
    assert finding(http, keys)().id == "9"


def test_an_account_that_is_gone(server, http, keys):
    server.accounts.clear()
    assert caught(finding(http, keys), Rejected).params["reason"] == "Could not find user."


# The same said twice


def test_what_is_there_is_not_said_again(server, http, credentials):
    first = publishing(http, credentials)()
    assert publishing(http, credentials)() == first
    assert server.posts() == ["Bonjour"]


def test_what_is_there_but_not_listed_yet(server, http, keys, account):
    server.lag = 10
    server.script("tweet", "reset_after")
    caught(publishing(http, keys), OutcomeUnknown)
    assert finding(http, keys)() is None
    raised = caught(publishing(http, keys), OutcomeUnknown)
    assert (raised.code, raised.params) == ("duplicate", {"host": "127.0.0.1"})
    server.now = lambda: datetime.now(UTC) + timedelta(seconds=network.settle)
    assert finding(http, keys)().id == account.tweets[0]["id"]


def test_what_was_said_long_ago_is_for_a_person_to_decide(server, http, keys, account):
    server.say(account, "Bonjour", NOW - timedelta(days=2))
    assert caught(publishing(http, keys), OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "drip"])
def test_what_is_there_and_cannot_be_looked_up(server, http, keys, fault):
    publishing(http, keys)()
    server.script("tweets", fault)
    assert caught(publishing(http, keys), OutcomeUnknown).code == "duplicate"
