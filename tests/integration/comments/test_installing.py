"""Sites that had comments before: nothing public that was not, nothing lost, all of it given back."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import installing
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import NOW
from commenting import said
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.app.discussion.interfaces import IDiscussionSettings
from plone.app.testing import applyProfile
from plone.app.testing import logout
from plone.registry.interfaces import IRegistry
from Products.CMFCore.indexing import processQueue
from zope.annotation.interfaces import IAnnotations
from zope.component import createObject
from zope.component import getUtility

import json
import pytest


OURS = "collective.socialterritory"
TYPE = installing.TYPE
TYPES = ("News Item", "Event", "Document", "Folder", "Discussion Item")


def install(portal):
    applyProfile(portal, f"{OURS}:default")


def uninstall(portal):
    applyProfile(portal, f"{OURS}:uninstall")


def snapshot(portal):
    """All of Plone that installing comments may touch."""
    tool, options = portal.portal_workflow, installing.discussion()
    states = tool[installing.WORKFLOW].states.objectItems()
    return {
        "chains": tool.listChainOverrides(),
        "chain": tool.getChainForPortalType(TYPE),
        "options": {name: getattr(options, name) for name in (*installing.SWITCHES, *installing.MAILS)},
        "types": {name: portal.portal_types[name].getProperty("allow_discussion") for name in TYPES},
        "states": {name: dict(state.permission_roles) for name, state in states},
        "roles": {name: held(portal, name) for name in installing.PERMISSIONS},
    }


def held(portal, permission):
    return [role["name"] for role in portal.rolesOfPermission(permission) if role["selected"]]


def bind(portal, *chain):
    portal.portal_workflow.setChainForPortalTypes((TYPE,), chain)
    portal.portal_workflow.updateRoleMappings()


@pytest.fixture
def before(portal, page):
    """A site with comments of its own, on which the add-on is not installed."""
    uninstall(portal)
    page.allow_discussion = True
    return portal


@pytest.fixture
def custom(before):
    """A workflow of the body's own, with states that nobody else knows."""
    tool = before.portal_workflow
    with api.env.adopt_roles(["Manager"]):
        tool.manage_clone(tool["comment_one_state_workflow"], "town_comments")
    workflow = tool["town_comments"]
    workflow.states.addState("sealed")
    for permission in ("View", "Access contents information"):
        workflow.states["sealed"].setPermission(permission, False, ["Manager", "Reviewer"])
    bind(before, "town_comments")
    return workflow


def put(comment, workflow, state):
    comment.portal_workflow.setStatusOf(workflow.getId(), comment, {"review_state": state})
    workflow.updateRoleMappingsFor(comment)
    comment.reindexObject()


def files(portal, name):
    found = [obj for id, obj in portal.objectItems() if id.startswith(name)]
    logged = [role["name"] for obj in found for role in obj.rolesOfPermission("View") if role["selected"]]
    assert set(logged) <= {"Manager", "Site Administrator"}
    return [one for obj in found for one in json.loads(obj.file.data)]


def old(page, text, parent=None):
    """As it came before the add-on."""
    comment = createObject("plone.Comment")
    comment.text, comment.author_name, comment.in_reply_to = text, "Jeanne", parent and int(parent.id)
    conversation = IConversation(page)
    return conversation[conversation.addComment(comment)]


def test_all_is_given_back_on_a_site_that_had_comments(before, page):
    installing.discussion().moderator_notification_enabled = True
    known = snapshot(before)
    install(before)
    assert snapshot(before) == known and not active()
    installing.adopt(before)
    assert snapshot(before) != known and active()
    uninstall(before)
    assert snapshot(before) == known


def test_all_is_given_back_on_a_site_that_never_had_any(portal):
    first = snapshot(portal)
    assert first["types"]["News Item"] and first["options"]["anonymous_comments"]
    uninstall(portal)
    given = snapshot(portal)
    assert not any(given["types"][name] for name in ("News Item", "Event"))
    assert not given["options"]["anonymous_comments"]
    assert given["states"]["rejected"] != first["states"]["rejected"]


def test_what_somebody_changed_meanwhile_stays_as_they_said(portal):
    portal.portal_types["News Item"].manage_changeProperties(allow_discussion=False)
    portal.portal_types["Event"].manage_changeProperties(allow_discussion=True)
    options = installing.discussion()
    options.anonymous_comments, options.user_notification_enabled = False, True
    bind(portal, "comment_one_state_workflow", "simple_publication_workflow")
    uninstall(portal)
    types = portal.portal_types
    assert not types["News Item"].getProperty("allow_discussion") and types["Event"].getProperty("allow_discussion")
    assert options.user_notification_enabled and not options.anonymous_comments
    assert portal.portal_workflow.getChainForPortalType(TYPE) == (
        "comment_one_state_workflow",
        "simple_publication_workflow",
    )


def test_installing_again_changes_nothing(portal, page, moderator):
    settings().keep_email = 77
    first, second = said(page, state=State.APPROVED), said(page, "Deux", rules=("links",))
    known, seen = snapshot(portal), sorted(visible.ids(page))
    install(portal)
    assert snapshot(portal) == known and sorted(visible.ids(page)) == seen == [int(first.id)]
    assert (settings().keep_email, active()) == (77, True)
    assert facts.facts(second).rules == ("links",)
    assert [brain.getId for brain in installing.found(["rule:links"])] == [second.id]
    with api.env.adopt_user(username=moderator):
        assert deciding.decide(second, Action.APPROVE, NOW).after == State.APPROVED


def test_a_review_workflow_that_was_there_keeps_its_states(before, page):
    bind(before, installing.WORKFLOW)
    comments = {state: said(page, str(state), state=state) for state in State}
    install(before)
    installing.adopt(before)
    assert {state: facts.state(comment) for state, comment in comments.items()} == {state: state for state in State}
    assert set(visible.ids(page)) == {int(comments[State.APPROVED].id)}
    uninstall(before)
    assert before.portal_workflow.getChainForPortalType(TYPE) == (installing.WORKFLOW,)
    # Core shows these two to everybody; what waits waits on.
    assert sorted(one["text"] for one in files(before, "social-comments")) == ["rejected", "spam"]
    assert facts.state(comments[State.WAITING]) == State.WAITING
    assert deciding.find(facts.key(comments[State.REJECTED])) is None


def test_a_workflow_of_the_body_s_own(before, page, custom):
    open_one, sealed = old(page, "lisible"), old(page, "sous scellé")
    put(sealed, custom, "sealed")
    install(before)
    known = snapshot(before)
    said_before = installing.plan(before)
    assert (said_before.shown, said_before.hidden) == (1, 1)
    assert said_before.workflows == (custom.title_or_id(),)
    installing.adopt(before)
    assert [facts.state(one) for one in (open_one, sealed)] == [State.APPROVED, State.WAITING]
    assert set(visible.ids(page)) == {int(open_one.id)}
    late = said(page, "en attente")
    uninstall(before)
    assert snapshot(before) == known
    # The former workflow hides what it hid, and has no place for what it never knew.
    assert [one["text"] for one in files(before, "social-comments")] == ["en attente"]
    assert before.portal_workflow.getInfoFor(sealed, "review_state") == "sealed"
    logout()
    assert [brain.getId for brain in api.content.find(portal_type=TYPE)] == [open_one.id]
    assert not api.user.has_permission("View", obj=sealed) and deciding.find(facts.key(late)) is None


def test_an_answer_below_a_foreign_state_can_be_written_where_the_add_on_is_not_asked(before, page, custom):
    parent = old(page, "sous scellé")
    put(parent, custom, "sealed")
    answer = old(page, "réponse", parent=parent)
    logout()
    assert [brain.getId for brain in api.content.find(portal_type=TYPE)] == [answer.id]


def test_states_of_a_workflow_that_is_not_in_use_any_more_do_not_count(before, page):
    bind(before, installing.WORKFLOW)
    comment = said(page, state=State.SPAM)
    bind(before, "comment_one_state_workflow")
    install(before)
    assert installing.plan(before).shown == 1
    installing.adopt(before)
    assert facts.state(comment) == State.APPROVED and set(visible.ids(page)) == {int(comment.id)}


def test_comments_without_any_workflow_are_adopted_too(before, page):
    bind(before)
    comment = old(page, "sans")
    install(before)
    installing.adopt(before)
    assert facts.state(comment) == State.APPROVED
    uninstall(before)
    assert before.portal_workflow.getChainForPortalType(TYPE) == ()
    assert comment.text == "sans" and "review_state" not in files(before, "social-comments")


def test_a_review_workflow_that_somebody_deleted_comes_back(before, page):
    install(before)
    before.portal_workflow.manage_delObjects([installing.WORKFLOW])
    installing.adopt(before)
    assert facts.state(said(page)) == State.WAITING


def test_comments_of_a_time_before_plone_s_own_were_taken_away_do_not_come_back(before, page):
    old(page, "d'autrefois")
    before.portal_setup.unsetLastVersionForProfile(installing.PROFILE)
    install(before)
    assert not active() and not installing.discussion().globally_enabled


def test_uninstalling_works_where_somebody_took_plone_s_own_away_first(portal, page):
    comment = said(page, state=State.APPROVED)
    bind(portal, "comment_one_state_workflow")
    portal.portal_workflow.manage_delObjects([installing.WORKFLOW])
    registry = getUtility(IRegistry)
    for name in (*installing.SWITCHES, *installing.MAILS):
        del registry.records[f"{IDiscussionSettings.__identifier__}.{name}"]
    uninstall(portal)
    assert not active() and comment.text == "Merci pour les nouveaux bancs."


def test_what_is_hidden_below_something_refused_is_kept_and_not_shown(portal, page, moderator):
    refused = said(page, "refusé", state=State.APPROVED)
    answer = said(page, "réponse", parent=refused, state=State.APPROVED)
    said(page, "et encore", parent=answer, state=State.SPAM)
    hidden = said(page, "signalé", state=State.APPROVED, hidden=True)
    shown = said(page, "lisible", state=State.APPROVED)
    with api.env.adopt_user(username=moderator):
        deciding.decide(refused, Action.REJECT, NOW, reason="insult", note="noté")
    uninstall(portal)
    kept = files(portal, "social-comments")
    assert sorted(one["text"] for one in kept) == ["et encore", "refusé", "réponse", "signalé"]
    assert {one["text"]: one.get("reason") for one in kept}["refusé"] == "insult"
    assert any(event["note"] == "noté" and event["by"] == moderator for event in files(portal, "social-moderation"))
    logout()
    assert [brain.getId for brain in api.content.find(portal_type=TYPE)] == [shown.id]
    assert deciding.find(facts.key(hidden)) is None


def test_there_and_back_twice(portal, page):
    said(page, "un")
    uninstall(portal)
    install(portal)
    installing.adopt(portal)
    assert list(Comments(portal).log()) == []
    said(page, "deux")
    uninstall(portal)
    assert sorted(one["text"] for one in files(portal, "social-comments")) == ["deux", "un"]


def test_nothing_of_ours_stays_on_comments_or_in_the_catalogue(portal, page):
    comment = said(page, state=State.APPROVED, author="user:jeanne")
    index = portal.portal_catalog.Indexes["allowedRolesAndUsers"]
    processQueue()
    rid = portal.portal_catalog.getrid("/".join(comment.getPhysicalPath()))
    assert any(word.startswith("moderate:") for word in index.getEntryForObject(rid))
    uninstall(portal)
    processQueue()
    assert not any(word.startswith("moderate:") for word in index.getEntryForObject(rid))
    assert facts.KEY not in IAnnotations(comment)
    assert "social_comment" not in portal.portal_catalog.indexes()
