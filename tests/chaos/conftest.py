from chaos.world import PUBLIC
from chaos.world import World
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import INetwork
from networks_for_tests import Blind
from networks_for_tests import FindsOnly
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from rest import Town
from scripted import Scripted
from scripted_facebook import ScriptedFacebook
from scripted_instagram import ScriptedInstagram
from scripted_linkedin import ScriptedLinkedIn
from scripted_mastodon import ScriptedMastodon
from scripted_threads import ScriptedThreads
from scripted_webhook import ScriptedWebhook
from scripted_x import ScriptedX
from zope.component import getGlobalSiteManager
from zope.interface import alsoProvides

import pytest
import transaction


DIALECTS = {
    "mastodon": {},
    "gotosocial": {"software": "gotosocial", "token_errors": "text"},
}
"""Idempotency keys are honoured for an hour, or not at all. Both list a new status late, within `Mastodon.settle`."""


@pytest.fixture
def dialect(request):
    """Of the Mastodon server; name it in a parametrize with indirect=True."""
    return getattr(request, "param", "gotosocial")


@pytest.fixture
def graph(request):
    """Which of the two that stand on Facebook's Graph there is: they are asked at one address."""
    known = {"instagram": ScriptedInstagram, "facebook": ScriptedFacebook}
    wanted = getattr(getattr(request.node, "callspec", None), "params", {}).get("network")
    name = wanted if wanted in known else "facebook"
    return name, known[name]


@pytest.fixture
def world(functional, dialect, graph, monkeypatch):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    components = getGlobalSiteManager()
    poorer = [FindsOnly(), Blind()]
    for network in poorer:
        components.registerUtility(network, INetwork, network.id)
    transaction.commit()
    monkeypatch.setattr("collective.socialterritory.networks.mastodon.WAITS", (0.01,) * 5)
    slow = {"hold": 0.05, "lag": 9.0}
    here = f"http://{functional['host']}:{functional['port']}/{portal.getId()}"
    with (
        Scripted(hold=0.05) as server,
        ScriptedMastodon(slow_media=1, **slow, **DIALECTS[dialect]) as mastodon,
        ScriptedX(**slow) as x,
        graph[1](**slow) as meta,
        ScriptedThreads(**slow) as threads,
        ScriptedLinkedIn(**slow) as linkedin,
        ScriptedWebhook(hold=0.05) as webhook,
    ):
        servers = {"": server, "mastodon": mastodon, "x": x, graph[0]: meta, "threads": threads}
        servers |= {"linkedin": linkedin, "webhook": webhook}
        for fetching in (threads, meta):
            fetching.slow, fetching.reach = 1, lambda url: url.replace(PUBLIC, here)
        yield World(functional["app"], portal, servers, monkeypatch)
    for network in poorer:
        components.unregisterUtility(network, INetwork, network.id)


@pytest.fixture
def town(functional):
    return Town(functional)
