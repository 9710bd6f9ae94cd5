"""What each account would say of what is in the form, and what publishing would do: nothing here is stored."""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.crosspost.actions import usable
from collective.socialterritory.crosspost.composer import foreseen
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import max_age
from collective.socialterritory.local import full_name
from collective.socialterritory.messages import sentence
from collective.socialterritory.messages import STATES
from collective.socialterritory.public import public_url
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from plone import api
from plone.i18n.normalizer.interfaces import IURLNormalizer
from typing import Any
from zope.component import ComponentLookupError
from zope.component import getUtility
from zope.i18n import translate
from zope.i18nmessageid import Message


UNSAVED = "unsaved"
"""Stands for the digest of an image that is only in the form."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """An account's view of an item. `rendition` None: it cannot be composed, `error` says why."""

    account: Account
    posts: bool
    """Publishing makes a post there"""
    notes: tuple[tuple[str, Message], ...]
    """(warning or info, sentence): what stands in the way, and what comes before sending"""
    rendition: Rendition | None
    error: Message | None = None
    made: bool = False
    """The item has its post there already, sent or not"""


def outlooks(context: Any, item: Item) -> list[Outlook]:
    """For the accounts that the current user may post on. `context`: the item, or the folder it will be in."""
    site = api.portal.get()
    now = clock.now()
    accounts = usable(site, context)
    roles = frozenset(api.user.get_roles(obj=context))
    planned = {post.account.uid: post for post in plan.plan(item, accounts, roles, now, max_age())}
    made = {delivery.account: delivery for delivery in Outbox(site).of_item(item.uid)} if item.uid else {}
    found = []
    for account in accounts:
        post = planned.get(account.uid)
        notes = tuple(_notes(site, item, account, post, made.get(account.uid), now))
        said, error = _said(item, account)
        known = account.uid in made
        found.append(Outlook(account, post is not None and not known, notes, said, error, known))
    return found


def _said(item: Item, account: Account) -> tuple[Rendition | None, Message | None]:
    try:
        return foreseen(item, account), None
    except ContentError as error:
        return None, sentence(error.code, error.params)
    except ComponentLookupError:
        return None, sentence("unknown_network")


def _notes(site: Any, item: Item, account: Account, post: Planned | None, made: Delivery | None, now: datetime) -> Any:
    if made is not None:
        yield "info", _already(made)
        return
    if account.link is Link.NEW:
        yield "warning", _("Not connected yet: nothing is posted there.")
    elif plan.translated(item, account):
        yield "info", _("Another translation of this item is posted there.")
        return
    elif not plan.speaks_for(replace(item, choice=Choice()), account):
        yield "info", _("Not for this item: its section, type, tags or language are not those the account speaks for.")
        return
    if account.link is Link.RECONNECT:
        yield "warning", _("The account must be reconnected: its posts wait until then.")
    if account.pause and account.pause.frozen(now):
        names = {"by": full_name(account.pause.by), "reason": account.pause.reason}
        yield "warning", _("Paused by ${by}, posts wait: ${reason}", mapping=names)
    if not account.by_itself:
        yield "info", _("Posts only what a content rule or a person asks for: see “Networks”, after saving.")
    if post is not None and post.needed:
        yield approval(site, item, post)


def _already(made: Delivery) -> Message:
    if made.state in WAITING:
        return _("Already planned: a change asks for approval again where one is needed.")
    names = {"state": STATES[made.state]}
    if made.state in (State.REJECTED, State.FAILED):
        return _("Not sent (${state}): change it here, then go on under “Networks”.", mapping=names)
    return _("Already there (${state}): what you change here is not sent again.", mapping=names)


def approval(site: Any, item: Item, post: Planned) -> tuple[str, Message]:
    """(warning or info, sentence): what comes before sending, when the current user publishes."""
    if not post.needed:
        return "info", _("Leaves without approval.")
    if post.state is State.QUEUED:
        return "info", _("Leaves without approval: you are trusted on this account.")
    authors = {api.user.get_current().getId(), *Outbox(site).authors(item.uid)} if post.apart else set()
    if len(set(validators(site, post.account.uid)) - authors) < post.needed:
        return "warning", _(
            "Too few people may approve for this account: the post would wait. "
            "Ask a webmaster to give somebody “Networks: can validate”."
        )
    if post.needed > 1:
        return "info", _("Leaves after two approvals.")
    if post.apart:
        return "info", _("Leaves after the approval of somebody else.")
    return "info", _("Leaves after an approval.")


def notice(found: Sequence[Outlook], item: Item) -> Message:
    """What publishing will do, in one sentence."""
    names = [outlook.account.title for outlook in found if outlook.posts]
    if not item.choice.post:
        return _("At publication: nothing is posted on social networks.")
    if names:
        return _("At publication: ${accounts}.", mapping={"accounts": ", ".join(names)})
    if any(outlook.made for outlook in found):
        return _("The posts of this item exist already: follow them under “Networks”.")
    if not found:
        return _("No account is there for you to post on. A webmaster can add one.")
    return _("At publication: no account posts this.")


def new_item(container: Any, portal_type: str, title: str = "") -> Item:
    """The facts of an item that is being added to `container`."""
    name = getUtility(IURLNormalizer).normalize(title) if title else "…"
    folder = "/".join(container.getPhysicalPath())
    address = public_url(folder)
    language = getattr(container.aq_base, "language", "") or api.portal.get_default_language()
    url = address and f"{address}/{name}"
    return Item(uid="", path=f"{folder}/{name}", url=url, portal_type=portal_type, title=title, language=language)


def typed(item: Item, data: Mapping[str, Any], request: Any) -> Item:
    """`item` with what is typed in the form; keys that are missing keep what is stored.

    data: title, description, language, caption, text: str; subjects, accounts: lists of str; texts: account UID -> str;
    post: bool; image: None (no image of its own) or {mime, width, height, size} of one that is not stored yet;
    images: bool, False to leave those of the text aside; chain: bool.
    """
    texts = data.get("texts")
    choice = replace(
        item.choice,
        post=bool(data.get("post", item.choice.post)),
        accounts=_strings(data["accounts"]) or None if "accounts" in data else item.choice.accounts,
        text=_string(data, "text", item.choice.text),
        chain=bool(data.get("chain", item.choice.chain)),
        texts={str(k): str(v) for k, v in texts.items()} if isinstance(texts, dict) else item.choice.texts,
    )
    return replace(
        item,
        title=_string(data, "title", item.title) or translate(_("Title of the item"), context=request),
        description=_string(data, "description", item.description),
        language=_string(data, "language", item.language),
        subjects=_strings(data["subjects"]) if "subjects" in data else item.subjects,
        images=_images(item, data),
        choice=choice,
    )


def _string(data: Mapping[str, Any], name: str, default: str) -> str:
    value = data.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else default


def _strings(values: Any) -> tuple[str, ...]:
    return tuple(v for v in values if isinstance(v, str) and v.strip()) if isinstance(values, list) else ()


def _images(item: Item, data: Mapping[str, Any]) -> tuple[ImageSource, ...]:
    own = [image for image in item.images if not image.place]
    others = [image for image in item.images if image.place]
    if "image" in data:
        own = [_unsaved(data["image"])] if isinstance(data["image"], dict) else []
    described = [replace(image, caption=_string(data, "caption", image.caption)) for image in own]
    return (*described, *(others if data.get("images", True) else ()))


def _unsaved(given: Mapping[str, Any]) -> ImageSource:
    numbers = [given.get(name) for name in ("width", "height", "size")]
    width, height, size = (number if isinstance(number, int) and number >= 0 else 1 for number in numbers)
    return ImageSource(UNSAVED, str(given.get("mime", "")), width, height, size)
