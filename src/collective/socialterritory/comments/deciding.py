"""The one way in which something is decided about a comment, whichever door a moderator comes through."""

from AccessControl import Unauthorized
from collections.abc import Iterable
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.events import CommentLogged
from collective.socialterritory.comments.hearing.forgetting import forget
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.local import me
from collective.socialterritory.plain import whole
from datetime import datetime
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.app.discussion.interfaces import IReplies
from plone.uuid.interfaces import IUUID
from Products.CMFCore.WorkflowCore import ActionSucceededEvent
from Products.CMFCore.WorkflowCore import ActionWillBeInvokedEvent
from Products.CMFCore.WorkflowCore import WorkflowException
from typing import Any
from z3c.caching.purge import Purge
from zope.event import notify


TRANSITIONS = {
    State.APPROVED: "publish",
    State.REJECTED: "reject",
    State.SPAM: "mark_as_spam",
    State.WAITING: "recall",
}
SOURCE = "source"
"""`by` of what the network did, such as a reply that was deleted there"""
AUTHOR = "author"
"""`by` of what a comment's author did through the private link"""


def find(key: str) -> Any:
    """The comment named `<UID of the page>.<id>`, whoever asks; None where it is gone."""
    return find_all([key])[key]


def find_all(keys: Iterable[str]) -> dict[str, Any]:
    """Comments by key, in that order, with one look into the catalogue."""
    names = {key: key.partition(".") for key in keys}
    catalogue = api.portal.get_tool("portal_catalog")
    brains = catalogue.unrestrictedSearchResults(UID=list({uid for uid, _dot, _id in names.values()}))
    conversations = {brain.UID: IConversation(brain._unrestrictedGetObject(), None) for brain in brains}
    found = {}
    for key, (uid, _dot, id) in names.items():
        there = conversations.get(uid)
        found[key] = there.get(id) if there is not None and id.isdecimal() and len(id) < 20 else None
    return found


def decide(
    comment: Any,
    action: Action,
    now: datetime,
    revision: int | None = None,
    reason: str = "",
    note: str = "",
) -> Event:
    """Approve, reject, mark as spam or recall, as the current user.

    `revision`: the one that was seen; None where nobody looked. `reason`: id of an article of the charter. Raises
    Unauthorized, and Decided where somebody was first. The log's line is written where the workflow tells of the
    transition (subscribers.py), so that Plone's own doors are on record too.
    """
    check(comment, revision)
    if facts.state(comment) == OUTCOMES[action]:
        raise Decided(latest(comment))
    move(comment, OUTCOMES[action], now, me(), reason, note)
    return latest(comment) or Event(now, me(), action, *facts.key(comment).split("."))


def check(comment: Any, revision: int | None) -> None:
    """Raises Unauthorized, and Decided where it is not as it was seen."""
    if not may_moderate(comment):
        raise Unauthorized("Review comments")
    if revision is not None and revision != facts.facts(comment).revision:
        raise Decided(latest(comment))


def move(
    comment: Any, to: State, now: datetime, by: str, reason: str = "", note: str = "", action: Action | None = None
) -> None:
    """To another state, whoever asks: for what authors, networks and the site's rules bring about.

    `action`: what the log calls it, where it is not what leads to that state: an undone decision.
    """
    # The log has the note. What is called `comment` Plone keeps on the comment, for ever.
    said = {"note": note, "reason": reason, "by": by, "at": now, "called": action}
    with api.env.adopt_roles(["Manager"]):
        _transition(comment, TRANSITIONS[to], **said)


def _transition(comment: Any, name: str, **said: Any) -> None:
    """What the workflow tool's `doActionFor` does, without its search of the catalogue for what is below.

    A comment has nothing below it, and that search cost more than all the rest of a decision on a large site. Raises
    WorkflowException where no workflow of comments knows the transition.
    """
    for workflow in api.portal.get_tool("portal_workflow").getWorkflowsFor(comment):
        if workflow.isActionSupported(comment, name, **said):
            break
    else:
        raise WorkflowException(name)
    notify(ActionWillBeInvokedEvent(comment, workflow, name))
    workflow.doActionFor(comment, name, **said)
    notify(ActionSucceededEvent(comment, workflow, name, None))
    comment.reindexObject(idxs=["review_state", "allowedRolesAndUsers"])


def edit(comment: Any, text: str, now: datetime, revision: int | None = None, note: str = "") -> None:
    """A moderator's change: the original goes into the log. A network's reply is nobody's to edit: ValueError."""
    check(comment, revision)
    if facts.facts(comment).source != SITE:
        raise ValueError("a network's reply is never edited")
    rewrite(comment, text, now, me(), note)


def rewrite(comment: Any, text: str, now: datetime, by: str, note: str = "") -> None:
    """Another text, whoever asks; the former one is kept in the log."""
    log(comment, Action.EDIT, now, by, note=note, original=comment.text)
    comment.text = whole(text)
    comment.modification_date = now
    facts.keep(comment, edited=now.isoformat())
    comment.reindexObject()
    notify(Purge(facts.page(comment)))


def hide(comment: Any, hidden: bool, now: datetime, by: str, note: str = "") -> None:
    """From visitors, until somebody has looked at what was reported."""
    if facts.facts(comment).hidden != hidden:
        facts.keep(comment, hidden=hidden)
        log(comment, Action.HIDE if hidden else Action.UNHIDE, now, by, note=note)
        visible.update(comment)


def withdraw(comment: Any, now: datetime, by: str, why: str, note: str = "") -> None:
    """Take it away for its author or its network. `why`: author, erased or source.

    What has replies stays as an empty place, for the replies are others' words.
    """
    log(comment, Action.WITHDRAW, now, by, note=note)
    if not len(IReplies(comment)):
        delete(comment)
        return
    report_letters.gone(api.portal.get(), comment, now)
    forget(comment)
    comment.text = comment.author_name = ""
    comment.author_email = None
    nothing = {"author": "", "origin": "", "digest": "", "remote": {}, "reports": (), "hidden": False}
    facts.keep(comment, gone=why, **nothing)
    subscriptions.forget_comments(api.portal.get(), IUUID(facts.page(comment)), [int(comment.id)])
    visible.update(comment)


def remove(comment: Any, now: datetime, revision: int | None = None, reason: str = "", note: str = "") -> None:
    """A moderator's deletion, of what is below it too; the log keeps a line of each."""
    check(comment, revision)
    for thread in comment.__parent__.getThreads(root=int(comment.id)):
        log(thread["comment"], Action.DELETE, now, me(), reason, note)
    log(comment, Action.DELETE, now, me(), reason, note)
    delete(comment)


def delete(comment: Any) -> None:
    del comment.__parent__[comment.id]


def log(
    comment: Any, action: Action, now: datetime, by: str, reason: str = "", note: str = "", original: str = ""
) -> Event:
    """Write a line about the comment as it is, and count its revision on.

    A report changes nothing that moderators decide about: who has the comment before them may go on.
    """
    now_in = facts.state(comment)
    return told(comment, action, now, by, now_in, now_in, reason, note, original)


def told(
    comment: Any,
    action: Action,
    now: datetime,
    by: str,
    before: str,
    after: str,
    reason: str = "",
    note: str = "",
    original: str = "",
) -> Event:
    """Write a line about a comment that went from one state to another, and count its revision on."""
    site, item = api.portal.get(), facts.page(comment)
    path = "/".join(item.getPhysicalPath()[len(site.getPhysicalPath()) :])
    said = {"path": path, "title": whole(item.Title()), "reason": reason, "note": whole(note), "original": original}
    event = Event(now, by, action, IUUID(item), comment.id, before=before, after=after, **said)
    Comments(site).note(event)
    facts.keep(comment, revision=facts.facts(comment).revision + (action is not Action.REPORT))
    notify(CommentLogged(comment, event))
    return event


def latest(comment: Any) -> Event | None:
    """What was last done to it."""
    return last_of(facts.key(comment))


def last_of(key: str) -> Event | None:
    """What was last done to the comment of this key, which may be gone."""
    return Comments(api.portal.get()).latest(key)
