"""What a person does about posts that are out: correct them when the news has changed, take them away."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost.composer import priced
from collective.socialterritory.crosspost.composer import rendition
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules.correction import Standing
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.store import delivery_id
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.errors import StaleFingerprint
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.local import me
from collective.socialterritory.networks.model import Charges
from collective.socialterritory.plain import plain
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace
from plone import api
from typing import Any
from zope.component import queryUtility


CORRECT = "correct"
"""What `actions.permitted` is asked: for whoever may change the item and post on the account, and for validators"""


@dataclass(frozen=True, slots=True)
class Outdated:
    """A post that says something else than its news, what it would say now, and how it can be corrected."""

    standing: Standing
    wanted: Rendition
    ways: tuple[str, ...]


def outdated(site: Any, item: Item) -> list[Outdated]:
    """Of an item that its readers see; what is being corrected already is left out."""
    if departure.absence(item, clock.now()):
        return []
    accounts = {account.uid: account for account in Accounts(site).all()}
    found = []
    for one in Outbox(site).standing(item.uid):
        account = accounts.get(one.delivery.account)
        network = queryUtility(INetwork, name=one.delivery.network)
        if one.busy or account is None or network is None:
            continue
        with suppress(ContentError):  # the account's template is wrong: its own page tells
            wanted = rendition(item, account)
            if correction.outdated(one, wanted):
                machine = network if reached(one.delivery, account) else None
                found.append(Outdated(one, wanted, correction.ways(machine, one.said, wanted)))
    return found


def correct(site: Any, id: str, way: str, text: str = "", fingerprint: str = "") -> list[Delivery]:
    """Let the post of delivery `id` be corrected, after the account's validation; the deliveries that do it.

    `way`: edit, replace, reply (with `text`), by_hand. `fingerprint`: of what the person saw that it would say.
    Raises KeyError, NotAllowed, DecisionError (no_such_way), StaleFingerprint, ContentError (text_needed,
    text_too_long).
    """
    outbox, made = _may(site, id)
    obj = find(made.content, made.item_path)
    item = None if obj is None else facts(obj)
    found = next((one for one in outdated(site, item) if one.standing.delivery.id == id), None) if item else None
    account = Accounts(site).get(made.account)
    if item is None or account is None or found is None or way not in found.ways:
        raise DecisionError("no_such_way")
    if fingerprint and fingerprint != found.wanted.fingerprint:
        raise StaleFingerprint("stale")
    authors = changes.authors(obj, item)
    planned = plan.asked(account, roles(obj), clock.now())
    before = found.standing.said.text
    if way == "reply":
        said = replace(written(item, account, text), source=found.wanted.source)
        authors = tuple(dict.fromkeys([*authors, me()]))
        return [_begun(outbox, item, planned, Operation.REPLY, said, authors, found.standing, before=before)]
    if way == "replace":
        return _replaced(outbox, item, planned, found, authors)
    by_hand = way == "by_hand"
    said = rendition(item, account, by_hand)
    return [
        _begun(outbox, item, planned, Operation.EDIT, said, authors, found.standing, before=before, by_hand=by_hand)
    ]


def _replaced(
    outbox: Outbox, item: Item, planned: Planned, found: Outdated, authors: tuple[str, ...]
) -> list[Delivery]:
    """The yes of the validators is for the new post; the old one goes when it is given."""
    account, one = planned.account, found.standing
    numbers = {operation: edition(outbox, item, account, operation) for operation in (Operation.POST, Operation.DELETE)}
    new, old = (delivery_id(item.uid, account.uid, operation, number) for operation, number in numbers.items())
    before = one.said.text
    free = replace(planned, state=State.QUEUED, needed=0)
    return [
        _begun(outbox, item, planned, Operation.POST, found.wanted, authors, None, partner=old, before=before),
        _begun(outbox, item, free, Operation.DELETE, _last_words(one, account), authors, one, partner=new),
    ]


def again(site: Any, id: str) -> Delivery:
    """Post what was taken away once more, after the account's validation: the news is public again. Raises as above."""
    outbox, made = _may(site, id)
    obj = find(made.content, made.item_path)
    item = None if obj is None else facts(obj)
    account = Accounts(site).get(made.account)
    gone = departure.absence(item, clock.now()) or account is None
    if gone or not correction.may_return(made, outbox.of_item(made.content)):
        raise DecisionError("no_such_way")
    planned = plan.asked(account, roles(obj), clock.now())
    return _begun(outbox, item, planned, Operation.POST, rendition(item, account), changes.authors(obj, item), None)


def withdraw(site: Any, id: str) -> list[Delivery]:
    """Let a post be taken away, and the answers to it, after the account's validation. Raises as correct()."""
    outbox, made = _may(site, id)
    account = Accounts(site).get(made.account)
    found = outbox.post(made.content, id)
    if found is None or found.busy or account is None:
        raise DecisionError("no_such_way")
    below = [one for one in outbox.standing(made.content) if one.delivery.target == id and not one.busy]
    answers = [one for one in below if one.delivery.operation is not Operation.CONTINUE]  # they go by themselves then
    planned = plan.asked(account, roles(find(made.content, made.item_path)), clock.now())
    return [taken_away(outbox, one, planned, by=me()) for one in (found, *answers)]


def found_at(site: Any, id: str, permalink: str) -> None:
    """The post that a person published is elsewhere than they said. Raises as above, and DecisionError (permalink_form,
    permalink_taken).
    """
    outbox, made = _may(site, id)
    found = outbox.post(made.content, id)
    if found is None or found.busy or not made.by_hand:
        raise DecisionError("no_such_way")
    after = actions.published_at(site, made, permalink)
    outbox.save(replace(after, log=(*made.log, Event(clock.now(), "address", me(), made.receipt_url))))
    for one in outbox.of_item(made.content):
        if one.target == id and one.operation is not Operation.ANSWER:
            outbox.save(replace(one, target_id=after.receipt_id, target_url=after.receipt_url))


def taken_away(outbox: Outbox, one: Standing, planned: Planned, by: str = "", cause: str = "") -> Delivery:
    """The delivery, stored, that takes a post away. `cause`: why the site asks for that by itself."""
    item = Item(one.delivery.content, one.delivery.item_path, "", "", one.delivery.item_title)
    authors = (by,) if by else ()
    said = _last_words(one, planned.account)
    return _begun(outbox, item, planned, Operation.DELETE, said, authors, one, cause=cause)


def reached(post: Delivery, account: Account) -> bool:
    """Whether the account can reach its post by machine: it knows its id there, is linked, and is who it was."""
    linked = account.link is not Link.NEW and not account.by_hand
    return bool(post.receipt_id) and linked and not (post.by_hand or departure.strange(post, account))


def _last_words(one: Standing, account: Account) -> Rendition:
    """What is taken away, and what that costs."""
    network = queryUtility(INetwork, name=one.delivery.network)
    paid = network is not None and reached(one.delivery, account)
    return replace(one.said, price=network.deletion if paid else "", warnings=())


def _may(site: Any, id: str) -> tuple[Outbox, Delivery]:
    outbox = Outbox(site)
    delivery = outbox.get(id)
    if delivery is None or not actions.visible(site, delivery):
        raise KeyError(id)
    if not actions.permitted(site, delivery, CORRECT):
        raise NotAllowed("not_allowed")
    return outbox, delivery


def written(item: Item, account: Account, text: str) -> Rendition:
    """What a person wrote, to be said below a post. Raises ContentError (text_needed, text_too_long), DecisionError."""
    said = plain(text).strip()
    network = queryUtility(INetwork, name=account.network)
    limits = network.limits_of(account.facts)
    used = limits.measure(said)
    if not said:
        raise ContentError("text_needed")
    if len(said) > actions.LONGEST:
        raise DecisionError("note_too_long", most=actions.LONGEST)
    if limits.text and used > limits.text:
        raise ContentError("text_too_long", used=used, limit=limits.text)
    answer = Rendition(said, language=item.language, used=used, limit=limits.text)
    return priced(answer, network) if isinstance(network, Charges) and not account.by_hand else answer


def _begun(
    outbox: Outbox,
    item: Item,
    planned: Planned,
    operation: Operation,
    said: Rendition,
    authors: tuple[str, ...],
    target: Standing | None,
    **more: Any,
) -> Delivery:
    by = "" if more.get("cause") else me()
    number = edition(outbox, item, planned.account, operation)
    now = clock.now()
    delivery = actions.planned_delivery(item, planned, said, authors, by, now, operation, number, **more)
    if target:
        post = target.delivery
        delivery = replace(
            delivery,
            # It is the post there that this is about, whoever the account has become since.
            network=post.network,
            identity=post.identity,
            target=post.id,
            target_id=post.receipt_id,
            target_url=post.receipt_url,
            by_hand=delivery.by_hand or not reached(post, planned.account),
        )
        # Two people at once conflict here; the second finds the post busy.
        asked = Event(now, "withdraw" if operation is Operation.DELETE else "correct", by)
        outbox.save(replace(post, log=(*post.log, asked)))
    outbox.enqueue(delivery)
    return delivery


def roles(obj: Any) -> frozenset[str]:
    """Nobody is trusted for an item that is gone."""
    return frozenset() if obj is None else frozenset(api.user.get_current().getRolesInContext(obj))


def edition(outbox: Outbox, item: Item, account: Account, operation: Operation) -> int:
    known = [d.edition for d in outbox.of_item(item.uid) if (d.account, d.operation) == (account.uid, operation)]
    return max(known, default=0) + 1
