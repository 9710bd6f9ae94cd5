"""What tells caches that the comments of a page changed: a part of its ETag."""

from collective.socialterritory.comments import visible
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.local import me
from plone import api
from plone.app.caching.interfaces import IETagValue
from plone.app.discussion.interfaces import IConversation
from Products.CMFCore.interfaces import IContentish
from typing import Any
from zope.component import adapter
from zope.interface import implementer
from zope.interface import Interface


ETAG = "socialComments"
"""Name of our part in the lists of plone.app.caching"""


@implementer(IETagValue)
@adapter(Interface, Interface)
class Changed:
    """How many there are, which visitors are not told, how many they see, what was last decided on the site, and
    whether people can comment.

    The last decision is one of any page: texts that were edited have no mark of their own.
    """

    def __init__(self, published: Any, request: Any) -> None:
        self._item = getattr(published, "context", published)

    def __call__(self) -> str:
        item = self._item
        conversation = IConversation(item, None) if active() and IContentish.providedBy(item) else None
        if conversation is None:
            return ""
        store = Comments(api.portal.get())
        all = len(conversation) if me() else ""
        return f"{all}.{len(visible.ids(item))}.{store.changed}.{opening(item).why or ''}"
