"""No surface of the site tells a text that its reader may not see: waiting, refused, spam, hidden, below such a one."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.model import State
from commenting import NOW
from commenting import said
from plone import api
from plone.app.portlets.portlets import recent
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from rest import Client
from rest import PASSWORD
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import re
import surfaces
import transaction


ROLES = {"paul": [], "odile": ["Editor"], "lou": [], "camille": ["Social Moderator"], "max": ["Manager"]}
"""`paul` wrote one of them; `lou` moderates one section."""
HIDDEN = ("waiting", "rejected", "spam", "hidden", "below", "underneath", "mine")
ALL = ("shown", "elsewhere", *HIDDEN)
SEES = {
    "": {"shown"},
    "member": {"shown"},
    "odile": {"shown"},
    "paul": {"shown", "mine"},
    "lou": set(ALL) - {"elsewhere"},
    "camille": set(ALL),
    "max": set(ALL),
}


def mark(name):
    return f"marque{name}"


@pytest.fixture
def page(town):
    page = surfaces.settle(town.site)
    with api.env.adopt_roles(["Manager"]):
        for name, roles in ROLES.items():
            api.user.create(email=f"{name}@town.example", username=name, password=PASSWORD)
            api.user.grant_roles(username=name, roles=["Member", *roles])
        page.aq_parent.manage_setLocalRoles("lou", ["Social Moderator"])
        page.aq_parent.reindexObjectSecurity()
        left = getUtility(IPortletManager, name="plone.leftcolumn")
        getMultiAdapter((town.site, left), IPortletAssignmentMapping)["recent"] = recent.Assignment(count=50)

    def says(name, where=page, **more):
        return said(where, f"marque {mark(name)}", f"Auteur {mark(name)}", **more)

    says("shown", state=State.APPROVED)
    says("waiting")
    rejected = says("rejected", state=State.REJECTED)
    says("spam", state=State.SPAM)
    deciding.hide(says("hidden", state=State.APPROVED), True, NOW, "")
    below = says("below", parent=rejected, state=State.APPROVED)
    says("underneath", parent=below, state=State.APPROVED)
    says("mine", author="user:paul")
    with api.env.adopt_roles(["Manager"]):
        other = surfaces.news(town.site, "autre", "Autre page")
    says("elsewhere", other)
    transaction.commit()
    return page


def told(text):
    return {name for name in ALL if mark(name) in text}


def test_nobody_reads_more_than_they_may_see(town, page):
    more, live = {}, set()
    for name, sees in SEES.items():
        # Whoever may see all of them can read none too many.
        looks = surfaces.TEXTS if sees != set(ALL) else {"@comments": surfaces.TEXTS["@comments"]}
        for surface, look in looks.items():
            found = told(look(Client(town.url, name), page))
            live |= {surface} if not name and "shown" in found else set()
            if found - sees:
                more[surface, name or "anonymous"] = sorted(found - sees)
    assert more == {}
    assert live >= {
        "the page",
        "@comments",
        "@comments of one",
        "@search",
        "search as one types",
        "@querystring-search",
        "a collection as JSON",
    }


def test_moderators_read_all_that_is_theirs(town, page):
    for name in ("lou", "camille", "max"):
        assert told(Client(town.url, name).get("sport/bancs/@comments").text) == SEES["lou"]


@pytest.mark.parametrize(
    "asked",
    [
        "social_comment=source:site",
        "social_comment:tuple=source:site",
        'social_comment:json=[["source:site"]]',
        "social_comment.query:record=source&social_comment.range:record=min",
        'social_comment.query:json:record=[["source"]]&social_comment.range:record=min',
        "social_comment.not:record=reported",
    ],
)
def test_nobody_searches_by_what_moderators_and_reporters_know(town, page, asked):
    for door in ("@search", "@@search"):
        text = town.anonymous.session.get(f"{town.url}/{door}?{asked}&portal_type=Discussion+Item", timeout=30).text
        assert told(text) == set() and not re.search(r'"items_total": [1-9]', text)


def test_counts_tell_nothing_either(town, page):
    anonymous = town.anonymous
    assert anonymous.get("sport/bancs/@comments").json()["items_total"] == 1
    (found,) = anonymous.get("@search", UID=page.UID(), metadata_fields="_all").json()["items"]
    assert found["total_comments"] == 1
    assert anonymous.get("@search", portal_type="Discussion Item").json()["items_total"] == 1
    assert not found["commentators"] or "paul" not in found["commentators"]
    shown = anonymous.get("sport/bancs/@comments").json()["items"][0]
    assert found["last_comment_date"][:19] == shown["creation_date"][:19]
