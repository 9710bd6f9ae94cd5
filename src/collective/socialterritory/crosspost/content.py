"""What Plone content gives: the "Social networks" fields of an item, and the facts the rules read from it."""

from Acquisition import aq_base
from collective.socialterritory import _
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.pictures import pictures
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.local import time_zone
from collective.socialterritory.plain import whole
from collective.socialterritory.public import is_public
from collective.socialterritory.public import moment
from collective.socialterritory.public import page_url
from collective.socialterritory.public import translation_group
from datetime import datetime
from datetime import UTC
from plone import api
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.supermodel import model
from plone.uuid.interfaces import IUUID
from typing import Any
from z3c.form.interfaces import IDisplayForm
from zExceptions import NotFound
from zope import schema
from zope.interface import provider


try:
    from plone.app.iterate.interfaces import IWorkingCopy
except ImportError:  # an optional part of Plone
    IWorkingCopy = None

FIELDS = (
    "social_post",
    "social_accounts",
    "social_text",
    "social_texts",
    "social_images",
    "social_chain",
    "social_at",
    "social_urgent",
)


@provider(IFormFieldProvider)
class ISocialPosting(model.Schema):
    model.fieldset("social", label=_("Social networks"), fields=FIELDS)
    # Visitors read neither drafts nor dates, whichever door they use.
    directives.read_permission(**dict.fromkeys(FIELDS, "cmf.ModifyPortalContent"))
    directives.omitted(IDisplayForm, *FIELDS)

    social_post = schema.Bool(
        title=_("Post on social networks when this is published"),
        default=True,
        required=False,
    )
    directives.widget(social_accounts="collective.socialterritory.crosspost.widgets.AccountsFieldWidget")
    social_accounts = schema.List(
        title=_("Accounts"),
        description=_("Nothing ticked: every account that speaks for this item."),
        value_type=schema.Choice(vocabulary="collective.socialterritory.accounts"),
        default=[],
        missing_value=[],
        required=False,
    )
    social_images = schema.Bool(
        title=_("With the images of the text"),
        description=_("Those that visitors may see go along after the item's own, as many as each network takes."),
        default=False,
        required=False,
    )
    social_chain = schema.Bool(
        title=_("Long texts as a thread"),
        description=_("Where a network allows it, what is too long for one post goes on, numbered, in posts below it."),
        default=False,
        required=False,
    )
    social_text = schema.Text(
        title=_("Text for all accounts"),
        description=_("Empty: each account's own template is used."),
        default="",
        missing_value="",
        required=False,
    )
    directives.widget(social_texts="collective.socialterritory.crosspost.widgets.TextsFieldWidget")
    social_texts = schema.Dict(
        title=_("Text for one account"),
        description=_("Empty: the text for all accounts is used."),
        key_type=schema.TextLine(),
        value_type=schema.Text(required=False, missing_value=""),
        default={},
        missing_value={},
        required=False,
    )
    social_at = schema.Datetime(
        title=_("Not before"),
        description=_("Empty: as soon as the item is public."),
        required=False,
    )
    social_urgent = schema.Bool(
        title=_("Urgent: does not wait for the account's hours and pace"),
        default=False,
        required=False,
    )


def choice(obj: Any) -> Choice:
    """What the editor chose; the defaults where the item lacks the behaviour."""

    base = aq_base(obj)
    base._p_activate()
    stored = vars(base)  # for what was never stored, Dexterity would search all schemas

    def value(name: str, default: Any) -> Any:
        return stored.get(f"social_{name}") or default

    post = stored.get("social_post")
    return Choice(
        post=post is None or bool(post),
        accounts=tuple(value("accounts", ())) or None,
        text=whole(value("text", "")),
        texts={uid: whole(text) for uid, text in value("texts", {}).items() if text and text.strip()},
        at=_utc(value("at", None)),
        urgent=bool(value("urgent", False)),
        images=bool(value("images", False)),
        chain=bool(value("chain", False)),
    )


def find(uid: str, path: str = "") -> Any:
    """The item with this UID whoever may see it; None when it is gone, even if the catalogue still names it.

    `path`: where it was last. To look there is quicker than to ask the catalogue, which may have been cleared.
    """
    if path and (obj := _at(path, uid)) is not None:
        return obj
    brains = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(UID=uid)
    return _at(brains[0].getPath(), uid) if brains else None


def _at(path: str, uid: str) -> Any:
    try:
        obj = api.portal.get().unrestrictedTraverse(path)
    except (AttributeError, KeyError, NotFound):
        return None
    return obj if IUUID(obj, None) == uid else None  # else acquired from a folder above


def facts(obj: Any) -> Item:
    path = "/".join(obj.getPhysicalPath())
    chosen = choice(obj)
    return Item(
        uid=obj.UID(),
        path=path,
        url=page_url(path, obj.portal_type),
        portal_type=obj.portal_type,
        title=whole(obj.Title()),
        description=whole(obj.Description()),
        subjects=tuple(map(whole, obj.Subject())),
        language=obj.Language(),
        effective=moment(obj.effective()),
        expires=moment(obj.expires()),
        public=is_public(obj),
        images=pictures(obj, chosen.images),
        choice=chosen,
        working_copy=is_working_copy(obj),
        created=moment(obj.created()),
        told=_told(obj),
    )


def is_working_copy(obj: Any) -> bool:
    return IWorkingCopy is not None and IWorkingCopy.providedBy(obj)


def _told(obj: Any) -> frozenset[str]:
    group = translation_group(obj)
    if not group:
        return frozenset()
    site = api.portal.get()
    query = {"TranslationGroup": group}
    found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(query)
    others = [brain.UID for brain in found if brain.UID != obj.UID()]
    over = (State.CANCELLED, State.REJECTED)
    known = [delivery for uid in others for delivery in Outbox(site).of_item(uid)]
    return frozenset(delivery.account for delivery in known if delivery.state not in over)


def _utc(value: datetime | None) -> datetime | None:
    """A form's local time has no zone: it is the site's."""
    if value is None:
        return None
    return (value if value.tzinfo else value.replace(tzinfo=time_zone())).astimezone(UTC)
