"""What looking after comments changes in Plone, and how it is given back."""

from AccessControl.PermissionRole import rolesForPermissionOn
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import _
from collective.socialterritory import leaving
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import store
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import MODERATE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.visible import reckoned
from collective.socialterritory.comments.visible import visible
from dataclasses import asdict
from dataclasses import dataclass
from plone import api
from plone.app.discussion.interfaces import IDiscussionSettings
from plone.registry.interfaces import IRegistry
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import transaction


PROFILE = "plone.app.discussion:default"
TYPE = "Discussion Item"
WORKFLOW = "comment_review_workflow"
ROLE = "Social Moderator"
PERMISSIONS = (MODERATE, "Edit comments", "Delete comments")
HIDDEN = ("pending", "rejected", "spam")
PRIVATE = ("Access contents information", "View", "Modify portal content")
REPLY = "Reply to item"
FORMER = "former"
MODERATED = {"moderation_enabled": True}
SWITCHES = {"globally_enabled": True, "anonymous_comments": True, **MODERATED}
MAILS = {"moderator_notification_enabled": False, "user_notification_enabled": False}
"""Plone's own mails tell the texts of comments that nobody approved"""
NEWS = "News Item"
TAKEN = _("Comments that visitors did not see are kept in a file that administrators alone can read: ${url}")
DECIDED = _("What was decided about comments is kept in a file that administrators alone can read: ${url}")
INDEXES = ["social_comment", "allowedRolesAndUsers", "review_state"]
PART = 500
"""Comments after which memory is given back"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What adopting would change. `workflows`: titles of those that comments have now; `reviewed`: ours already.

    `shown`, `hidden`: how many comments stay visible to who reads their page, and how many to moderators alone;
    `switches`, `mails`: names of the settings of Plone's own that would be another.
    """

    reviewed: bool
    workflows: tuple[str, ...]
    shown: int
    hidden: int
    switches: tuple[str, ...]
    mails: tuple[str, ...]


def install(setup: Any) -> None:
    """Where comments were never set up they are from now on, under review, for news; elsewhere people are asked."""
    site = api.portal.get()
    store.install(site)
    unknown, some = setup.getLastVersionForProfile(PROFILE) == "unknown", bool(found())
    if unknown:
        setup.runAllImportStepsFromProfile(f"profile-{PROFILE}")
    if unknown and not some:
        known = api.portal.get_tool("portal_types").objectItems()
        adopt(site, SWITCHES, {name: name == NEWS for name, type in known if type.hasProperty("allow_discussion")})
    elif unknown:
        switch({"globally_enabled": False})  # somebody took Plone's comments away, and these are not to come back


def plan(site: Any) -> Plan:
    """Of a site that has not adopted; writes nothing."""
    tool, options = api.portal.get_tool("portal_workflow"), discussion()
    chain = tool.getChainForPortalType(TYPE)
    shown = [new_state(comment, chain) == State.APPROVED for comment in comments()]
    changed = [name for name, value in {**MODERATED, **MAILS}.items() if getattr(options, name) != value]
    return Plan(
        tuple(chain) == (WORKFLOW,),
        tuple(tool[name].title_or_id() for name in chain),
        sum(shown),
        len(shown) - sum(shown),
        tuple(name for name in changed if name in MODERATED),
        tuple(name for name in changed if name in MAILS),
    )


def adopt(site: Any, switches: Any = None, types: Mapping[str, bool] | None = None) -> None:
    """Look after comments: under review, with our role. Those there are stay as visible as they were.

    `switches`: of Plone's own settings; `types`: whether their items take comments. Both are left alone otherwise.
    """
    if active():
        return
    tool = api.portal.get_tool("portal_workflow")
    if WORKFLOW not in tool:
        api.portal.get_tool("portal_setup").runImportStepFromProfile(f"profile-{PROFILE}", "workflow")
    chain = tool.getChainForPortalType(TYPE)
    states = {comment.getPhysicalPath(): new_state(comment, chain) for comment in comments()}
    wanted = {**(switches or MODERATED), **MAILS}
    IAnnotations(site)[store.KEY][FORMER] = {
        "chain": tuple(chain) if TYPE in dict(tool.listChainOverrides()) else None,
        "options": switch(wanted),
        "types": switch_types(types or {}),
        "states": {name: guard(tool[WORKFLOW].states[name]) for name in HIDDEN},
        "set": wanted,
    }
    tool.setChainForPortalTypes((TYPE,), (WORKFLOW,))
    for permission in PERMISSIONS:
        grant(site, permission, ROLE)
    settings().active = True
    for comment in comments():
        enter(comment, states[comment.getPhysicalPath()])
        # Of what was there before, nothing is told as if it were new.
        facts.keep(comment, announced=states[comment.getPhysicalPath()] == State.APPROVED)
        tool[WORKFLOW].updateRoleMappingsFor(comment)
        reindex(comment)
    remember(site)


def remember(site: Any) -> None:
    """What visitors see of each page, or every look at one would reckon it from all of its comments."""
    pages = {IUUID(page): page for page in map(facts.page, comments())}
    for uid, page in pages.items():
        store.Comments(site).show(uid, *reckoned(page))


def new_state(comment: Any, chain: Any) -> State:
    """Which state of the review workflow a comment gets.

    It keeps one that it has. Of what had another workflow, or none, who reads the page reads on what they read before;
    the rest waits.
    """
    tool = api.portal.get_tool("portal_workflow")
    if WORKFLOW in chain and tool.getStatusOf(WORKFLOW, comment):
        return facts.state(comment)
    return State.APPROVED if as_public_as_page(comment) else State.WAITING


def as_public_as_page(comment: Any) -> bool:
    """Whether everybody who reads the page reads the comment."""
    readers = set(rolesForPermissionOn("View", facts.page(comment)))
    return readers <= set(rolesForPermissionOn("View", comment))


def enter(comment: Any, state: State) -> None:
    """Without a transition: nobody decided anything."""
    tool = api.portal.get_tool("portal_workflow")
    if (tool.getStatusOf(WORKFLOW, comment) or {}).get("review_state") != state:
        said = {"review_state": str(state), "action": None, "actor": "", "comments": ""}
        tool.setStatusOf(WORKFLOW, comment, {**said, "time": comment.creation_date})


def reindex(comment: Any) -> None:
    """What results of a search show is most of the work: it is done where it became another."""
    catalog, path = api.portal.get_tool("portal_catalog"), "/".join(comment.getPhysicalPath())
    known = catalog.getMetadataForRID(catalog.getrid(path))["review_state"]
    state = api.portal.get_tool("portal_workflow").getInfoFor(comment, "review_state", "")
    catalog.catalog_object(comment, path, idxs=INDEXES, update_metadata=int(known != state))


def switch(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Set Plone's own settings; what they were. Plone binds a workflow whenever `moderation_enabled` is set."""
    options = discussion()
    before = {name: getattr(options, name) for name in wanted}
    records = getUtility(IRegistry).records
    for name, value in wanted.items():
        if value != before[name] and f"{IDiscussionSettings.__identifier__}.{name}" in records:
            setattr(options, name, value)
    return before


def switch_types(wanted: Mapping[str, bool]) -> dict[str, tuple[bool, bool]]:
    """Set whether items of types take comments; (before, now) of those that change."""
    types = api.portal.get_tool("portal_types")
    before = {name: bool(types[name].getProperty("allow_discussion")) for name in wanted}
    for name, value in wanted.items():
        types[name].manage_changeProperties(allow_discussion=value)
    return {name: (before[name], value) for name, value in wanted.items() if before[name] != value}


def guard(state: Any) -> dict[str, Any]:
    """Only moderators and its author see what is not approved; core leaves refused comments as public as the page.

    Who held these permissions before, as the workflow keeps it.
    """
    known = state.permission_roles or {}
    before = {permission: known.get(permission) for permission in (*PRIVATE, REPLY)}
    for permission in PRIVATE:
        roles = ["Manager", "Site Administrator", "Reviewer", ROLE]
        state.setPermission(permission, False, roles + (["Owner"] if permission != "Modify portal content" else []))
    state.setPermission(REPLY, False, [])
    return before


def grant(site: Any, permission: str, role: str, give: bool = True) -> None:
    """Add a role to those that hold a permission, or take it away, and leave the others."""
    held = [one["name"] for one in site.rolesOfPermission(permission) if one["selected"]]
    acquired = site.permission_settings(permission)[0]["acquire"] == "CHECKED"
    roles = {*held, role} if give else {*held} - {role}
    site.manage_permission(permission, sorted(roles), acquire=acquired)


def release(site: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give back what `adopt` changed. For private files: comments that were taken out, and the log.

    Taken out is what visitors did not see and would see under the former workflow, with all that is below it.
    """
    if not active():
        return [], []
    hidden = {comment.getPhysicalPath(): record(comment) for comment in comments() if not visible(comment)}
    log = [asdict(event) for event in store.Comments(site).log()]
    settings().active = False
    restore(site, IAnnotations(site)[store.KEY][FORMER])
    taken = []
    for path in hidden:
        comment = site.unrestrictedTraverse(path, None)
        if comment is not None and as_public_as_page(comment):
            conversation, id = comment.__parent__, comment.id
            below = [thread["comment"] for thread in conversation.getThreads(root=int(id))]
            taken += [hidden[one.getPhysicalPath()] for one in (comment, *below)]
            del conversation[id]
    return taken, log


def leave(site: Any) -> None:
    """Release, and keep in files what is taken out and what was decided."""
    taken, log = release(site)
    leaving.leave(site, "social-comments", taken, TAKEN)
    leaving.leave(site, "social-moderation", log, DECIDED)


def restore(site: Any, former: Any) -> None:
    """What somebody else has changed since stays as it is."""
    tool, types, options = api.portal.get_tool("portal_workflow"), api.portal.get_tool("portal_types"), discussion()
    for permission in PERMISSIONS:
        grant(site, permission, ROLE, give=False)
    for name, before in former["states"].items() if WORKFLOW in tool else ():
        unguard(tool[WORKFLOW].states[name], before)
    chain = tuple(tool.getChainForPortalType(TYPE))
    switch({name: was for name, was in former["options"].items() if getattr(options, name) == former["set"][name]})
    for name, (before, now) in former["types"].items():
        if name in types and bool(types[name].getProperty("allow_discussion")) == now:
            types[name].manage_changeProperties(allow_discussion=before)
    tool.setChainForPortalTypes((TYPE,), former["chain"] if chain == (WORKFLOW,) else chain)
    for comment in comments():
        IAnnotations(comment).pop(facts.KEY, None)
        for workflow in tool.getWorkflowsFor(comment):
            workflow.updateRoleMappingsFor(comment)
        reindex(comment)


def unguard(state: Any, before: Mapping[str, Any]) -> None:
    for permission, roles in before.items():
        if roles is None:
            state.permission_roles.pop(permission, None)
        else:
            state.permission_roles[permission] = roles


def record(comment: Any) -> dict[str, Any]:
    """A comment as primitives, for a file."""
    said = {"id": comment.id, "state": str(facts.state(comment)), "text": comment.text, "author": comment.author_name}
    said |= {"email": comment.author_email, "user": comment.author_username, "answers": comment.in_reply_to}
    page, known = facts.page(comment), facts.facts(comment)
    said |= {"page": page.absolute_url_path(), "title": page.Title(), "at": comment.creation_date.isoformat()}
    more = {"source": known.source, "reason": known.reason, "reports": known.reports, "hidden": known.hidden}
    return {**said, **{name: value for name, value in more.items() if value}}


def comments() -> Iterator[Any]:
    """All of the site. Some are forgotten on the way, so that thousands need not be in memory at once."""
    site = api.portal.get()
    for number, path in enumerate([brain.getPath() for brain in found()]):
        if number % PART == PART - 1:
            transaction.savepoint(optimistic=True)
            site._p_jar.cacheGC()
        if (comment := site.unrestrictedTraverse(path, None)) is not None:
            yield comment


def discussion() -> Any:
    """Plone's own settings of comments."""
    return getUtility(IRegistry).forInterface(IDiscussionSettings, check=False)
