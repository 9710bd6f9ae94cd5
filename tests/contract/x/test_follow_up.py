"""What can be done on X to a post that is out: deleted."""

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

import pytest


NOW = datetime.now(UTC)
PAGE = b"<!DOCTYPE html><title>Attention required</title><h1>Blocked</h1>"
MISSING = b'{"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "detail": "Could not find"}]}'


@pytest.fixture
def read(server):
    def read(id):
        for tweet in (tweet for account in server.accounts for tweet in account.tweets if tweet["id"] == id):
            links = [url["expanded_url"] for url in tweet["entities"]["urls"] if "media_key" not in url]
            return See(tweet["said"], links, [made["alt"] for made in tweet["media"]])

    return read


class TestXFollowUp(FollowUpFailures):
    network = network
    deeds = {"delete": "delete"}
    questions = {}

    test_faults_of_a_question_change_nothing = None
    test_an_answer_to_a_question_that_makes_no_sense = None


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
