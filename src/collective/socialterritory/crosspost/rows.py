"""What the desk and an item's tab show of one delivery."""

from collective.socialterritory import _
from collective.socialterritory import diff
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.drawing import LOOKS
from collective.socialterritory.crosspost.drawing import Preview
from collective.socialterritory.crosspost.model import ANSWERS
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.crosspost.pack import Pack
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.crosspost.rules.departure import PACED
from collective.socialterritory.crosspost.rules.register import posted
from collective.socialterritory.crosspost.sayings import Sayings
from collective.socialterritory.crosspost.words import state_name
from collective.socialterritory.crosspost.words import state_told
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import IMeasured
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.messages import EVENTS
from collective.socialterritory.messages import OPERATIONS
from collective.socialterritory.messages import past
from collective.socialterritory.messages import transition_word
from functools import cached_property
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.component import queryAdapter
from zope.component import queryUtility


BY_ONE_CLICK = {
    "approve": "success",
    "release": "primary",
    "confirm": "success",
    "resend": "primary",
    "revise": "primary",
}
CONFIRM = {"reject": _("Confirm the refusal")}
"""Words on the button that sends a small form, where they differ from those that open it."""
WITH_WORDS = ("reject", "hold", "cancel")
"""Actions for which a person may, or for a refusal must, write why."""


class Row(BrowserView):
    """`page`: a deciding.Deciding page. `by_account`: the heading names the account. `below`: HTML that follows."""

    html = ViewPageTemplateFile("templates/row.pt")

    def __init__(
        self, page: Any, delivery: Delivery, by_account: bool = False, bulk: bool = False, below: str = ""
    ) -> None:
        super().__init__(page.context, page.request)
        self.page = page
        self.words = page.words
        self.delivery = delivery
        self.by_account = by_account
        self.below = below
        self.bulk = bulk and "approve" in self.open
        self.typed = page.typed if page.typed.get("id") == delivery.id else {}
        self.sayings = Sayings(page, delivery)
        self.dom = f"post-{delivery.id.replace('.', '-')}"

    @property
    def value(self) -> str:
        """What a check box says: which post, and which bytes of it were seen."""
        return f"{self.delivery.id} {self.delivery.fingerprint}"

    @property
    def checked(self) -> bool:
        return self.value in self.page.chosen

    @property
    def state(self) -> dict[str, str]:
        symbol, colour = ("eraser", "secondary") if self.gone else LOOKS[state_name(self.delivery)]
        return {"word": state_told(self.delivery, self.gone), "icon": self.icon(symbol), "colour": colour}

    @cached_property
    def gone(self) -> bool:
        return bool(self.page.outbox.gone(self.delivery))

    @property
    def operation(self) -> Any:
        """What it does to a post that is out; "" for a post, and where the state's word says it."""
        said = self.delivery.state is State.DELIVERED and self.delivery.operation not in ANSWERS
        return "" if said else OPERATIONS.get(self.delivery.operation, "")

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    @property
    def heading(self) -> str:
        return self.delivery.account_title if self.by_account else self.delivery.item_title

    @cached_property
    def network(self) -> Any:
        return queryUtility(INetwork, name=self.delivery.network)

    @property
    def place(self) -> str:
        """Where it goes: Town on Bluesky."""
        network = self.words.say(network_title(self.delivery.network))
        return network if self.by_account else f"{self.delivery.account_title} · {network}"

    @property
    def authors(self) -> str:
        return ", ".join(map(self.words.person, self.delivery.authors))

    @cached_property
    def obj(self) -> Any:
        return self.page.item(self.delivery.content)

    @property
    def item_url(self) -> str:
        """ "" when there is nothing that the person may read."""
        readable = self.obj is not None and api.user.has_permission("View", obj=self.obj)
        return f"{self.obj.absolute_url()}/view" if readable else ""

    @property
    def tab_url(self) -> str:
        return f"{self.obj.absolute_url()}/@@social-networks" if self.obj is not None and not self.by_account else ""

    @property
    def permalink(self) -> str:
        url = "" if self.gone else self.delivery.receipt_url or self.delivery.target_url
        if url.startswith(("https://", "http://")):
            return url
        return f"{self.page.site.absolute_url()}/{url}" if url and ":" not in url.partition("/")[0] else ""

    @cached_property
    def counted(self) -> dict[str, Any] | None:
        """How far the post got: (icon, words) of each number, when it was counted, how it went, where there is more."""
        measured = queryAdapter(self.page.site, IMeasured)
        last = measured.last(self.delivery.id) if measured and posted(self.delivery) else None
        if last is None:
            return None
        numbers = [(self.icon(name), words) for name, words in self.words.counted(last[1])]
        told = {"course": measured.course(self.delivery.id), "url": measured.page(self.delivery.account)}
        return {"numbers": numbers, "when": self.words.at(last[0]), **told}

    @property
    def doubted(self) -> Account | None:
        """Where a person is to look whether the post arrived; a pack has a link of its own."""
        unknown = self.delivery.state is State.UNCONFIRMED and not self.delivery.by_hand
        account = self.page.account_of(self.delivery.account) if unknown else None
        return account if account and account.identity_url else None

    @cached_property
    def preview(self) -> Preview:
        said = self.delivery.rendition
        delivery = self.delivery
        known = self.page.account_of(delivery.account) or Account("", delivery.account_title, delivery.network)
        return Preview(self.context, self.request, said, known, self.words, self.obj)

    @property
    def unfolded(self) -> bool:
        """Whoever decides sees the whole; the rest is one click away."""
        return self.delivery.state not in (State.DELIVERED, State.CANCELLED, State.QUEUED) or bool(self.delivery.held)

    @cached_property
    def open(self) -> tuple[str, ...]:
        return actions.open_to_me(self.page.site, self.delivery)

    @property
    def clicks(self) -> list[dict[str, Any]]:
        names = [name for name in self.open if name in BY_ONE_CLICK and not (name == "confirm" and self.pack)]
        return [{"name": name, "word": self._word(name), "colour": BY_ONE_CLICK[name]} for name in names]

    @cached_property
    def pack(self) -> str:
        """What a person needs who does it by hand."""
        due = self.delivery.by_hand and self.delivery.state is State.UNCONFIRMED
        return str(Pack(self).html()) if due and "confirm" in self.open else ""

    @property
    def may_post(self) -> bool:
        """Whether what a person does by hand may be done now; its pace was kept when it was handed over."""
        return self.sayings.verdict.act is Act.GO or self.sayings.verdict.why in PACED

    def _word(self, name: str) -> Any:
        return transition_word(name, self.delivery.operation)

    @property
    def folded(self) -> list[dict[str, Any]]:
        """Actions that open a small form. It stays open, with what was typed, when the answer was no."""
        names = [name for name in WITH_WORDS if name in self.open]
        return [
            {
                "name": name,
                "word": self._word(name),
                "confirm": CONFIRM.get(name, self._word(name)),
                "needed": name == "reject",
                "field": "note",
                "open": self.typed.get("name") == name,
                "typed": self.typed.get("note", "") if self.typed.get("name") == name else "",
            }
            for name in names
        ] + self._on_call

    @property
    def own(self) -> bool:
        delivery = self.delivery
        return delivery.state is State.PENDING and delivery.apart and self.page.me in delivery.authors

    @property
    def _on_call(self) -> list[dict[str, Any]]:
        """An author who may validate and is alone may say yes with a reason, which stays in the history."""
        given = [approval.by for approval in validation.standing(self.delivery)]
        may = self.own and self.page.me not in given and actions.permitted(self.page.site, self.delivery, "approve")
        opened = "override" in self.typed
        word = _("Approve my own post (on call)")
        form = {"name": "approve", "word": word, "confirm": word, "needed": True, "field": "override"}
        return [{**form, "open": opened, "typed": self.typed.get("override", "")}] if may else []

    @property
    def problem(self) -> str:
        """Why the answer was no. It stands beside what was typed when that form is shown again."""
        beside = "permalink" in self.typed or any(form["open"] for form in self.folded)
        return "" if beside else self.typed.get("problem", "")

    @property
    def edit_url(self) -> str:
        """Where an author mends what was refused."""
        mend = self.delivery.state in (State.REJECTED, State.FAILED) and self.obj is not None
        if not mend or not api.user.has_permission("Modify portal content", obj=self.obj):
            return ""
        return f"{self.obj.absolute_url()}/edit#fieldset-social"

    @property
    def said(self) -> list[str]:
        """Sentences on where it stands and what comes next."""
        return self.sayings.said

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """Word by word since somebody last decided on it, or else since the post went out."""
        seen, now = self.reviewed or self.delivery.before, self.delivery.rendition.text
        answer = self.delivery.operation in ANSWERS
        return diff.words(seen, now) if seen and seen != now and not answer else ()

    @property
    def reviewed(self) -> str:
        """What somebody decided on last, of a post that still waits."""
        return self.delivery.reviewed if self.delivery.state in WAITING else ""

    @property
    def history(self) -> list[str]:
        """One line an event, newest first."""
        return [self._line(event) for event in reversed(self.delivery.log)]

    def _line(self, event: Event) -> str:
        say = self.words.say
        names = {"when": self.words.at(event.at), "what": say(EVENTS.get(event.name, event.name))}
        if event.by:
            line = say(_("${when} – ${what}, ${who}"), **names, who=self.words.person(event.by))
        else:
            line = say(_("${when} – ${what}"), **names)
        if not event.note:
            return line
        ours = self.sayings.spoken(past(event.name, event.note))
        said = _("${line}: “${note}”") if ours == event.note else _("${line}: ${note}")
        return say(said, line=line, note=ours)
