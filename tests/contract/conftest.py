from collective.socialterritory.http import Http
from scripted import Scripted

import pytest


@pytest.fixture
def server(monkeypatch):
    with Scripted(hold=4.0, retry_after=7) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def account(server):
    return server.account("mairie.example")


@pytest.fixture
def http(server):
    http = Http.from_environment()
    http.deadline = 2.0  # long enough for a busy machine to answer
    return http


@pytest.fixture
def credentials(account):
    return account.credentials
