"""Comments as JSON: what the caller may see, and no more, counted and in batches."""

from collective.socialterritory import clock
from collective.socialterritory.comments import own
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.rules import people
from collective.socialterritory.comments.rules import threads
from collective.socialterritory.comments.rules.author import Door
from collective.socialterritory.comments.settings import active
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.local import me
from plone.app.discussion.interfaces import IComment
from plone.app.discussion.interfaces import IConversation
from plone.restapi.batching import HypermediaBatch
from plone.restapi.interfaces import ISerializeToJson
from plone.restapi.serializer.discussion import CommentSerializer
from plone.restapi.serializer.discussion import ConversationSerializer
from plone.restapi.services.discussion.utils import can_delete
from plone.restapi.services.discussion.utils import can_edit
from plone.restapi.services.discussion.utils import can_reply
from plone.restapi.services.discussion.utils import can_view
from plone.uuid.interfaces import IUUID
from typing import Any
from zExceptions import NotFound
from zope.component import adapter
from zope.component import getMultiAdapter
from zope.interface import implementer


MOST = 100
"""Comments of one answer"""
DEEP = 10_000


def seen_by_me(item: Any) -> Any:
    """Ids of the comments of a page that the current user may see: a set with a length, and no comment is loaded.

    Visitors see what is visible, authors their own, too, and moderators all.
    """
    if may_moderate(item):
        return IConversation(item).keys()
    shown = visible.ids(item)
    if not me():
        return shown
    own = found([f"author:{people.of_user(me())}", f"item:{IUUID(item)}"])
    return {*shown, *(int(brain.getId) for brain in own)} if own else shown


def may_see(comment: Any) -> bool:
    """The same of one."""
    written = facts(comment).author
    return may_moderate(comment) or visible.visible(comment) or (written == people.of_user(me()) and bool(me()))


@implementer(ISerializeToJson)
@adapter(IConversation, IBrowserLayer)
class Conversation(ConversationSerializer):
    def __call__(self) -> dict[str, Any]:
        if not active():
            return dict(super().__call__())
        views = bool(can_view(self.context))
        item = self.context.__parent__
        children = self.context._children
        rows = threads.ordered(lambda id: children.get(id, ()), seen_by_me(item), DEEP) if views else []
        self.request.form["b_size"] = min(_number(self.request.form.get("b_size")) or 25, MOST)
        batch = HypermediaBatch(self.request, rows)
        told = {
            "@id": batch.canonical_url,
            "items_total": batch.items_total,
            "permissions": {"view_comments": views, "can_reply": can_reply(self.context)},
            "items": [self._told(row.id) for row in batch],
        }
        return {**told, **({"batching": batch.links} if batch.links else {})}

    def _told(self, id: int) -> Any:
        return getMultiAdapter((self.context[id], self.request), ISerializeToJson)()


@implementer(ISerializeToJson)
@adapter(IComment, IBrowserLayer)
class Comment(CommentSerializer):
    """Raises NotFound for one that the caller may not see."""

    def __call__(self, include_items: bool = True) -> dict[str, Any]:
        told = super().__call__(include_items)
        if not active():
            return dict(told)
        comment = self.context
        if not may_see(comment):
            raise NotFound(comment.id)
        known, moderates = facts(comment), may_moderate(comment)
        mine = bool(me()) and known.author == people.of_user(me())
        told |= {"source": known.source, "official": known.official, "edited": known.edited or None}
        told |= {"gone": known.gone or None, "can_reply": told["can_reply"] and not known.gone}
        doors = own.open_doors(comment, clock.now()) if mine else ()
        told |= {
            "is_editable": Door.EDIT in doors or (moderates and known.source == SITE and can_edit(comment)),
            "is_deletable": Door.WITHDRAW in doors or (moderates and can_delete(comment)),
        }
        if moderates or mine:
            told |= {"review_state": str(state(comment)), "visible": visible.visible(comment)}
        if moderates:
            told |= {"rules": list(known.rules), "hidden": known.hidden, "revision": known.revision}
        else:
            told["user_notification"] = None
        if known.remote:
            told |= {"url": known.remote.get("url", ""), "author_url": known.remote.get("author_url", "")}
        return told


def _number(typed: Any) -> int:
    return int(typed) if str(typed or "").isdecimal() and len(str(typed)) < 9 else 0
