"""What becomes of comments when their page is copied, checked out, moved or deleted: they are said once, in one place.

Plone copies what is kept on an object: a pasted page would have the comments of the first one anew, and a working copy
the very same conversation, which goes with it when it is deleted or checked in.
"""

from Acquisition import aq_base
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from datetime import datetime
from plone import api
from plone.app.discussion.interfaces import DISCUSSION_ANNOTATION_KEY
from plone.app.discussion.interfaces import IConversation
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.annotation.interfaces import IAnnotations


def _conversation(item: Any) -> Any:
    """What is kept on the object itself; None where nobody said anything yet."""
    annotations = IAnnotations(item, None)
    return None if annotations is None else annotations.get(DISCUSSION_ANNOTATION_KEY)


def _leave(item: Any) -> None:
    del IAnnotations(item)[DISCUSSION_ANNOTATION_KEY]


def pasted(copy: Any, event: Any) -> None:
    """Before it is put anywhere, so that nothing of it was in the catalogue yet."""
    if active() and _conversation(copy) is not None:
        _leave(copy)


def checked_out(page: Any, event: Any) -> None:
    pasted(event.working_copy, event)


def leaves(item: Any, event: Any) -> None:
    """Before it is deleted: a conversation that is another page's stays with that page."""
    conversation = _conversation(item) if active() else None
    if conversation is not None and aq_base(conversation.__parent__) is not aq_base(item):
        _leave(item)


def checked_in(copy: Any, event: Any) -> None:
    """Before it goes over its page: what was said there, and a moderator's word, is not overwritten by an older one."""
    if not active():
        return
    leaves(copy, event)
    conversation = IConversation(copy, None)
    while conversation:
        del conversation[next(iter(conversation))]
    if _conversation(copy) is not None:
        _leave(copy)
    since = IAnnotations(event.relation).get("ore.iterate", {}).get("checkout_time")
    if since and _switched(event.baseline, since.asdatetime()):
        copy.allow_discussion = event.baseline.allow_discussion


def _switched(page: Any, since: datetime) -> bool:
    """Whether a moderator closed or opened it meanwhile."""
    told = Comments(api.portal.get()).log(since)
    return any(event.item == IUUID(page) and event.action in (Action.CLOSE, Action.OPEN) for event in told)


def moved(item: Any, event: Any) -> None:
    """Plone leaves in the catalogue, at the former place, what whoever moves it does not see."""
    if not active() or event.oldParent is None or event.newParent is None or _conversation(item) is None:
        return
    below = item.getPhysicalPath()[len(event.newParent.getPhysicalPath()) + 1 :]
    before = "/".join((*event.oldParent.getPhysicalPath(), event.oldName, *below))
    catalogue = api.portal.get_tool("portal_catalog")
    for brain in found(path=before):
        catalogue.uncatalog_object(brain.getPath())
