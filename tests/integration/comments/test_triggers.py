"""Content rules wait for what happens to comments, and never get a text that visitors could not read."""

from collective.socialterritory.comments import contentrule
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import drawing
from collective.socialterritory.interfaces import settings as site_settings
from commenting import NOW
from commenting import said
from email import message_from_bytes
from email.policy import default
from plone import api
from plone.app.contentrules.actions.mail import MailAction
from plone.app.contentrules.api import assign_rule
from plone.app.contentrules.rule import Rule
from plone.app.testing import applyProfile
from plone.contentrules.engine.interfaces import IRuleAssignmentManager
from plone.contentrules.engine.interfaces import IRuleStorage
from plone.contentrules.rule.interfaces import IRuleEventType
from plone.registry.interfaces import IRegistry
from Products.CMFPlone.tests.utils import MockMailHost
from Products.MailHost.interfaces import IMailHost
from zope.component import getSiteManager
from zope.component import getUtilitiesFor
from zope.component import getUtility
from zope.i18n import translate

import pytest
import transaction


TEXT = "${comment_id}|${comment_text}|${comment_user_fullname}|${comment_user_email}|${comment_link}|${comment_reason}"


@pytest.fixture
def town(portal):
    site_settings().public_url = "https://www.town.example"
    api.portal.set_registry_record("plone.email_from_address", "web@town.example")
    api.portal.set_registry_record("plone.email_from_name", "Town")
    portal.MailHost = host = MockMailHost("MailHost")
    getSiteManager(portal).registerUtility(host, IMailHost)
    return portal


@pytest.fixture
def rule(town):
    """A rule of the whole site that mails what it may know."""

    def make(trigger):
        action = MailAction()
        action.subject, action.message, action.recipients = "${title}", TEXT, "staff@town.example"
        rule = Rule()
        rule.title, rule.event = "Mail", trigger
        rule.actions.append(action)
        getUtility(IRuleStorage)[trigger.__name__] = rule
        assign_rule(town, trigger.__name__, enabled=True, bubbles=True)
        return rule

    return make


@pytest.fixture
def mails(town):
    """What rules have mailed since: the fields of TEXT."""

    def taken():
        for hook, args, kws in list(transaction.get().getBeforeCommitHooks()):
            hook(*args, **kws)
        transaction.get()._before_commit.clear()
        sent = [message_from_bytes(bytes(one), policy=default) for one in town.MailHost.messages]
        town.MailHost.reset()
        return [one.get_content().strip().split("|") for one in sent]

    taken()
    return taken


def test_the_triggers_can_be_chosen_and_have_french_names(town):
    known = {trigger: name for name, trigger in getUtilitiesFor(IRuleEventType)}
    names = [known[trigger] for trigger in contentrule.OURS]
    assert all(translate(name, domain="plone", target_language="fr") != name for name in names)


def test_a_comment_that_waits_is_told_without_its_words(rule, page, mails):
    rule(contentrule.ICommentWaits)
    comment = said(page, "Un gros mot", "Gros Nom")
    comment.author_email = "jeanne@example.org"
    (told,) = mails()
    assert told == [comment.id, "", "", "", "https://www.town.example/@@social-moderation", ""]
    assert mails() == []


def test_what_its_door_lets_pass_does_not_wait(rule, page, mails):
    rule(contentrule.ICommentWaits)
    said(page, state=State.APPROVED)
    assert mails() == []


def test_what_comes_back_to_waiting_is_told_and_what_a_moderator_undoes_is_not(rule, page, moderator, mails):
    rule(contentrule.ICommentWaits)
    first, second = said(page, state=State.APPROVED), said(page, state=State.APPROVED)
    mails()
    deciding.move(first, State.WAITING, NOW, deciding.AUTHOR)
    with api.env.adopt_user(username=moderator):
        deciding.decide(second, Action.RECALL, NOW)
    assert [told[0] for told in mails()] == [first.id]


@pytest.mark.parametrize(
    ("action", "trigger"),
    [(Action.REJECT, contentrule.ICommentRefused), (Action.SPAM, contentrule.ICommentSpam)],
)
def test_a_refusal_is_told_with_its_article_and_without_words(rule, page, moderator, mails, action, trigger):
    rule(trigger)
    comment = said(page, "Un gros mot", "Gros Nom")
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, action, NOW, reason="insult")
    ((id, text, name, _email, _link, reason),) = mails()
    assert (id, text, name, reason) == (comment.id, "", "", "Insult or attack on a person")


def test_every_comment_of_a_page_counts(rule, page, moderator, mails):
    rule(contentrule.ICommentApproved)
    comments = [said(page, f"Avis {number}") for number in range(3)]
    with api.env.adopt_user(username=moderator):
        for comment in comments:
            deciding.decide(comment, Action.APPROVE, NOW)
    told = mails()
    assert [one[1] for one in told] == ["Avis 0", "Avis 1", "Avis 2"]
    assert told[0][4] == drawing.address("https://www.town.example/bancs", int(comments[0].id))
    assert told[0][2] == "Jeanne"


def test_a_reported_comment_is_told_without_its_words(rule, page, mails):
    rule(contentrule.ICommentReported)
    comment = said(page, state=State.APPROVED)
    deciding.log(comment, Action.REPORT, NOW, "", "insult")
    ((id, text, *_more),) = mails()
    assert (id, text) == (comment.id, "")


def test_the_words_of_another_comment_of_the_request_do_not_come_back(rule, page, moderator, mails):
    rule(contentrule.ICommentApproved)
    rule(contentrule.ICommentRefused)
    good, bad = said(page, "Bien"), said(page, "Mal")
    with api.env.adopt_user(username=moderator):
        deciding.decide(good, Action.APPROVE, NOW)
        deciding.decide(bad, Action.REJECT, NOW)
    assert [told[1] for told in mails()] == ["Bien", ""]
    assert not contentrule.ICommentEvent.providedBy(page.REQUEST.get("event"))


def test_a_rule_that_stumbles_keeps_nobody_s_comment_back(town, rule, page, moderator, mails):
    rule(contentrule.ICommentWaits), rule(contentrule.ICommentApproved)
    getUtility(IRegistry)["plone.email_from_name"] = None
    comment = said(page)
    assert mails() == []
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, Action.APPROVE, NOW)
    assert facts.state(comment) == State.APPROVED and visible.ids(page)
    api.portal.set_registry_record("plone.email_from_name", "Town")
    said(page)
    assert len(mails()) == 1


def test_uninstalling_takes_the_rules_of_ours_along(town, rule, page):
    rule(contentrule.ICommentWaits)
    rule(contentrule.ICommentApproved)
    applyProfile(town, "collective.socialterritory:uninstall")
    assert not list(getUtility(IRuleStorage))
    assert not list(IRuleAssignmentManager(town))
