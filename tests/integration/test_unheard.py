"""Words changed by a door that tells nobody, or before the add-on came: whoever wrote them does not approve them."""

from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import KEY
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from datetime import datetime
from doors import HERE
from doors import news
from doors import patch
from doors import path
from doors import self_approved
from doors import set_property
from doors import THERE
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile
from working import work
from zope.annotation.interfaces import IAnnotations

import pytest
import transaction


@pytest.mark.parametrize("before", [True, False])
def test_a_door_that_tells_nobody_makes_authors_too(town, place, before):
    item = news(town, place, publish=not before)
    set_property(town.second, item)
    if before:
        assert town.editor.post(f"{HERE}/menu/@workflow/publish").status_code == 200
    assert not self_approved(town, item)
    (stored,) = town.stored(item)
    assert "second" in stored.authors
    assert "Autre menu" in stored.rendition.text
    post = {"id": stored.id}
    assert town.validator.decide(post, "approve", fingerprint=stored.fingerprint).status_code == 200


@pytest.mark.parametrize("how", ["schedule", "template", "address"])
def test_they_do_not_leave_under_the_hand_of_somebody_trusted(town, place, how, monkeypatch):
    place.aq_parent.manage_setLocalRoles("second", ["Contributor", "Editor"])
    place.aq_parent.reindexObjectSecurity()
    town.account.trusted = ["Reviewer", "Site Administrator"]
    transaction.commit()
    item = news(town, place, social_at=datetime(2031, 1, 1))
    (stored,) = town.stored(item)
    assert stored.state is State.QUEUED
    set_property(town.second, item)
    if how == "schedule":
        assert town.editor.patch(f"{HERE}/menu", {"social_urgent": True}).status_code == 204
    elif how == "template":
        path = f"social-accounts/{town.account.getId()}"
        assert town.webmaster.patch(path, {"template": "Ville : {title} {link}"}).status_code == 204
    else:
        panel = {"public_url": "https://autre.example"}
        assert town.webmaster.patch("@controlpanels/social-territory", panel).status_code == 204
    work(town.functional)
    (stored,) = town.stored(item)
    assert stored.state is State.PENDING
    assert "Autre menu" in stored.rendition.text
    assert not self_approved(town, item)


def test_a_working_copy_brings_their_authors_along(town, place):
    applyProfile(town.site, "plone.app.iterate:default")
    item = news(town, place)
    with api.env.adopt_user(username="editor"):
        copy = ICheckinCheckoutPolicy(item).checkout(place)
    transaction.commit()
    set_property(town.second, copy)
    transaction.begin()
    with api.env.adopt_user(username="editor"):
        ICheckinCheckoutPolicy(place[copy.getId()]).checkin("")
    transaction.commit()
    assert not self_approved(town, item)


def test_a_copy_has_their_authors(town, place):
    item = news(town, place, publish=False)
    set_property(town.second, item)
    (made,) = town.editor.post(f"{THERE}/@copy", {"source": item.absolute_url()}).json()
    there = made["target"].partition("/plone/")[2]
    assert town.editor.post(f"{there}/@workflow/publish").status_code == 200
    transaction.begin()
    assert not self_approved(town, town.site.unrestrictedTraverse(there))


def test_mails_do_not_trust_the_name_that_a_request_gives_the_site(town, place):
    settings().public_url = settings().staff_url = None
    transaction.commit()
    item = news(town, place)
    post = town.validator.delivery()
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    evil = {"Host": "evil.example"}
    town.editor.session.patch(f"{town.url}/{path(item)}", json={"title": "Autre"}, headers=evil)
    transaction.begin()
    bodies = [mail["body"] for _id, mail in waiting(town.site)]
    assert any("/plone/@@social-desk?id=" in body for body in bodies)
    assert not any("evil.example" in body for body in bodies)


@pytest.mark.parametrize("door", [patch, set_property])
def test_who_wrote_a_draft_before_the_add_on_came_is_an_author(town, place, door):
    item = news(town, place, publish=False)
    door(town.second, item)
    transaction.begin()
    del IAnnotations(town.site)[KEY]["authors"][item.UID()]
    transaction.commit()
    assert town.editor.post(f"{HERE}/menu/@workflow/publish").status_code == 200
    assert not self_approved(town, item)
