"""How a page takes a decision: one POST, one answer in words; what was typed stays when the answer is no."""

from collections.abc import Callable
from collections.abc import Iterable
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.correcting import again
from collective.socialterritory.crosspost.correcting import correct
from collective.socialterritory.crosspost.correcting import found_at
from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.follow import ASKED
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rows import Row
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import may_send
from collective.socialterritory.local import me
from functools import cached_property
from plone import api
from typing import Any
from urllib.parse import urlencode
from zope.component import queryUtility


DONE = {
    "approve": _("Approved."),
    "endorse": _("Your approval is kept."),
    "reject": _("Refused. The author is told why."),
    "cancel": _("Cancelled. Nothing will be sent."),
    "hold": _("Put on hold. Nothing is sent until somebody releases it."),
    "release": _("Released."),
    "revise": _("Submitted again."),
    "resend": _("It will be sent again."),
    "confirm": _("Noted: it is published."),
}
"""Words for the last line of the log after a decision."""

NOW = {
    Operation.POST: _("It leaves within a minute."),
    Operation.EDIT: _("The post is corrected within a minute."),
    Operation.DELETE: _("The post is taken away within a minute."),
    Operation.REPLY: _("The answer leaves within a minute."),
    Operation.ANSWER: _("The answer leaves within a minute."),
    Operation.CONTINUE: _("It leaves within a minute."),
}
GONE = _("This post is not there any more, or it is not for you.")
THEN = ("approve", "endorse", "release", "revise", "resend")
"""After these, what the post waits for is said as well."""


class Deciding(Page):
    """A page with rows that people decide on."""

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.typed: dict[str, str] = {}
        """After a refused decision: id, name, note, perhaps override, and problem, the sentence that says why"""
        self.chosen: list[str] = []
        self._items: dict[str, Any] = {}
        self._facts: dict[str, Item | None] = {}

    @cached_property
    def words(self) -> Words:
        return Words(self.request, clock.now())

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.site)

    @cached_property
    def me(self) -> str:
        return me()

    @cached_property
    def authenticator(self) -> str:
        return api.content.get_view("authenticator", self.context, self.request).authenticator()

    def leaves_now(self, delivery: Delivery) -> str:
        """What becomes of what nothing but the server keeps back."""
        silent = self.outbox.silent_since(self.words.now)
        network = queryUtility(INetwork, name=delivery.network)
        if not may_send():
            return self.words.sentence("deployment")
        if network is not None and not network.local and Vault(self.site).ready():
            return self.words.sentence("key_away")
        if silent and self.outbox.worker.get("beat"):
            return self.words.say(_("Nothing has left since ${when}. Your posts are kept."), when=self.words.at(silent))
        return self.words.say(NOW[delivery.operation])

    def item(self, uid: str) -> Any:
        if uid not in self._items:
            self._items[uid] = find(uid)
        return self._items[uid]

    def facts(self, uid: str) -> Item | None:
        if uid not in self._facts:
            obj = self.item(uid)
            self._facts[uid] = None if obj is None else facts(obj)
        return self._facts[uid]

    @cached_property
    def sees(self) -> Callable[[Delivery], bool]:
        return actions.sight(self.site)

    def choices(self, seen: Iterable[Delivery]) -> list[tuple[str, str]]:
        """Accounts to choose from, those I validate for and those of posts that I see: (UID, title)."""
        found = {one.account: one.account_title for one in seen}
        known = actions.validated(self.site) | set(found)
        found |= {account.uid: account.title for account in self._accounts.values() if account.uid in known}
        return sorted(found.items(), key=lambda option: option[1].casefold())

    def account_of(self, uid: str) -> Account | None:
        return self._accounts.get(uid)

    @cached_property
    def _accounts(self) -> dict[str, Account]:
        return {account.uid: account for account in self.accounts.all()}

    def post(self) -> str:
        if way := self.given("correct"):
            return self._correct(way)
        form = self.request.form
        id, name, note, fingerprint = map(self.given, ("delivery", "decision", "note", "fingerprint"))
        override, permalink = self.given("override"), self.given("permalink")
        try:
            if "override" in form and not override.strip():
                raise NotAllowed("reason_needed")
            after = actions.decide(self.site, id, name, note, fingerprint, override, permalink)
        except KeyError:
            return self.leave(self.words.say(GONE), "error")
        except SocialError as error:
            self.typed = {"id": id, "name": name, "note": note, "problem": self.words.problem(error)}
            self.typed |= {"override": override} if "override" in form else {}
            self.typed |= {"permalink": permalink} if "permalink" in form else {}
            return self.get()
        return self.leave(self.done(after))

    def _correct(self, way: str) -> str:
        id, text, made = self.given("delivery"), self.given("note"), []
        try:
            if way == "withdraw":
                made = withdraw(self.site, id)
            elif way == "again":
                made = [again(self.site, id)]
            elif way == "address":
                found_at(self.site, id, text)
            else:
                made = correct(self.site, id, way, text, self.given("fingerprint"))
        except KeyError:
            return self.leave(self.words.say(GONE), "error")
        except SocialError as error:
            self.typed = {"id": id, "name": way, "note": text, "problem": self.words.problem(error)}
            return self.get()
        waits = any(delivery.state is State.PENDING for delivery in made)
        told = [ASKED[way], *([_("It waits for approval first.")] if waits else [])]
        return self.leave(" ".join(map(self.words.say, told)))

    def done(self, after: Delivery) -> str:
        name = after.log[-1].name
        told = self.words.say(_("Noted: it is done.") if name == "confirm" and after.target else DONE[name])
        return " ".join([told, *(Row(self, after).said if name in THEN else ())])

    @property
    def here(self) -> str:
        """Where forms of the page go."""
        raise NotImplementedError

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What forms carry along so that the page comes back as it was: (name, value)."""
        return []

    def link(self, **changes: Any) -> str:
        """This page with other choices; what is empty is not in the address."""
        query = {name: value for name, value in {**dict(self.kept), **changes}.items() if value}
        return f"{self.here}?{urlencode(query)}" if query else self.here

    @property
    def back(self) -> str:
        """The page after a decision."""
        return self.here
