"""The link card as each network will draw it: a page, and the piece of a form that follows what is typed."""

from collections.abc import Mapping
from collective.socialterritory import uploaded
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import sentence
from collective.socialterritory.plain import whole
from collective.socialterritory.share import pictures
from collective.socialterritory.share.describing import described
from collective.socialterritory.share.rules import cards
from plone import api
from plone.namedfile.browser import Download
from plone.protect import CheckAuthenticator
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlsplit
from zExceptions import NotFound
from zExceptions import Unauthorized


TEXTS = ("title", "description", "image_caption", "share_title", "share_description", "share_image_alt")


class Cards(BrowserView):
    """The cards of a page, with what would make them look poor."""

    html = ViewPageTemplateFile("templates/cards.pt")

    def __init__(self, context: Any, request: Any, typed: Mapping[str, Any], new: bool = False) -> None:
        super().__init__(context, request)
        self.page = described(context, request, typed, new)
        chosen = pictures.place(typed)
        self.unsaved = chosen if isinstance(typed.get(chosen), pictures.Unsaved) else ""

    @property
    def host(self) -> str:
        return urlsplit(self.page.url).hostname or ""

    @property
    def source(self) -> str:
        """Where staff see the picture, who may work at another address, before it is public."""
        return api.portal.get().absolute_url() + self.page.picture.url.removeprefix(self.page.home)

    @property
    def cards(self) -> list[cards.Card]:
        return [cards.card(self.page, look) for look in cards.LOOKS]

    @property
    def warnings(self) -> list[Any]:
        return [sentence(code, params) for code, params in cards.warnings(self.page)]


class CardPage(BrowserView):
    def __call__(self) -> str:
        for column in ("left", "right"):
            self.request.set(f"disable_plone.{column}column", 1)
        add_bundle_on_request(self.request, BUNDLE)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        return self.index()

    def cards(self) -> str:
        return Cards(self.context, self.request, {}).html()


class TypedCards(BrowserView):
    """POST with an authenticator: the cards of what is typed; `type` when an item is being added. Nothing is stored."""

    def __call__(self) -> str:
        response, form = self.request.response, self.request.form
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("Content-Type", "text/html; charset=utf-8")
        response.setHeader("X-Content-Type-Options", "nosniff")
        if self.request.method != "POST":
            response.setStatus(405)
            response.setHeader("Allow", "POST")
            return ""
        CheckAuthenticator(self.request)
        new = bool(form.get("type"))
        if not api.user.has_permission(f"{'Add' if new else 'Modify'} portal content", obj=self.context):
            raise Unauthorized("Only for those who may change this")
        return Cards(self.context, self.request, typed(form), new).html()


def typed(form: Mapping[str, Any]) -> dict[str, Any]:
    """Fields from texts of the same name; of pictures the form tells "image/png 1200 630", or "" for none."""
    found: dict[str, Any] = {name: whole(form[name]) for name in TEXTS if isinstance(form.get(name), str)}
    for name, _caption in pictures.PLACES:
        if isinstance(form.get(name), str):
            mime, _, size = form[name].partition(" ")
            sides = [int(side) for side in size.split() if side.isascii() and side.isdigit()]
            found[name] = pictures.Unsaved(mime, *sides) if len(sides) == 2 else None
    return found


class FallbackPicture(Download):
    """The site's picture for pages without one, as the control panel keeps it."""

    def _getFile(self) -> Any:
        stored = settings().share_fallback
        if not uploaded.describe(stored):
            raise NotFound("social-share-image")
        return uploaded.picture(stored)
