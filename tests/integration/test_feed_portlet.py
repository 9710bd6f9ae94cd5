"""The portlet of a feed: added in its form, shown to those who may see the feed, gone with the add-on."""

from bs4 import BeautifulSoup
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.portlets import Assignment
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from datetime import datetime
from datetime import UTC
from plone import api
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import transaction


HTML = {"Accept": "text/html"}
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def source(town):
    with api.env.adopt_roles(["Manager"]):
        fields = {"id": "news", "title": "News", "kind": "feed", "where": "https://town.example/rss"}
        source = api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
    entries = tuple(Entry(f"{n}", f"https://town.example/{n}", NOW, f"Said {n}") for n in range(4))
    Feeds(town.site).keep(source.UID(), Feed("News", "https://town.example/", entries), {}, {}, NOW)
    transaction.commit()
    return source


def column(site):
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    return getMultiAdapter((site, manager), IPortletAssignmentMapping)


def send(town, address, **typed):
    session = town.webmaster.session
    form = BeautifulSoup(session.get(address, headers=HTML, timeout=30).text, "html.parser").find("form", id="form")
    button = form.select_one("[name='form.buttons.add'], [name='form.buttons.apply']")["name"]
    token = form.find(attrs={"name": "_authenticator"})
    typed = {f"form.widgets.{name}": value for name, value in typed.items()} | {button: "1"}
    typed |= {"_authenticator": token["value"]} if token else {}
    session.post(form["action"], data=typed, headers=HTML, timeout=30)
    transaction.begin()


def box(town):
    answer = town.anonymous.session.get(town.url, headers=HTML, timeout=30)
    return BeautifulSoup(answer.text, "html.parser").find(class_="social-box")


def test_it_is_added_and_changed_in_forms_and_shown(town, source):
    address = f"{town.url}/++contextportlets++plone.rightcolumn/+/collective.socialterritory.portlets.Feed"
    send(town, address, **{"feed:list": source.UID(), "layout:list": "cards", "size": "2"})
    (name,) = [name for name, stored in column(town.site).items() if isinstance(stored, Assignment)]
    assert box(town).find("h2").text == "News" and len(box(town).find_all("article")) == 2
    assert box(town).select(".social-entries-cards") and box(town).find(class_="social-more")
    edit = f"{town.url}/++contextportlets++plone.rightcolumn/{name}/edit"
    send(town, edit, **{"feed:list": source.UID(), "layout:list": "compact", "size": "4"})
    assert len(box(town).find_all("article")) == 4 and not box(town).select(".social-entries-cards")
    assert town.editor.session.get(address, headers=HTML, timeout=30, allow_redirects=False).status_code in (302, 401)
    source.manage_permission("View", ["Manager"], acquire=False)
    transaction.commit()
    assert box(town) is None
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(source)
    transaction.commit()
    assert box(town) is None


def test_uninstalling_takes_it_away(town, source):
    column(town.site)["feed"] = Assignment(source.UID())
    town.site.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert "feed" not in column(town.site)
