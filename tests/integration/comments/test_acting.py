"""What a moderator can do, whichever door: each action, what is refused, and that one failure keeps no other back."""

from AccessControl.SpecialUsers import nobody
from collective.socialterritory import mail
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.acting import act
from collective.socialterritory.comments.acting import actions_open
from collective.socialterritory.comments.acting import Result
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from collective.socialterritory.local import written
from collective.socialterritory.messages import SENTENCES
from commenting import news
from commenting import NOW
from commenting import said as put
from datetime import timedelta
from plone import api
from plone.app.discussion.comment import Comment
from plone.app.discussion.interfaces import IConversation
from plone.app.testing import logout

import pytest


@pytest.fixture
def camille(portal, moderator):
    with api.env.adopt_user(username=moderator):
        yield moderator


@pytest.fixture
def lou(portal, moderator):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="lou@town.example", username="lou", password="A-long-one-1")
        api.user.grant_roles(username="lou", roles=["Member", "Social Moderator"])
    return "lou"


def said(page, *args, **known):
    """By a visitor: what moderators write passes at once."""
    with api.env.adopt_user(user=nobody):
        return put(page, *args, **known)


def do(portal, comment, action, now=NOW, **given):
    (outcome,) = act(portal, [facts.key(comment)], action, now, **given)
    assert not outcome.code or outcome.code in SENTENCES
    return outcome


def told(portal, comment):
    return [event.action for event in Comments(portal).history(facts.key(comment))]


@pytest.mark.parametrize(
    "action,state", [("approve", State.APPROVED), ("reject", State.REJECTED), ("spam", State.SPAM)]
)
def test_a_decision_is_on_record_and_can_be_undone_for_a_while(portal, page, camille, action, state):
    comment = said(page)
    assert do(portal, comment, action, reason="insult", note="Vu").result == Result.DONE
    assert facts.state(comment) == state
    assert Action.RECALL in actions_open(comment, NOW)
    late = NOW + timedelta(minutes=settings().undo_minutes, seconds=1)
    assert Action.RECALL not in actions_open(comment, late)
    assert do(portal, comment, "recall", late).code == "undo_late"
    assert do(portal, comment, "recall").result == Result.DONE
    assert facts.state(comment) == State.WAITING
    assert told(portal, comment) == [action, Action.RECALL]
    assert do(portal, comment, "recall").code == "undo_late"


def test_undoing_leads_back_to_what_it_was(portal, page, camille):
    comment = said(page, state=State.APPROVED)
    do(portal, comment, "reject", reason="other")
    assert len(visible.ids(page)) == 0
    assert do(portal, comment, "recall").result == Result.DONE
    assert facts.state(comment) == State.APPROVED and len(visible.ids(page)) == 1
    assert facts.facts(comment).reason == ""


@pytest.mark.parametrize("reason", ["", "invented"])
def test_a_refusal_cites_an_article_of_the_charter(portal, page, camille, reason):
    comment = said(page)
    outcome = do(portal, comment, "reject", reason=reason)
    assert (outcome.result, outcome.code, outcome.field) == (Result.REFUSED, "refusal_reason_needed", "reason")
    assert facts.state(comment) == State.WAITING and told(portal, comment) == []


def test_the_second_of_two_moderators_learns_what_the_first_did(portal, page, camille, lou):
    comment = said(page)
    seen = {facts.key(comment): facts.facts(comment).revision}
    do(portal, comment, "approve")
    with api.env.adopt_user(username=lou):
        outcome = do(portal, comment, "reject", reason="other", revisions=seen)
        assert (outcome.result, outcome.event.by, outcome.event.action) == (Result.DECIDED, camille, Action.APPROVE)
        assert outcome.event.at == NOW
        undone = do(portal, comment, "recall")
        assert (undone.result, undone.event.by) == (Result.DECIDED, camille)
    assert facts.state(comment) == State.APPROVED


def test_one_of_many_that_fails_keeps_no_other_back(portal, page, camille):
    good, refused, last = said(page), said(page, state=State.APPROVED), said(page)
    keys = [facts.key(good), "nowhere.1", facts.key(refused), f"{page.UID()}.12", "", facts.key(last), facts.key(good)]
    assert [outcome.result for outcome in act(portal, keys, "approve", NOW)] == [
        Result.DONE,
        Result.GONE,
        Result.DECIDED,
        Result.GONE,
        Result.GONE,
        Result.DONE,
    ]
    assert [facts.state(one) for one in (good, refused, last)] == [State.APPROVED] * 3


def test_what_stumbles_half_way_is_as_it_was(portal, page, camille, monkeypatch):
    broken, good = said(page), said(page)
    reindex = Comment.reindexObject

    def stumble(self, *args, **kwargs):
        if self.id == broken.id:
            raise RuntimeError("a damaged index")
        return reindex(self, *args, **kwargs)

    monkeypatch.setattr(Comment, "reindexObject", stumble)
    first, second = act(portal, [facts.key(broken), facts.key(good)], "approve", NOW)
    assert (first.result, first.code, second.result) == (Result.REFUSED, "comment_failed", Result.DONE)
    assert (facts.state(broken), facts.facts(broken).revision) == (State.WAITING, 0)
    assert told(portal, broken) == []


@pytest.mark.parametrize("action", ["approve", "spam", "recall", "delete", "edit", "answer", "forward", "close"])
def test_who_does_not_moderate_here_does_nothing(portal, page, moderator, action):
    settings().departments = ["Voirie: voirie@town.example"]
    comment = said(page)
    with api.env.adopt_user(username=moderator):
        do(portal, comment, "spam")
    with api.env.adopt_roles(["Member"]):
        outcome = do(portal, comment, action, text="Non", to="Voirie")
        assert outcome.result == Result.NOT_ALLOWED and actions_open(comment) == ()
    assert facts.state(comment) == State.SPAM and comment.text == "Merci pour les nouveaux bancs."
    assert len(IConversation(page)) == 1


@pytest.mark.parametrize("action,right", [("delete", "Delete comments"), ("edit", "Edit comments")])
def test_changing_and_deleting_need_their_own_right(portal, page, camille, action, right):
    comment = said(page)
    portal.manage_permission(right, ["Manager"], acquire=False)
    assert Action(action) not in actions_open(comment)
    assert do(portal, comment, action, text="Autre").result == Result.NOT_ALLOWED


def test_an_edit_keeps_the_original_in_the_log(portal, page, camille):
    comment = said(page)
    assert do(portal, comment, "edit", text=" Merci\u202e pour les bancs. ").result == Result.DONE
    assert comment.text == "Merci pour les bancs."
    (event,) = Comments(portal).history(facts.key(comment))
    assert event.original == "Merci pour les nouveaux bancs."


@pytest.mark.parametrize(
    "text,code", [("", "comment_empty"), ("x" * 5001, "comment_long"), ("Merci pour les nouveaux bancs.", "edit_same")]
)
def test_an_edit_that_is_none_is_refused(portal, page, camille, text, code):
    comment = said(page)
    assert do(portal, comment, "edit", text=text).code == code
    assert facts.facts(comment).revision == 0


def test_what_was_said_on_a_network_is_nobody_s_to_change(portal, page, camille):
    comment = said(page, source="mastodon", remote={"id": "7", "url": "https://m.example/7"})
    assert Action.EDIT not in actions_open(comment)
    assert do(portal, comment, "edit", text="Autre").code == "edit_elsewhere"


def test_an_answer_of_the_body_is_seen_at_once_and_approves_what_waits(portal, page, camille):
    comment = said(page)
    assert Action.ANSWER in actions_open(comment)
    assert do(portal, comment, "answer", text="Merci à vous.").result == Result.DONE
    assert facts.state(comment) == State.APPROVED
    assert told(portal, comment) == [Action.APPROVE, Action.ANSWER]
    first, answer = IConversation(page).values()
    assert (answer.text, answer.in_reply_to, facts.facts(answer).official) == ("Merci à vous.", int(first.id), True)
    assert answer.author_name == portal.Title()
    assert sorted(visible.ids(page)) == [int(first.id), int(answer.id)]


@pytest.mark.parametrize("state", [State.REJECTED, State.SPAM])
def test_what_visitors_do_not_see_is_not_answered(portal, page, camille, state):
    comment = said(page, state=state)
    assert Action.ANSWER not in actions_open(comment)
    assert do(portal, comment, "answer", text="Merci").code == "answer_hidden"
    assert len(IConversation(page)) == 1


def test_nothing_is_answered_during_a_pause(portal, page, camille):
    comment = said(page)
    site_settings().pause_start = (NOW - timedelta(hours=1)).replace(tzinfo=None)
    assert do(portal, comment, "answer", text="Merci").code == "answer_paused"
    assert facts.state(comment) == State.WAITING


def test_forwarding_is_a_mail_with_the_text_and_a_line_of_the_log(portal, page, camille):
    comment = said(page)
    comment.author_email = "jeanne@home.example"
    assert Action.FORWARD not in actions_open(comment)
    settings().departments = ["Voirie: voirie@town.example"]
    assert Action.FORWARD in actions_open(comment)
    assert do(portal, comment, "forward", to="Ailleurs").code == "department_needed"
    assert do(portal, comment, "forward", to="Voirie", note="x" * 2001).code == "note_long"
    assert do(portal, comment, "forward", to="Voirie", note="Pour vous").result == Result.DONE
    assert do(portal, comment, "forward", to="Voirie", note="Pour vous").code == "forwarded_already"
    ((_id, sent),) = mail.waiting(portal)
    assert sent["to"] == "voirie@town.example" and "Nouveaux bancs" in sent["subject"]
    for words in ("Pour vous", "Merci pour les nouveaux bancs.", "Jeanne", "/bancs", "camille@town.example"):
        assert words in sent["body"]
    assert "jeanne@home.example" not in sent["body"]
    (event,) = Comments(portal).history(facts.key(comment))
    assert (event.action, event.note) == (Action.FORWARD, "Voirie: Pour vous")
    assert facts.state(comment) == State.WAITING


def test_what_is_forwarded_is_in_one_language_whatever_that_of_the_moderator(portal, page, camille):
    comment = said(page)
    settings().departments = ["Voirie: voirie@town.example"]
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    portal.REQUEST.set("LANGUAGE", "en")
    do(portal, comment, "forward", to="Voirie")
    ((_id, sent),) = mail.waiting(portal)
    french, english = (written(comment.creation_date, language) for language in ("fr", "en"))
    assert french in sent["body"] and english not in sent["body"]


def test_a_thread_is_closed_and_opened_again(portal, page, camille):
    comment = said(page)
    assert Action.CLOSE in actions_open(comment) and Action.OPEN not in actions_open(comment)
    assert do(portal, comment, "close").result == Result.DONE
    assert Action.OPEN in actions_open(comment) and Action.CLOSE not in actions_open(comment)
    assert not page.restrictedTraverse("conversation_view").enabled()
    do(portal, comment, "open")
    assert page.restrictedTraverse("conversation_view").enabled()
    assert told(portal, comment) == [Action.CLOSE, Action.OPEN]


def test_deleting_takes_what_is_below_and_leaves_the_log(portal, page, camille):
    comment = said(page)
    below = said(page, "Oui", parent=comment)
    keys = [facts.key(comment), facts.key(below)]
    assert do(portal, comment, "delete", reason="hate").result == Result.DONE
    assert len(IConversation(page)) == 0
    assert [event.action for key in keys for event in Comments(portal).history(key)] == [Action.DELETE] * 2


def test_of_what_its_author_took_back_nothing_is_decided(portal, page, camille):
    comment = said(page, state=State.APPROVED)
    said(page, "Oui", parent=comment)
    facts.keep(comment, gone="author")
    assert set(actions_open(comment)) == {Action.CLOSE, Action.DELETE}
    assert do(portal, comment, "reject", reason="other").code == "comment_withdrawn"


def reported(page, **known):
    comment = said(page, state=State.APPROVED, **known)
    at = NOW.isoformat()
    facts.keep(comment, reports=({"id": "20261123-K7QX9M", "at": at, "reason": "insult", "origin": "2026-11-23:a"},))
    return comment


def test_a_reported_comment_that_is_kept_is_seen_again(portal, page, camille):
    comment = reported(page)
    deciding.hide(comment, True, NOW, "")
    assert len(visible.ids(page)) == 0
    assert Action.SETTLE in actions_open(comment, NOW)
    assert do(portal, comment, "settle").result == Result.DONE
    assert len(visible.ids(page)) == 1 and not facts.facts(comment).reported
    assert do(portal, comment, "settle").code == "report_none"
    assert Action.SETTLE not in actions_open(comment, NOW)


def test_refusing_what_was_reported_agrees_with_the_reports(portal, page, camille):
    comment = reported(page)
    assert do(portal, comment, "reject", reason="insult").result == Result.DONE
    (report,) = facts.facts(comment).reports
    assert (report["upheld"], report["by"]) == ("yes", camille)
    assert Action.RECALL in actions_open(comment, NOW)
    assert do(portal, comment, "recall").result == Result.DONE
    assert facts.state(comment) == State.APPROVED


def test_an_author_is_banned_when_anybody_knows_who_it_was(portal, page, camille):
    nobody_knows, known = said(page), said(page, author="mail:max", origin="2026-11-23:abc")
    assert Action.BAN not in actions_open(nobody_knows) and Action.BAN in actions_open(known)
    assert do(portal, nobody_knows, "ban").code == "ban_nobody"
    assert do(portal, known, "ban", note="Troisième fois").result == Result.DONE
    assert {one.of for one in bans.entries(NOW)} == {"mail:max", "2026-11-23:abc"}
    assert told(portal, known) == [Action.BAN] and facts.state(known) == State.WAITING


def test_lists_show_the_new_state_of_many_that_were_decided_at_once(portal, page, camille):
    comments = [said(page, f"Avis {number}") for number in range(3)]
    act(portal, map(facts.key, comments), "approve", NOW)
    brains = found(review_state="published")
    assert {brain.review_state for brain in brains} == {"published"} and len(brains) == 3
    assert {brain.Description for brain in brains} == {"Avis 0", "Avis 1", "Avis 2"}
    logout()
    assert len(api.content.find(portal_type="Discussion Item")) == 3


def test_what_no_moderator_does_is_no_action(portal, page, camille):
    with pytest.raises(ValueError):
        act(portal, [], "withdraw", NOW)
    with pytest.raises(ValueError):
        act(portal, [], "dance", NOW)


def test_a_page_that_went_meanwhile(portal, page, camille):
    comment = said(page)
    other = news(portal, "autre")
    key = facts.key(comment)
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(page)
    assert [one.result for one in act(portal, [key, facts.key(said(other))], "approve", NOW)] == [
        Result.GONE,
        Result.DONE,
    ]
