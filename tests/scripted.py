"""A strict server with a memory, which fails on order: AT protocol for Bluesky, and a plain JSON API for test networks.

::

    with Scripted() as server:
        account = server.account("mairie.example")     # .credentials for Bluesky, .did, .password
        server.script("putRecord", "reset_after")       # the next call of that method fails so, once
        server.chaos(0.35, seed=1)                      # from now on 35 % of the calls fail, repeatably
        server.down() ... server.up()                   # connections are refused meanwhile
        server.posts()                                  # what readers would see: a list of texts
        server.calls["putRecord"]                       # how often it was asked
"""

from collections.abc import Iterable
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.repository import COLLECTION
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import UTC
from faults import FAULTS
from faults import Faulty
from faults import HTML
from faults import Said
from scripted_methods import Methods
from scripted_methods import Reply
from scripted_records import Invalid
from typing import Any
from urllib.parse import parse_qs

import base64
import hashlib
import json
import secrets


__all__ = ["FAULTS", "HTML", "Scripted", "ScriptedAccount"]


@dataclass
class ScriptedAccount:
    handle: str
    did: str
    password: str = field(repr=False)
    credentials: dict[str, str] = field(default_factory=dict, repr=False)


class Scripted(Faulty):
    """Methods are called by the last part of their name, or posts.create, posts.find."""

    def __init__(self, delay: float = 0.0, hold: float = 1.5, retry_after: int = 1) -> None:
        super().__init__(delay, hold, retry_after)
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.plain: list[dict[str, Any]] = []
        self.commits = 0
        self.accounts: dict[str, ScriptedAccount] = {}
        self.blobs: dict[str, bytes] = {}
        self.profiles: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, tuple[str, str]] = {}
        self.unindexed: set[str] = set()
        """Addresses of posts that the index does not know"""
        self.viewers: dict[str, dict[str, Any]] = {}
        """DID -> what the index says of them to whoever asks: blocked, muted"""
        self.threadgate: dict[str, Any] | None = None
        self.counts: dict[str, dict[str, Any]] = {}
        """Address of a post -> likeCount, repostCount, quoteCount, replyCount"""
        self.widest = 10**6
        """Answers that the index lists of one post"""

    def method(self, verb: str, path: str) -> str:
        if path == "/posts":
            return "posts.create" if verb == "POST" else "posts.find"
        return path.rpartition(".")[2] if path.startswith("/xrpc/") else path

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        asked = parse_qs(query)
        values = {name: found[0] for name, found in asked.items()}
        try:
            said = Methods(self, headers, verb, sent, values, asked.get("uris", [])).run(self.method(verb, path))
            return Said(200, json.dumps(said).encode() if not isinstance(said, bytes) else said)
        except Reply as reply:
            return Said(reply.status, json.dumps(reply.body).encode(), headers=reply.headers)
        except (Invalid, KeyError, TypeError, ValueError) as error:
            return Said(400, json.dumps({"error": "InvalidRequest", "message": str(error)}).encode())

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            body = b'{"error":"RateLimitExceeded","message":"Rate Limit Exceeded"}'
            return Said(429, body, headers={"Retry-After": str(self.retry_after)})
        if fault == "expired":
            return Said(400, b'{"error":"ExpiredToken","message":"Token has expired"}')
        return Said(500, b'{"error":"InternalServerError","message":"Internal Server Error"}')

    @property
    def environ(self) -> dict[str, str]:
        return {
            "SOCIALTERRITORY_ALLOW": self.host,
            "SOCIALTERRITORY_PLC": self.url,
            "SOCIALTERRITORY_RESOLVER": self.url,
        }

    def account(self, handle: str) -> ScriptedAccount:
        """A new account, logged in."""
        did = "did:plc:" + base64.b32encode(hashlib.sha256(handle.encode()).digest()).decode().lower()[:24]
        made = ScriptedAccount(handle, did, "-".join(secrets.token_hex(2) for _ in range(4)))
        self.accounts[handle] = made
        made.credentials = {"did": did, "handle": handle, "pds": self.url, "app_password": made.password}
        made.credentials |= self.session(made)
        return made

    def say(self, account: ScriptedAccount, text: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """A record from elsewhere, nothing of it checked."""
        at = at or datetime.now(UTC)
        with self.lock:
            key = network.key(str(len(self.records)), at)
            created = at.isoformat(timespec="milliseconds")
            self.records[account.did, key] = {"$type": COLLECTION, "text": text, "createdAt": created, **more}
        return {"id": f"at://{account.did}/{COLLECTION}/{key}"}

    def answer(self, account: ScriptedAccount, to: str, text: str, at: datetime | None = None, **more: Any) -> str:
        """Somebody answers `to`; the answer's id."""
        _, _, did, _, key = to.split("/")
        parent = Methods(self, {}, "GET", b"", {}, []).reference((did, key))
        root = self.records[did, key].get("reply", {}).get("root", parent)
        return str(self.say(account, text, at, reply={"root": root, "parent": parent}, **more)["id"])

    def leave(self, account: ScriptedAccount) -> None:
        """As when the owner deletes the account."""
        del self.accounts[account.handle]

    def session(self, account: ScriptedAccount) -> dict[str, str]:
        made = {kind: f"{kind}.{secrets.token_hex(8)}" for kind in ("access", "refresh")}
        with self.lock:
            self.tokens.update({token: (account.did, kind) for kind, token in made.items()})
        return made

    def expire(self, kinds: Iterable[str] = ("access",)) -> None:
        """No token of these kinds is good any more: ("access", "refresh") leaves only the password."""
        with self.lock:
            self.tokens = {token: who for token, who in self.tokens.items() if who[1] not in kinds}

    def revoke(self, account: ScriptedAccount) -> None:
        """As when the owner deletes the app password."""
        account.password = secrets.token_hex(8)
        self.expire(("access", "refresh"))

    def posts(self) -> list[str]:
        with self.lock:
            return [r["text"] for r in self.records.values()] + [post["text"] for post in self.plain]
