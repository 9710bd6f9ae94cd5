"""What tests of networks on a scripted server have in common. Those of a network have `server`, and `network` to use
`publish` and `find`.
"""

from collective.socialterritory.http import Http
from collective.socialterritory.networks import finding
from collective.socialterritory.networks.model import Post
from contextlib import ExitStack
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


SHARED = (
    "base",
    "failures",
    "hearing",
    "follow_up",
    "follow_up_failures",
    "following",
    "linking",
    "lookup",
    "measuring",
    "reading",
)
pytest.register_assert_rewrite(*(f"contract.{name}" for name in SHARED))

from contract.base import sent  # noqa: E402, its assertions are rewritten before
from contract.linking import consented  # noqa: E402


@pytest.fixture
def start(monkeypatch):
    """A function that starts a scripted server and has it taken for the network."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with ExitStack() as stack:

        def start(server):
            stack.enter_context(server)
            for name, value in server.environ.items():
                monkeypatch.setenv(name, value)
            return server

        yield start


SLOW = ("timeout_before", "timeout_after", "drip")


@pytest.fixture
def account(server):
    return server.account("mairie")


@pytest.fixture
def http(server, request):
    """Its deadline is long enough for a busy machine to answer, where it is not the deadline that is waited for."""
    callspec = getattr(request.node, "callspec", None)
    http = Http.from_environment()
    http.deadline = 0.8 if callspec and callspec.params.get("fault") in SLOW else 2.0
    return http


@pytest.fixture
def credentials(server, account):
    return server.credentials(account)


@pytest.fixture
def seen(server):
    return server.posts


@pytest.fixture
def post():
    return Post("Bonjour", datetime.now(UTC))


@pytest.fixture
def publish(network, http, credentials, post):
    return lambda other=post, key="k1": sent(network, http, credentials, other, key)


@pytest.fixture
def prepare(network, http, credentials):
    return lambda post: network.prepare(http, credentials, post)


@pytest.fixture
def go(network, http, credentials):
    """Publishes what is prepared."""
    return lambda post, key: network.publish(http, credentials, post, key)


@pytest.fixture
def find(network, http, credentials, post):
    return lambda other=post: network.find(http, credentials, other, "k1")


@pytest.fixture
def tokens(network, server, http, account):
    """What a network that `Consents` gives for a code."""
    client, consent, back = consented(network, server, http)
    return client, consent.tokens(http, back["code"])


@pytest.fixture
def at_once(monkeypatch):
    """One look is enough, however young the post is."""
    monkeypatch.setattr(finding, "SURE", timedelta(0))
