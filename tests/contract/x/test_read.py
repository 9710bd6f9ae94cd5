"""What an account said, read at X: as it meant it, at the price that was told, under the account's ceiling."""

from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.base import picture
from contract.reading import ReadContract
from datetime import datetime
from datetime import UTC
from decimal import Decimal
from faults import Said
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import json
import pytest
import requests
import time


NOW = datetime.now(UTC)
AT = "2026-11-22T08:30:15.000Z"
MONTH = f"{NOW:%Y-%m}"


@pytest.fixture
def read(http, credentials):
    return lambda limit=10, since="": network.read(http, credentials, limit, since)


class Contract(ReadContract):
    network = network
    read_step = "tweets"
    author = "@mairie"
    tells_alt = True
    senseless = [
        *({}, [], None, 1, {"data": None, "meta": {"result_count": 0}}, {"data": {}}, {"data": [None]}, {"meta": {}}),
        *({"data": [{"id": "1", "created_at": AT}]}, {"data": [{"text": "a", "created_at": AT}]}),
        *({"data": [{"id": "1", "text": "a"}]}, {"data": [{"id": "1", "text": "a", "created_at": "soon"}]}),
        {"data": [{"id": "1", "text": 5, "note_tweet": {"text": 5}, "created_at": AT}]},
    ]

    def repost(self, server, account):
        server.say(account, "RT @asso: Bonjour", retweet=True)

    def delete(self, account):
        account.tweets.pop()


class TestXByKeys(Contract):
    @pytest.fixture
    def way(self):
        return "keys"


class TestXByConsent(Contract):
    @pytest.fixture
    def way(self):
        return "consent"


# What is asked and understood


@pytest.mark.parametrize("way", ["keys"], indirect=True)
@pytest.mark.parametrize("limit, asked", [(1, "5"), (20, "20"), (500, "100")])
def test_what_is_asked(server, http, account, read, monkeypatch, limit, asked):
    found = []
    request = http.request

    def asked_for(verb, url, **how):
        found.append((verb, url))
        return request(verb, url, **how)

    monkeypatch.setattr(http, "request", asked_for)
    read(limit)
    read(limit, "1990")
    (verb, url), (_, again) = found
    assert (verb, urlsplit(url).path) == ("GET", f"/2/users/{account.id}/tweets")
    assert parse_qs(urlsplit(url).query) == {
        "max_results": [asked],
        "tweet.fields": ["created_at,entities,note_tweet,lang,referenced_tweets,attachments"],
        "expansions": ["attachments.media_keys"],
        "media.fields": ["url,preview_image_url,alt_text,width,height"],
    }
    assert parse_qs(urlsplit(again).query) == {**parse_qs(urlsplit(url).query), "since_id": ["1990"]}


@pytest.mark.parametrize(
    "asked",
    ["max_results=4", "max_results=101", "since_id=a", "since_id=1&start_time=2026-11-22T08:30:15Z", "limit=5"]
    + ["tweet.fields=created", "expansions=media_keys", "media.fields=src", "max_results=5&max_results=5"],
)
def test_the_scripted_server_takes_nothing_but_what_is_documented(server, account, asked):
    headers = {"Authorization": f"Bearer {server.credentials(account)['access']}"}
    url = f"{server.url}/2/users/{account.id}/tweets"
    assert requests.get(f"{url}?{asked}", headers=headers, timeout=10).status_code == 400
    assert requests.get(f"{url}?max_results=5", headers=headers, timeout=10).status_code == 200
    assert requests.get(f"{url}?max_results=5", timeout=10).status_code == 401


def test_a_reply_is_marked(server, account, read):
    server.say(account, "@asso Oui", reply=True)
    (entry,) = read().entries
    assert (entry.is_reply, entry.is_repost) == (True, False)


def test_a_long_post_is_whole(server, account, read):
    text = f"{'Tout va bien. ' * 50}Voir https://www.ville.fr/a & <b>"
    server.say(account, text)
    (entry,) = read().entries
    assert (entry.text, entry.link) == (text, "https://www.ville.fr/a")


@pytest.mark.parametrize("handle, url", [("mairie", "https://x.com/mairie/status/9"), ("", "https://x.com/i/status/9")])
def test_who_speaks(server, http, credentials, handle, url):
    listing(server, {})
    (entry,) = network.read(http, credentials | {"handle": handle}, 10).entries
    assert (entry.url, entry.author) == (url, f"@{handle}" if handle else "")


def listing(server, tweet, media=None, **more):
    tweet = {"id": "9", "text": "Bonjour", "created_at": AT, **tweet}
    said = {"data": [tweet], "meta": {"result_count": 1}, "includes": {"media": media}, **more}
    server.instead["tweets"] = Said(200, json.dumps(said).encode())


@pytest.mark.parametrize(
    "code, language",
    [("fr", "fr"), ("zh-TW", "zh-TW"), ("und", ""), ("qme", ""), ("zxx", ""), ("art", ""), (None, ""), (["fr"], "")],
)
def test_languages(server, read, code, language):
    listing(server, {"lang": code})
    assert read().entries[0].language == language


def test_hashtags(server, read):
    listing(server, {"entities": {"hashtags": [{"start": 0, "end": 5, "tag": "fête"}, {"tag": 5}, {}, None]}})
    assert read().entries[0].tags == ("fête", "5")


def test_pictures_in_their_order_and_of_a_film_the_first_one(server, read):
    film = {"media_key": "7_1", "type": "video", "preview_image_url": "https://pbs.twimg.com/f.jpg"}
    photo = {"media_key": "3_2", "url": "https://pbs.twimg.com/p.jpg", "width": 4, "height": 3, "alt_text": "Le pont"}
    listing(server, {"attachments": {"media_keys": ["3_2", "3_9", "3_5", "7_1"]}}, [film, photo, {"media_key": "3_5"}])
    assert read().entries[0].images == (
        Image("https://pbs.twimg.com/p.jpg", "Le pont", 4, 3),
        Image("https://pbs.twimg.com/f.jpg"),
    )


@pytest.mark.parametrize("odd", [None, 5, "a", [], {}, [None], [5], {"media_keys": None}, {"media_keys": [None, {}]}])
def test_odd_parts_are_left_out(server, read, odd):
    media = [
        {"media_key": "3_1", "url": where, "width": odd, "alt_text": odd} for where in (odd, "javascript:alert(1)")
    ]
    listing(server, {"attachments": odd, "entities": odd, "referenced_tweets": odd, "note_tweet": odd}, media)
    listing_of = read().entries[0]
    assert (listing_of.text, listing_of.images, listing_of.link) == ("Bonjour", (), "")
    listing(server, {"attachments": {"media_keys": ["3_1"]}}, odd)
    assert read().entries[0].images == ()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//a.fr/x.jpg", "https:///x", "", 5, {}])
def test_a_picture_that_is_nowhere(server, read, url):
    media = {"media_key": "3_1", "type": "photo", "url": url, "preview_image_url": url}
    listing(server, {"attachments": {"media_keys": ["3_1"]}}, [media])
    assert read().entries[0].images == ()


def test_a_link_that_no_browser_should_follow(server, read):
    urls = [
        {"url": "https://t.co/1", "expanded_url": "javascript:alert(1)"},
        {"url": "https://t.co/2", "expanded_url": "https://ville.fr/" + "a" * 500},
    ]
    listing(server, {"text": "https://t.co/1 https://t.co/2", "entities": {"urls": urls}})
    assert read().entries[0].link == urls[1]["expanded_url"]


def test_an_error_beside_posts_takes_nothing_away(server, read):
    listing(server, {}, errors=[{"title": "Not Found Error", "resource_type": "media", "detail": "Gone"}])
    assert read().entries[0].text == "Bonjour"


def test_an_error_in_place_of_posts(server, read):
    server.accounts.clear()
    assert caught(read, Rejected).params["reason"] == "Could not find user."


def test_a_limit_of_calls(server, read):
    server.limits["tweets"] = 1
    read()
    assert caught(read, RateLimited).retry_after == pytest.approx(900 - time.time() % 900, abs=3)


# Money


@pytest.mark.parametrize("broke", ["credits", "usage", "usage_403"])
def test_no_money_is_left(server, read, broke):
    server.broke = broke
    assert caught(read, Billing).code == "billing"


@pytest.mark.parametrize(
    "way, limit, cost",
    [("keys", 1, "0.005"), ("keys", 10, "0.014"), ("consent", 1, "0.025"), ("consent", 10, "0.050")],
    indirect=["way"],
)
def test_the_cost_is_what_x_bills(server, http, credentials, account, read, limit, cost):
    network.publish(http, credentials, Post("Voir", NOW, pictures=(picture(),)), "k")
    for number in range(8):
        server.say(account, f"Post {number}")
    reading = read(limit)
    assert reading.cost == Decimal(cost) == sum(server.bill.values())
    assert (read(limit, reading.since).cost, sum(server.bill.values())) == (0, Decimal(cost))
    server.say(account, "Encore")
    assert read(limit, reading.since).cost == sum(server.bill.values()) - Decimal(cost) > 0


@pytest.mark.parametrize("way, fee", [("keys", "0.210"), ("consent", "0.250")], indirect=["way"])
def test_the_fee_counts_all_pictures_that_there_can_be(credentials, fee):
    assert network.fee(credentials, 10) == Decimal(fee)
    assert network.fee(credentials, 1) == Decimal(fee) / 2


@pytest.mark.parametrize("way", ["keys"], indirect=True)
@pytest.mark.parametrize(
    "ceiling, spent, may", [(1, "0.79", True), (1, "0.80", False), (1, "2", False), (0, "9", True), (2, "1", True)]
)
def test_what_would_go_over_the_ceiling_is_not_asked_for(server, credentials, ceiling, spent, may):
    account = Account("a", "Ville", "x", ceiling=ceiling, paid={MONTH: Decimal(spent)})
    assert rules.may_read(account, network, credentials, 10, NOW) == may
    assert server.calls.total() == 0
