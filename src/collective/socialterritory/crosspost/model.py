"""The nouns of cross-posting: what a news item says, how it is rendered for an account, and the delivery of that.

All times are aware datetimes in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from enum import StrEnum

import hashlib
import json


class State(StrEnum):
    PENDING = "pending"
    QUEUED = "queued"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


WAITING = (State.PENDING, State.QUEUED)
"""What waits for a person or for its time, and follows its news meanwhile."""
FINISHED = frozenset({State.DELIVERED, State.CANCELLED})
"""States that nothing leaves any more: records there move to the history."""


class Operation(StrEnum):
    POST = "post"
    EDIT = "edit"
    """Changes a post of ours that is out, in place"""
    DELETE = "delete"
    REPLY = "reply"
    """Answers a post of ours"""
    ANSWER = "answer"
    """Answers what somebody else said to a post of ours"""
    CONTINUE = "continue"
    """Goes on with a post of ours whose text is too long for one"""


REPEATABLE = frozenset({Operation.EDIT, Operation.DELETE})
"""To do these twice is the same as once: it does no harm not to know whether they arrived."""


ANSWERS = frozenset({Operation.REPLY, Operation.ANSWER, Operation.CONTINUE})
"""These are posts of their own that stand below others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the editor chose on the item.

    `accounts` None: those that speak for it; `text` "": the account's template.
    """

    post: bool = True
    accounts: tuple[str, ...] | None = None
    text: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Account UID -> own text for that account"""
    at: datetime | None = None
    urgent: bool = False
    images: bool = False
    """The images of the item's text go along as well"""
    chain: bool = False
    """A text that is too long for one post goes on in others below it, where the network lets it"""


@dataclass(frozen=True, slots=True)
class ImageSource:
    """An image of the item before scaling. `digest`: sha256 of its bytes, hexadecimal.

    `place`: UID of the content that holds it, "" for the item itself.
    """

    digest: str
    mime: str
    width: int
    height: int
    size: int
    caption: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A content item as the rules see it."""

    uid: str
    path: str
    """Physical path, /Plone/actualites/cantine"""
    url: str
    """Public address, "" when there is none yet"""
    portal_type: str
    title: str
    description: str = ""
    subjects: tuple[str, ...] = ()
    language: str = ""
    effective: datetime | None = None
    expires: datetime | None = None
    public: bool = False
    """Anonymous holds View"""
    images: tuple[ImageSource, ...] = ()
    """Its own first, then those of its text that the editor lets go along"""
    choice: Choice = Choice()
    working_copy: bool = False
    created: datetime | None = None
    told: frozenset[str] = frozenset()
    """UIDs of the accounts that have a post of another translation of it"""


@dataclass(frozen=True, slots=True)
class Image:
    """One that goes along, as ImageSource has it. `alt`: its description, cut to what the network takes."""

    digest: str
    alt: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rendition:
    """Exactly what an account would say. Two renditions with one fingerprint are the same bytes at the network."""

    text: str
    link: str = ""
    language: str = ""
    images: tuple[Image, ...] = ()
    recipe: str = ""
    """How images are scaled, such as "jpeg 2000px 1000000B" """
    source: str = field(default="", compare=False)
    """Digest of what it was made of: another one when somebody changed the item, not its account's template"""
    card_title: str = ""
    card_description: str = ""
    used: int = field(default=0, compare=False)
    limit: int = field(default=0, compare=False)
    over: int = field(default=0, compare=False)
    """By how much it was too long before it was cut"""
    parts: tuple[str, ...] = ()
    """Of a thread, what each of its posts says; `text` has them all"""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """Codes; messages.py has the sentences"""
    price: str = field(default="", compare=False)
    """US dollars that the network takes for it, such as "0.200"; "" for nothing"""

    @property
    def params(self) -> dict[str, str]:
        """What the sentences of the warnings tell."""
        return {"limit": str(self.limit), "price": self.price, "number": str(len(self.parts))}

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits over everything that people at the network will see."""
        said = [
            self.text,
            self.link,
            self.language,
            [[image.digest, image.alt] for image in self.images],
            self.recipe,
            self.card_title,
            self.card_description,
            *self.parts,
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Approval:
    by: str
    at: datetime
    fingerprint: str
    trusted: bool = False
    """By somebody who needs nobody else's"""
    role: str = ""
    """By which role they could, at that time; "" for somebody trusted, and where it was not kept"""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit log. `by` "" is the machine."""

    at: datetime
    name: str
    """A transition's name, or hold, release, edit, ask, remind"""
    by: str = ""
    note: str = ""
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One post of one item to one account, from the first question to the permalink, or what is done about it later."""

    id: str
    content: str
    """UID of the item"""
    account: str
    """UID of the account"""
    network: str
    created: datetime
    due: datetime
    """Not to leave before"""
    state: State = State.PENDING
    operation: Operation = Operation.POST
    edition: int = 1
    held: str = ""
    """Reason code while a person must release it: pause, overdue, or a person's own words; "" otherwise"""
    urgent: bool = False
    item_title: str = ""
    item_path: str = ""
    account_title: str = ""
    identity: str = ""
    """Who the account is at the network, by id there, when this was planned or a person last let it go; "" unknown"""
    identity_name: str = ""
    """What that one was called there when this was last tried"""
    authors: tuple[str, ...] = ()
    """User ids of the creator and of everyone who changed what is fingerprinted"""
    needed: int = 0
    """How many approvals the account asked for when the record was made; 0: none"""
    apart: bool = False
    """Approvers must not be authors"""
    approvals: tuple[Approval, ...] = ()
    rendition: Rendition = Rendition("")
    """As last composed"""
    reviewed: str = ""
    """The text that a validator last saw and decided on"""
    attempts: int = 0
    since: datetime | None = None
    """First time it could leave: the 12 hours of retries count from here"""
    token: str = ""
    lease: datetime | None = None
    key: str = ""
    sent_at: datetime | None = None
    doubt: bool = False
    """A try may have arrived: look before sending again"""
    cost: str = ""
    """US dollars set aside for a try, until it is sure that it did not arrive"""
    receipt_id: str = ""
    receipt_url: str = ""
    error: str = ""
    """Code of what went wrong last; "" when nothing did"""
    error_params: Mapping[str, str] = field(default_factory=dict)
    finished: datetime | None = None
    log: tuple[Event, ...] = ()
    target: str = ""
    """Id of the delivery whose post this changes, takes away or answers; `target_id` and `target_url`: its receipt, of
    an ANSWER id and address there of what somebody else said below that post, of a CONTINUE those of the post above it
    """
    target_id: str = ""
    target_url: str = ""
    before: str = ""
    """What that post said until now"""
    partner: str = ""
    """Where a post is taken away for a new one, each knows the id of the other"""
    cause: str = ""
    """Code of why the site itself takes a post away; "" when a person asked for it"""
    by_hand: bool = False
    """A person does it at the network and confirms it here"""

    @property
    def fingerprint(self) -> str:
        return self.rendition.fingerprint

    @property
    def images(self) -> tuple[Image, ...]:
        """What must be at hand to do it: to take a post away needs none."""
        return () if self.operation is Operation.DELETE else self.rendition.images
