"""The training pages: what the sandbox accounts "posted", drawn from the record, and mails that went to nobody."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.live import card
from collective.socialterritory.crosspost.live import pieces
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.sandbox import network
from collective.socialterritory.networks.sandbox import PAGE
from datetime import datetime
from itertools import chain
from itertools import islice
from plone import api
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


SHOWN = 50
"""Most posts and mails on a page"""
STEWARDS = "collective.socialterritory: Manage settings"


@implementer(INamedPage, IPublishTraverse)
class SandboxPage(BrowserView):
    """All posts that the visitor may see, newest first; below it, one post at @@social-sandbox/<key>."""

    page_title = _("Training network")
    key = ""

    def publishTraverse(self, request: Any, name: str) -> "SandboxPage":
        if self.key:
            raise NotFound(name)
        self.key = name
        return self

    def __call__(self) -> str:
        add_bundle_on_request(self.request, BUNDLE)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        self.words = Words(self.request, clock.now())
        self.posts = self._one() if self.key else self._all()
        return self.index()

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    def _one(self) -> list[dict[str, Any]]:
        """Raises NotFound, also for a post whose item the visitor may not see."""
        delivery = Outbox(self.context).get(self.key)
        shown = delivery and self._shown(delivery)
        if not shown:
            raise NotFound(self.key)
        return [shown]

    def _all(self) -> list[dict[str, Any]]:
        outbox = Outbox(self.context)
        live = sorted(filter(posted, outbox.live()), key=lambda delivery: delivery.finished, reverse=True)
        shown = map(self._shown, chain(live, islice(outbox.history(), 10 * SHOWN)))
        return list(islice(filter(None, shown), SHOWN))

    def _shown(self, delivery: Delivery) -> dict[str, Any] | None:
        item = find(delivery.content) if posted(delivery) else None
        if item is None or not api.user.has_permission("View", obj=item):
            return None
        out = Outbox(self.context).post(delivery.content, delivery.id)
        if out is None:  # taken away since, or no post
            return None
        said = out.said
        account = Accounts(self.context).get(delivery.account)
        return {
            "title": delivery.account_title,
            "identity": account.identity if account else "",
            "pieces": pieces(said.text),
            "images": [{"url": pictures.url(item, image), "alt": image.alt} for image in said.images],
            "card": card(said),
            "when": self.words.at(delivery.finished),
            "item_url": item.absolute_url(),
            "item_title": item.Title(),
            "url": f"{self.context.absolute_url()}/{PAGE}/{delivery.id}",
        }


def posted(delivery: Delivery) -> bool:
    return delivery.state is State.DELIVERED and delivery.network == network.id and delivery.finished is not None


@implementer(INamedPage)
class MailsPage(BrowserView):
    """What would have been sent: all of it for those who manage the settings, one's own for the others."""

    page_title = _("Training mails")

    def __call__(self) -> str:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if api.user.is_anonymous():
            raise Unauthorized("Log in to read training mails")
        if not settings().mail_to_page:
            raise NotFound("social-mails")
        add_bundle_on_request(self.request, BUNDLE)
        self.words = Words(self.request, clock.now())
        return self.index()

    @property
    def all(self) -> bool:
        return bool(api.user.has_permission(STEWARDS, obj=self.context))

    def mails(self) -> list[dict[str, str]]:
        """Told apart by user and not by address: people may write any address into their profile."""
        me = api.user.get_current().getId()
        mine = [said for _id, said in mail.waiting(self.context) if self.all or said.get("user") == me]
        return [{**said, "when": self.words.at(datetime.fromisoformat(said["at"]))} for said in mine[: -SHOWN - 1 : -1]]

    def pieces(self, body: str) -> list[dict[str, str]]:
        """The body with the addresses in it as links."""
        return [{**piece, "url": piece["text"] if _safe(piece) else ""} for piece in pieces(body)]


def _safe(piece: dict[str, str]) -> bool:
    return piece["kind"] == "link" and piece["text"].startswith(("http://", "https://"))
