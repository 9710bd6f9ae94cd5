"""Sentences on where a delivery stands and what comes next, for the person who looks."""

from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory.crosspost import clearance
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import REPEATABLE
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.crosspost.rules.departure import PACED
from collective.socialterritory.crosspost.rules.departure import Verdict
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import last_pause
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import sentence
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.sentences import SURE
from functools import cached_property
from typing import Any
from zope.component import queryUtility
from zope.i18nmessageid import Message


DONE_AT = {
    Operation.POST: _("Published ${when}."),
    Operation.EDIT: _("Corrected ${when}."),
    Operation.DELETE: _("Taken away ${when}."),
    Operation.REPLY: _("Answered ${when}."),
    Operation.ANSWER: _("Answered ${when}."),
    Operation.CONTINUE: _("Published ${when}."),
}
WHEN_APPROVED = {
    Operation.POST: _("It leaves as soon as it is approved."),
    Operation.EDIT: _("The post is corrected as soon as this is approved."),
    Operation.DELETE: _("The post is taken away as soon as this is approved. Refuse, and it stays."),
    Operation.REPLY: _("The answer leaves as soon as it is approved."),
    Operation.ANSWER: _("The answer leaves as soon as it is approved."),
    Operation.CONTINUE: _("It leaves as soon as it is approved."),
}
CAUSES = {
    "item_deleted": _("The news item was deleted from the site."),
    "item_expired": _("The news item has expired."),
    "not_public": _("The news item is no longer public."),
}
"""Why the site itself asks for a post to be taken away."""


def named(delivery: Delivery) -> dict[str, Any]:
    """What sentences on why it waits or did not go well may name: of addresses only one that is still wrong."""
    url = settings().public_url or ""
    return {"host": network_title(delivery.network), "url": url if address.problem(url) else ""}


def kept_by(delivery: Delivery) -> str:
    """The code, or a person's words, of why it is on hold, as things are by now."""
    mended = delivery.held in address.PROBLEMS and not address.problem(settings().public_url or "")
    return "address_mended" if mended else delivery.held


def problem(delivery: Delivery) -> Message:
    """What the error of the last try means by now. Nobody is told to look there before the site has, or for nothing."""
    params = {**named(delivery), **delivery.error_params}
    if delivery.state is State.UNCONFIRMED:  # a person looks at the network; its server's name says nothing to them
        params = {**params, **named(delivery)}
    if delivery.state is State.QUEUED and delivery.operation not in REPEATABLE:
        if delivery.doubt:
            return sentence(_doubted(delivery), named(delivery))
        if delivery.error in SURE:
            return sentence("unanswered", params)
    sure = delivery.state is State.FAILED and not delivery.doubt
    return sentence(delivery.error, params, sure=sure, operation=delivery.operation)


def _doubted(delivery: Delivery) -> str:
    if delivery.error == "duplicate":
        return "in_doubt_duplicate"
    found = isinstance(queryUtility(INetwork, name=delivery.network), Finds)
    return "in_doubt" if found else "in_doubt_repeated"


class Sayings:
    """`page`: a deciding.Deciding page."""

    def __init__(self, page: Any, delivery: Delivery) -> None:
        self.page = page
        self.words = page.words
        self.delivery = delivery

    @property
    def said(self) -> list[str]:
        return list(filter(None, dict.fromkeys(getattr(self, f"_{self.delivery.state}")())))

    def _pending(self) -> list[str]:
        delivery, words = self.delivery, self.words
        given = validation.standing(delivery)
        names = ", ".join(f"{words.person(a.by)} ({words.at(a.at)})" for a in given)
        first = words.say(_("Waits for approval."))
        if given:
            first = words.say(_("Approved by ${names}. One more person must approve."), names=names)
        then = WHEN_APPROVED[delivery.operation]
        if delivery.by_hand:
            then = _("Once it is approved, a person is told what to do.")
        return [self._cause, first, self._waits(words.say(then))]

    @property
    def _cause(self) -> str:
        """Why the site asks for it by itself."""
        return self.words.say(CAUSES[self.delivery.cause]) if self.delivery.cause in CAUSES else ""

    def _queued(self) -> list[str]:
        delivery = self.delivery
        past = not delivery.error or (not delivery.doubt and (delivery.held or self.verdict.act is Act.GO))
        waits = self._waits(self.page.leaves_now(delivery))
        return [self._cause, "" if past else self._error(), waits]

    def _sending(self) -> list[str]:
        return [self.words.say(_("Being sent since ${when}."), when=self.words.at(self.delivery.log[-1].at))]

    def _delivered(self) -> list[str]:
        when = self.words.at(self.delivery.finished or self.delivery.log[-1].at)
        return [self.words.say(DONE_AT[self.delivery.operation], when=when)]

    def _unconfirmed(self) -> list[str]:
        by_hand = self.delivery.by_hand and self.verdict.act is not Act.GO and self.verdict.why not in PACED
        return [self.spoken(self.verdict.why)] if by_hand else [self._error()]

    def _failed(self) -> list[str]:
        return [self._error()]

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
        return self.words.say(problem(self.delivery))

    def spoken(self, note: str) -> str:
        known = self.delivery.error_params if note == self.delivery.error else {}
        return self.words.spoken(note, **{**named(self.delivery), **known})

    @cached_property
    def verdict(self) -> Verdict:
        network = queryUtility(INetwork, name=self.delivery.network)
        if network is None:
            return Verdict(Act.HOLD, "unknown_network")
        item = self.page.facts(self.delivery.content)
        return clearance.verdict(self.page.site, self.delivery, item, network, self.words.now)

    def _waits(self, now: str) -> str:
        """What it waits for; `now` when nothing keeps it."""
        verdict = self.verdict
        if self.delivery.held:
            kept = kept_by(self.delivery)
            said = self.spoken("paused" if kept == "pause" and self._paused else kept)
            return self.words.say(_("On hold: ${reason}"), reason=said)
        if verdict.act is Act.GO:
            return now
        if verdict.why == "pause" or (verdict.until and self._paused):
            return self.spoken("paused" if self._paused else "pause_over")
        if verdict.until:
            leaves = self.words.say(_("It leaves ${when}."), when=self.words.at(verdict.until))
            return f"{leaves} {self.spoken(verdict.why)}" if verdict.why in PACED else leaves
        why = self._refused if verdict.why == "reconnect" else verdict.why
        return " ".join(filter(None, [self.spoken(why), self._not_before]))

    @property
    def _refused(self) -> str:
        """The code of why the account must be reconnected."""
        return str(self.page.accounts.runtime(self.delivery.account).get("error") or "reconnect")

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
