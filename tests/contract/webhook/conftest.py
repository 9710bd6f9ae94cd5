from collective.socialterritory.networks import webhook
from scripted_webhook import ScriptedWebhook

import pytest


@pytest.fixture
def network():
    return webhook.network


@pytest.fixture
def server(start):
    return start(ScriptedWebhook(hold=4.0, retry_after=7))
