from collective.socialterritory.networks import facebook
from datetime import timedelta
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


@pytest.fixture
def at_once(monkeypatch):
    """One look is enough, however young the post is."""
    monkeypatch.setattr(facebook, "SURE", timedelta(0))
