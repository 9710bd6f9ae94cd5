"""Comments for tests: said by somebody on a page, beside every door of ours."""

from collective.socialterritory.comments import facts
from collective.socialterritory.comments.deciding import move
from collective.socialterritory.comments.model import State
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.discussion.interfaces import IConversation
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
