"""Comments for tests: said by somebody on a page, beside every door of ours."""

from Acquisition import aq_base
from BTrees.LLBTree import LLSet
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.deciding import move
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.discussion.interfaces import DISCUSSION_ANNOTATION_KEY
from plone.app.discussion.interfaces import IConversation
from plone.uuid.interfaces import IUUID
from zope.annotation.interfaces import IAnnotations
from zope.component import createObject


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(page, text="Merci pour les nouveaux bancs.", name="Jeanne", parent=None, state=State.WAITING, **known):
    """A comment as another add-on would add it, then brought to `state`; `known`: fields of Facts."""
    comment = createObject("plone.Comment")
    comment.text, comment.author_name = text, name
    comment.in_reply_to = parent and int(parent.id)
    conversation = IConversation(page)
    found = conversation[conversation.addComment(comment)]
    if known:
        facts.keep(found, **known)
        found.reindexObject()
    if facts.state(found) != state:
        move(found, state, NOW, "")
    return found


def news(folder, id="bancs", title="Nouveaux bancs au parc", **fields):
    """A published page on which people may comment."""
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(folder, "News Item", id=id, title=title, **fields)
        if api.content.get_state(page, "") != "published":
            api.content.transition(page, to_state="published")
    return page


def many(page, count, answers=3, index=False):
    """Approved comments, each conversation of one and its `answers`; without the events, which take long."""
    conversation, workflows = IConversation(page), api.portal.get_tool("portal_workflow")
    IAnnotations(page).setdefault(DISCUSSION_ANNOTATION_KEY, aq_base(conversation))
    status = {"review_state": str(State.APPROVED), "action": None, "actor": "", "comments": "", "time": None}
    begin, parent = int(NOW.timestamp() * 1e6), 0
    for number in range(count):
        comment = createObject("plone.Comment")
        comment.text, comment.author_name = f"Numéro {number}. Merci pour les nouveaux bancs.", "Jeanne"
        comment.comment_id, comment.__parent__ = begin + number, aq_base(conversation)
        parent = parent if number % (answers + 1) else 0
        comment.in_reply_to = parent
        conversation._comments[comment.comment_id] = comment
        conversation._children.setdefault(parent, LLSet()).insert(comment.comment_id)
        parent = parent or comment.comment_id
        made = conversation[comment.comment_id]
        workflows.setStatusOf("comment_review_workflow", made, status)
        workflows["comment_review_workflow"].updateRoleMappingsFor(made)
        if index:
            made.indexObject()
    ids = set(conversation.keys())
    Comments(api.portal.get()).show(IUUID(page), ids, ids)
    return [begin + number for number in range(count)]
