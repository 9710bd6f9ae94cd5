"""Many decisions at once: what Plone would draw up anew of each comment, and a decision does not change."""

from collections.abc import Collection
from collective.socialterritory.comments.facts import state
from plone import api
from Products.CMFCore.indexing import getQueue
from Products.CMFCore.indexing import REINDEX
from typing import Any


def lightly(comments: Collection[Any]) -> None:
    """In lists they have a column for their state; the 40 others stay: they take longer than the decisions.

    The indexes that a decision touches are brought up to date when the transaction ends, as ever.
    """
    columns = api.portal.get_tool("portal_catalog")._catalog
    paths = {"/".join(comment.getPhysicalPath()): comment for comment in comments}
    queue = getQueue()
    queue.optimize()
    queue.setState([_light(one, paths) for one in queue.getState()])
    place = columns.schema["review_state"]
    for path, comment in paths.items():
        id = columns.uids.get(path)
        if id is not None:
            record = list(columns.data[id])
            record[place] = str(state(comment))
            columns.data[id] = tuple(record)


def _light(one: tuple[Any, ...], paths: Collection[str]) -> tuple[Any, ...]:
    """An entry of the queue without its columns, where it is about one of these and about some indexes alone."""
    kind, obj, indexes, _columns = one
    mine = kind == REINDEX and indexes and "/".join(obj.getPhysicalPath()) in paths
    return (kind, obj, indexes, 0) if mine else one
