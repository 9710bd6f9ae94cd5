"""Which comments visitors see: those approved, not hidden, and below nothing that is hidden from them."""

from collective.socialterritory import clock
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import page
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.store import Comments
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.uuid.interfaces import IUUID
from typing import Any
from z3c.caching.purge import Purge
from zope.event import notify


DEEPEST = 100
"""Levels of answers that are kept as such: each decision looks at all above and below it, and Plone, which calls itself
for each level, gives up at a thousand"""


class Appeared:
    """An event: visitors see a comment that they did not see a moment ago."""

    def __init__(self, comment: Any) -> None:
        self.comment = comment


def open_to_all(comment: Any) -> bool:
    """What its own state says."""
    return state(comment) == State.APPROVED and not facts(comment).hidden


def below_hidden(comment: Any) -> bool:
    """Whether it answers something, directly or not, that visitors do not see, or that is gone."""
    conversation = comment.__parent__
    parent = comment.in_reply_to
    while parent:
        above = conversation.get(parent)
        if above is None or not open_to_all(above):
            return True
        parent = above.in_reply_to
    return False


def near(conversation: Any, id: int) -> int:
    """The comment below which an answer to this one is kept: this one, or one above it where that is too deep."""
    above = [id]
    while (parent := conversation[above[-1]].in_reply_to) and parent in conversation:
        above.append(parent)
    return int(above[-DEEPEST]) if len(above) > DEEPEST else id


def visible(comment: Any) -> bool:
    return open_to_all(comment) and not below_hidden(comment)


def ids(item: Any) -> Any:
    """Ids of the comments that visitors see below a page, oldest first: a set with a length. Writes nothing."""
    known = Comments(api.portal.get()).shown(IUUID(item))
    return reckoned(item)[0] if known is None else known


def reckoned(item: Any, root: int = 0) -> tuple[set[int], set[int]]:
    """(ids that visitors see, all ids) of the page's comments, or of `root` and those below it."""
    conversation = IConversation(item)
    seen, all = set(), set()
    threads = [] if root else conversation.getThreads()
    if root and root in conversation:
        comment = conversation[root]
        threads = [{"id": root, "comment": comment}, *conversation.getThreads(root=root)]
    for thread in threads:
        id, comment = int(thread["id"]), thread["comment"]
        all.add(id)
        above = comment.in_reply_to
        if open_to_all(comment) and (above in seen or (id == root and not below_hidden(comment)) or not above):
            seen.add(id)
    return seen, all


def update(comment: Any) -> None:
    """After something that changes who sees it: the memory of the page, and the catalogue's of it and those below."""
    item = page(comment)
    store, uid = Comments(api.portal.get()), IUUID(item)
    first = store.shown(uid) is None
    seen, all = reckoned(item, 0 if first else int(comment.id))
    before = set() if first else {id for id in all if id in store.shown(uid)}
    if seen != before or first:
        store.show(uid, seen, all)
    conversation = comment.__parent__
    for id in (seen ^ before) - {int(comment.id)} if not first else ():
        conversation[id].reindexObject(idxs=["allowedRolesAndUsers"])
    comment.reindexObject(idxs=["review_state", "allowedRolesAndUsers", "social_comment"])
    # Of a page that was never reckoned, nobody knows what was seen before: then only this one can be new.
    if new := (seen - before) & ({int(comment.id)} if first else seen):
        subscriptions.appeared(api.portal.get(), uid, new, clock.now())
    for id in new:
        notify(Appeared(conversation[id]))
    if seen != before:
        item.reindexObject(idxs=["total_comments", "last_comment_date", "commentators"])
        notify(Purge(item))
