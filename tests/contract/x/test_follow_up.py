"""What can be done on X to a post that is out: deleted, answered."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.x import network
from contract.base import caught
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from datetime import datetime
from datetime import UTC
from decimal import Decimal
from faults import Said

import json
import pytest
import requests


NOW = datetime.now(UTC)
LINKED = "https://www.ville.fr/a"
PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"
MISSING = b'{"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "detail": "Could not find"}]}'


@pytest.fixture
def read(server):
    def read(id):
        for tweet in (tweet for account in server.accounts for tweet in account.tweets if tweet["id"] == id):
            links = [url["expanded_url"] for url in tweet["entities"]["urls"] if "media_key" not in url]
            return See(tweet["said"], links, [made["alt"] for made in tweet["media"]], tweet["reply"])

    return read


class TestXFollowUp(FollowUpFailures):
    network = network
    deeds = {"delete": "delete", "reply": "tweet"}
    questions = {"media": "pictured reply", "metadata": "pictured reply"}


@pytest.fixture
def out(publish):
    return publish()


@pytest.fixture
def delete(http, credentials, out):
    return lambda: network.delete(http, credentials, out.id)


def test_what_is_out_is_not_edited():
    """X edits for those who pay for Premium, by hand."""
    assert not isinstance(network, Edits)


# Deleted


def test_a_deletion_costs_what_is_told_before(server, out, delete):
    server.bill.clear()
    delete()
    assert sum(server.bill.values()) == Decimal(network.deletion) == Decimal("0.01")


@pytest.mark.parametrize("gone", ["not_found", "deleted", "kept"])
def test_what_is_gone_is_deleted_whatever_x_makes_of_it(server, out, delete, gone):
    delete()
    server.gone = gone
    server.bill.clear()
    assert delete() is None
    assert server.bill == {}


def test_what_is_deleted_is_looked_at_only_in_doubt(server, delete):
    delete()
    assert server.calls["look"] == 0


@pytest.mark.parametrize(
    "status, body, error",
    [
        (200, b'{"data": {"deleted": false}}', OutcomeUnknown),
        (200, b"{}", OutcomeUnknown),
        (200, MISSING, Rejected),
        (403, b'{"detail": "You are not authorized to delete this Tweet."}', Rejected),
        (404, b'{"title": "Not Found"}', Rejected),
        (404, PAGE, Transient),
    ],
)
def test_what_is_still_there_is_not_deleted(server, delete, status, body, error):
    server.instead["delete"] = Said(status, body)
    caught(delete, error)
    assert server.posts() == ["Bonjour"]


@pytest.mark.parametrize(
    "status, body, error",
    [
        (200, b"{}", Transient),
        (200, b'{"data": {"id": "5"}}', Transient),
        (403, b'{"detail": "You are not permitted to perform this action."}', Rejected),
        (404, b'{"title": "Not Found"}', Rejected),
        (404, PAGE, Transient),
        (500, MISSING, Transient),
    ],
)
def test_only_x_itself_is_believed_that_a_post_is_gone(server, delete, status, body, error):
    delete()
    server.instead["look"] = Said(status, body)
    caught(delete, error)


def test_the_post_of_another(server, http, out):
    other = server.keys(server.account("autre"))
    error = caught(lambda: network.delete(http, other, out.id), Rejected)
    assert error.params["reason"] == "You are not authorized to delete this Tweet."
    assert server.posts() == ["Bonjour"]


def test_keys_that_may_only_read(server, http, account, out):
    few = server.keys(account, "read")
    assert caught(lambda: network.delete(http, few, out.id), Unauthorized).code == "scopes"
    assert server.posts() == ["Bonjour"]


def test_fifty_deletions_in_fifteen_minutes(server, http, credentials, publish):
    server.limits["delete"] = 1
    first, second = publish(Post("1", NOW)), publish(Post("2", NOW))
    network.delete(http, credentials, first.id)
    raised = caught(lambda: network.delete(http, credentials, second.id), RateLimited)
    assert 0 < raised.retry_after <= 900
    assert server.posts() == ["2"]


# Answered


@pytest.fixture
def answer(out):
    return Post("Correction : 15 h", datetime.now(UTC), answers=out.id)


@pytest.fixture
def reply(http, credentials, out, answer):
    return lambda post=answer: network.reply(http, credentials, out.id, post, "k2")


def test_what_a_reply_sends(http, out, reply, monkeypatch):
    sent = []
    request = http.request
    monkeypatch.setattr(http, "request", lambda *args, **how: sent.append((args, how)) or request(*args, **how))
    reply()
    (((method, url), how),) = sent
    assert (method, url.rpartition("/2/")[2]) == ("POST", "tweets")
    assert json.loads(how["data"]) == {"text": "Correction : 15 h", "reply": {"in_reply_to_tweet_id": out.id}}


def test_the_same_reply_twice_is_one(server, reply):
    """X refuses it as a duplicate, and it is there."""
    assert reply() == reply()
    assert server.posts() == ["Bonjour", "Correction : 15 h"]


def test_a_reply_that_says_what_another_post_said_is_for_a_person_to_decide(server, out, publish, reply):
    publish(Post("Correction : 15 h", NOW))
    assert caught(reply, OutcomeUnknown).code == "duplicate"
    assert server.posts() == ["Bonjour", "Correction : 15 h"]


@pytest.mark.parametrize("gone", [(403, b'{"detail": "deleted or not visible"}'), (400, b"{}"), (404, b"{}")])
def test_what_is_gone_is_not_answered_whatever_x_says(server, delete, reply, gone):
    delete()
    server.instead["tweet"] = Said(*gone)
    raised = caught(reply, Rejected)
    assert (raised.code, raised.params) == ("post_gone", {"host": "127.0.0.1"})


def test_x_may_refuse_to_let_a_program_answer(server, reply):
    """Since February 2026 only those whom the author mentions or quotes may, https://x.com/XDevelopers."""
    server.instead["tweet"] = Said(403, b'{"detail": "Reply to this conversation is not allowed."}')
    raised = caught(reply, Rejected)
    assert (raised.code, raised.params["reason"]) == ("rejected", "Reply to this conversation is not allowed.")


def test_a_reply_is_in_doubt_where_nobody_can_say_that_it_is_there(server, reply):
    server.script("tweet", "reset_after")
    caught(reply, OutcomeUnknown)
    server.script("tweets", "500_before")
    assert caught(reply, OutcomeUnknown).code == "duplicate"


@pytest.mark.parametrize("answers", [True, False], ids=["a reply", "a post"])
def test_a_reply_with_the_same_link_is_not_the_post_nor_the_post_the_reply(server, account, out, find, answers):
    wanted = Post(f"Voir {LINKED}", NOW, link=LINKED, answers=out.id if answers else "")
    for other in {"", out.id, "5"} - {wanted.answers}:
        server.say(account, f"Autrement dit {LINKED}", reply=other)
    assert find(wanted) is None
    said = server.say(account, f"Enfin {LINKED}", reply=wanted.answers)
    assert find(wanted).id == said["id"]


@pytest.mark.parametrize("others", [None, 5, [None], [{}], [{"type": "replied_to"}], [{"type": "quoted", "id": "7"}]])
def test_odd_references_answer_nothing(server, find, others):
    tweet = {"id": "9", "text": "Merci", "referenced_tweets": others}
    server.instead["tweets"] = Said(200, json.dumps({"data": [tweet], "meta": {"result_count": 1}}).encode())
    assert find(Post("Merci", NOW)).id == "9"
    assert find(Post("Merci", NOW, answers="7")) is None


@pytest.mark.parametrize("reply", [{}, {"in_reply_to_tweet_id": 5}, {"in_reply_to_tweet_id": "1", "to": "a"}])
def test_the_scripted_server_takes_no_other_reply(server, account, reply):
    token = server.credentials(account)["access"]
    said, headers = {"text": "Merci", "reply": reply}, {"Authorization": f"Bearer {token}"}
    assert requests.post(f"{server.url}/2/tweets", json=said, headers=headers, timeout=10).status_code == 400
