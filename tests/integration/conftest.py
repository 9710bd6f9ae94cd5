"""What integration tests of several rooms share."""

from aiosmtpd.controller import Controller
from collective.socialterritory import clock
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.worker import Worker
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from feeding import Feeding
from layers import hide
from linking import Linking
from linking import SERVERS
from linking import typed
from mailing import Inbox
from plone import api
from pretend import CANARY
from pretend import Pretend
from registering import with_sports
from rest import Town
from zope.component import getGlobalSiteManager

import pytest
import socket
import time
import transaction


@pytest.fixture
def pretend():
    network = Pretend()
    registry = getGlobalSiteManager()
    registry.registerUtility(network, INetwork, name="pretend")
    yield network
    registry.unregisterUtility(network, INetwork, name="pretend")


@pytest.fixture
def account(portal, pretend):
    """An account that is not connected, on a site with a public address."""
    with api.env.adopt_roles(["Manager"]):
        settings().public_url = "https://www.town.example"
        return api.content.create(portal[CONTAINER], "SocialAccount", "town", title="Town", network="pretend")


@pytest.fixture
def connected(portal, account):
    answers = {"handle": "town.example", "app_password": CANARY}
    worker.connect(portal, account.UID(), answers, datetime(2026, 11, 22, 9, 0, tzinfo=UTC))
    return account


@pytest.fixture
def town(functional):
    return Town(functional)


@pytest.fixture
def toolbar(town):
    """Plone's, which other tests do without."""
    hide(town.site, {"plone.toolbar": ()})
    transaction.commit()


@pytest.fixture
def place(town):
    """A folder in which `second`, who validates for the town, may also change items."""
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    with api.env.adopt_user(username="editor"):
        above = api.content.create(town.site, "Folder", id="rubrique", title="Rubrique")
        for id in ("actualites", "ailleurs"):
            api.content.create(above, "Folder", id=id, title=id)
        for obj in (above, above["actualites"], above["ailleurs"]):
            api.content.transition(obj, to_state="published")
    above.manage_setLocalRoles("second", ["Contributor", "Editor", "Reviewer"])
    above.reindexObjectSecurity()
    transaction.commit()
    return above["actualites"]


@pytest.fixture
def network(request):
    """Name others in a parametrize with indirect=True."""
    return getattr(request, "param", "mastodon")


@pytest.fixture
def server(town, network, monkeypatch):
    with SERVERS[network]() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
        server.account("mairie")
        server.typed = typed(server, f"{town.url}/@@social-linked")
        yield server


@pytest.fixture
def mastodon(server):
    return server


@pytest.fixture
def person(town, network, server):
    with api.env.adopt_roles(["Manager"]):
        settings().staff_url = town.url
        fields = {"title": "Mairie", "network": network, "validation": "none"}
        account = api.content.create(town.site["social-accounts"], "SocialAccount", "mairie", **fields)
    transaction.commit()
    return Linking(town, server, account)


@pytest.fixture
def both(town):
    return with_sports(town)


@pytest.fixture
def later(monkeypatch):
    """Some minutes pass, more than a post stays for when its news was taken back."""

    def pass_by(by=timedelta(minutes=11)):
        monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + by)

    return pass_by


@pytest.fixture
def feeding(monkeypatch):
    with Feeding() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def smtp(inbox, port):
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def work(town):
    worker = Worker(town.functional["app"]._p_jar.db(), senders=2)
    thread = ThreadPoolExecutor(1)

    def run():
        quiet = 0
        for _turn in range(40):
            pause = thread.submit(worker.turn).result()
            quiet = quiet + 1 if worker.idle and pause > 0.2 else 0
            if quiet == 3:  # what a sender brought after the first of them was written by the second
                break
            time.sleep(0.02)
        transaction.begin()

    yield run
    thread.submit(worker.leave).result()
