"""What the site itself posted, as a box on its pages: out of the record, whatever the network, free of charge."""

from bs4 import BeautifulSoup
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.portlets import Assignment
from collective.socialterritory.feeds.worker import all_sources
from feeding import hurry
from follow import policy
from follow import published
from follow import transition
from plone import api
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from zope.component import getMultiAdapter
from zope.component import getUtility
from zope.globalrequest import setRequest

import pytest
import transaction


@pytest.fixture
def box(town):
    """What visitors find beside the front page."""
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "Our posts", "kind": "own", "where": town.account.UID(), "network": "sandbox"}
        source = api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
        column = getUtility(IPortletManager, name="plone.rightcolumn")
        getMultiAdapter((town.site, column), IPortletAssignmentMapping)["box"] = Assignment(source.UID())
    transaction.commit()

    def shown():
        answer = town.anonymous.session.get(f"{town.url}", headers={"Accept": "text/html"}, timeout=30)
        return BeautifulSoup(answer.text, "html.parser").find(class_="social-box")

    return shown


def test_posts_are_in_the_box_as_long_as_they_are_out_and_their_news_is_public(town, box):
    assert not box().find("article")
    policy(town, "leave")
    first = published(town, "Marché samedi")
    setRequest(town.functional["request"])  # the worker has forgotten that of the test
    second = published(town, "Fête de la musique")
    hurry(town)
    entries = box().find_all("article")
    assert ["Fête" in entries[0].get_text(), "Marché" in entries[1].get_text()] == [True, True]
    assert entries[0].find("a", href=True)["href"].startswith(f"{town.url}/@@social-sandbox/")
    transition(town, first, "retract")  # the post stays at the network, the policy says so
    hurry(town)
    assert "Marché" not in box().get_text()
    policy(town, "delete")
    transition(town, second, "retract")
    hurry(town)
    hurry(town)
    assert not box().find("article")


def test_an_empty_box_leads_to_the_page_that_visitors_can_open(town, box):
    setRequest(town.functional["request"])  # the worker's knows no host of the site
    hurry(town)
    assert box().find("a")["href"] == f"{town.url}/@@social-sandbox"


def test_it_is_no_ten_minutes_behind(town, box):
    assert [source.every for source in all_sources(town.site)] == [1]
