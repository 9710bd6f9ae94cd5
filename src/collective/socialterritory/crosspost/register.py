"""The register for staff: every post that went out, to search, to read and to take away."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory import diff
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.crosspost import filing
from collective.socialterritory.crosspost.entries import Entries
from collective.socialterritory.crosspost.entries import LOOKED
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.register import Search
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import time_zone
from collective.socialterritory.local import written
from datetime import date
from functools import cached_property
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlencode
from zope.interface import implementer


SIZE = 20
FILTERS = ("q", "account", "network", "from", "to")


@implementer(INamedPage)
class RegisterView(Page):
    page_title = _("Register of posts")
    looked = LOOKED
    entry = ViewPageTemplateFile("templates/entry.pt")

    def __call__(self) -> Any:
        self.entries = Entries(self.site, self.request)
        return super().__call__()

    def get(self) -> Any:
        kind = self.given("format")
        if kind in filing.TYPES and not self.problems:
            return filing.file(self.entries, self.search, kind)
        return super().get()

    @cached_property
    def words(self) -> Words:
        return Words(self.request, clock.now())

    @cached_property
    def _days(self) -> dict[str, date | str | None]:
        """What was given for `from` and `to`: a day, or the text when it is none."""
        days: dict[str, date | str | None] = {}
        for name in ("from", "to"):
            given = self.given(name)
            try:
                days[name] = register.day(given)
            except ValueError:
                days[name] = given
        return days

    @property
    def problems(self) -> list[str]:
        """Names of fields that hold no day."""
        return [name for name, day in self._days.items() if isinstance(day, str)]

    @cached_property
    def search(self) -> Search:
        since, until = register.period(self._days["from"], self._days["to"], time_zone())
        account, network = (frozenset(filter(None, [self.given(name)])) for name in ("account", "network"))
        return Search(self.given("q"), account, network, since, until)

    @cached_property
    def start(self) -> int:
        given = self.given("b_start")
        return min(int(given[:10]), 1_000_000) if given.isascii() and given.isdigit() else 0

    @cached_property
    def _page(self) -> tuple[list[Delivery], int | None]:
        return ([], None) if self.problems else self.entries.page(self.search, self.start, SIZE)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self.entries.told(post) for post in self._page[0]]

    @property
    def partial(self) -> bool:
        """Whether the search stopped before it had found a page full."""
        return self._page[1] is not None and len(self._page[0]) < SIZE

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@social-register"

    def link(self, **more: Any) -> str:
        """This page with the same filters."""
        query = {name: value for name in FILTERS if (value := self.given(name))} | more
        return f"{self.here}?{urlencode(query)}" if query else self.here

    @property
    def filtered(self) -> bool:
        return any(self.given(name) for name in FILTERS)

    @property
    def next(self) -> str:
        return "" if self._page[1] is None else self.link(b_start=self._page[1])

    @property
    def account_options(self) -> list[tuple[str, str]]:
        """Accounts there are, and those of the posts that are shown, which may be gone: (UID, title)."""
        found = {post.account: post.account_title for post in self._page[0]}
        found |= {account.uid: account.title for account in self.entries.accounts.values()}
        return _options(found, self.given("account"))

    @property
    def network_options(self) -> list[tuple[str, str]]:
        ids = {account.network for account in self.entries.accounts.values()} | {d.network for d in self._page[0]}
        return _options({id: self.words.say(network_title(id)) for id in ids}, self.given("network"))

    def at(self, when: str) -> str:
        return written(when)

    def names(self, people: list[dict[str, Any]]) -> str:
        """Camille Martin (Communication), Dominique Petit."""
        return ", ".join(
            f"{person['name']} ({', '.join(person['services'])})" if person["services"] else person["name"]
            for person in people
        )

    def approvals(self, said: dict[str, Any]) -> list[str]:
        """Who approved it, as what, when, and why where they were alone."""
        return [self._approval(given) for given in said["approvals"]]

    def _approval(self, given: dict[str, Any]) -> str:
        say, names = self.words.say, {"who": self.names([given]), "when": self.at(given["at"])}
        role = given["role_title"]
        line = say(_("${who} – ${role}, ${when}"), role=role, **names) if role else say(_("${who} – ${when}"), **names)
        return say(_("${line}: “${note}”"), line=line, note=given["reason"]) if given["reason"] else line

    def changes(self, act: dict[str, Any]) -> tuple[tuple[str, str], ...]:
        """Word by word, before and after a correction."""
        return diff.words(act["before"], act["text"]) if act["kind"] == "edit" and act["before"] else ()


def _options(found: dict[str, str], chosen: str) -> list[tuple[str, str]]:
    """By title, with what is chosen, even where nobody knows its name any more."""
    known = {chosen: chosen, **found} if chosen else found
    return sorted(known.items(), key=lambda option: option[1].casefold())
