from collective.socialterritory.http import Http
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.sandbox import network
from contract.base import NetworkContract
from dataclasses import replace

import pytest


class TestSandbox(NetworkContract):
    network = network

    @pytest.fixture
    def http(self):
        return Http()

    @pytest.fixture
    def credentials(self, http):
        return network.connect(http, {}).credentials

    @pytest.fixture
    def seen(self):
        return lambda: None

    def test_posts_stay_on_the_site(self, http, credentials, post):
        assert network.local
        assert network.publish(http, credentials, post, "k1").url == "@@social-sandbox/k1"

    def test_what_is_out_can_be_changed_deleted_and_answered(self, http, credentials, post):
        """All of it is told by the record: nothing is kept here."""
        out = network.publish(http, credentials, post, "k1")
        assert isinstance(network, Edits) and isinstance(network, Deletes) and isinstance(network, Replies)
        assert network.rewrites == {"text", "picture", "link"}
        assert network.edit(http, credentials, out.id, replace(post, text="Autre")) == out
        for _ in range(2):
            assert network.delete(http, credentials, out.id) is None
        answer = replace(post, text="Merci", answers=out.id)
        receipt = network.reply(http, credentials, out.id, answer, "k2")
        assert receipt == network.reply(http, credentials, out.id, answer, "k2") != out
        assert network.find(http, credentials, answer, "k2") == receipt
