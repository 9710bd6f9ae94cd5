"""“Follow us”: which accounts visitors find, where, and how the links say who we are."""

from bs4 import BeautifulSoup
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.interfaces import settings
from collective.socialterritory.share.portlets import FollowAssignment
from collective.socialterritory.share.portlets import ShareAssignment
from follow import HTML
from plone import api
from plone.app.portlets.storage import PortletAssignmentMapping
from plone.portlets.constants import CONTENT_TYPE_CATEGORY
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import transaction


@pytest.fixture
def page(town):
    with api.env.adopt_roles(["Manager"]):
        for network, link, url in (
            ("facebook", "connected", "https://www.facebook.com/ville"),
            ("mastodon", "reconnect", "https://piaille.fr/@ville"),
            ("bluesky", "new", ""),
            ("instagram", "connected", "javascript:alert(1)"),
        ):
            account(town, network, link, url)
    transaction.commit()
    return lambda path="": BeautifulSoup(
        town.anonymous.session.get(f"{town.url}/{path}", headers=HTML, timeout=30).text, "html.parser"
    )


def account(town, network, link, url, **fields):
    made = api.content.create(
        town.site["social-accounts"], "SocialAccount", title=f"{network} of the town", network=network, **fields
    )
    Accounts(town.site).mark(made.UID(), link=link, identity_url=url, identity=url.rpartition("/")[2])
    return made


def shown(soup):
    return [(link.get_text(strip=True), link["href"], link["rel"]) for link in soup.select(".social-follow a")]


BOTH = [
    ("Facebook", "https://www.facebook.com/ville", ["me"]),
    ("Mastodon", "https://piaille.fr/@ville", ["me"]),
]


def test_linked_accounts_are_in_the_footer_of_every_page_and_the_training_network_is_not(page):
    soup = page()
    assert shown(soup) == BOTH
    assert soup.find("nav", attrs={"aria-labelledby": "social-follow"}).h2.text == "Follow us"
    assert shown(page("@@search")) == BOTH


def test_the_webmaster_chooses(town, page):
    facebook = town.site["social-accounts"]["facebook-of-the-town"]
    facebook.follow = False
    transaction.commit()
    assert shown(page()) == BOTH[1:]
    settings().follow_footer = False
    transaction.commit()
    assert shown(page()) == []
    assert not page().find(id="social-follow")


def test_accounts_of_one_network_are_told_apart(town, page):
    with api.env.adopt_roles(["Manager"]):
        account(town, "mastodon", "connected", "https://piaille.fr/@sports", id="sports")
    transaction.commit()
    assert [label for label, *_ in shown(page())] == ["Facebook", "Mastodon @ville", "Mastodon @sports"]


def test_nobody_to_follow(town):
    answer = town.anonymous.session.get(town.url, headers=HTML, timeout=30)
    assert "social-follow" not in answer.text


def test_the_portlet(town, page):
    settings().follow_footer = False
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    getMultiAdapter((town.site, manager), IPortletAssignmentMapping)["follow"] = FollowAssignment("La ville ailleurs")
    transaction.commit()
    soup = page()
    assert shown(soup) == BOTH
    assert soup.select_one("section.portlet")["aria-label"] == "La ville ailleurs"


def test_uninstalling_takes_portlets_from_everywhere(portal):
    """What is stored of them could not be read any more."""
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", id="rubrique")
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    of_type = PortletAssignmentMapping("plone.rightcolumn", CONTENT_TYPE_CATEGORY, "Document")
    manager[CONTENT_TYPE_CATEGORY]["Document"] = of_type
    places = [of_type, *(getMultiAdapter((obj, manager), IPortletAssignmentMapping) for obj in (portal, folder))]
    before = [set(place) for place in places]
    for place in places:
        place["share"] = ShareAssignment("Share")
        place["follow"] = FollowAssignment("Follow us")
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert [set(place) for place in places] == before
    known = [portlet.addview for portlet in manager.getAddablePortletTypes()]
    assert known and not [name for name in known if name.startswith("collective.socialterritory")]


def test_one_account_linked_twice_is_shown_once_and_those_who_look_after_it_are_told(town, page):
    with api.env.adopt_roles(["Manager"]):
        twin = account(town, "facebook", "connected", BOTH[0][1], id="twin")
    transaction.commit()
    assert shown(page()) == BOTH
    told = town.webmaster.session.get(twin.absolute_url(), headers=HTML, timeout=30).text
    assert "The same account is linked as" in told and "facebook of the town" in told
    other = town.site["social-accounts"]["mastodon-of-the-town"].absolute_url()
    assert "The same account" not in town.webmaster.session.get(other, headers=HTML, timeout=30).text
