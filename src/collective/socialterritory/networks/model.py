"""The nouns of a network: its facts, what is sent to it and what comes back, and the abilities it may have.

A network is an object of a `Network` subclass. What it can do is which of the Protocols below it satisfies;
forms, previews, delivery and docs ask `isinstance(network, Finds)` and never a network's name.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.http import Http
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar
from typing import Protocol
from typing import runtime_checkable


Credentials = Mapping[str, str]
"""What the vault keeps for one account; only the network that made it reads it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one post may hold. 0 means no limit."""

    text: int
    measure: Callable[[str], int]
    text_bytes: int = 0
    link: int = 0
    """Code points that stand for a link too long for the text, where the whole can lie behind them: text.shortened()"""
    images: int = 1
    alt: int = 1000
    image_bytes: int = 1_000_000
    image_side: int = 2000
    image_types: tuple[str, ...] = ("image/jpeg", "image/png")
    card: bool = True
    """Whether a link card can go along; where none can, a link must be in the text"""
    card_pictures: int = 0
    """Most pictures beside which there is a link card; a single one may be the card's own"""
    picture: bool = False
    """Whether nothing is posted without a picture"""
    shape: tuple[float, float] | None = None
    """The narrowest and the widest picture, as width by height: any other gets white beside it"""
    links: int = 0
    """Most different links, that of the card among them"""
    clickable: bool = True
    """Whether links in the text lead anywhere"""
    chain: bool = False
    """Whether a text that is too long may go on in answers to itself, where the editor wants that"""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a webmaster types to link an account. A secret one has a password field and is never shown again."""

    name: str
    secret: bool = False
    title: str = ""
    """Label, for a field that messages.py does not know: another package's"""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int
    alt: str
    url: str = ""
    """Where anybody can fetch these bytes for some hours, for a network that `fetches`; "" for all others"""


@dataclass(frozen=True, slots=True)
class Card:
    url: str
    title: str
    description: str


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent, within the limits: text, and pictures or one link card, or both where there are `card_pictures`."""

    text: str
    created: datetime
    link: str = ""
    language: str = ""
    pictures: tuple[Picture, ...] = ()
    card: Card | None = None
    answers: str = ""
    """Of a reply, the id of the post that it answers: so `Finds` takes no other post for it"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's own id of the post and the address where people read it."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class Price:
    """What a post costs, in US dollars; `link`: the price of one that has a link."""

    amount: Decimal
    link: bool


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are there. `facts`: what `Network.limits_of` needs to know of that server; nothing secret."""

    id: str
    name: str
    url: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connection:
    """`lasts`: when what a person agreed to is over, and nobody else can renew it; None: it has no end."""

    identity: Identity
    credentials: Credentials = field(repr=False)
    lasts: datetime | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """What an OAuth 2 server knows this site by, and where it asks people and hands out tokens.

    `basic`: it wants id and secret in the header, not in the form. `pkce`: it does not refuse who speaks RFC 7636.
    """

    id: str
    secret: str = field(repr=False)
    authorize: str
    token: str
    basic: bool = False
    pkce: bool = True


class Network:
    """The facts. Subclasses set them as class attributes."""

    id: ClassVar[str]
    title: ClassVar[str]
    limits: ClassVar[Limits]
    local: ClassVar[bool] = False
    """Posts stay on this site, so an address that only insiders reach is good enough"""
    permalink: ClassVar[str] = r"https?://[^/\s]+/\S+"
    """What addresses of posts look like there, a regular expression: asked of people who posted by hand.

    Its group `post`, if it has one, is what tells two posts apart: the rest may be written in several ways.
    """
    icon: ClassVar[str] = "share"
    """Name of its picture in Plone's registry of icons"""
    share_template: ClassVar[str] = ""
    """Address where a visitor passes a page on, with {url}, {title} or {text}, which is both; "" where there is none.

    With {host} it is at the visitor's own server, which is asked for first.
    """
    home: ClassVar[str] = ""
    """The host, with those below it, of its accounts' pages where a person posts by hand; "" for any"""
    deletion: ClassVar[str] = ""
    """US dollars that taking a post away costs, "" for nothing"""
    credit: ClassVar[str] = ""
    """The name of the <meta> tag in which a shared page names an account of ours there; "" where there is none"""
    fetches: ClassVar[bool] = False
    """Takes pictures from an address of this site, `Picture.url`, instead of being sent them"""
    settle: ClassVar[float] = 0.0
    """Seconds to wait after a doubt before the network's own answer to "did it arrive?" can be trusted."""
    hearing_scopes: ClassVar[tuple[str, ...]] = ()
    """Rights that `Hears` and answering others need, and posting does not: asked for where replies are to be read"""
    fields: tuple[Field, ...] = ()
    app_fields: tuple[Field, ...] = ()
    """What `Connects` asks for, and what `Consents` asks for"""

    def limits_of(self, facts: Mapping[str, str]) -> Limits:
        """For an account whose server told these `facts`; where all servers are alike, `limits`."""
        return self.limits

    def ends(self, credentials: Credentials) -> datetime | None:
        """When the session of a network that `Refreshes` is over, as far as it said."""
        return None

    def key(self, delivery: str, now: datetime) -> str:
        """The idempotency key or record key, fixed before the first byte leaves. `delivery` is the delivery's id."""
        return delivery

    def origins(self, credentials: Credentials) -> list[str]:
        """The servers, https://host each, that must be reached; `credentials` empty: as far as that is known before."""
        return []


@runtime_checkable
class Publishes(Protocol):
    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt: ...


@runtime_checkable
class Prepares(Protocol):
    """Publishes in two steps. What is prepared nobody sees, and its id is stored before it is published.

    `publish`, `reply` and `find` get that id as `key`; `find` gets "" where a preparation's answer was lost, which
    published nothing. After Rejected or Transient("prepared_over") it is prepared anew, else tried again as it is.
    """

    def prepare(self, http: Http, credentials: Credentials, post: Post) -> str:
        """The id of what is to be published. A lost answer is Transient: nobody has seen anything."""


@runtime_checkable
class Replays(Protocol):
    """Publishing again with the same key is harmless for `replays` seconds after the first try."""

    replays: float


@runtime_checkable
class Finds(Protocol):
    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """The receipt of a post that did arrive; None when the network says surely that it did not."""


@runtime_checkable
class Edits(Protocol):
    """`rewrites`: what can change of a post that is out; parts of it are text, picture, link."""

    rewrites: frozenset[str]

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        """Let our post `id` say what `post` says; to do it twice is harmless. Raises Rejected (post_gone)."""


@runtime_checkable
class Deletes(Protocol):
    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        """Take our post `id` away for good. That it is gone already is no error."""


@runtime_checkable
class Replies(Protocol):
    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        """Publish `post` as an answer to `to`: a post of ours, or what somebody said in answer to one. Raises Rejected
        (post_gone).

        `Finds` finds it as any other; what it is asked for `answers` the same post.
        """


@runtime_checkable
class Connects(Protocol):
    """Links an account with fields that a person types. Raises Unauthorized, Rejected, Transient."""

    fields: tuple[Field, ...]

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection: ...

    def whoami(self, http: Http, credentials: Credentials) -> Identity: ...


@runtime_checkable
class Consents(Protocol):
    """Links an account on the network's own page, where a person consents: OAuth 2, with PKCE where it knows that.

    `app_fields`: asked before, the server's address, or id and secret of an app that a webmaster made there.
    """

    app_fields: tuple[Field, ...]
    scopes: tuple[str, ...]

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        """May register this site there. Raises Rejected, Transient."""

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """The accounts that the person may link with `tokens`. Raises Unauthorized, Rejected, Transient.

        `tokens`: access_token and, where the network gives them, refresh_token, expires_in and
        refresh_token_expires_in (seconds).
        """

    def whoami(self, http: Http, credentials: Credentials) -> Identity: ...


@runtime_checkable
class Charges(Protocol):
    """Takes money for each post."""

    def price(self, text: str) -> Price: ...


@runtime_checkable
class Refreshes(Protocol):
    def refresh(self, http: Http, credentials: Credentials) -> Credentials:
        """New credentials, the old ones being void from now on. Raises Unauthorized when a person must act."""
