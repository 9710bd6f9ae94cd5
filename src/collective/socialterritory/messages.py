"""The words people read in place of a code, and how a sentence is filled with what is known."""

from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import _
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Transient
from collective.socialterritory.local import dollars
from collective.socialterritory.local import written
from collective.socialterritory.sentences import CONNECTING
from collective.socialterritory.sentences import FEEDS
from collective.socialterritory.sentences import GENERAL
from collective.socialterritory.sentences import REPEATED
from collective.socialterritory.sentences import SENTENCES
from collective.socialterritory.sentences import SURE
from collective.socialterritory.sentences.comments import RULES
from collective.socialterritory.sentences.measures import MEASURES
from collective.socialterritory.sentences.replies import REPLIES
from typing import Any
from zope.i18nmessageid import Message

import re


STATES: Mapping[str, Message] = {
    "pending": _("To approve"),
    "queued": _("Scheduled"),
    "sending": _("Sending"),
    "delivered": _("Published"),
    "unconfirmed": _("To check"),
    "failed": _("Failed"),
    "rejected": _("Refused"),
    "cancelled": _("Cancelled"),
    "held": _("On hold"),
}
"""Words for crosspost.model.State, and for a record that is held."""

OPERATIONS: Mapping[str, Message] = {
    "edit": _("Correction"),
    "delete": _("Withdrawal"),
    "reply": _("Answer with a correction"),
    "answer": _("Answer to a reader"),
    "continue": _("Rest of a thread"),
}
"""Words for crosspost.model.Operation, where it is no post."""

DONE: Mapping[str, Message] = {"edit": _("Corrected"), "delete": _("Taken away")}
"""Words for what is done to a post that is out, in place of "Published"."""


def state_word(name: str, operation: str) -> Message:
    """Where a delivery stands; of what is done to a post that is out, what was done."""
    return DONE.get(operation, STATES[name]) if name == "delivered" else STATES[name]


LINKS: Mapping[str, Message] = {
    "new": _("Not connected yet"),
    "connected": _("Connected"),
    "reconnect": _("To reconnect"),
    "paused": _("Paused"),
}
"""Words for accounts.model.Link, and for an account that is paused."""

NETWORKS: Mapping[str, Message] = {"sandbox": _("Training network"), "elsewhere": _("Another network, by hand")}
"""Words for networks that have no proper name."""

SHARES: Mapping[str, tuple[Message, Message]] = {
    "email": (_("E-mail"), _("Send by e-mail")),
    "qr": (_("QR code"), _("Show the QR code")),
    "copy": (_("Copy link"), _("Copy link")),
    "print": (_("Print"), _("Print")),
    "sheet": (_("Other apps"), _("Share with other apps")),
}
"""Of what has no proper name: the label of a share link, and what it does."""

POSITIONS: Mapping[str, Message] = {
    "below": _("Below the text"),
    "above": _("Above the text"),
    "both": _("Above and below"),
}
LOOKS: Mapping[str, Message] = {"labels": _("Icons with labels"), "icons": _("Icons alone")}
"""Words for the settings share_position and share_look."""

VALIDATIONS: Mapping[str, Message] = {
    "none": _("Nobody: posts leave at publication"),
    "one": _("One validator"),
    "other": _("One validator other than the author"),
    "two": _("Two validators"),
}
"""Words for accounts.model.Validation."""

WITHDRAWALS: Mapping[str, Message] = {
    "ask": _("Ask the validators what becomes of its posts"),
    "delete": _("Delete its posts at the network"),
    "leave": _("Leave its posts where they are"),
}
"""Words for accounts.model.Withdrawal."""

TRANSITIONS: Mapping[str, Message] = {
    "approve": _("Approve"),
    "reject": _("Refuse"),
    "revise": _("Submit again"),
    "cancel": _("Do not post"),
    "resend": _("Send again"),
    "confirm": _("It is published"),
    "hold": _("Hold"),
    "release": _("Release"),
}
"""Words on buttons."""

ABOUT: Mapping[str, Message] = {"cancel": _("Leave the post as it is"), "confirm": _("It is done")}
"""Words on those of what is done about a post that is out."""


def transition_word(name: str, operation: str) -> Message:
    changes = operation in OPERATIONS and operation not in ("answer", "continue")
    return ABOUT.get(name, TRANSITIONS[name]) if changes else TRANSITIONS[name]


EVENTS: Mapping[str, Message] = {
    "ask": _("Validation asked for"),
    "plan": _("Planned"),
    "endorse": _("First approval"),
    "approve": _("Approved"),
    "reject": _("Refused"),
    "revise": _("Submitted again"),
    "cancel": _("Cancelled"),
    "resend": _("Sent again"),
    "confirm": _("Confirmed by hand"),
    "hold": _("Put on hold"),
    "release": _("Released"),
    "edit": _("Changed"),
    "void": _("Approval withdrawn: the post changed"),
    "claim": _("Sending began"),
    "reclaim": _("Sending taken up again"),
    "deliver": _("Published"),
    "retry": _("Will be tried again"),
    "fail": _("Failed"),
    "lose": _("Not confirmed"),
    "remind": _("Reminder sent"),
    "leave": _("The post stays"),
    "correct": _("Correction asked for"),
    "withdraw": _("Withdrawal asked for"),
    "address": _("Address corrected"),
}
"""Words for the lines of a post's history."""


def sentence(code: str, params: Mapping[str, Any] | None = None, sure: bool = False, operation: str = "") -> Message:
    """A translatable sentence for `code`. `sure`: nothing can have been published, so do not speak of looking there.

    `operation`: what was tried; where that is done again without harm, there is nothing to look for either.
    """
    repeated = operation in DONE and code in SURE and REPEATED
    message = repeated or (sure and SURE.get(code)) or SENTENCES.get(code, GENERAL)
    return _filled(message, code, params or {})


def past(name: str, note: str) -> str:
    """The code for a line of the history. Of a try that another one follows: what happened, not what to do about it."""
    return "no_answer" if name == "retry" and note in {*SURE, "duplicate", "ghost"} else note


def problem_sentence(error: SocialError) -> Message:
    return sentence(error.code, error.params, sure=isinstance(error, Transient))


def connect_sentence(error: SocialError) -> Message:
    """What is wrong while an account is being connected or tested."""
    message = CONNECTING.get(error.code)
    return _filled(message, error.code, error.params) if message else problem_sentence(error)


def feed_sentence(code: str, params: Mapping[str, Any] | None = None) -> Message:
    """What is wrong with a source, for those who look after it."""
    return _filled(FEEDS.get(code) or SENTENCES.get(code, GENERAL), code, params or {})


def replies_sentence(code: str, params: Mapping[str, Any] | None = None) -> Message:
    """Why replies are not read, for those who look after the account."""
    return _filled(REPLIES[code], code, params or {}) if code in REPLIES else feed_sentence(code, params)


def measures_sentence(code: str, params: Mapping[str, Any] | None = None) -> Message:
    """Why posts are not counted, for those who read their figures."""
    return _filled(MEASURES[code], code, params or {}) if code in MEASURES else feed_sentence(code, params)


def feed_trouble(code: str, params: Mapping[str, Any], kept: bool) -> list[Message]:
    """The same of a source that is followed, and what goes on meanwhile; `kept`: whether there is a copy of it."""
    meanwhile = _("Visitors see the last copy, and it is tried again.") if kept else _("It is tried again by itself.")
    return [feed_sentence(code, params), meanwhile]


def refusal_sentence(code: str, params: Mapping[str, Any] | None = None) -> Message:
    """Why a comment was not taken, for who wrote it."""
    params = dict(params or {})
    if "until" in params:
        params["until"] = written(params["until"])
    return sentence(code, params)


def rules_told(rules: Iterable[str]) -> list[Message]:
    """What holds a comment, of the ids of its rules; what another version called a rule is left out."""
    parts = (id.partition(":") for id in rules)
    return [_filled(RULES[kind], kind, {"what": what}) for kind, _colon, what in parts if kind in RULES]


def _filled(message: Message, code: str, params: Mapping[str, Any]) -> Message:
    """Histories keep codes alone: what a sentence names and nobody knows any more is left out."""
    unknown = dict.fromkeys(re.findall(r"\$\{(\w+)\}", message.default or message), "…")
    mapping = {**unknown, **_shown(code, params)}
    return Message(message, domain=message.domain, default=message.default, mapping=mapping)


def _shown(code: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Params as people read them: times local, decisions in words, nothing missing."""
    known = {"host": _("the network"), "reason": _("no reason given"), "code": code, "url": _("The address set then")}
    shown = {**known, **{name: value for name, value in params.items() if value not in (None, "")}}
    if "price" in shown:
        shown["price"] = dollars(shown["price"])
    if "at" in shown:
        shown["at"] = written(shown["at"])
    if "decision" in shown:
        shown["decision"] = EVENTS.get(shown["decision"], shown["decision"])
    return {name: value if isinstance(value, Message) else str(value) for name, value in shown.items()}
