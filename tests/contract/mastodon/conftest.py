from collective.socialterritory.networks import mastodon
from contract.mastodon.dialects import DIALECTS
from scripted_mastodon import ScriptedMastodon

import pytest


@pytest.fixture
def network():
    return mastodon.network


@pytest.fixture
def dialect(request):
    """Name it in a parametrize with indirect=True for other ones."""
    return getattr(request, "param", "mastodon")


@pytest.fixture
def server(start, dialect):
    return start(ScriptedMastodon(hold=4.0, retry_after=7, **DIALECTS[dialect]))
