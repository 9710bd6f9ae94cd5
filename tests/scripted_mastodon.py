"""A strict server of the Mastodon kind with a memory, which fails on order, in the dialects seen in the wild.

::

    with ScriptedMastodon(software="gotosocial") as server:
        town = server.account("mairie")                 # the first one is who consents on the page
        credentials = server.credentials(town)           # as if consent had been given
        server.consent(address)                          # presses "Authorize" there; returns where one is sent
        server.script("post", "reset_after")             # see faults.py; method names are below
        server.say(town, "Bonjour", at)                  # a status from elsewhere
        server.posts()                                   # texts, oldest first
        server.instead["instance_v2"] = Said(200, b"{}") # what is answered in place of the truth
"""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Faulty
from faults import Said
from html.parser import HTMLParser
from scripted_mastodon_methods import MastodonAccount
from scripted_mastodon_methods import Methods
from scripted_mastodon_methods import Refusal
from scripted_mastodon_oauth import App
from scripted_mastodon_oauth import Grant
from scripted_mastodon_oauth import OAuth
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urljoin

import html
import json
import re
import requests
import secrets


SCOPES = ("read:accounts", "read:statuses", "write:statuses", "write:media")
_NAMES = {
    ("POST", "/api/v1/apps"): "apps",
    ("GET", "/oauth/authorize"): "authorize",
    ("POST", "/oauth/authorize"): "decide",
    ("POST", "/oauth/token"): "token",
    ("GET", "/api/v1/accounts/verify_credentials"): "verify_credentials",
    ("GET", "/api/v1/instance"): "instance_v1",
    ("GET", "/api/v2/instance"): "instance_v2",
    ("GET", "/.well-known/nodeinfo"): "nodeinfo",
    ("GET", "/nodeinfo/2.0"): "nodeinfo_2",
    ("GET", "/api/v1/accounts/lookup"): "lookup",
    ("POST", "/api/v2/media"): "media",
    ("POST", "/api/v1/statuses"): "post",
}
_NUMBERED = {
    "/api/v1/media/": "media_state",
    "/api/v1/statuses/": "status",
    "/api/v1/accounts/": "statuses",
    "/api/v1/timelines/tag/": "hashtag",
    "/media/small/": "picture",
}


class ScriptedMastodon(Faulty):
    """`software`: mastodon, gotosocial (ignores keys, counts whole links) or plain (v1 of the instance alone).

    `slow_media`: how often a picture is not ready yet. `lag`: seconds until a status is listed.
    `grants`: the scopes that are given, whatever is asked for.
    `token_errors`, `errors`: "json", "text" or "html". `domain`: what the instance calls itself.
    `no_edits`: the status that is answered where nothing can be edited; 0: it can. `orphans`: keeps a reply to nothing.
    """

    def __init__(
        self,
        software: str = "mastodon",
        honour_keys: bool | None = None,
        slow_media: int = 0,
        lag: float = 0.0,
        token_errors: str = "json",
        errors: str = "json",
        anonymous_reads: bool = True,
        grants: tuple[str, ...] | None = None,
        chars: int = 500,
        domain: str = "ville.example",
        no_edits: int = 0,
        orphans: bool = False,
        **faulty: Any,
    ) -> None:
        super().__init__(**faulty)
        self.software, self.chars, self.domain = software, chars, domain
        self.slow_media, self.lag = slow_media, lag
        self.honour_keys = software == "mastodon" if honour_keys is None else honour_keys
        self.token_errors, self.errors = token_errors, errors
        self.anonymous_reads, self.grants = anonymous_reads, grants
        self.no_edits, self.orphans = no_edits, orphans
        self.blocked: set[str] = set()
        """Ids of accounts that those who ask have blocked or muted"""
        self.counts: dict[str, dict[str, Any]] = {}
        """Id of a status -> favourites_count, reblogs_count, quotes_count, replies_count"""
        self.deletions: list[tuple[str, str]] = []
        self.accounts: list[MastodonAccount] = []
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Grant] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._last = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host}

    def number(self) -> str:
        """A new id; ids grow, as numbers and as texts."""
        self._last += 1
        return f"11500000{self._last:010d}"

    def account(self, name: str) -> MastodonAccount:
        made = MastodonAccount(self.number(), name)
        self.accounts.append(made)
        return made

    def credentials(self, account: MastodonAccount, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:
        """Those that the network keeps after consent."""
        app = App(secrets.token_hex(8), secrets.token_hex(8), "https://site.example/back", scopes)
        token = secrets.token_hex(16)
        with self.lock:
            self.apps[app.id] = app
            self.tokens[token] = Grant(app, account, scopes)
        known = {"origin": self.url, "client_id": app.id, "client_secret": app.secret}
        return {**known, "token": token, "account": account.id}

    def revoke(self) -> None:
        """As when the owner removes the application there."""
        self.tokens.clear()

    def leave(self, account: MastodonAccount) -> None:
        """As when the owner deletes the account."""
        self.accounts.remove(account)

    def posts(self) -> list[str]:
        with self.lock:
            return [status["said"] for account in self.accounts for status in account.statuses]

    def say(self, account: MastodonAccount, text: str, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        with self.lock:
            status = Methods(self, "GET", "", {}, b"").status_of(account, text, at or self.now())
            status.update(changes)
            account.statuses.append(status)
            return status

    def consent(self, address: str, button: str = "Authorize") -> str:
        """What a person's browser does on the page. Returns the address that one is sent to."""
        page = requests.get(address, timeout=10)
        assert page.status_code == 200, page.text
        form = _Form()
        form.feed(page.text)
        target = urljoin(address, form.action)
        sent = {**form.values, "decision": form.buttons[button]}
        answer = requests.post(target, data=sent, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def method(self, verb: str, path: str) -> str:
        if verb in ("PUT", "DELETE") and path.startswith("/api/v1/statuses/"):
            return {"PUT": "edit", "DELETE": "delete"}[verb]
        if verb == "GET" and path.endswith("/context"):
            return "context"
        if verb == "GET" and (verb, path) not in _NAMES:
            return next((name for start, name in _NUMBERED.items() if path.startswith(start)), path)
        return _NAMES.get((verb, path), path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        name = self.method(verb, path)
        try:
            kind = OAuth if name in ("apps", "authorize", "decide", "token") else Methods
            run = getattr(kind(self, verb, path, headers, sent), name, None)
            if run is None:
                raise Refusal(404, "Record not found")
            pairs = parse_qsl(query, keep_blank_values=True)
            if len(dict(pairs)) != len(pairs):
                raise Refusal(400, f"{name}: a parameter stands twice")
            said = run(dict(pairs))
        except Refusal as refusal:
            return self.refused(refusal)
        except (KeyError, TypeError, ValueError) as error:
            return self.refused(Refusal(422, f"{type(error).__name__} {error}"))
        return said if isinstance(said, Said) else _json(200, said)

    def refused(self, refusal: Refusal) -> Said:
        form = self.token_errors if refusal.token else self.errors
        if form == "text":
            return Said(400 if refusal.token else refusal.status, f"Bad Request: {refusal}".encode(), "text/plain")
        if form == "html":
            page = f"<!DOCTYPE html><title>{refusal.status}</title><body><h1>{html.escape(str(refusal))}</h1>"
            return Said(refusal.status, page.encode(), "text/html")
        return _json(refusal.status, {"error": str(refusal), **refusal.more})

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            reset = (datetime.now(UTC) + timedelta(seconds=self.retry_after)).isoformat().replace("+00:00", "Z")
            said = _json(429, {"error": "Too many requests"})
            said.headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
            return said
        if fault == "expired":
            return self.refused(Refusal(401, "The access token is invalid", token=True))
        return _json(500, {"error": "An unexpected error occurred"})


def _json(status: int, said: Any) -> Said:
    return Said(status, json.dumps(said, default=str).encode(), "application/json; charset=utf-8")


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.action, self.values, self.buttons = "", {}, {}
        self._button: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = known["action"]
        elif tag == "input":
            self.values[known["name"]] = known["value"]
        elif tag == "button":
            self._button = known["value"]

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self.buttons[re.sub(r"\s+", " ", data).strip()] = self._button
            self._button = None
