from collective.socialterritory.networks import bluesky
from scripted import Scripted

import pytest


@pytest.fixture
def network():
    return bluesky.network


@pytest.fixture
def server(start):
    return start(Scripted(hold=4.0, retry_after=7))


@pytest.fixture
def account(server):
    return server.account("mairie.example")


@pytest.fixture
def credentials(account):
    return account.credentials
