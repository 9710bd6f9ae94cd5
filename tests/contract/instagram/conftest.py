from collective.socialterritory.networks import instagram
from scripted_instagram import ScriptedInstagram

import pytest


@pytest.fixture
def network():
    return instagram.network


@pytest.fixture
def server(start):
    server = start(ScriptedInstagram(hold=4.0, retry_after=7))
    yield server
    assert server.leaks == server.twice == []


@pytest.fixture
def account(server):
    return server.account("ville")
