"""Moving what an item has planned to another day, whichever door a person comes through."""

from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.content import ISocialPosting
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules import calendar
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.local import time_zone
from datetime import datetime
from plone import api
from typing import Any
from zope.event import notify
from zope.globalrequest import getRequest
from zope.lifecycleevent import Attributes
from zope.lifecycleevent import ObjectModifiedEvent


def move(site: Any, uid: str, at: datetime, seen: str) -> list[Delivery]:
    """The item's posts that wait, not to leave before `at` (aware) any more; those of all its accounts.

    It is the field of the editing form that changes, with all that follows from editing it. `seen`: of
    calendar.planned_for(), when the person looked.

    Raises KeyError (nothing that the person may know of), NotAllowed, DecisionError.
    """
    outbox = Outbox(site)
    of_item = outbox.of_item(uid)
    if not any(actions.visible(site, delivery) for delivery in of_item):
        raise KeyError(uid)
    obj = find(uid, of_item[0].item_path)
    if obj is None:
        raise DecisionError("item_deleted")
    posts = calendar.movable(of_item)
    if not may_move(site, obj, posts):
        raise NotAllowed("move_denied")
    _unlocked(obj)
    item = facts(obj)
    if why := calendar.refusal(of_item, item, at, seen, clock.now()):
        raise DecisionError(why, at={"move_early": item.effective, "move_expired": item.expires}.get(why))
    obj.social_at = at.astimezone(time_zone()).replace(tzinfo=None)  # as the form keeps it
    notify(ObjectModifiedEvent(obj, Attributes(ISocialPosting, "ISocialPosting.social_at")))
    return [post for delivery in posts if (post := outbox.get(delivery.id))]


def may_move(site: Any, obj: Any, posts: Sequence[Delivery]) -> bool:
    """Whether the current user may change the item, and put each of the posts on hold."""
    changes = ISocialPosting.providedBy(obj) and api.user.has_permission("Modify portal content", obj=obj)
    return bool(changes) and all(actions.permitted(site, post, "hold") for post in posts)


def _unlocked(obj: Any) -> None:
    """Raises DecisionError while somebody else edits it, or has a working copy: saving that would undo the move."""
    lock = api.content.get_view("plone_lock_info", obj, getRequest())
    if lock.is_locked_for_current_user():
        raise DecisionError("move_locked", by=(lock.lock_info() or {}).get("fullname"))
