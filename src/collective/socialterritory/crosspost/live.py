"""The preview of what is typed and not saved yet, for the form's script: it reads, composes and writes nothing."""

from collections.abc import Mapping
from collective.socialterritory import _
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost.composer import rendition
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.preview import new_item
from collective.socialterritory.crosspost.preview import notice
from collective.socialterritory.crosspost.preview import Outlook
from collective.socialterritory.crosspost.preview import outlooks
from collective.socialterritory.crosspost.preview import typed
from collective.socialterritory.crosspost.preview import UNSAVED
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.messages import sentence
from collective.socialterritory.text import shortened
from collective.socialterritory.text import spans
from dataclasses import replace
from plone import api
from plone.protect import CheckAuthenticator
from Products.Five.browser import BrowserView
from typing import Any
from urllib.parse import urlsplit
from zExceptions import BadRequest
from zExceptions import Unauthorized
from zope.component import ComponentLookupError
from zope.component import getUtility
from zope.component import queryUtility
from zope.i18n import translate
from zope.schema.interfaces import IVocabularyFactory

import json


MOST = 200_000
"""Bytes of a request: more than any form holds"""


class SocialPreview(BrowserView):
    """POST {title, description, subjects, texts, …} as in preview.typed(), and `type` when an item is being added."""

    def __call__(self) -> str:
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Content-Type", "application/json; charset=utf-8")
        response.setHeader("X-Content-Type-Options", "nosniff")
        if self.request.method != "POST":
            response.setStatus(405)
            response.setHeader("Allow", "POST")
            return "{}"
        CheckAuthenticator(self.request)
        if not any(api.user.has_permission(f"{verb} portal content", obj=self.context) for verb in ("Modify", "Add")):
            raise Unauthorized("Only for those who may change this")
        return json.dumps(self.answer(self.given()))

    def given(self) -> Mapping[str, Any]:
        """What is typed, as JSON or as a form. Raises BadRequest."""
        body = self.request.get("BODY") or b""
        if len(body) > MOST:
            raise BadRequest("Too long")
        if not (self.request.getHeader("Content-Type") or "").startswith("application/json"):
            return dict(self.request.form)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadRequest("Not JSON") from error
        if not isinstance(data, dict):
            raise BadRequest("Not a JSON object")
        return data

    def answer(self, data: Mapping[str, Any]) -> dict[str, Any]:
        item = self.item(data)
        found = outlooks(self.context, item)
        return {
            "notice": translate(notice(found, item), context=self.request),
            "items": [
                {**shown(outlook, self.request, self.context), "instead": instead(item, outlook.account)}
                for outlook in found
            ],
        }

    def item(self, data: Mapping[str, Any]) -> Item:
        if isinstance(data.get("subjects"), list):
            data = {**data, "subjects": tags(self.context, data["subjects"])}
        portal_type = data.get("type")
        if isinstance(portal_type, str) and portal_type:
            known = new_item(self.context, portal_type, str(data.get("title", "")))
        elif api.user.has_permission("Modify portal content", obj=self.context):
            known = facts(self.context)
        else:
            raise Unauthorized("Only for those who may change this")
        if known.uid and data.get("images"):  # ticked, and perhaps not saved yet
            known = replace(known, images=pictures.pictures(self.context, True))
        return typed(known, data, self.request)


def tags(context: Any, values: list[Any]) -> list[Any]:
    """The form's own field holds tokens for tags that exist, and words for new ones."""
    known = getUtility(IVocabularyFactory, name="plone.app.vocabularies.Keywords")(context).by_token
    return [known[value].value if isinstance(value, str) and value in known else value for value in values]


def shown(outlook: Outlook, request: Any, context: Any) -> dict[str, Any]:
    """An outlook as JSON, in the reader's language. `context`: the item, or the folder it will be in."""
    account, said = outlook.account, outlook.rendition or Rendition("")
    error = translate(outlook.error, context=request) if outlook.error else ""
    return {
        "account": account.uid,
        "title": account.title,
        "network": translate(network_title(account.network), context=request),
        "identity": account.identity,
        "posts": outlook.posts,
        "notes": [{"kind": kind, "text": translate(note, context=request)} for kind, note in outlook.notes],
        "error": error,
        "pieces": pieces(said.text, behind(said, account.network)),
        **_rendition(said, request, context),
    }


def _rendition(said: Rendition, request: Any, context: Any) -> dict[str, Any]:
    left = said.limit - said.used
    remaining = _("${number} characters left", mapping={"number": left}) if said.limit else ""
    too_long = "cut" in said.warnings
    if too_long:
        remaining = _("Too long by ${number}: cut at a word", mapping={"number": said.over})
    if said.parts:
        remaining = _("Thread of ${number} posts", mapping={"number": len(said.parts)})
    notes = [_("Image: ${alt}", mapping={"alt": image.alt}) for image in said.images]
    notes += [sentence(code, said.params) for code in said.warnings if code != "cut"]
    return {
        "text": said.text,
        "used": said.used,
        "limit": said.limit,
        "too_long": too_long,
        "remaining": translate(remaining, context=request),
        "images": [{"url": _address(context, image), "alt": image.alt} for image in said.images],
        "card": card(said),
        "warnings": [translate(note, context=request) for note in notes],
        "fingerprint": said.fingerprint,
    }


def card(said: Rendition) -> dict[str, str] | None:
    """The link card, as a reader will see it."""
    if not said.card_title:
        return None
    return {"title": said.card_title, "description": said.card_description, "host": urlsplit(said.link).hostname or ""}


def behind(said: Rendition, network: str) -> str:
    """What the text has in place of a link too long for it, where the network puts the whole behind that; else ""."""
    known = queryUtility(INetwork, name=network)
    short = shortened(said.link, known.limits.link) if known else ""
    return short if short != said.link else ""


def pieces(text: str, short: str = "") -> list[dict[str, str]]:
    """The text cut where a network makes a link, hashtag or mention of it; kind "" is plain. `short`: of behind()."""
    marks = [(span.start, span.end, span.kind) for span in spans(text)]
    start = text.rfind(short) if short else -1
    if start >= 0:
        until = start + len(short)
        apart = [mark for mark in marks if mark[1] <= start or mark[0] >= until]
        marks = sorted([*apart, (start, until, "link")])
    found: list[dict[str, str]] = []
    end = 0
    for start, until, kind in marks:
        found += [{"kind": "", "text": text[end:start]}] if start > end else []
        found.append({"kind": kind, "text": text[start:until]})
        end = until
    return [*found, {"kind": "", "text": text[end:]}] if end < len(text) else found


def instead(item: Item, account: Account) -> str:
    """What is sent when the account has no text of its own."""
    texts = {uid: text for uid, text in item.choice.texts.items() if uid != account.uid}
    try:
        return rendition(replace(item, choice=replace(item.choice, texts=texts)), account).text
    except (ContentError, ComponentLookupError):
        return ""


def _address(context: Any, image: Image) -> str:
    """ "" of an image that only the form has."""
    return "" if image.digest == UNSAVED else pictures.url(context, image)
