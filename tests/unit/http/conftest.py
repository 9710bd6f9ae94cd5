"""A server that misbehaves, plain and under TLS, and a door that may reach it."""

from collective.socialterritory.http import Http
from hostile import certificate
from hostile import connections
from hostile import hostile

import pytest


@pytest.fixture
def server():
    with hostile() as server:
        yield server


@pytest.fixture
def http(server):
    return Http(frozenset({server.host}), deadline=5.0, max_bytes=100_000)


@pytest.fixture
def packets(monkeypatch):
    return connections(monkeypatch)


@pytest.fixture
def secure(tmp_path, monkeypatch):
    context, authority = certificate(tmp_path, "good.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with hostile(context) as server:
        yield server
