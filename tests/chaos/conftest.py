from chaos.world import World
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import INetwork
from networks_for_tests import Blind
from networks_for_tests import FindsOnly
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from scripted import Scripted
from zope.component import getGlobalSiteManager
from zope.interface import alsoProvides

import pytest
import transaction


@pytest.fixture
def world(functional, monkeypatch):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    components = getGlobalSiteManager()
    poorer = [FindsOnly(), Blind()]
    for network in poorer:
        components.registerUtility(network, INetwork, network.id)
    transaction.commit()
    with Scripted(hold=0.05) as server:
        yield World(functional["app"], portal, server, monkeypatch)
    for network in poorer:
        components.unregisterUtility(network, INetwork, network.id)
