"""Remembers on a comment what Plone has no field for, as primitives."""

from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import known
from collective.socialterritory.comments.model import State
from persistent.mapping import PersistentMapping
from plone import api
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.comment"
STATES = frozenset(map(str, State))


def facts(comment: Any) -> Facts:
    return known(IAnnotations(comment).get(KEY, {}))


def keep(comment: Any, **changes: Any) -> Facts:
    """`changes`: fields of Facts. The caller brings the catalogue up to date."""
    annotations = IAnnotations(comment)
    if KEY not in annotations:
        annotations[KEY] = PersistentMapping()
    annotations[KEY].update(changes)
    return facts(comment)


def state(comment: Any) -> State:
    """Waiting also where another workflow, which knows other states, was put in place of ours."""
    found = api.portal.get_tool("portal_workflow").getInfoFor(comment, "review_state", "")
    return State(found) if found in STATES else State.WAITING


def page(comment: Any) -> Any:
    """The content that it is about."""
    return comment.__parent__.__parent__


def key(comment: Any) -> str:
    """`<UID of the page>.<id of the comment>`: its name in links, logs and services."""
    return f"{IUUID(page(comment))}.{comment.id}"
