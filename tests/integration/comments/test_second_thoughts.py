"""What is decided, undone or decided otherwise: the comment, its reports and whoever reported it hear one thing."""

from collective.socialterritory.comments import acting
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import reports
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.words import Words
from commenting import NOW
from commenting import said
from datetime import timedelta
from letters import mails
from letters import with_mail
from plone import api

import pytest


JEANNE = "jeanne@town.example"
LATER = NOW + timedelta(minutes=3)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def site(portal, page):
    return with_mail(portal)


@pytest.fixture
def comment(site, page):
    return said(page, state=State.APPROVED)


@pytest.fixture
def hidden(comment):
    """By three reports, of which one wants an answer."""
    for network in range(3):
        who = {"name": "Jeanne", "email": JEANNE} if not network else {}
        report = Report("", "", "illegal" if who else "insult", text="Article 24", **who)
        reports.submit(comment, report, f"192.0.{network}.0/24", NOW)
    assert not visible.visible(comment)
    return comment


@pytest.fixture
def does(site, moderator):
    def do(comment, action, now=NOW, **given):
        with api.env.adopt_user(username=moderator):
            (outcome,) = acting.act(site, [facts.key(comment)], action, now, **given)
        assert outcome.result == acting.Result.DONE, outcome
        return outcome

    return do


def answered(site, now):
    """What Jeanne was told, after the acknowledgement."""
    report_letters.answer(site, now)
    return "\n".join(mail["body"] for mail in mails(site, JEANNE)[1:])


def test_what_is_approved_after_a_refusal_is_seen_whatever_reports_had_hidden(hidden, does):
    does(hidden, Action.REJECT, reason="hate")
    does(hidden, Action.APPROVE, TOMORROW)
    assert visible.visible(hidden) and not facts.facts(hidden).hidden
    for network in range(5, 8):
        reports.submit(hidden, Report("", "", "privacy"), f"192.0.{network}.0/24", TOMORROW)
    assert not visible.visible(hidden)
    does(hidden, Action.SETTLE, TOMORROW)
    assert visible.visible(hidden), "somebody had agreed with other reports once"


def test_whoever_reported_hears_the_last_word(site, hidden, does):
    does(hidden, Action.SETTLE, note="Une opinion.")
    does(hidden, Action.REJECT, LATER, reason="hate")
    assert answered(site, NOW + timedelta(minutes=11)) == "", "the refusal can still be undone"
    told = answered(site, LATER + timedelta(minutes=11))
    assert "agrees with you" in told and "Hateful" in told
    assert "lets the comment stand" not in told and "Une opinion." not in told


def test_whoever_reported_what_is_refused_and_then_approved_hears_that_it_stands(site, hidden, does):
    does(hidden, Action.REJECT, reason="hate")
    does(hidden, Action.APPROVE, LATER)
    told = answered(site, TOMORROW)
    assert "lets the comment stand" in told and "agrees" not in told and "not shown" not in told


def test_keeping_what_was_reported_can_be_undone(site, hidden, does):
    does(hidden, Action.SETTLE, note="Une opinion.")
    assert visible.visible(hidden)
    does(hidden, Action.RECALL, LATER)
    assert not visible.visible(hidden) and facts.state(hidden) == State.APPROVED
    assert [(one.settled, one.note) for one in known(facts.facts(hidden).reports)] == [("", "")] * 3
    assert answered(site, TOMORROW) == ""


def test_an_undone_approval_leaves_the_refusal_as_it_was(comment, does):
    does(comment, Action.REJECT, reason="hate", text="Restez poli.", tell=False)
    does(comment, Action.APPROVE, TOMORROW)
    assert facts.facts(comment).words == facts.facts(comment).reason == ""
    assert facts.facts(comment).former["words"]
    does(comment, Action.RECALL, TOMORROW)
    now = facts.facts(comment)
    assert (facts.state(comment), now.reason, now.words, now.quiet) == (State.REJECTED, "hate", "Restez poli.", True)


def test_a_report_is_a_visitor_s_and_no_doing_of_the_site(site, hidden):
    words, log = Words(site.REQUEST, NOW), Comments(site).history(facts.key(hidden))
    lines = {event.action: words.line(event) for event in log}
    assert lines[Action.REPORT].startswith("Reported by a visitor, ")
    assert lines[Action.HIDE].startswith("Hidden from visitors by the site itself, ")
