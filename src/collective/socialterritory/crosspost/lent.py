"""Pictures lent to networks that fetch them: each for some hours, at an address that only this site can have made."""

from collective.socialterritory import clock
from collective.socialterritory import images
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import keys
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.pictures import opened
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.public import is_public
from collective.socialterritory.public import public_url
from datetime import datetime
from datetime import timedelta
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zope.component import queryUtility
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


LENT = timedelta(hours=3)
"""A network fetches at once, or within minutes where it is busy; a webhook's receiver when it comes to it"""
LENDING = (State.QUEUED, State.SENDING, State.DELIVERED)


def addresses(site: Any, delivery: Delivery, now: datetime) -> tuple[str, ...]:
    """Where each of its images can be fetched. Raises ConfigurationError without the environment's key."""
    home = public_url("/".join(site.getPhysicalPath()))
    until = (now + LENT).isoformat()
    sealed = [
        keys().seal(_purpose(site), {"delivery": delivery.id, "image": str(number), "until": until}).decode()
        for number in range(len(delivery.images))
    ]
    return tuple(f"{home}/@@social-picture/{token}.jpg" for token in sealed)


def _purpose(site: Any) -> tuple[str, ...]:
    return ("/".join(site.getPhysicalPath()), "picture")


@implementer(IPublishTraverse)
class PictureView(BrowserView):
    """NotFound for whatever is not lent, or not any more: as soon as nobody wants it."""

    token = ""

    def publishTraverse(self, request: Any, name: str) -> "PictureView":
        if self.token:
            raise NotFound(name)
        self.token = name.removesuffix(".jpg")
        return self

    def __call__(self) -> bytes:
        delivery, number = self._lent()
        item, account = find(delivery.content, delivery.item_path), Accounts(self.context).get(delivery.account)
        network = queryUtility(INetwork, name=delivery.network)
        wanted = delivery.images[number : number + 1]
        files = opened(item, wanted) if item is not None and is_public(item) and account and network else None
        if not files:
            raise NotFound(self.token)
        with files[0] as file:
            try:
                data, mime, *_ = images.fit(file, network.limits_of(account.facts))
            except ContentError as error:
                raise NotFound(self.token) from error
        response = self.request.response
        response.setHeader("Content-Type", mime)
        response.setHeader("Content-Length", str(len(data)))
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("X-Robots-Tag", "noindex")
        return b"" if self.request["REQUEST_METHOD"] == "HEAD" else data

    def _lent(self) -> tuple[Delivery, int]:
        try:
            known = keys().unseal(_purpose(self.context), self.token.encode())
        except (ConfigurationError, UnicodeError) as error:
            raise NotFound(self.token) from error
        delivery = Outbox(self.context).get(known["delivery"])
        if delivery is None or delivery.state not in LENDING or clock.now().isoformat() >= known["until"]:
            raise NotFound(self.token)
        return delivery, int(known["image"])
