"""The register: what was said in our name, who stood for it, and what was done about it since."""

from collective.socialterritory.crosspost import filing
from collective.socialterritory.crosspost.entries import Entries
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.register import Search
from collective.socialterritory.crosspost.services.deliveries import BATCH
from collective.socialterritory.crosspost.services.deliveries import FARTHEST
from collective.socialterritory.crosspost.services.deliveries import LARGEST_BATCH
from collective.socialterritory.doors import BadInput
from collective.socialterritory.doors import Door
from collective.socialterritory.local import time_zone
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zExceptions import BadRequest


ASKED = ("q", "account", "network", "from", "to")


class RegisterGet(Door):
    """GET <site>/@social-register, posts that went out, newest first. There is no total, as in @social-deliveries."""

    def answer(self) -> Any:
        entries, search = Entries(self.context, self.request), self.search()
        start = self.number("b_start", 0, 0, FARTHEST)
        size = self.number("b_size", BATCH, 1, LARGEST_BATCH)
        found, after = entries.page(search, start, size)
        links = {"@id": self.url(b_start=start, b_size=size), "first": self.url(b_start=0, b_size=size)}
        if after is not None:
            links["next"] = self.url(b_start=after, b_size=size)
        return {"@id": self.url(), "items": [entries.told(post) for post in found], "batching": links}

    def search(self) -> Search:
        since, until = register.period(self.day("from"), self.day("to"), time_zone())
        accounts, networks = (frozenset(self.values(name)) for name in ("account", "network"))
        return Search(" ".join(self.values("q")), accounts, networks, since, until)

    def day(self, name: str) -> date | None:
        try:
            return register.day("".join(self.values(name)))
        except ValueError:
            raise BadInput(f"{name} must be a day such as 2026-03-12.") from None

    def url(self, **batch: int) -> str:
        asked = [(name, value) for name in ASKED for value in self.values(name)]
        query = urlencode([*asked, *batch.items()])
        return f"{self.context.absolute_url()}/@social-register" + (f"?{query}" if query else "")


class RegisterCsv(RegisterGet):
    """The same with Accept: text/csv, all of it at once."""

    def render(self) -> Any:
        self.check_permission()
        return self.reply()

    def answer(self) -> Any:
        return filing.file(Entries(self.context, self.request), self.search(), "csv")

    def refuse(self, status: int, error: dict[str, Any], **more: Any) -> Any:
        raise BadRequest(error["message"])
