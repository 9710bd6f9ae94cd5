"""Whoever changes what would be said is an author, by whatever door; whoever only publishes is none."""

from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import KEY
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from doors import contents
from doors import HERE
from doors import language
from doors import move
from doors import move_folder
from doors import news
from doors import patch
from doors import put_back
from doors import rename
from doors import self_approved
from doors import tags
from doors import THERE
from doors import title
from plone import api
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.testing import applyProfile
from zope.annotation.interfaces import IAnnotations
from zope.interface import noLongerProvides
from zope.lifecycleevent import modified

import pytest
import transaction


DOORS = (tags, language, title, rename, move, move_folder, put_back, patch)


def prepared(town, place, door):
    """A published item whose post waits; with an older version, where one is to be put back."""
    town.account.template = "{title} {subjects} {link}"
    town.account.trusted = []
    item = news(town, place)
    if door is put_back:
        with api.env.adopt_user(username="editor"):
            api.portal.get_tool("portal_repository").save(item, "first")
        town.editor.patch(f"{HERE}/menu", {"title": "Menu corrigé"})
    return item


@pytest.mark.parametrize("door", DOORS)
def test_whoever_changes_what_is_said_does_not_approve_it(town, place, door):
    item = prepared(town, place, door)
    before = town.second.delivery()
    assert town.stored(item)[0].authors == ("editor",)
    door(town.second, item)
    (stored,) = town.stored(item)
    assert stored.authors == ("editor", "second")
    assert stored.fingerprint != before["fingerprint"]
    assert Outbox(town.site).authors(item.UID()) == ("editor", "second")
    assert town.second.decide(before, "approve", fingerprint=stored.fingerprint).status_code == 403
    assert town.validator.decide(before, "approve", fingerprint=stored.fingerprint).status_code == 200


@pytest.mark.parametrize("door", DOORS)
def test_a_change_after_the_approval_voids_it_and_tells_the_authors(town, place, door):
    item = prepared(town, place, door)
    post = town.validator.delivery()
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    door(town.second, item)
    (stored,) = town.stored(item)
    assert (stored.state, stored.approvals, stored.log[-1].name) == (State.PENDING, (), "void")
    told = [mail["to"] for _id, mail in waiting(town.site) if "withdrawn" in mail["subject"]]
    assert sorted(told) == ["editor@town.example", "second@town.example"]


@pytest.mark.parametrize("door", [tags, title, rename, move_folder, patch])
def test_a_draft_remembers_them_too(town, place, door):
    item = news(town, place, publish=False)
    assert Outbox(town.site).authors(item.UID()) == ("editor",)
    door(town.second, item)
    transaction.begin()
    with api.env.adopt_user(username="editor"):
        api.content.transition(find(item.UID()), to_state="published")
    transaction.commit()
    assert town.stored(item)[0].authors == ("editor", "second")


@pytest.mark.parametrize("door", [tags, title, patch])
def test_what_was_there_before_the_add_on_is_compared_with_what_is_stored(town, place, door):
    item = news(town, place, publish=False)
    del IAnnotations(town.site)[KEY]["authors"][item.UID()]
    transaction.commit()
    with api.env.adopt_user(username="second"):
        item.social_urgent = True
        modified(item)
    assert Outbox(town.site).authors(item.UID()) == ("editor",)
    transaction.abort()
    door(town.second, item)
    transaction.begin()
    assert Outbox(town.site).authors(item.UID()) == ("editor", "second")


def test_publishing_makes_no_author_not_even_of_the_date(town, place):
    town.account.template = "{date} {title} {link}"
    for known in (True, False):
        item = news(town, place, publish=False)
        if not known:
            del IAnnotations(town.site)[KEY]["authors"][item.UID()]
            transaction.commit()
        assert town.second.post(f"{HERE}/menu/@workflow/publish").status_code == 200
        (stored,) = town.stored(item)
        assert (stored.authors, stored.item_title) == (("editor",), "Menu de la cantine")
        assert item.effective().Date() == datetime.now(UTC).strftime("%Y/%m/%d")
        with api.env.adopt_roles(["Manager"]):
            api.content.delete(item)
        transaction.commit()


@pytest.mark.parametrize("template, authors", [("{date} {title}", ("editor", "second")), ("{title}", ("editor",))])
def test_another_date_is_a_change_where_it_is_said(town, place, template, authors):
    town.account.template = template
    item = news(town, place)
    contents(town.second, "properties", item, effectiveDate="2020-05-05 10:00")
    assert town.stored(item)[0].authors == authors


def test_what_changes_nothing_makes_no_author(town, place):
    item = news(town, place)
    contents(town.second, "tags", item, toadd="")
    contents(town.second, "properties", item, copyright="La ville")
    assert town.second.patch(f"{HERE}/menu", {"social_urgent": True}).status_code == 204
    with api.env.adopt_user(username="second"):
        api.portal.get_tool("portal_catalog").clearFindAndRebuild()
        place.manage_setLocalRoles("member", ["Reader"])
        place.reindexObjectSecurity()
    transaction.commit()
    (stored,) = town.stored(item)
    assert stored.authors == Outbox(town.site).authors(item.UID()) == ("editor",)
    assert stored.urgent


def test_a_new_schedule_moves_the_post_and_makes_no_author(town, place):
    item = news(town, place)
    assert town.second.patch(f"{HERE}/menu", {"social_at": "2031-05-05T10:00:00+00:00"}).status_code == 204
    (stored,) = town.stored(item)
    assert (stored.authors, stored.due.year) == (("editor",), 2031)
    town.second.patch(f"{HERE}/menu", {"social_at": None})
    for year in (2032, 2030):
        contents(town.second, "properties", item, effectiveDate=f"{year}-05-05 10:00")
        assert town.stored(item)[0].due.year == year


def test_a_folder_of_old_news_is_moved_without_a_look_at_each(town, place, monkeypatch):
    from collective.socialterritory.crosspost import changes

    item = news(town, place)
    outbox = IAnnotations(town.site)[KEY]
    for number in range(16):
        outbox[f"live-{number}"].clear()
    monkeypatch.setattr(changes, "facts", lambda obj: pytest.fail("read"))
    with api.env.adopt_user(username="second"):
        place = api.content.move(place, town.site.unrestrictedTraverse(THERE), safe_id=False)
    transaction.commit()
    assert Outbox(town.site).authors(item.UID()) == ("editor", "second")
    del outbox["authors"][item.UID()]
    with api.env.adopt_user(username="second"):
        api.content.move(place, town.site["rubrique"], safe_id=False)
    transaction.commit()
    assert Outbox(town.site).authors(item.UID()) == ()


def test_a_change_that_nothing_told_voids_at_the_next_try_to_approve_and_tells_the_authors(town, place):
    item = news(town, place)
    post = town.validator.delivery()
    assert town.validator.decide(post, "hold").status_code == 200
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    item.title = "Autre chose"
    transaction.commit()
    assert town.second.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 409
    (stored,) = town.stored(item)
    assert (stored.state, stored.rendition.text.split("\n")[0]) == (State.PENDING, "Autre chose")
    told = [mail["to"] for _id, mail in waiting(town.site) if "withdrawn" in mail["subject"]]
    assert sorted(told) == ["editor@town.example", "second@town.example"]  # who may change it may have done it


@pytest.mark.parametrize("state", [State.FAILED, State.UNCONFIRMED, State.REJECTED, State.SENDING])
def test_a_change_while_the_post_waits_for_nobody_counts_when_it_waits_again(town, place, state):
    item = news(town, place)
    (stored,) = town.stored(item)
    outbox = Outbox(town.site)
    outbox.save(replace(stored, state=state))
    transaction.commit()
    patch(town.second, item)
    (stored,) = town.stored(item)
    outbox.save(replace(stored, state=State.PENDING))
    transaction.commit()
    assert not self_approved(town, item)


def test_a_working_copy_brings_its_authors_along(town, place):
    applyProfile(town.site, "plone.app.iterate:default")
    item = news(town, place)
    with api.env.adopt_user(username="second"):
        copy = ICheckinCheckoutPolicy(item).checkout(place)
    transaction.commit()
    assert town.second.patch(f"{HERE}/{copy.getId()}", {"title": "Autre menu"}).status_code == 204
    transaction.begin()
    with api.env.adopt_user(username="editor"):
        ICheckinCheckoutPolicy(place[copy.getId()]).checkin("")
    transaction.commit()
    assert not self_approved(town, item)
    assert "Autre menu" in town.stored(item)[0].rendition.text


def test_a_working_copy_is_checked_in_where_the_add_on_is_not(town, place):
    applyProfile(town.site, "plone.app.iterate:default")
    applyProfile(town.site, "collective.socialterritory:uninstall")
    IAnnotations(town.site).pop(KEY, None)
    noLongerProvides(town.functional["request"], IBrowserLayer)
    with api.env.adopt_user(username="editor"):
        item = api.content.create(place, "News Item", id="menu", title="Menu")
        copy = ICheckinCheckoutPolicy(item).checkout(place)
        transaction.commit()
        copy.title = "Autre menu"
        ICheckinCheckoutPolicy(copy).checkin("")
    assert place["menu"].title == "Autre menu"


@pytest.mark.parametrize("whole_folder", [True, False])
def test_a_copy_has_the_authors_of_what_was_copied(town, place, whole_folder):
    item = news(town, place, publish=False)
    patch(town.second, item)
    source = item.aq_parent if whole_folder else item
    (made,) = town.editor.post(f"{THERE}/@copy", {"source": source.absolute_url()}).json()
    path = made["target"].partition("/plone/")[2] + ("/menu" if whole_folder else "")
    assert town.editor.post(f"{path}/@workflow/publish").status_code == 200
    transaction.begin()
    copy = town.site.unrestrictedTraverse(path)
    assert not self_approved(town, copy)
    assert set(town.stored(copy)[0].authors) == {"editor", "second"}


def test_who_changes_the_public_address_changes_the_link_of_every_post(town, place):
    item = news(town, place)
    with api.env.adopt_user(username="second"):
        settings().public_url = "https://autre.example"
    transaction.commit()
    assert not self_approved(town, item)
    (stored,) = town.stored(item)
    assert stored.rendition.link.startswith("https://autre.example")
    assert "second" in stored.authors
