"""Who changed what could be said, and what becomes of posts that have not left: they follow, their approvals go."""

from Acquisition import aq_base
from Acquisition import aq_parent
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.composer import rendition
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import authorship
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.authorship import Said
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.local import me
from collective.socialterritory.local import time_zone
from dataclasses import replace
from plone import api
from transaction import TransactionManager
from typing import Any
from ZODB.utils import z64
from zope.component import queryUtility


def noticed(obj: Any, edited: bool = True) -> None:
    """After somebody changed the item, by whatever door. `edited`: perhaps when and how urgently it is posted, too."""
    site = api.portal.get()
    outbox = Outbox(site)
    known = outbox.said(obj.UID())
    path = "/".join(obj.getPhysicalPath())
    if known and known.path != path and not _waiting(outbox, obj):  # perhaps moved with its folder, among many
        _note(outbox, obj, replace(known, path=path), True)
        return
    item = facts(obj)
    said = authorship.said(item, time_zone())
    today = clock.now().astimezone(time_zone()).date().isoformat()
    before = known
    unheard: frozenset[str] = frozenset()
    if (known is None or known.words != said.words) and (stored := _committed(obj)):
        unheard = _attribute(outbox, obj, stored)
        before = replace(known or stored, words=stored.words)
    authored = before is None or authorship.changed(before, said, today, lambda: _dated(site))
    _note(outbox, obj, said, authored)
    if not (authored or edited or unheard or authorship.redated(before, said, today)):
        return
    accounts = {account.uid: account for account in Accounts(site).all()}
    for delivery in _waiting(outbox, obj):
        if account := accounts.get(delivery.account):
            after = _followed(obj, delivery, item, account, me(), authored, unheard)
            _keep(site, delivery, _rescheduled(after, item))


def _waiting(outbox: Outbox, obj: Any) -> list[Delivery]:
    return [delivery for delivery in outbox.of_item(obj.UID()) if delivery.state in WAITING]


def _dated(site: Any) -> bool:
    return any("{date}" in account.template for account in Accounts(site).all())


def follow_account(site: Any, outbox: Outbox, account: Account, id: str) -> None:
    """One open post of an account whose template or campaign was changed."""
    delivery = outbox.get(id)
    obj = find(delivery.content, delivery.item_path) if delivery else None
    if obj is not None:
        follow(site, obj, facts(obj), delivery, account)


def follow(site: Any, obj: Any, item: Item, delivery: Delivery, account: Account) -> Delivery:
    """The delivery with what would be said now, kept, and told where an approval went.

    An item's own changes were noticed when they were made: what differs is the account's doing.
    """
    outbox = Outbox(site)
    before = delivery
    if not validation.settled(delivery):
        delivery = validation.tightened(delivery, account)
    unheard = _attribute(outbox, obj, authorship.said(item, time_zone()))
    if unheard:
        authors = dict.fromkeys([*delivery.authors, *outbox.authors(delivery.content)])
        delivery = replace(delivery, authors=tuple(authors))
    return _keep(site, before, _followed(obj, delivery, item, account, unheard=unheard))


def authors(obj: Any, item: Item) -> tuple[str, ...]:
    """Everyone who had a hand in what is stored of the item, by doors that tell nobody as well."""
    outbox = Outbox(api.portal.get())
    _attribute(outbox, obj, authorship.said(item, time_zone()))
    return outbox.authors(item.uid)


def _attribute(outbox: Outbox, obj: Any, stored: Said) -> frozenset[str]:
    """Who wrote lately, where words were changed by a door that tells nobody, as WebDAV, or before the add-on came."""
    known = outbox.said(obj.UID())
    base = aq_base(obj)
    if (known and known.words == stored.words) or base._p_jar is None or base._p_serial == z64:
        return frozenset()
    written = [entry["user_name"] for entry in base._p_jar.db().history(base._p_oid, 10)]
    names = [name.decode() if isinstance(name, bytes) else name for name in written]
    users = {*obj.listCreators()[:1], *(name.partition(" ")[2] for name in names)}  # "path id", of the publisher
    if known and api.user.has_permission("Modify portal content", obj=obj):
        users.add(me())
    outbox.note_author(obj.UID(), users - {""}, stored)
    return frozenset(users - {""})


def _followed(
    obj: Any,
    delivery: Delivery,
    item: Item,
    account: Account,
    actor: str = "",
    authored: bool = False,
    unheard: frozenset[str] = frozenset(),
) -> Delivery:
    """`unheard`: who changed words without being noticed then; their hand counts as that of those who came after.

    Nothing follows where the network is not installed any more: its posts are on hold.
    """
    if queryUtility(INetwork, name=account.network) is None:
        return delivery
    authors = tuple(user for user in (*account.rewriters, *sorted(unheard), actor if authored else "") if user)
    now = clock.now()
    said = rendition(item, account, delivery.by_hand)
    after = validation.recompose(delivery, said, authors, now)
    actors = {*authors, actor} - {""}
    trusted = actors and all(validation.trusts(account, _roles(user, obj)) for user in actors)
    if delivery.state is State.QUEUED and after.state is State.PENDING and trusted:
        return validation.trust(after, actor or authors[-1], now)
    return after


def _rescheduled(delivery: Delivery, item: Item) -> Delivery:
    if delivery.attempts or delivery.operation is not Operation.POST:
        return delivery
    due = plan.due_from(item, delivery.created)
    return replace(delivery, due=due, urgent=item.choice.urgent, item_title=item.title)


def _keep(site: Any, before: Delivery, after: Delivery) -> Delivery:
    if after != before:
        Outbox(site).save(after)
    if before.state is State.QUEUED and after.state is State.PENDING:
        notices.voided(site, after, clock.now())
    return after


def _note(outbox: Outbox, obj: Any, said: Said, authored: bool) -> None:
    users = {*obj.listCreators()[:1], *([me()] if authored and me() else [])}
    outbox.note_author(obj.UID(), users, said)


def _roles(user: str, obj: Any) -> frozenset[str]:
    found = api.user.get_current() if user == me() else api.user.get(userid=user)
    return frozenset(found.getRolesInContext(obj) if found else ())


def written(obj: Any) -> bool:
    """Whether this transaction changed the object itself."""
    base = aq_base(obj)
    return base._p_jar is None or bool(base._p_changed)


def _committed(obj: Any) -> Said | None:
    """What could be said before this transaction, read beside it; None of what is new."""
    base = aq_base(obj)
    if base._p_jar is None or base._p_serial == z64:
        return None
    beside = base._p_jar.db().open(TransactionManager())
    try:
        return authorship.said(facts(beside.get(base._p_oid).__of__(aq_parent(obj))), time_zone())
    finally:
        beside.transaction_manager.abort()
        beside.close()
