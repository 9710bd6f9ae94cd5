"""A comment that waits triggers nothing; when visitors see it, what Plone tells of a new one is told, once."""

from Acquisition import aq_base
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.installing import discussion
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from commenting import NOW
from commenting import said
from plone import api
from plone.app.discussion import interfaces
from zope.component import getGlobalSiteManager
from zope.lifecycleevent import modified

import plone.app.contentrules.handlers
import pytest
import transaction


EVENTS = [
    getattr(interfaces, f"I{name}Event")
    for name in ("CommentAdded", "ReplyAdded", "CommentModified", "CommentRemoved", "ReplyRemoved", "CommentPublished")
]


@pytest.fixture
def told():
    """Names of Plone's events about comments, as they are fired."""
    names, registry = [], getGlobalSiteManager()

    def hear(event):
        names.append(type(event).__name__.removesuffix("Event"))

    for event in EVENTS:
        registry.registerHandler(hear, [event])
    yield names
    for event in EVENTS:
        registry.unregisterHandler(hear, [event])


@pytest.fixture
def ruled(monkeypatch):
    """Events for which content rules were run."""
    names = []
    monkeypatch.setattr(
        plone.app.contentrules.handlers, "execute", lambda place, event: names.append(type(event).__name__)
    )
    return names


def test_waiting_triggers_nothing_and_approval_tells_of_it_once(portal, page, told, ruled):
    del ruled[:]
    comment = said(page)
    modified(comment)
    assert told == ruled == []
    deciding.move(comment, State.APPROVED, NOW, "")
    assert told == ["CommentAdded", "CommentPublished"]
    assert ruled.count("ObjectAddedEvent") == 1
    for state in (State.REJECTED, State.APPROVED):
        deciding.move(comment, state, NOW, "")
    assert told == ["CommentAdded", "CommentPublished"]


@pytest.mark.parametrize("state", [State.WAITING, State.REJECTED, State.SPAM])
def test_nothing_is_told_of_what_nobody_sees(portal, page, told, ruled, state):
    comment = said(page)
    if state != State.WAITING:
        deciding.move(comment, state, NOW, "")
    modified(comment)
    deciding.delete(comment)
    assert told == ruled == []


def test_an_answer_below_what_waits_is_told_with_it(portal, page, told):
    first = said(page)
    said(page, "Oui", parent=first, state=State.APPROVED)
    assert told == []
    deciding.move(first, State.APPROVED, NOW, "")
    assert sorted(told) == ["CommentAdded", "CommentPublished", "CommentPublished", "ReplyAdded"]


def test_what_visitors_see_is_told_when_it_goes(portal, page, told):
    comment = said(page, state=State.APPROVED)
    del told[:]
    modified(comment)
    deciding.delete(comment)
    assert told == ["CommentModified", "CommentRemoved"]


def test_plone_s_mails_tell_no_text(portal, page, monkeypatch):
    sent = []
    monkeypatch.setattr(type(aq_base(portal.MailHost)), "send", lambda self, text, *more, **kept: sent.append(text))
    options = discussion()
    options.user_notification_enabled = options.moderator_notification_enabled = True
    api.portal.set_registry_record("plone.email_from_address", "town@town.example")
    first = said(page)
    first.user_notification, first.author_email = True, "jeanne@ville.example"
    said(page, "Texte secret")
    assert not sent
    settings().active = False
    said(page, "Texte secret")
    assert len(sent) == 2


def test_elsewhere_everything_is_as_it_was(portal, page, told):
    settings().active = False
    said(page)
    assert told == ["CommentAdded"]


def test_a_comment_writes_no_conversation_so_that_two_at_a_time_are_not_in_conflict(portal, page):
    first = said(page)
    transaction.savepoint()
    conversation = aq_base(first.__parent__)
    assert not conversation._p_changed
    second = said(page, "Deux")
    deciding.move(first, State.APPROVED, NOW, "")
    deciding.delete(second)
    assert not conversation._p_changed
    assert len(conversation) == 1
