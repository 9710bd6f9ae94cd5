from collective.socialterritory.networks import threads
from scripted_threads import ScriptedThreads

import pytest


@pytest.fixture
def network():
    return threads.network


@pytest.fixture
def server(start):
    server = start(ScriptedThreads(hold=4.0, retry_after=7))
    yield server
    assert server.leaks == server.twice == []


@pytest.fixture
def account(server):
    return server.account("ville")
