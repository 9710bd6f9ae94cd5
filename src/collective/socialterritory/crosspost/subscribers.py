"""The ears of cross-posting: what happens to content writes outbox records, and nothing else."""

from Acquisition import aq_base
from Acquisition import aq_parent
from collective.socialterritory import clock
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import ISocialPosting
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.public import is_public
from plone import api
from plone.exportimport.interfaces import IExportImportRequestMarker
from Products.CMFCore.interfaces import IIndexQueueProcessor
from typing import Any
from zope.globalrequest import getRequest
from zope.interface import implementer


def concerns(obj: Any) -> bool:
    """Items with the behaviour, changed by a person on a site that has the add-on; never an import."""
    request = getRequest()
    return (
        IBrowserLayer.providedBy(request)
        and not IExportImportRequestMarker.providedBy(request)
        and ISocialPosting(obj, None) is not None
    )


def published(obj: Any, event: Any) -> None:
    """After a workflow transition, whatever the states are called."""
    if event.transition is not None and concerns(obj) and is_public(obj):
        submit(obj)


def added(obj: Any, event: Any) -> None:
    """An item may be born public, where no workflow holds it back."""
    if concerns(obj):
        changes.noticed(obj)
        if pasted(obj):
            Outbox(api.portal.get()).note_author(obj.UID(), obj.aq_base._v_social_copy)
        elif is_public(obj):
            submit(obj)


def pasted(obj: Any) -> bool:
    """Whether this very transaction made it as a copy."""
    return getattr(aq_base(obj), "_v_social_copy", None) is not None


def modified(obj: Any, event: Any) -> None:
    if not concerns(obj):
        return
    changes.noticed(obj)
    if is_public(obj):
        submit(obj, fresh=False)


def copied(obj: Any, event: Any) -> None:
    """A copy is another piece of news: it takes no text, schedule or urgency along, and pasting it posts nothing.

    Its words are those of the authors of what was copied.
    """
    original = _original(obj, event)
    obj._v_social_copy = changes.authors(original, facts(original)) if concerns(original) else ()
    for name in ("social_text", "social_texts", "social_at", "social_urgent"):
        if name in vars(aq_base(obj)):
            delattr(obj, name)


def _original(obj: Any, event: Any) -> Any:
    """What `obj` is a copy of: the event is that of a folder, for all that is in it."""
    if aq_base(obj) is aq_base(event.object):
        return event.original
    return _original(aq_parent(obj), event)._getOb(obj.getId())


def removed(obj: Any, event: Any) -> None:
    """With its folder, too; what was moved is not removed."""
    if concerns(obj):
        Outbox(api.portal.get()).leave(obj.UID(), clock.now())


def checked_in(obj: Any, event: Any) -> None:
    """Whoever changed a working copy is an author of what it becomes."""
    if concerns(obj):
        Outbox(api.portal.get()).note_author(event.baseline.UID(), changes.authors(obj, facts(obj)))


@implementer(IIndexQueueProcessor)
class Reindexed:
    """Hears what fires no event of its own: tags and dates set on a folder's contents page, moves, old versions.

    Called before the commit, or before a search, for what the request indexed.
    """

    def index(self, obj: Any, attributes: Any = None) -> None:
        """It is new, or was moved, perhaps with all of its folder, or an old version was put back."""
        self.reindex(obj)

    def reindex(self, obj: Any, attributes: Any = None, update_metadata: int = 1) -> None:
        """Not for the sake of some indexes only, as when rights change on a folder or the catalogue is made anew."""
        if not concerns(obj):
            return
        if not is_public(obj) or obj.expires().isPast():
            Outbox(api.portal.get()).leave(obj.UID(), clock.now())
        else:
            Outbox(api.portal.get()).stay(obj.UID())
        if changes.written(obj) or not attributes:
            # What was public before the add-on came is not posted: a folder of it that moves is not read.
            if not is_public(obj) or Outbox(api.portal.get()).said(obj.UID()):
                changes.noticed(obj, edited=False)

    def unindex(self, obj: Any) -> None:
        """What is gone says nothing."""

    def begin(self) -> None:
        """Nothing to prepare."""

    def commit(self) -> None:
        """All was written with the transaction."""

    def abort(self) -> None:
        """All goes with the transaction."""
