"""What looking after comments changes in Plone, and how it is given back."""

from collective.socialterritory.comments import facts
from collective.socialterritory.comments import store
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import MODERATE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from plone import api
from plone.app.discussion.interfaces import IDiscussionSettings
from plone.registry.interfaces import IRegistry
from typing import Any
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility


PROFILE = "plone.app.discussion:default"
TYPE = "Discussion Item"
WORKFLOW = "comment_review_workflow"
ROLE = "Social Moderator"
PERMISSIONS = (MODERATE, "Edit comments", "Delete comments")
HIDDEN = ("pending", "rejected", "spam")
PRIVATE = ("Access contents information", "View", "Modify portal content")
FORMER = "former"
SWITCHES = {"globally_enabled": True, "anonymous_comments": True, "moderation_enabled": True}
MAILS = {"moderator_notification_enabled": False, "user_notification_enabled": False}
"""Plone's own mails tell the texts of comments that nobody approved"""


def install(setup: Any) -> None:
    """Where comments were never set up they are from now on, under review, for news; elsewhere people are asked."""
    site = api.portal.get()
    store.install(site)
    fresh = setup.getLastVersionForProfile(PROFILE) == "unknown"
    if fresh:
        setup.runAllImportStepsFromProfile(f"profile-{PROFILE}")
    for brain in found():
        brain._unrestrictedGetObject().reindexObject(idxs=["social_comment", "allowedRolesAndUsers"])
    if fresh:
        types = api.portal.get_tool("portal_types")
        for type in types.objectValues():
            if type.getProperty("allow_discussion"):
                type.manage_changeProperties(allow_discussion=False)
        if "News Item" in types:
            types["News Item"].manage_changeProperties(allow_discussion=True)
        adopt(site, SWITCHES)


def adopt(site: Any, switches: Any = None) -> None:
    """Look after comments: under review, with our role. Those there are stay as visible as they were."""
    if active():
        return
    tool, options = api.portal.get_tool("portal_workflow"), discussion()
    before = {name: getattr(options, name) for name in (*SWITCHES, *MAILS)}
    IAnnotations(site)[store.KEY][FORMER] = {"chain": tuple(tool.getChainForPortalType(TYPE)), "options": before}
    shown = [comment for comment in comments() if facts.state(comment) == State.APPROVED]
    for name, value in {**(switches or {"moderation_enabled": True}), **MAILS}.items():
        setattr(options, name, value)
    tool.setChainForPortalTypes((TYPE,), (WORKFLOW,))
    guard(tool[WORKFLOW])
    for permission in PERMISSIONS:
        grant(site, permission, ROLE)
    for comment in shown:
        status = {"review_state": str(State.APPROVED), "action": None, "actor": "", "comments": "", "time": None}
        if not tool.getStatusOf(WORKFLOW, comment):
            tool.setStatusOf(WORKFLOW, comment, {**status, "time": comment.creation_date})
    settings().active = True
    for comment in comments():
        tool[WORKFLOW].updateRoleMappingsFor(comment)
        comment.reindexObject()


def guard(workflow: Any) -> None:
    """Only moderators and its author see what is not approved. Core leaves refused comments as public as the page."""
    for name in HIDDEN:
        for permission in PRIVATE:
            roles = ["Manager", "Site Administrator", "Reviewer", ROLE]
            roles += ["Owner"] if permission != "Modify portal content" else []
            workflow.states[name].setPermission(permission, False, roles)
        workflow.states[name].setPermission("Reply to item", False, [])


def grant(site: Any, permission: str, role: str, give: bool = True) -> None:
    """Add a role to those that hold a permission, or take it away, and leave the others."""
    held = [one["name"] for one in site.rolesOfPermission(permission) if one["selected"]]
    acquired = site.permission_settings(permission)[0]["acquire"] == "CHECKED"
    roles = {*held, role} if give else {*held} - {role}
    site.manage_permission(permission, sorted(roles), acquire=acquired)


def uninstall(site: Any) -> list[dict[str, Any]]:
    """Give back what `adopt` changed. What no visitor ever saw is taken out and returned, for a private file:

    the former workflow may know no other state than published.
    """
    kept = []
    if active():
        for comment in comments():
            if facts.state(comment) != State.APPROVED or facts.facts(comment).hidden:
                kept.append(record(comment))
    for said in kept:
        conversation = said.pop("conversation")
        if said["id"] in conversation:
            del conversation[said["id"]]
    for comment in comments():
        IAnnotations(comment).pop(facts.KEY, None)
    former = IAnnotations(site).get(store.KEY, {}).get(FORMER)
    settings().active = False
    if former:
        restore(site, former)
    return kept


def restore(site: Any, former: Any) -> None:
    tool, options = api.portal.get_tool("portal_workflow"), discussion()
    for permission in PERMISSIONS:
        grant(site, permission, ROLE, give=False)
    for name in HIDDEN:
        state = tool[WORKFLOW].states[name]
        for permission in (*PRIVATE, "Reply to item"):
            if ROLE in (state.getPermissionInfo(permission) or {}).get("roles", ()):
                roles = [role for role in state.getPermissionInfo(permission)["roles"] if role != ROLE]
                state.setPermission(permission, False, roles)
    for name, value in former["options"].items():
        setattr(options, name, value)
    tool.setChainForPortalTypes((TYPE,), former["chain"])
    for comment in comments():
        for workflow in tool.getWorkflowsFor(comment):
            workflow.updateRoleMappingsFor(comment)
        comment.reindexObject()


def record(comment: Any) -> dict[str, Any]:
    """A comment as primitives, for a file; `conversation` is where it is."""
    said = {"id": comment.id, "state": str(facts.state(comment)), "text": comment.text, "author": comment.author_name}
    said |= {"email": comment.author_email, "at": comment.creation_date.isoformat(), "answers": comment.in_reply_to}
    page = facts.page(comment)
    return {**said, "page": page.absolute_url_path(), "title": page.Title(), "conversation": comment.__parent__}


def comments() -> list[Any]:
    """All of the site."""
    return [brain._unrestrictedGetObject() for brain in found()]


def discussion() -> Any:
    """Plone's own settings of comments."""
    return getUtility(IRegistry).forInterface(IDiscussionSettings, check=False)
