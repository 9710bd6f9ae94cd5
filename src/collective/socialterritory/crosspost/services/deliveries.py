"""What is posted and waits to be, on an item or on the site."""

from collections.abc import Iterator
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.services import known
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.doors import BadInput
from collective.socialterritory.doors import Door
from itertools import chain
from itertools import islice
from plone import api
from typing import Any
from urllib.parse import urlencode


BATCH = 25
LARGEST_BATCH = 100
FARTHEST = 1_000_000


class ItemDeliveriesGet(Door):
    """GET <item>/@social-deliveries: those of the item that I may know of, newest first."""

    def answer(self) -> Any:
        site = api.portal.get()
        found = [d for d in Outbox(site).of_item(self.context.UID()) if actions.visible(site, d)]
        return {
            "@id": f"{self.context.absolute_url()}/@social-deliveries",
            "items": [shown.delivery(site, delivery, self.request) for delivery in found],
        }


class DeliveriesGet(Door):
    """GET <site>/@social-deliveries, what I may know of, newest first; /<id>, one of it.

    There is no total: it would cost a look at the whole history.
    """

    segments = 1

    def answer(self) -> Any:
        site = self.context
        if self.path:
            return shown.delivery(site, known(site, self.path[0]), self.request)
        start = self.number("b_start", 0, 0, FARTHEST)
        size = self.number("b_size", BATCH, 1, LARGEST_BATCH)
        found = list(islice(self.found(), start, start + size + 1))
        return {
            "@id": self.url(),
            "items": [shown.delivery(site, delivery, self.request) for delivery in found[:size]],
            "batching": self.links(start, size, more=len(found) > size),
        }

    def found(self) -> Iterator[Delivery]:
        """Lazily, so that a page costs a page of the history and not the whole."""
        states = set(self.values("state"))
        names = {*(state.value for state in State), "held"}
        if states - names:
            raise BadInput(f"state must be one of {', '.join(sorted(names))}.")
        outbox = Outbox(self.context)
        live = sorted(outbox.live(), key=lambda delivery: delivery.created, reverse=True)
        history = outbox.history() if not states or states & {s.value for s in FINISHED} else ()
        accounts = set(self.values("account"))
        sees = actions.sight(self.context)
        for delivery in chain(live, history):
            asked = not states or delivery.state.value in states or (delivery.held and "held" in states)
            if asked and (not accounts or delivery.account in accounts) and sees(delivery):
                yield delivery

    def url(self, **batch: int) -> str:
        asked = [(name, value) for name in ("state", "account") for value in self.values(name)]
        query = urlencode([*asked, *batch.items()])
        return f"{self.context.absolute_url()}/@social-deliveries" + (f"?{query}" if query else "")

    def links(self, start: int, size: int, more: bool) -> dict[str, str]:
        links = {"@id": self.url(b_start=start, b_size=size), "first": self.url(b_start=0, b_size=size)}
        if start:
            links["prev"] = self.url(b_start=max(start - size, 0), b_size=size)
        if more:
            links["next"] = self.url(b_start=start + size, b_size=size)
        return links
