"""When a reply's comment goes, only a mark stays that says that it was here: it does not tell whose it was."""

from collective.socialterritory.comments import facts
from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.store import Hearsay
from dataclasses import replace
from plone import api
from plone.uuid.interfaces import IUUID
from typing import Any


def forget(comment: Any) -> None:
    """Whoever takes it away; of what was written here there is nothing to forget."""
    known = facts.facts(comment)
    item = IUUID(facts.page(comment), None)
    if not known.remote or not item:
        return
    store, key = Hearsay(api.portal.get()), rules.key(known.remote["account"], known.remote["id"])
    kept = store.reply(item, key)
    if kept and kept.there:
        store.keep(item, key, replace(kept, there=""))
