from collective.socialterritory.networks import linkedin
from scripted_linkedin import ScriptedLinkedIn

import pytest


@pytest.fixture
def network():
    return linkedin.network


@pytest.fixture
def server(start):
    server = start(ScriptedLinkedIn(hold=4.0, retry_after=7))
    yield server
    assert server.leaks == []


@pytest.fixture
def account(server):
    return server.account("Ville")


@pytest.fixture
def sent(server, monkeypatch):
    """(method, headers, body) of each request."""
    seen, carry_out = [], server.carry_out

    def noted(verb, path, query, headers, body):
        seen.append((server.method(verb, path), {name.lower(): value for name, value in headers.items()}, body))
        return carry_out(verb, path, query, headers, body)

    monkeypatch.setattr(server, "carry_out", noted)
    return seen
