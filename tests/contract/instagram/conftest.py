from collective.socialterritory.networks import containers
from collective.socialterritory.networks import instagram
from datetime import timedelta
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


@pytest.fixture
def at_once(monkeypatch):
    """One look is enough, however young the post is."""
    monkeypatch.setattr(containers, "SURE", timedelta(0))
