"""How codes of posts read to the person who asks."""

from collective.socialterritory import _
from collective.socialterritory import words
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.model import WAITING
from collective.socialterritory.messages import DONE
from collective.socialterritory.messages import problem_sentence
from collective.socialterritory.messages import SENTENCES
from collective.socialterritory.messages import state_word
from datetime import datetime
from typing import Any
from zope.i18nmessageid import Message


DECIDED = {
    "approve": _("${by} has already approved, ${at}."),
    "reject": _("${by} has already refused, ${at}."),
    "cancel": _("${by} has already cancelled, ${at}."),
}


def state_name(delivery: Delivery) -> str:
    """The name of its state; "held" for what a person must release."""
    return "held" if delivery.held and delivery.state in WAITING else str(delivery.state)


def state_told(delivery: Delivery, gone: bool) -> Message:
    """Where it stands. `gone`: whether what it brought out was taken away since."""
    if gone:
        return DONE["delete"]
    if delivery.by_hand and delivery.state is State.UNCONFIRMED:
        return _("To do by hand")
    return state_word(state_name(delivery), delivery.operation)


class Words(words.Words):
    def spoken(self, note: str, **params: Any) -> str:
        """A note is either a code of ours or a person's own words."""
        return self.sentence(note, **params) if note in SENTENCES else note

    def problem(self, error: Any) -> str:
        """The sentence for a SocialError."""
        if error.code == "already_decided" and error.params.get("decision") in DECIDED:
            at = self.at(datetime.fromisoformat(error.params["at"]))
            return self.say(DECIDED[error.params["decision"]], by=self.person(error.params["by"]), at=at)
        return self.say(problem_sentence(error))
