from collective.socialterritory.networks import x
from scripted_x import ScriptedX

import pytest


@pytest.fixture
def network():
    return x.network


@pytest.fixture
def server(start):
    return start(ScriptedX(hold=4.0, retry_after=7))


@pytest.fixture(params=["keys", "consent"])
def way(request):
    """How it was linked. A test that is of one way alone names it in a parametrize with indirect=True."""
    return request.param


@pytest.fixture
def credentials(server, account, way):
    return server.keys(account) if way == "keys" else server.credentials(account)
