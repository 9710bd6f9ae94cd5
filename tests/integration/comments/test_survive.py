"""Comments stay with their page, whatever is done to it: nothing is lost, nothing is doubled."""

from collective.socialterritory import clock
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.settings import settings
from commenting import news
from commenting import said
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.app.iterate.interfaces import ICheckinCheckoutPolicy
from plone.app.multilingual.browser.setup import SetupMultilingualSite
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.app.testing import login
from plone.app.testing import SITE_OWNER_NAME
from zope.annotation.interfaces import IAnnotations

import pytest


KEY = "plone.app.discussion:conversation"


@pytest.fixture
def talked(portal, page):
    """A page with two comments that visitors see and one that waits."""
    login(portal.aq_parent, SITE_OWNER_NAME)
    applyProfile(portal, "plone.app.iterate:default")
    first = said(page, "Un", state=State.APPROVED)
    said(page, "Deux", parent=first, state=State.APPROVED)
    said(page, "Attend")
    return page


def texts(page):
    return sorted(comment.text for comment in IConversation(page).values())


def paths():
    """Of all comments in the catalogue, each of which must be there."""
    known = sorted(brain.getPath() for brain in found())
    assert all(brain._unrestrictedGetObject().text for brain in found())
    return known


ALL = ["Attend", "Deux", "Un"]


def check_out(page):
    return ICheckinCheckoutPolicy(page).checkout(page.aq_parent)


def test_a_working_copy_has_no_comments_and_its_page_keeps_them(portal, talked):
    before = paths()
    copy = check_out(talked)
    assert texts(copy) == [] and len(visible.ids(copy)) == 0
    assert texts(talked) == ALL and paths() == before


def test_comments_that_come_while_a_page_is_checked_out_are_there_after_check_in(portal, talked):
    copy = check_out(talked)
    copy.title = "Changée"
    said(talked, "Pendant", state=State.APPROVED)
    page = ICheckinCheckoutPolicy(copy).checkin("")
    assert page.title == "Changée"
    assert texts(page) == ["Attend", "Deux", "Pendant", "Un"]
    assert len(paths()) == 4 and len(visible.ids(page)) == 3


def test_the_first_comment_may_come_while_a_page_is_checked_out(portal, page):
    login(portal.aq_parent, SITE_OWNER_NAME)
    applyProfile(portal, "plone.app.iterate:default")
    copy = check_out(page)
    said(page, "Premier", state=State.APPROVED)
    page = ICheckinCheckoutPolicy(copy).checkin("")
    assert texts(page) == ["Premier"] and len(paths()) == 1


@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_a_working_copy_that_is_dropped_takes_no_comment_along(portal, talked, way):
    copy = check_out(talked)
    said(talked, "Pendant", state=State.APPROVED)
    if way == "cancel":
        ICheckinCheckoutPolicy(copy).cancelCheckout()
    else:
        api.content.delete(copy, check_linkintegrity=False)
    assert texts(talked) == ["Attend", "Deux", "Pendant", "Un"] and len(paths()) == 4


@pytest.mark.parametrize("way", ["cancel", "check in"])
def test_a_working_copy_from_before_the_add_on_takes_no_comment_along(portal, talked, way):
    """It shares the very conversation of its page."""
    copy = check_out(talked)
    IAnnotations(copy)[KEY] = IAnnotations(talked)[KEY]
    policy = ICheckinCheckoutPolicy(copy)
    page = policy.cancelCheckout() if way == "cancel" else policy.checkin("")
    assert texts(page) == ALL and len(paths()) == 3


def test_what_was_said_on_a_working_copy_does_not_overwrite_what_was_said_on_its_page(portal, talked):
    copy = check_out(talked)
    said(copy, "Sur la copie", state=State.APPROVED)
    page = ICheckinCheckoutPolicy(copy).checkin("")
    assert texts(page) == ALL and len(paths()) == 3


def test_what_a_moderator_closed_meanwhile_stays_closed(portal, talked):
    copy = check_out(talked)
    (key, *_others) = (facts.key(comment) for comment in IConversation(talked).values())
    acting.act(portal, [key], Action.CLOSE, clock.now())
    page = ICheckinCheckoutPolicy(copy).checkin("")
    assert not opening(page).open
    copy = check_out(page)
    copy.allow_discussion = True
    assert opening(ICheckinCheckoutPolicy(copy).checkin("")).open


def test_a_working_copy_of_a_section_shares_no_conversation(portal):
    """Of what has something in it, Plone copies annotations one by one."""
    login(portal.aq_parent, SITE_OWNER_NAME)
    applyProfile(portal, "plone.app.iterate:default")
    portal.portal_types["Folder"].behaviors += ("plone.locking",)
    section = api.content.create(portal, "Folder", id="sport")
    said(section, "Un", state=State.APPROVED)
    copy = check_out(section)
    assert texts(copy) == []
    said(section, "Pendant", state=State.APPROVED)
    assert texts(ICheckinCheckoutPolicy(copy).checkin("")) == ["Pendant", "Un"] and len(paths()) == 2


def test_a_copy_of_a_page_has_none_of_its_comments(portal, talked):
    before = paths()
    copy = api.content.copy(talked, portal, id="copie")
    assert texts(copy) == [] and len(visible.ids(copy)) == 0
    assert texts(talked) == ALL and paths() == before


def test_a_copy_of_a_section_has_none_either(portal):
    login(portal.aq_parent, SITE_OWNER_NAME)
    section = api.content.create(portal, "Folder", id="sport")
    there = news(section)
    said(there, "Un", state=State.APPROVED)
    copy = api.content.copy(section, portal, id="copie")
    assert texts(copy["bancs"]) == [] and texts(there) == ["Un"] and len(paths()) == 1


def test_a_copy_can_be_talked_about_on_its_own(portal, talked):
    copy = api.content.copy(talked, portal, id="copie")
    said(copy, "De la copie", state=State.APPROVED)
    assert texts(copy) == ["De la copie"] and texts(talked) == ALL
    api.content.delete(copy)
    assert texts(talked) == ALL and len(paths()) == 3


def test_a_translation_is_talked_about_on_its_own(portal, talked):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    applyProfile(portal, "plone.app.multilingual:default")
    SetupMultilingualSite().setupSite(portal)
    talked.language = "en"
    manager = ITranslationManager(talked)
    manager.add_translation("fr")
    translation = manager.get_translation("fr")
    assert translation is not None and texts(translation) == []
    said(translation, "En français", state=State.APPROVED)
    assert texts(talked) == ALL and texts(translation) == ["En français"] and len(paths()) == 4


@pytest.mark.parametrize("who", ["manager", "editor"])
def test_a_page_that_moves_takes_its_comments_along(portal, talked, who):
    """Also for somebody who does not see those that wait."""
    section = api.content.create(portal, "Folder", id="sport")
    move(portal, who, lambda: api.content.move(talked, section))
    assert texts(section["bancs"]) == ALL
    assert {path.rpartition("/++")[0] for path in paths()} == {"/plone/sport/bancs"} and len(paths()) == 3
    assert len(visible.ids(section["bancs"])) == 2


@pytest.mark.parametrize("who", ["manager", "editor"])
def test_a_page_that_is_renamed_keeps_its_comments(portal, talked, who):
    move(portal, who, lambda: api.content.rename(talked, "autre"))
    assert texts(portal["autre"]) == ALL
    assert {path.rpartition("/++")[0] for path in paths()} == {"/plone/autre"} and len(paths()) == 3


def test_a_section_that_moves_takes_all_along(portal):
    login(portal.aq_parent, SITE_OWNER_NAME)
    section, target = (api.content.create(portal, "Folder", id=id) for id in ("sport", "archives"))
    said(news(section), "Un", state=State.APPROVED)
    said(section["bancs"], "Attend")
    move(portal, "editor", lambda: api.content.move(section, target))
    assert {path.rpartition("/++")[0] for path in paths()} == {"/plone/archives/sport/bancs"} and len(paths()) == 2


def move(portal, who, do):
    if who == "manager":
        return do()
    api.user.create(email="lou@town.example", username="lou", password="A-long-one-1")
    api.user.grant_roles(username="lou", roles=["Contributor", "Editor"])
    with api.env.adopt_user(username="lou"):
        do()


def test_where_comments_are_plone_s_they_go_where_plone_takes_them(portal, talked):
    settings().active = False
    assert texts(api.content.copy(talked, portal, id="copie")) == ALL
