"""Authors are told what was decided: later, rarely, with the reason, and never by mistake."""

from collective.socialterritory import mail
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import telling
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import NOW
from commenting import said
from datetime import timedelta
from plone import api
from zope.annotation.interfaces import IAnnotations

import pytest


MINUTE = timedelta(minutes=1)


def left(page, text="Merci.", email="jeanne@example.org", **more):
    """A comment with an address."""
    comment = said(page, text, **more)
    comment.author_email = email
    return comment


@pytest.fixture
def town(portal):
    site_settings().public_url = "https://www.town.example"
    site_settings().staff_url = "https://intranet.town.example"
    return portal


@pytest.fixture
def decide(town, moderator):
    def done(comment, action, minutes=0, **more):
        with api.env.adopt_user(username=moderator):
            (outcome,) = acting.act(town, [facts.key(comment)], action, NOW + minutes * MINUTE, **more)
        assert outcome.result is acting.Result.DONE

    return done


@pytest.fixture
def told(town):
    """The mails of a round of the worker, some minutes after NOW."""

    def round(minutes=15):
        telling.write(town, NOW + minutes * MINUTE)
        queue = IAnnotations(town)[mail.KEY]
        return [queue.pop(id) for id in list(queue)]

    return round


def test_the_author_of_a_refusal_gets_the_reason_the_link_and_the_way_to_appeal(town, page, decide, told):
    settings().charter_url = "https://www.town.example/charte"
    comment = left(page, "Imbécile")
    decide(comment, Action.REJECT, reason="insult", note="Troisième fois", text="Restez courtoise,\nmerci.")
    (letter,) = told()
    assert letter["to"] == "jeanne@example.org"
    assert letter["subject"] == "Your comment on “Nouveaux bancs au parc” was refused"
    body = letter["body"]
    assert "Insult or attack on a person" in body and "https://www.town.example/charte" in body
    assert "https://www.town.example/@@social-my-comment?key=" in body and "another look" in body
    assert "intranet" not in body
    assert "A moderator writes to you:\n> Restez courtoise,\n> merci.\n" in body
    assert "Imbécile" not in body and "Troisième" not in body and "camille" not in body


def test_the_author_of_what_was_approved_gets_its_address(page, decide, told):
    comment = left(page)
    decide(comment, Action.APPROVE)
    (letter,) = told()
    assert letter["subject"] == "Your comment on “Nouveaux bancs au parc” was approved"
    assert f"https://www.town.example/bancs?comment={comment.id}#comment-{comment.id}\n" in letter["body"]
    assert told(30) == []


def test_nobody_is_told_before_it_cannot_be_undone(page, decide, told):
    comment = left(page)
    decide(comment, Action.APPROVE)
    assert told(settings().undo_minutes) == []
    decide(comment, Action.RECALL, 5)
    assert told(60) == []
    decide(comment, Action.REJECT, 61, reason="insult")
    (letter,) = told(90)
    assert "was refused" in letter["subject"]


def test_what_was_decided_otherwise_meanwhile_is_told_once(page, decide, told):
    comment = left(page)
    decide(comment, Action.REJECT, reason="insult")
    decide(comment, Action.APPROVE, 3)
    (letter,) = told(30)
    assert "was approved" in letter["subject"]


def test_those_who_are_not_told(town, page, moderator, decide, told):
    spam, anonymous = left(page, "Casino"), left(page, "Anonyme", email=None)
    quiet, network = left(page, "Discret"), left(page, "Réseau", source="mastodon")
    by_rule, erased = left(page, "Règle"), left(page, "Effacé")
    decide(spam, Action.SPAM)
    decide(quiet, Action.REJECT, reason="insult", tell=False)
    for comment in (anonymous, network, erased):
        decide(comment, Action.APPROVE)
    deciding.move(by_rule, facts.State.APPROVED, NOW, "")
    deciding.withdraw(erased, NOW, deciding.AUTHOR, "author")
    assert told() == []
    decide(quiet, Action.APPROVE, 20)
    assert len(told(60)) == 1


def test_a_site_may_tell_nobody(page, decide, told):
    settings().tell_authors = False
    decide(left(page), Action.APPROVE)
    assert told() == []
    settings().tell_authors = True
    assert told(20) == []


def test_an_address_gets_three_mails_a_day_whatever_is_written_in_its_name(page, decide, told):
    for number in range(6):
        decide(left(page, f"Avis {number}"), Action.REJECT, reason="insult")
        decide(left(page, f"Autre {number}", email="Jeanne@Example.org "), Action.REJECT, reason="insult")
    assert len(told()) == 3
    decide(left(page, "Le lendemain"), Action.REJECT, 25 * 60, reason="insult")
    assert len(told(26 * 60)) == 1


def test_who_was_told_is_forgotten_after_a_day(town, page, decide, told):
    decide(left(page), Action.APPROVE)
    assert len(told()) == 1 and len(Comments(town).worker[telling.MEMORY]["people"]) == 1
    before = Comments(town).worker[telling.MEMORY]
    assert told(60) == [] and Comments(town).worker[telling.MEMORY] is before
    assert told(25 * 60) == [] and Comments(town).worker[telling.MEMORY]["people"] == {}


def test_a_member_is_written_to_at_the_address_of_the_profile(town, page, moderator, decide, told):
    comment = said(page, author="user:camille")
    decide(comment, Action.APPROVE)
    assert [letter["to"] for letter in told()] == ["camille@town.example"]


def test_an_appeal_is_possible_once(page, decide, told):
    comment = left(page, appeal=NOW.isoformat())
    decide(comment, Action.REJECT, reason="insult")
    (letter,) = told()
    assert "another look" not in letter["body"]


def test_what_visitors_cannot_see_yet_is_not_promised(page, decide, told):
    first = said(page)
    below = left(page, "Oui", parent=first)
    decide(below, Action.APPROVE)
    (letter,) = told()
    assert "All can read it" not in letter["body"] and "was approved." in letter["body"]


def test_the_language_is_that_of_the_page(town, decide, told):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    comment = left(news(town, "fr", "Bancs", language="fr"))
    decide(comment, Action.REJECT, reason="insult")
    (letter,) = told()
    assert "Propos injurieux" in letter["body"]
