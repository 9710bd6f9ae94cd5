from collective.socialterritory.networks import facebook
from scripted_facebook import ScriptedFacebook

import pytest


@pytest.fixture
def network():
    return facebook.network


@pytest.fixture
def server(start):
    server = start(ScriptedFacebook(hold=4.0, retry_after=7))
    yield server
    assert server.leaks == []


@pytest.fixture
def account(server):
    return server.account("Ville")
