"""Threads on the scripted server: the contract, what is sent, what becomes of it, and answers."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Card
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.reading import Hears
from collective.socialterritory.networks.reading import Measures
from collective.socialterritory.networks.reading import Reads
from collective.socialterritory.networks.threads import network
from contract.base import caught
from contract.base import picture
from contract.base import sent
from contract.failures import FailureContract
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from contract.measuring import MeasureContract
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_threads_methods import SCOPES

import json
import pytest


LINK = "https://www.ville.fr/actualités/fête?a=1&b=2"
NOW = datetime.now(UTC)


@pytest.mark.usefixtures("at_once")
class TestThreads(FailureContract):
    network = network
    refuses_repeats = True
    post_step = "publish"
    steps = {"create": "prepare", "quota": "prepare", "status": "publish", "me": "whoami", "refresh": "refresh"}

    test_a_token_that_has_expired = None
    """It cannot be renewed: a person consents again"""


@pytest.fixture
def read(server):
    def read(id):
        if (post := server.post(id)) is None:
            return None
        links = [post["link_attachment_url"]] if post["link_attachment_url"] else []
        return See(
            post["said"], links, [one["alt"] for one in post["pictures"]], post.get("replied_to", {"id": ""})["id"]
        )

    return read


@pytest.mark.usefixtures("at_once")
class TestThreadsFollowUp(FollowUpFailures):
    network = network
    deeds = {"delete": "delete", "reply": "publish"}
    questions = {"create": "reply"}


def test_facts(monkeypatch):
    known = (Finds, Consents, Prepares, Deletes, Replies, Reads, Hears, Measures, Refreshes)
    assert all(isinstance(network, ability) for ability in known)
    assert not any(isinstance(network, ability) for ability in (Connects, Edits))
    assert network.fetches and network.limits.chain
    assert network.origins({}) == ["https://graph.threads.net"]
    client = network.client(None, {"app_id": " 123\n", "app_secret": " b "}, "")
    assert (client.id, client.secret, client.basic) == ("123", "b", False)
    assert client.authorize == "https://threads.net/oauth/authorize"
    assert client.token == "https://graph.threads.net/oauth/access_token"
    assert caught(lambda: network.client(None, {"app_id": "a"}, ""), Rejected).code == "app_id_invalid"


@pytest.fixture
def find(http, credentials):
    return lambda post, key: network.find(http, credentials, post, key)


# What is sent


def test_a_text_with_the_card_of_its_link(account, publish):
    receipt = publish(Post("Fête de l'été", NOW, link=LINK, card=Card(LINK, "Fête", "de l'été")))
    (post,) = account.posts
    assert (post["said"], post["link_attachment_url"], post["pictures"]) == ("Fête de l'été", LINK, [])
    assert (receipt.id, receipt.url) == (post["id"], post["permalink"])


def test_a_picture_is_fetched_and_told_in_words(account, publish):
    publish(Post("Voir", NOW, link=LINK, pictures=(picture(),)))
    (post,) = account.posts
    assert post["pictures"] == [{"data": picture().data, "alt": picture().alt}]
    assert (post["media_type"], post["link_attachment_url"]) == ("IMAGE", "")


def test_several_pictures_are_one_post_in_their_order(account, publish):
    words = ["Une affiche", "", "La place"]
    publish(Post("Voir", NOW, pictures=tuple(map(picture, words))))
    (post,) = account.posts
    assert [one["alt"] for one in post["pictures"]] == words


@pytest.mark.parametrize("text", ["é" * 500, "👨" * 125, "🇫🇷" * 62], ids=len)
def test_the_longest_posts(server, publish, text):
    assert 496 <= network.limits.measure(text) <= 500
    publish(Post(text, NOW))
    assert server.posts() == [text]
    longer = Post(text + text[:5], NOW)
    assert network.limits.measure(longer.text) > 500
    assert caught(lambda: publish(longer), Rejected).code == "rejected"


def test_links(server, publish):
    text = " ".join(f"https://www.ville.fr/{n}" for n in range(network.limits.links))
    publish(Post(f"{text} https://www.ville.fr/0", NOW))
    assert caught(lambda: publish(Post(f"{text} https://a.fr", NOW)), Rejected).code == "too_many_links"


def test_no_token_is_in_an_address(http, credentials, publish, monkeypatch):
    found, request = [], http.request
    monkeypatch.setattr(http, "request", lambda verb, url, **how: found.append(url) or request(verb, url, **how))
    publish()
    network.whoami(http, credentials)
    network.refresh(http, credentials)
    assert len(found) == 7
    assert not any(credentials["token"] in url or "appsecret_proof" in url for url in found)


def test_the_posts_of_a_day_are_counted_before_and_answers_apart(server, publish, prepare):
    server.quota = 1
    out = publish()
    assert caught(lambda: prepare(Post("Deux", NOW)), RateLimited).code == "daily_limit"
    answer = Post("Une", NOW, answers=out.id)
    publish(answer)
    assert caught(lambda: prepare(replace(answer, text="Deux")), RateLimited).code == "daily_limit"
    assert server.calls["create"] == 2


# What becomes of it


def test_what_is_not_ready_is_waited_for(server, prepare, go, find):
    server.slow = 2
    post = Post("Bonjour", NOW)
    key = prepare(post)
    assert caught(lambda: go(post, key), Transient).code == "not_ready"
    assert caught(lambda: find(post, key), Transient).code == "not_ready"
    assert go(post, key)


def test_what_is_good_no_more_is_prepared_anew(server, prepare, go, find):
    post = Post("Bonjour", NOW)
    server.break_next = "FAILED_PROCESSING"
    raised = caught(lambda: go(post, prepare(post)), Transient)
    assert (raised.code, raised.params["reason"]) == ("prepared_over", "FAILED_PROCESSING")
    key = prepare(post)
    server.now = lambda: datetime.now(UTC) + timedelta(hours=25)
    assert caught(lambda: go(post, key), Transient).code == "prepared_over"
    assert find(post, key) is None


@pytest.mark.parametrize("answers", [False, True])
def test_what_is_out_is_found_and_not_published_again(server, publish, prepare, go, find, answers):
    out = publish(Post("Menu", NOW))
    post = Post("Bonjour", NOW, answers=out.id if answers else "")
    key = prepare(post)
    receipt = go(post, key)
    assert go(post, key) == find(post, key) == receipt
    assert server.posts() == ["Menu", "Bonjour"]
    server.lag = 300
    assert caught(lambda: go(post, key), OutcomeUnknown).code == "not_yet_sure"


def test_the_same_words_in_answer_to_two_posts_are_two_answers(publish, prepare, go, find):
    answers = [Post("Reporté", NOW, answers=publish(Post(text, NOW)).id) for text in ("Fête", "Marché")]
    keys = [prepare(answer) for answer in answers]
    receipts = [go(answer, key) for answer, key in zip(answers, keys, strict=True)]
    assert [find(answer, key) for answer, key in zip(answers, keys, strict=True)] == receipts


@pytest.mark.parametrize("said", [b"{}", b'{"permalink": "/12/posts/3"}', b'{"permalink": 5}', b"[]"])
def test_an_address_that_is_none(server, publish, said):
    server.instead["node"] = Said(200, said)
    assert publish().url == "https://www.threads.com/@ville"


def test_a_thread_of_answers_to_itself(server, publish, http, credentials):
    before = publish(Post("1", NOW)).id
    for number in "23":
        answer = Post(number, NOW, answers=before)
        before = network.reply(http, credentials, before, answer, network.prepare(http, credentials, answer)).id
    hearing = network.hear(http, credentials, server.accounts[0].posts[0]["id"])
    assert [(one.text, one.ours) for one in hearing.replies] == [("2", True), ("3", True)]


# Deleted


@pytest.mark.parametrize("said", [b"{}", b'{"success": false}', b"[]"])
def test_a_deletion_that_is_not_confirmed(server, http, credentials, publish, said):
    out = publish()
    server.instead["delete"] = Said(200, said)
    assert caught(lambda: network.delete(http, credentials, out.id), OutcomeUnknown).code == "not_json"


def test_a_post_of_another_is_not_ours_to_delete(server, http, credentials):
    other = server.say(server.account("asso"), "Bonjour")
    assert caught(lambda: network.delete(http, credentials, other["id"]), Unauthorized).code == "scopes"
    assert server.posts() == ["Bonjour"]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_right_that_was_not_given(server, http, account, publish, scope):
    """Each keeps from what it is for, and says so."""
    out = publish()
    few = server.credentials(account, tuple(one for one in SCOPES if one != scope))
    calls = {
        "threads_basic": lambda: network.whoami(http, few),
        "threads_content_publish": lambda: network.prepare(http, few, Post("Bonjour", NOW)),
        "threads_delete": lambda: network.delete(http, few, out.id),
        "threads_read_replies": lambda: network.hear(http, few, out.id),
        "threads_manage_insights": lambda: network.measure(http, few, [out.id]),
    }
    answer = lambda: sent(network, http, few, Post("Ah", NOW, answers=out.id))
    assert caught(calls.get(scope, answer), Unauthorized).code == "scopes"
    assert server.posts() == ["Bonjour"]


# Numbers


class TestThreadsMeasures(MeasureContract):
    network = network
    measure_step = "insights"
    senseless = [{}, [], None, {"data": None}, {"data": {}}]
    views = True

    def react(self, server, id, likes, reposts):
        server.post(id).setdefault("numbers", {}).update(likes=likes, reposts=reposts)

    def answer(self, server, account, to):
        server.say(account, "Merci", to=to)
        server.post(to).setdefault("numbers", {})["replies"] = 1


def test_numbers(server, http, credentials, publish):
    out, other = publish(Post("1", NOW)), publish(Post("2", NOW))
    server.post(out.id)["numbers"] = {"likes": 5, "reposts": 2, "quotes": 1, "replies": 4, "views": 900}
    network.delete(http, credentials, other.id)
    (counts,) = network.measure(http, credentials, [out.id, other.id]).values()
    assert (counts.likes, counts.reposts, counts.replies, counts.views) == (5, 3, 4, 900)
    assert network.toll(credentials, 1) == 0
    server.instead["insights"] = Said(200, json.dumps({"data": []}).encode())
    (counts,) = network.measure(http, credentials, [out.id]).values()
    assert (counts.likes, counts.reposts, counts.views) == (None, None, None)
    server.revoke()
    server.instead.clear()
    assert caught(lambda: network.measure(http, credentials, [out.id]), Unauthorized).code == "unauthorized"
