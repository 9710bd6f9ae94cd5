"""Who wants mails about answers: asked for with a comment, confirmed from the mailbox, ended by one click.

Kept in the tree `subscriptions` of the room, under `<UID of the page>.<hash of the address>`. Under `!<time>.<comment>`
it holds answers that became visible; under `~`, how many mails went to whom today (unasked.py).
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import unasked
from collective.socialterritory.comments.rules import people
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.answers import Subscription
from collective.socialterritory.comments.rules.answers import without
from collective.socialterritory.comments.rules.reports import good_address
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from collective.socialterritory.plain import one_line
from collective.socialterritory.public import page_url
from dataclasses import asdict
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.i18n import translate


CONFIRM = "confirm"
UNSUBSCRIBE = "unsubscribe"
"""Purposes of tokens"""
CONFIRMABLE = timedelta(days=3)
"""What is not confirmed by then is forgotten"""
AGAIN = timedelta(days=1)
"""Between two mails that ask the same address about the same page"""
DUE = "!"


def offered() -> bool:
    """Whether people may ask for such mails. Without a public address links would lead where the browser says."""
    return bool(settings().notify_replies and site_settings().public_url and mail.mail_server())


def wanted(comment: Any, address: str, now: datetime) -> None:
    """Its author ticked the box. Nothing but the question whether that is so goes to an address that has not said it.

    Nothing is kept where the site does not offer it, or for what is no address.
    """
    address = address.strip()
    if not offered() or not good_address(address):
        return
    site, uid = api.portal.get(), IUUID(facts.page(comment))
    id = f"{uid}.{_hash(site, address)}"
    before = get(site, id) or Subscription(uid, address, (), "", language=str(api.portal.get_current_language()))
    mine = tuple(dict.fromkeys((*before.comments, int(comment.id))))
    # Anybody may type an address: what its owner has confirmed stays its owner's.
    author = before.author if before.confirmed else facts.facts(comment).author or before.author
    after = replace(before, comments=mine, author=author)
    waits = before.asked and now - datetime.fromisoformat(before.asked) < AGAIN
    if not before.confirmed and not waits and unasked.may_write(site, address, now):
        after = replace(after, asked=now.isoformat())
        _ask(site, id, after, facts.page(comment), now)
    if after.asked:
        _keep(site, id, after)


def _ask(site: Any, id: str, one: Subscription, item: Any, now: datetime) -> None:
    """The mail says nothing that the comment's author typed: the address may be somebody else's."""
    names = {"title": one_line(item.Title())}
    token = signing.sign(Comments(site).secret, CONFIRM, (id,), now + CONFIRMABLE)
    lines = [
        _(
            "Somebody, perhaps you, wrote a comment on “${title}” and wants to be told of answers at this address.",
            mapping=names,
        ),
        page_url("/".join(item.getPhysicalPath()), item.portal_type),
        _("If it was you, confirm it on this page within three days:"),
        link(CONFIRM, token),
        _("If it was not you, there is nothing to do: you get no answers, and this address is forgotten."),
    ]
    subject = _("Answers on “${title}”: please confirm", mapping=names)
    said = [translate(line, target_language=one.language) for line in lines]
    mail.queue(site, one.to, translate(subject, target_language=one.language), "\n\n".join(said), now)


def link(purpose: str, token: str) -> str:
    """The address in a mail, of the setting and never of a request, which may lie."""
    return f"{site_settings().public_url.rstrip('/')}/@@social-{purpose}?key={token}"


def unsubscribe_link(site: Any, id: str) -> str:
    return link(UNSUBSCRIBE, signing.sign(Comments(site).secret, UNSUBSCRIBE, (id,)))


def get(site: Any, id: str) -> Subscription | None:
    stored = Comments(site).subscriptions.get(id)
    return Subscription(page=id.partition(".")[0], **stored) if stored else None


def confirm(site: Any, id: str, now: datetime) -> None:
    one = get(site, id)
    if one is not None and not one.confirmed:
        _keep(site, id, replace(one, confirmed=now.isoformat()))


def told(site: Any, id: str, answer: int) -> None:
    one = get(site, id)
    if one is not None:
        _keep(site, id, replace(one, told=(*one.told, answer)))


def end(site: Any, id: str) -> None:
    Comments(site).subscriptions.pop(id, None)


def of_page(site: Any, uid: str) -> Iterator[tuple[str, Subscription]]:
    """(id, subscription)"""
    for id in list(Comments(site).subscriptions.keys(min=f"{uid}.", max=f"{uid}/")):
        one = get(site, id)
        if one is not None:
            yield id, one


def forget_page(site: Any, uid: str) -> None:
    for id, _one in of_page(site, uid):
        end(site, id)


def forget_comments(site: Any, uid: str, ids: Iterable[int]) -> None:
    """They are gone; so is what was asked for with them alone."""
    for id, one in of_page(site, uid):
        left = without(one, set(ids))
        if not left:
            end(site, id)
        elif left != one.comments:
            _keep(site, id, replace(one, comments=left))


def appeared(site: Any, uid: str, ids: Iterable[int], now: datetime) -> None:
    """Visitors see these comments now: whoever waits for answers there is told in a while, by the worker."""
    tree = Comments(site).subscriptions
    if next(iter(tree.keys(min=f"{uid}.", max=f"{uid}/")), None):
        for id in ids:
            tree[f"{DUE}{_time(now)}.{uid}.{id}"] = True


def due(site: Any, until: datetime, most: int) -> list[str]:
    """Keys <UID of the page>.<id> of what became visible before, which is forgotten by this."""
    tree = Comments(site).subscriptions
    found = list(tree.keys(min=DUE, max=f"{DUE}{_time(until)}"))[:most]
    for key in found:
        del tree[key]
    return [".".join(key.rsplit(".", 2)[1:]) for key in found]


def prune(site: Any, now: datetime) -> None:
    """Addresses are kept only as long as they are needed."""
    tree = Comments(site).subscriptions
    unconfirmed, old = now - CONFIRMABLE, now - timedelta(days=settings().keep_email)
    for id in list(tree.keys(min="0", max=unasked.MARK)):
        one = get(site, id)
        since = datetime.fromisoformat(one.confirmed or one.asked) if one else now
        if one and since < (old if one.confirmed else unconfirmed):
            end(site, id)
    unasked.prune(site, now)


def _time(when: datetime) -> str:
    """Of one length, so that texts sort as times do."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _keep(site: Any, id: str, one: Subscription) -> None:
    Comments(site).subscriptions[id] = {name: value for name, value in asdict(one).items() if name != "page"}


def _hash(site: Any, address: str) -> str:
    return people.of_address(Comments(site).secret, address).partition(":")[2]
