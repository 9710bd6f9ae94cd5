"""Webhooks: what is published goes, signed, to an address of the body's own: its newsletter, its app, any other tool.

As https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md says, so that libraries of
many languages check the signature. What receivers are promised: docs/how-to/en/link-webhook.md.
"""

from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.http.guard import target
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import codepoints
from typing import Any
from urllib.parse import urlsplit

import base64
import hashlib
import hmac
import json


_GONE = 410
"""The receiver wants nothing more: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.11"""
_NOTHING = 204
_UNKNOWN = 404


class Webhook(Network):
    """Credentials: receiver (its address) and webhook_secret.

    Each event tells the whole of a post, whose id is ours and fixed before: to take it twice is harmless. Errors of all
    calls: those of `Http` and `content`, Unauthorized("receiver_gone", host) and Transient("bad_redirect", host).
    """

    id = "webhook"
    title = "Webhook"
    limits = Limits(text=0, measure=codepoints, images=10, image_bytes=4_000_000, card_pictures=10)
    fetches = True
    replays = float("inf")
    rewrites = frozenset({"text", "picture", "link"})
    fields = (Field("receiver"), Field("webhook_secret", secret=True))

    def origins(self, credentials: Credentials) -> list[str]:
        return [_origin(credentials["receiver"])] if credentials else []

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection:
        """Codes of its own: not_https, secret_invalid."""
        credentials = {name: answers.get(name, "").strip() for name in ("receiver", "webhook_secret")}
        where = target(credentials["receiver"], http.allow)
        if where.scheme != "https" and not where.allowed:
            raise Rejected("not_https", host=where.host)
        if not _key(credentials["webhook_secret"]):
            raise Rejected("secret_invalid")
        return Connection(self.whoami(http, credentials), credentials)

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        """Whoever takes a signed ping. The address itself may let others in: staff alone read its host."""
        _send(http, credentials, "ping", {}, writes=False)
        return Identity(_digest(credentials["receiver"]), urlsplit(credentials["receiver"]).netloc, "")

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return _told(http, credentials, "post.created", key, post)

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        return _told(http, credentials, "post.updated", id, post, post.created.isoformat())

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        _send(http, credentials, "post.deleted", {"id": id})

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        return _told(http, credentials, "post.answered", key, post, answers=to)


def sign(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """The value of webhook-signature; `secret` as people type it, `timestamp` in seconds since 1970."""
    signed = hmac.digest(_key(secret), f"{id}.{timestamp}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


def _key(secret: str) -> bytes:
    """What a secret stands for, 24 to 64 bytes; b"" when it is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        return b""
    return key if 24 <= len(key) <= 64 else b""


def _told(http: Http, credentials: Credentials, kind: str, id: str, post: Post, turn: str = "", **more: str) -> Receipt:
    """`turn`: what tells this event from an earlier one that said the same of that post."""
    data = {"id": id, **more, "text": post.text, "link": post.link, "language": post.language}
    data["title"], data["description"] = (post.card.title, post.card.description) if post.card else ("", "")
    pictures = [{"mime": p.mime, "width": p.width, "height": p.height, "alt": p.alt} for p in post.pictures]
    urls = [{"url": p.url} for p in post.pictures]  # new ones at each try
    turn += json.dumps([data, pictures])
    images = [{**url, **picture} for url, picture in zip(urls, pictures, strict=True)]
    try:
        said = _send(http, credentials, kind, {**data, "images": images}, turn)
    except Rejected as error:
        if kind == "post.created" or error.params["status"] != _UNKNOWN:
            raise
        raise Rejected("post_gone", host=error.params["host"]) from error
    url = address(said.get("url"), LONGEST_ADDRESS)
    return Receipt(id, url or post.link)


def _send(
    http: Http, credentials: Credentials, kind: str, data: Mapping[str, Any], turn: str = "", writes: bool = True
) -> dict[str, Any]:
    """What the receiver answers. A repeat has the same id, so that who remembers it needs to look no further."""
    now = clock.now()
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False).encode()
    id = _digest(f"{kind} {data.get('id', now)} {turn}")
    headers = {
        "Content-Type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign(credentials["webhook_secret"], id, int(now.timestamp()), body),
    }
    try:
        answer = http.post(credentials["receiver"], data=body, headers=headers)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    return _taken(answer, credentials, writes)


def _taken(answer: Answer, credentials: Credentials, writes: bool) -> dict[str, Any]:
    """A 2xx alone does not do: the page of a firewall has one too."""
    host = urlsplit(answer.url).hostname or ""
    if answer.status == _NOTHING:
        return {}
    if answer.status == _GONE:
        raise Unauthorized("receiver_gone", host=host)
    if 300 <= answer.status < 400:  # never followed: what is signed is for one host
        raise Transient("bad_redirect", host=host)
    return content(answer, dict, writes, (), list(credentials.values()))


def _origin(url: str) -> str:
    return "://".join(urlsplit(url)[:2])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


network = Webhook()
