"""Avatars go when no comment shows them any more; a duty of the worker."""

from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.model import SITE
from datetime import datetime
from typing import Any


def prune(site: Any, now: datetime) -> None:
    store = Hearsay(site)
    if store.marks():
        replies = found(without=f"source:{SITE}")
        remotes = (facts(brain._unrestrictedGetObject()).remote for brain in replies)
        store.prune(frozenset(remote["avatar"] for remote in remotes if remote.get("avatar")))
