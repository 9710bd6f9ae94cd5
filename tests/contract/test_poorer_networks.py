from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from contract.base import NetworkContract
from networks_for_tests import Blind
from networks_for_tests import FindsOnly
from scripted import Scripted

import pytest


@pytest.fixture
def server():
    with Scripted(hold=4.0) as server:
        yield server


class Plain(NetworkContract):
    @pytest.fixture
    def http(self, server):
        return Http(frozenset({server.host}), deadline=2.0)

    @pytest.fixture
    def credentials(self, server):
        return server.account("mairie.example").credentials

    @pytest.fixture
    def seen(self, server):
        return server.posts

    def test_a_repeat_would_be_a_second_post(self, http, credentials, seen, post, key):
        self.network.publish(http, credentials, post, key)
        self.network.publish(http, credentials, post, key)
        assert seen() == [post.text] * 2

    def test_a_lost_answer_is_a_doubt(self, server, http, credentials, seen, post, key):
        server.script("posts.create", "reset_after")
        with pytest.raises(OutcomeUnknown):
            self.network.publish(http, credentials, post, key)
        assert seen() == [post.text]


class TestFindsOnly(Plain):
    network = FindsOnly()

    def test_no_answer_to_a_question_is_no_answer(self, server, http, credentials, post, key):
        server.script("posts.find", "timeout_before")
        with pytest.raises(Transient):
            self.network.find(http, credentials, post, key)


class TestBlind(Plain):
    network = Blind()
