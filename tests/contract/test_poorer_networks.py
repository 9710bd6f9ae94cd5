from contract.failures import FailureContract
from networks_for_tests import Blind
from networks_for_tests import FindsOnly
from scripted import Scripted

import pytest


class Plain(FailureContract):
    post_step = "posts.create"

    @pytest.fixture
    def server(self, start):
        return start(Scripted(hold=4.0, retry_after=7))

    @pytest.fixture
    def credentials(self, account):
        return {name: account.credentials[name] for name in ("pds", "access")}

    def revoke(self, server, account):
        server.revoke(account)

    def test_a_repeat_would_be_a_second_post(self, http, credentials, seen, post, key):
        self.network.publish(http, credentials, post, key)
        self.network.publish(http, credentials, post, key)
        assert seen() == [post.text] * 2


class TestFindsOnly(Plain):
    network = FindsOnly()
    steps = {"posts.find": "find"}


class TestBlind(Plain):
    network = Blind()
    steps = {}

    test_faults_without_a_doubt = None
