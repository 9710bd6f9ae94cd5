from collective.socialterritory.http import Http
from collective.socialterritory.networks.sandbox import network
from contract.base import NetworkContract

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
