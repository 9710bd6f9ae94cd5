"""What is remembered of comments, who may see and decide about them, and what installing changes."""

from AccessControl import Unauthorized
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import installing
from collective.socialterritory.comments import visible
from collective.socialterritory.comments import worker
from collective.socialterritory.comments.catalogue import moderated
from collective.socialterritory.comments.catalogue import moderates
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import NOW
from commenting import said
from datetime import timedelta
from plone import api
from plone.app.testing import applyProfile
from plone.app.testing import logout
from plone.uuid.interfaces import IUUID

import json
import pytest


def seen(item):
    return sorted(visible.ids(item))


def search(**query):
    return [brain.getId for brain in api.content.find(portal_type="Discussion Item", **query)]


def test_comments_wait_on_a_site_that_never_had_any(portal, page):
    comment = said(page)
    assert active() and facts.state(comment) == State.WAITING
    assert seen(page) == []
    types = {name for name, type in portal.portal_types.items() if type.getProperty("allow_discussion")}
    assert types == {"News Item"}


@pytest.mark.parametrize("state", State)
def test_visitors_see_what_was_approved_and_nothing_else(portal, page, state):
    comment = said(page, state=state)
    logout()
    allowed = state == State.APPROVED
    assert bool(search()) == bool(search(SearchableText="bancs")) == bool(seen(page)) == allowed
    assert bool(api.user.has_permission("View", obj=comment)) == allowed
    assert (page.portal_catalog.getIndexDataForUID("/".join(page.getPhysicalPath()))["total_comments"] == 1) == allowed


def test_an_answer_below_what_is_refused_later_is_hidden_and_comes_back_with_it(portal, page, moderator):
    first = said(page, state=State.APPROVED)
    answer = said(page, "Oui, merci.", parent=first, state=State.APPROVED)
    below = said(page, "Moi aussi.", parent=answer, state=State.APPROVED)
    assert len(seen(page)) == 3
    with api.env.adopt_user(username=moderator):
        deciding.decide(first, Action.REJECT, NOW)
    assert seen(page) == []
    logout()
    assert search() == []
    with api.env.adopt_user(username=moderator):
        deciding.decide(first, Action.APPROVE, NOW)
    assert seen(page) == sorted(map(int, (first.id, answer.id, below.id)))
    logout()
    assert len(search()) == 3


def test_nobody_decides_without_the_right_and_the_second_learns_of_the_first(portal, page, moderator):
    comment = said(page)
    revision = facts.facts(comment).revision
    logout()
    with pytest.raises(Unauthorized):
        deciding.decide(comment, Action.APPROVE, NOW)
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, Action.APPROVE, NOW, revision)
        with pytest.raises(Decided) as refused:
            deciding.decide(comment, Action.REJECT, NOW, revision, reason="insult")
    assert (refused.value.event.by, refused.value.event.action) == (moderator, Action.APPROVE)
    assert facts.state(comment) == State.APPROVED


def test_the_log_tells_who_did_what_when_and_outlives_the_comment(portal, page, moderator):
    comment = said(page)
    key = facts.key(comment)
    with api.env.adopt_user(username=moderator):
        deciding.decide(comment, Action.REJECT, NOW, reason="insult", note="Deux fois déjà")
        deciding.edit(comment, "Merci.", NOW)
        deciding.remove(comment, NOW)
    told = Comments(portal).history(key)
    assert [event.action for event in told] == [Action.REJECT, Action.EDIT, Action.DELETE]
    assert {event.by for event in told} == {moderator} and {event.at for event in told} == {NOW}
    assert (told[0].reason, told[0].note, told[0].before, told[0].after) == (
        "insult",
        "Deux fois déjà",
        State.WAITING,
        State.REJECTED,
    )
    assert told[1].original == "Merci pour les nouveaux bancs."
    assert deciding.find(key) is None


def test_plone_s_own_door_is_on_record_too(portal, page, moderator):
    comment = said(page)
    with api.env.adopt_user(username=moderator):
        portal.portal_workflow.doActionFor(comment, "publish", comment="vu")
    (event,) = Comments(portal).history(facts.key(comment))
    assert (event.by, event.action, event.note) == (moderator, Action.APPROVE, "vu")
    assert seen(page) == [int(comment.id)]


def test_a_moderator_of_one_section_decides_there_alone(portal, page, moderator):
    portal.manage_delLocalRoles([])
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="lou@town.example", username="lou", password="A-long-one-1")
        section = api.content.create(portal, "Folder", id="sport")
        there = news(section, "match")
        here, elsewhere = said(there), said(page)
        section.manage_setLocalRoles("lou", ["Social Moderator"])
        section.reindexObjectSecurity()
    with api.env.adopt_user(username="lou"):
        assert moderates()
        assert [brain.getId for brain in moderated()] == [here.id]
        deciding.decide(here, Action.APPROVE, NOW)
        assert [brain.getId for brain in moderated(review_state="published")] == [here.id]
        with pytest.raises(Unauthorized):
            deciding.decide(elsewhere, Action.APPROVE, NOW)
    with api.env.adopt_user(username=moderator):
        assert len(moderated()) == 2
    with api.env.adopt_roles(["Manager"]):
        section.manage_delLocalRoles(["lou"])
        section.reindexObjectSecurity()
    with api.env.adopt_user(username="lou"):
        assert not moderates() and not moderated()


def test_what_has_answers_is_withdrawn_as_an_empty_place(portal, page):
    first = said(page, state=State.APPROVED)
    answer = said(page, "Oui.", parent=first, state=State.APPROVED)
    deciding.withdraw(first, NOW, deciding.AUTHOR, "author")
    assert (first.text, first.author_name, facts.facts(first).gone) == ("", "", "author")
    assert len(seen(page)) == 2
    deciding.withdraw(answer, NOW, deciding.AUTHOR, "author")
    assert deciding.find(facts.key(first)) is not None and len(seen(page)) == 1


def test_removing_a_page_leaves_the_log(portal, page):
    comment = said(page, state=State.APPROVED)
    key = facts.key(comment)
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(page)
    assert [event.action for event in Comments(portal).history(key)] == [Action.APPROVE]
    assert not moderated()


def unadopt(portal):
    """As a site that had comments before the add-on came."""
    applyProfile(portal, "collective.socialterritory:uninstall")


def test_where_comments_were_set_up_nothing_changes_until_somebody_says_so(portal, page):
    unadopt(portal)
    before = {name: getattr(installing.discussion(), name) for name in (*installing.SWITCHES, *installing.MAILS)}
    chain = portal.portal_workflow.getChainForPortalType("Discussion Item")
    assert chain == ("comment_one_state_workflow",)
    applyProfile(portal, "collective.socialterritory:default")
    assert not active()
    assert portal.portal_workflow.getChainForPortalType("Discussion Item") == chain
    assert before == {name: getattr(installing.discussion(), name) for name in before}


def test_adopting_keeps_what_was_visible_and_uninstalling_shows_nothing_that_was_not(portal, page):
    unadopt(portal)
    applyProfile(portal, "collective.socialterritory:default")
    old = said(page, "Avant", state=State.APPROVED)
    installing.adopt(portal)
    assert facts.state(old) == State.APPROVED and seen(page) == [int(old.id)]
    assert facts.facts(old).announced, "not told as if it were new"
    assert list(Comments(portal).shown(page.UID())) == [int(old.id)], "reckoned once, and not with every look"
    said(page, "En attente")
    said(page, "Refusé", state=State.REJECTED)
    applyProfile(portal, "collective.socialterritory:uninstall")
    assert portal.portal_workflow.getChainForPortalType("Discussion Item") == ("comment_one_state_workflow",)
    logout()
    assert search() == [old.id]
    (file,) = (obj for id, obj in portal.objectItems() if id.startswith("social-comments-"))
    assert not api.user.has_permission("View", obj=file)
    assert [one["text"] for one in json.loads(file.file.data)] == ["En attente", "Refusé"]


def test_one_duty_of_the_worker_that_stumbles_keeps_no_other_back(town, monkeypatch):
    portal, done = town.site, []
    duties = (lambda site, now: 1 / 0, lambda site, now: done.append((site.id, now)))
    monkeypatch.setattr(worker, "DUTIES", duties)
    worker.CommentsJob().step(portal, None, NOW)
    settings().active = False
    worker.CommentsJob().step(portal, None, NOW)
    assert done == [(portal.id, NOW)]


def test_turns_that_come_fast_do_not_look_after_comments_each_time(town, monkeypatch):
    job, done = worker.CommentsJob(), []
    monkeypatch.setattr(worker, "DUTIES", (lambda site, now: done.append(now),))
    pauses = [job.step(town.site, None, NOW + timedelta(seconds=seconds)) for seconds in (0, 1, 5, 4)]
    assert done == [NOW + timedelta(seconds=seconds) for seconds in (0, 5, 4)], "a clock put back is no reason to wait"
    assert pauses == [60, 4, 60, 60]
    job.start(town.site, NOW)
    job.step(town.site, None, NOW + timedelta(seconds=4))
    assert len(done) == 4


def test_ids_that_are_none_find_nothing(page):
    said(page)
    for id in ("", "0", "-1", "x", "²", "9" * 19, "9" * 5000):
        assert deciding.find(f"{IUUID(page)}.{id}") is None
