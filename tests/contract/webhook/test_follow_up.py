"""What can be done with a webhook to a post that is out: corrected, deleted, answered."""

from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.webhook import network
from contract.base import caught
from contract.follow_up import See
from contract.follow_up_failures import FollowUpFailures
from datetime import datetime
from datetime import UTC

import pytest


class TestWebhookFollowUp(FollowUpFailures):
    network = network
    deeds = {"edit": "post.updated", "delete": "post.deleted", "reply": "post.answered"}
    questions = {}

    # A webhook cannot be asked
    test_faults_of_a_question_change_nothing = None
    test_an_answer_to_a_question_that_makes_no_sense = None
    test_no_other_post_is_taken_for_the_reply = None
    test_a_reply_to_a_reply = None

    @pytest.fixture
    def read(self, account):
        def read(id):
            post = account.posts.get(id)
            links = [post["link"]] if post and post["link"] else []
            return post and See(post["text"], links, [one["alt"] for one in post["images"]], post.get("answers", ""))

        return read

    @pytest.fixture
    def find(self, account):
        """What the receiver has."""

        def find(answer):
            found = [post for post in account.posts.values() if post and post.get("answers") == answer.answers]
            urls = [told["url"] for _, told in account.taken.values() if found and told.get("id") == found[0]["id"]]
            return Receipt(found[0]["id"], urls[0]) if found else None

        return find


def test_a_repeat_of_what_was_deleted_meanwhile_brings_nothing_back(server, http, credentials, publish):
    out = publish()
    network.delete(http, credentials, out.id)
    publish()
    publish(Post("Bonsoir", datetime.now(UTC)))
    assert server.posts() == []


def test_the_same_correction_again_has_the_same_id(server, http, credentials, publish):
    out, changed = publish(), Post("Bonsoir", datetime.now(UTC))
    for _ in range(2):
        network.edit(http, credentials, out.id, changed)
        network.delete(http, credentials, "k2")
    assert len(server.events) == 5
    assert len({event["id"] for event in server.events}) == 3


def test_what_nobody_received_is_not_corrected(http, credentials, server):
    raised = caught(lambda: network.edit(http, credentials, "k1", Post("Bonsoir", datetime.now(UTC))), Rejected)
    assert (raised.code, raised.params) == ("post_gone", {"host": "127.0.0.1"})
    assert server.posts() == []
