"""A town, its people, an account and a post that waits, for the pages where people decide."""

from collective.socialterritory.interfaces import IBrowserLayer
from deskwork import linked
from deskwork import news
from deskwork import PASSWORD
from deskwork import PEOPLE
from deskwork import post_of
from plone import api
from plone.app.testing import setRoles
from plone.app.testing import TEST_USER_ID
from plone.testing.zope import Browser
from urllib.parse import urlencode
from zope.interface import alsoProvides

import pytest
import transaction


@pytest.fixture
def site(functional):
    portal = functional["portal"]
    alsoProvides(functional["request"], IBrowserLayer)
    setRoles(portal, TEST_USER_ID, ["Manager"])
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    for name, roles in PEOPLE.items():
        properties = {"fullname": name.title()}
        api.user.create(email=f"{name}@town.example", username=name, password=PASSWORD, properties=properties)
        api.user.grant_roles(username=name, roles=roles)
    transaction.commit()
    return portal


@pytest.fixture
def account(site):
    return linked(site)


@pytest.fixture
def delivery(site, account):
    return post_of(site, news(site))


@pytest.fixture
def browse(functional, site):
    def browser(user=None):
        found = Browser(functional["app"])
        found.handleErrors = True
        found.raiseHttpErrors = False
        if user:
            found.addHeader("Authorization", f"Basic {user}:{PASSWORD}")
        return found

    return browser


@pytest.fixture
def desk(site, browse):
    def page(user, **query):
        browser = browse(user)
        browser.open(f"{site.absolute_url()}/@@social-desk?{urlencode(query)}")
        return browser

    return page
