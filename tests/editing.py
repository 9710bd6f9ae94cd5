"""A commune served to tests: a sandbox account, a news item, and a browser logged in as an administrator."""

from collective.socialterritory.accounts.worker import connect
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.app.testing import TEST_USER_ID
from plone.testing.zope import Browser
from zope.interface import alsoProvides

import pytest
import transaction


@pytest.fixture
def commune(functional):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    settings().public_url = "https://www.town.example"
    return portal


@pytest.fixture
def feed(commune):
    obj = api.content.create(
        commune["social-accounts"], "SocialAccount", "town-feed", title="Town feed", network="sandbox"
    )
    connect(commune, obj.UID(), {}, datetime.now(UTC))
    transaction.commit()
    return obj


@pytest.fixture
def news(commune):
    fields = {"title": "Menu de la cantine", "description": "Du lundi au vendredi"}
    obj = api.content.create(commune, "News Item", "menu-de-la-cantine", **fields)
    transaction.commit()
    return obj


@pytest.fixture
def staff(functional, commune):
    staff = Browser(functional["app"])
    staff.handleErrors = False
    staff.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}")
    return staff


@pytest.fixture
def stranger(functional, commune):
    """A browser of a member without any role of ours."""
    api.user.create("v@town.example", "visitor", "secret-enough-1")
    transaction.commit()
    browser = Browser(functional["app"])
    browser.handleErrors = False
    browser.addHeader("Authorization", "Basic visitor:secret-enough-1")
    return browser
