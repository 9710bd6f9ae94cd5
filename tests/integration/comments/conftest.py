"""A page with comments, and the people of a town."""

from collective.socialterritory.comments import outside
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.rules.limits import Limiter
from commenting import news
from plone import api

import pytest


PASSWORD = "A-long-one-1"


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """As if the server had just started: nobody has sent anything yet."""
    for module in (outside, posting):
        monkeypatch.setattr(module, "_limiter", Limiter())


@pytest.fixture
def page(portal):
    portal.portal_workflow.setDefaultChain("simple_publication_workflow")
    return news(portal)


@pytest.fixture
def moderator(portal):
    """Moderates the whole site, and has no other role."""
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="camille@town.example", username="camille", password=PASSWORD)
        api.user.grant_roles(username="camille", roles=["Member", "Social Moderator"])
    return "camille"
