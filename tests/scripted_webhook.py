"""A strict receiver of webhooks with a memory, which fails on order: it does what docs/how-to/en/link-webhook.md tells.

::

    with ScriptedWebhook() as server:
        town = server.account("mairie")                 # an address and a secret of its own
        credentials = server.credentials(town)           # what a webmaster types, and what is kept
        server.script("post.created", "reset_after")     # see faults.py; events are named by their type
        server.posts()                                   # texts, in the order in which they came
        server.instead["ping"] = Said(410, b"{}")        # what is answered in place of the truth
"""

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import UTC
from faults import Faulty
from faults import Said
from typing import Any

import base64
import hashlib
import hmac
import json
import re
import secrets


AT_MOST = 300
"""Seconds that the clocks may be apart"""
SAYS = {"id", "text", "link", "title", "description", "language", "images"}
DATA = {
    "ping": set(),
    "post.created": SAYS,
    "post.updated": SAYS,
    "post.answered": SAYS | {"answers"},
    "post.deleted": {"id"},
}
IMAGE = {"url": str, "mime": str, "width": int, "height": int, "alt": str}


class Refusal(Exception):
    def __init__(self, status: int, words: str) -> None:
        self.said = Said(status, json.dumps({"error": words}).encode())


@dataclass
class Receiver:
    name: str
    secret: str = field(repr=False)
    posts: dict[str, Any] = field(default_factory=dict)
    """By id; None once it was deleted"""
    taken: dict[str, tuple[Any, dict[str, str]]] = field(default_factory=dict)
    """By the event's id: what it told, and what was answered"""


class ScriptedWebhook(Faulty):
    def __init__(self, lag: float = 0.0, **faulty: Any) -> None:
        super().__init__(**faulty)
        self.accounts: list[Receiver] = []
        self.events: list[dict[str, Any]] = []
        """All that were taken, repeats too"""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host}

    def account(self, name: str) -> Receiver:
        self.accounts.append(Receiver(name, f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"))
        return self.accounts[-1]

    def credentials(self, account: Receiver) -> dict[str, str]:
        return {"receiver": f"{self.url}/hooks/{account.name}", "webhook_secret": account.secret}

    def revoke(self) -> None:
        """As when whoever runs it changes the secrets."""
        for account in self.accounts:
            account.secret = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"

    def posts(self) -> list[str]:
        with self.lock:
            return [post["text"] for account in self.accounts for post in account.posts.values() if post]

    def method(self, verb: str, path: str) -> str:
        return path

    def named(self, verb: str, path: str, sent: bytes) -> str:
        try:
            return str(json.loads(sent)["type"])
        except (ValueError, LookupError, TypeError):
            return path

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        try:
            account = next((known for known in self.accounts if path == f"/hooks/{known.name}"), None)
            check(verb == "POST" and account, "There is nothing here", 404)
            check(headers.get("content-type") == "application/json", "No JSON")
            return Said(200, json.dumps(self._take(account, self._proved(account, headers, sent), headers)).encode())
        except Refusal as refusal:
            return refusal.said
        except (KeyError, TypeError, ValueError) as error:
            return Refusal(400, f"{type(error).__name__} {error}").said

    def _proved(self, account: Receiver, headers: Any, sent: bytes) -> dict[str, Any]:
        """The event, whose signature is right and young."""
        id, at, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        check(re.fullmatch(r"[\w-]{1,64}", id) and re.fullmatch(r"\d{10}", at), "Unsigned", 401)
        check(abs(self.now().timestamp() - int(at)) <= AT_MOST, "Too old", 401)
        key = base64.b64decode(account.secret.split("_", 1)[1])
        made = hmac.new(key, b".".join([id.encode(), at.encode(), sent]), hashlib.sha256).digest()
        versions = [one.split(",", 1) for one in signatures.split(" ")]
        right = [base64.b64decode(value) for version, value in versions if version == "v1"]
        check(any(hmac.compare_digest(made, value) for value in right), "Wrong signature", 401)
        return dict(json.loads(sent.decode("utf-8", "strict")))

    def _take(self, account: Receiver, event: dict[str, Any], headers: Any) -> dict[str, str]:
        check(set(event) == {"type", "timestamp", "data"}, f"Not as told: {sorted(event)}")
        check(datetime.fromisoformat(event["timestamp"]).tzinfo, "A time without its zone")
        kind, data = event["type"], event["data"]
        check(set(data) == DATA[kind], f"Not as told: {kind} {sorted(data)}")
        for image in data.get("images", ()):
            check({name: type(value) for name, value in image.items()} == IMAGE, "Not an image")
            check(image["url"].startswith(("https://", "http://127.0.0.1:")), "Not to be fetched")
        self.events.append({**event, "id": headers["webhook-id"]})
        told = [kind, {**data, "images": [{**image, "url": ""} for image in data.get("images", ())]}]
        known = account.taken.get(headers["webhook-id"])
        check(known is None or known[0] == told, "Another event had this id", 409)
        answer = known[1] if known else self._done(account, kind, data)
        account.taken[headers["webhook-id"]] = told, answer
        return answer

    def _done(self, account: Receiver, kind: str, data: dict[str, Any]) -> dict[str, str]:
        if kind == "ping":
            return {}
        id, there = data["id"], account.posts.get(data["id"])
        if kind == "post.deleted":
            account.posts[id] = None
            return {}
        gone = id in account.posts and there is None
        needed = {"post.updated": there, "post.answered": account.posts.get(data.get("answers"))}
        check(needed.get(kind, True), "No such post", 404)
        if not gone:
            account.posts[id] = data
        return {"id": id, "url": f"https://lettre.ville.example/{account.name}/{id}"}

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            return Said(429, b'{"error": "slow down"}', headers={"Retry-After": str(self.retry_after)})
        return Refusal(401, "Wrong signature").said if fault == "expired" else Refusal(503, "Maintenance").said


def check(right: object, words: str, status: int = 400) -> None:
    if not right:
        raise Refusal(status, words)
