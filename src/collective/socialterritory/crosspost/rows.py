"""What the desk and an item's tab show of one delivery."""

from collective.socialterritory import _
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import clearance
from collective.socialterritory.crosspost.drawing import icon
from collective.socialterritory.crosspost.drawing import LOOKS
from collective.socialterritory.crosspost.drawing import Preview
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import diff
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.crosspost.rules.departure import Verdict
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import last_pause
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.messages import EVENTS
from collective.socialterritory.messages import STATES
from collective.socialterritory.messages import TRANSITIONS
from functools import cached_property
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
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
    """`page`: a deciding.Deciding page. `by_account`: the heading names the account."""

    html = ViewPageTemplateFile("templates/row.pt")

    def __init__(self, page: Any, delivery: Delivery, by_account: bool = False, bulk: bool = False) -> None:
        super().__init__(page.context, page.request)
        self.page = page
        self.words = page.words
        self.delivery = delivery
        self.by_account = by_account
        self.bulk = bulk and "approve" in self.open
        self.typed = page.typed if page.typed.get("id") == delivery.id else {}
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
        waiting = self.delivery.state in (State.PENDING, State.QUEUED)
        name = "held" if self.delivery.held and waiting else str(self.delivery.state)
        symbol, colour = LOOKS[name]
        return {"word": STATES[name], "icon": self.icon(symbol), "colour": colour}

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
        url = self.delivery.receipt_url
        if url.startswith(("https://", "http://")):
            return url
        return f"{self.page.site.absolute_url()}/{url}" if url and ":" not in url.partition("/")[0] else ""

    @cached_property
    def preview(self) -> Preview:
        said = self.delivery.rendition
        item = self.page.facts(self.delivery.content)
        there = said.image and item and item.image and item.image.digest == said.image
        url = f"{self.obj.absolute_url()}/@@social-image?v={said.image}" if there else ""
        delivery = self.delivery
        known = self.page.account_of(delivery.account) or Account("", delivery.account_title, delivery.network)
        return Preview(self.context, self.request, said, known, self.words, url)

    @property
    def unfolded(self) -> bool:
        """Whoever decides sees the whole; the rest is one click away."""
        return self.delivery.state not in (State.DELIVERED, State.CANCELLED, State.QUEUED) or bool(self.delivery.held)

    @cached_property
    def open(self) -> tuple[str, ...]:
        return actions.open_to_me(self.page.site, self.delivery)

    @property
    def clicks(self) -> list[dict[str, Any]]:
        names = [name for name in self.open if name in BY_ONE_CLICK]
        return [{"name": name, "word": TRANSITIONS[name], "colour": BY_ONE_CLICK[name]} for name in names]

    @property
    def folded(self) -> list[dict[str, Any]]:
        """Actions that open a small form. It stays open, with what was typed, when the answer was no."""
        names = [name for name in WITH_WORDS if name in self.open]
        return [
            {
                "name": name,
                "word": TRANSITIONS[name],
                "confirm": CONFIRM.get(name, TRANSITIONS[name]),
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
        return "" if any(form["open"] for form in self.folded) else self.typed.get("problem", "")

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
        return [sentence for sentence in getattr(self, f"_{self.delivery.state}")() if sentence]

    def _pending(self) -> list[str]:
        delivery, words = self.delivery, self.words
        given = validation.standing(delivery)
        names = ", ".join(f"{words.person(a.by)} ({words.at(a.at)})" for a in given)
        first = words.say(_("Waits for approval."))
        if given:
            first = words.say(_("Approved by ${names}. One more person must approve."), names=names)
        return [first, self._waits(words.say(_("It leaves as soon as it is approved.")))]

    def _queued(self) -> list[str]:
        problem = self._error() if self.delivery.error else ""
        return [problem, self._waits(self.page.leaves_now)]

    def _sending(self) -> list[str]:
        return [self.words.say(_("Being sent since ${when}."), when=self.words.at(self.delivery.log[-1].at))]

    def _delivered(self) -> list[str]:
        return [self.words.say(_("Published ${when}."), when=self.words.at(self.delivery.log[-1].at))]

    def _unconfirmed(self) -> list[str]:
        return [self._error()]

    _failed = _unconfirmed

    def _rejected(self) -> list[str]:
        return [self._decided(_("Refused by ${who}, ${when}."))]

    def _cancelled(self) -> list[str]:
        return [self._decided(_("Cancelled by ${who}, ${when}."))]

    def _decided(self, message: Any) -> str:
        event = self.delivery.log[-1]
        told = self.words.say(message, who=self.words.person(event.by), when=self.words.at(event.at))
        note = self.spoken(event.note)
        return f"{told} {self.words.say(_('Reason: ${reason}'), reason=note)}" if note else told

    def _error(self) -> str:
        host = {"host": network_title(self.delivery.network)}
        return self.words.sentence(self.delivery.error, **{**host, **self.delivery.error_params})

    def spoken(self, note: str) -> str:
        return self.words.spoken(note, host=network_title(self.delivery.network), url=self.page.public_url)

    @cached_property
    def verdict(self) -> Verdict:
        if self.network is None:
            return Verdict(Act.HOLD, "unknown_network")
        item = self.page.facts(self.delivery.content)
        return clearance.verdict(self.page.site, self.delivery, item, self.network, self.words.now)

    def _waits(self, now: str) -> str:
        """What it waits for; `now` when nothing keeps it."""
        verdict = self.verdict
        if self.delivery.held:
            return self.words.say(_("On hold: ${reason}"), reason=self.spoken(self.delivery.held))
        if verdict.act is Act.GO:
            return now
        if verdict.why == "pause" or (verdict.until and self._paused):
            return self.spoken("paused" if self._paused else "pause_over")
        if verdict.until:
            leaves = self.words.say(_("It leaves ${when}."), when=self.words.at(verdict.until))
            return f"{leaves} {self.words.sentence('pace')}" if verdict.why == "pace" else leaves
        return " ".join(filter(None, [self.spoken(verdict.why), self._not_before]))

    @property
    def _not_before(self) -> str:
        """The day that the editor chose, where something else keeps it as well."""
        item = self.page.facts(self.delivery.content)
        due = max(filter(None, [self.delivery.due, item and item.choice.at]))
        late = due > self.words.now and self.verdict.act is Act.WAIT
        return self.words.say(_("It does not leave before ${when}."), when=self.words.at(due)) if late else ""

    @property
    def _paused(self) -> bool:
        account = self.page.account_of(self.delivery.account)
        pauses = [last_pause(), account and account.pause]
        return any(pause and pause.frozen(self.words.now) for pause in pauses)

    @property
    def changes(self) -> tuple[tuple[str, str], ...]:
        """Word by word since somebody last decided on it."""
        seen, now = self.delivery.reviewed, self.delivery.rendition.text
        waiting = self.delivery.state in (State.PENDING, State.QUEUED)
        return diff.words(seen, now) if waiting and seen and seen != now else ()

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
        ours = self.spoken(event.note)
        said = _("${line}: “${note}”") if ours == event.note else _("${line}: ${note}")
        return say(said, line=line, note=ours)
