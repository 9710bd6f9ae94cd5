"""The ears of cross-posting: what happens to content writes outbox records, and nothing else."""

from Acquisition import aq_base
from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.actions import submit
from collective.socialterritory.crosspost.composer import rendition
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import is_public
from collective.socialterritory.crosspost.content import ISocialPosting
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from dataclasses import replace
from plone import api
from plone.exportimport.interfaces import IExportImportRequestMarker
from typing import Any
from zope.globalrequest import getRequest

import hashlib


def _concerns(obj: Any) -> bool:
    """Items with the behaviour, changed by a person on a site that has the add-on; never an import."""
    request = getRequest()
    return (
        IBrowserLayer.providedBy(request)
        and not IExportImportRequestMarker.providedBy(request)
        and ISocialPosting(obj, None) is not None
    )


def published(obj: Any, event: Any) -> None:
    """After a workflow transition, whatever the states are called."""
    if event.transition is not None and _concerns(obj) and is_public(obj):
        submit(obj)


def added(obj: Any, event: Any) -> None:
    """An item may be born public, where no workflow holds it back."""
    if _concerns(obj):
        _note_author(obj)
        if is_public(obj) and not getattr(obj.aq_base, "_v_social_copy", False):
            submit(obj)


def modified(obj: Any, event: Any) -> None:
    if not _concerns(obj):
        return
    _note_author(obj)
    _recompose(obj)
    if is_public(obj):
        submit(obj, fresh=False)


def copied(obj: Any, event: Any) -> None:
    """A copy is another piece of news: it takes no text, schedule or urgency along, and pasting it posts nothing."""
    obj._v_social_copy = True
    for name in ("social_text", "social_texts", "social_at", "social_urgent"):
        if name in vars(aq_base(obj)):
            delattr(obj, name)


def checked_in(obj: Any, event: Any) -> None:
    """Whoever changed a working copy is an author of what it becomes."""
    outbox = Outbox(api.portal.get())
    outbox.note_author(event.baseline.UID(), outbox.authors(obj.UID()), said=f"checkin {obj.UID()}")


def _note_author(obj: Any) -> None:
    by = api.user.get_current().getId()
    users = {*obj.listCreators()[:1], *([by] if by else [])}
    Outbox(api.portal.get()).note_author(obj.UID(), users, said(facts(obj)))


def said(item: Item) -> str:
    """A digest of all that any account could say of the item."""
    choice = item.choice
    source = (item.title, item.description, item.subjects, item.language, item.image, choice.text, choice.texts)
    return hashlib.sha256(repr(source).encode()).hexdigest()


def _recompose(obj: Any) -> None:
    """What waits or is approved follows the item; an approval that no longer fits is void."""
    site = api.portal.get()
    outbox = Outbox(site)
    open_ones = [d for d in outbox.of_item(obj.UID()) if d.state in (State.PENDING, State.QUEUED)]
    if not open_ones:
        return
    item = facts(obj)
    now = clock.now()
    by = api.user.get_current().getId() or ""
    roles = frozenset(api.user.get_current().getRolesInContext(obj))
    accounts = Accounts(site)
    for delivery in open_ones:
        account = accounts.get(delivery.account)
        after = delivery if account is None else validation.recompose(delivery, rendition(item, account), by, now)
        if after.state is State.PENDING and validation.trusts(account, roles) and delivery.state is State.QUEUED:
            after = validation.trust(after, by, now)
        if not after.attempts:
            after = replace(
                after, due=plan.due_from(item, after.created), urgent=item.choice.urgent, item_title=item.title
            )
        if after != delivery:
            outbox.save(after)
        if after.state is State.PENDING and delivery.state is State.QUEUED:
            notices.voided(site, after, now)
