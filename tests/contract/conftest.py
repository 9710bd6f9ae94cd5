from collective.socialterritory.http import Http
from scripted import Scripted
from scripted_mastodon import ScriptedMastodon
from scripted_x import ScriptedX

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


DIALECTS = {
    "mastodon": {},
    "gotosocial": {"software": "gotosocial", "token_errors": "text"},
    "plain": {"software": "plain", "errors": "html"},
    "closed": {"anonymous_reads": False, "honour_keys": False},
}


@pytest.fixture
def dialect(request):
    """Name it in a parametrize with indirect=True for other ones."""
    return getattr(request, "param", "mastodon")


@pytest.fixture
def mastodon(dialect, monkeypatch):
    with ScriptedMastodon(hold=4.0, retry_after=7, **DIALECTS[dialect]) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield server


@pytest.fixture
def x(monkeypatch):
    with ScriptedX(hold=4.0, retry_after=7) as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        yield server
