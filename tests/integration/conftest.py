"""What integration tests of several rooms share."""

from collective.socialterritory.interfaces import INetwork
from pretend import Pretend
from zope.component import getGlobalSiteManager

import pytest


@pytest.fixture
def pretend():
    network = Pretend()
    registry = getGlobalSiteManager()
    registry.registerUtility(network, INetwork, name="pretend")
    yield network
    registry.unregisterUtility(network, INetwork, name="pretend")
