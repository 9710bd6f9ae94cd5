"""A strict server of X's API with a memory, which fails on order.

::

    with ScriptedX() as server:
        town = server.account("mairie")                 # the first one is who consents on the page
        keys = server.keys(town)                         # what a webmaster types, and what is kept of it
        credentials = server.credentials(town)           # as if consent had been given
        server.consent(address)                          # presses "Authorize" there; returns where one is sent
        server.script("tweet", "reset_after")            # see faults.py; method names are below
        server.say(town, "Bonjour", at)                  # a post from elsewhere; retweet=True, reply=True or an id
        server.posts()                                   # texts as they were sent, oldest first
        sum(server.bill.values())                        # US dollars for what was read and deleted
        server.instead["me"] = Said(200, b"{}")          # what is answered in place of the truth
"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from datetime import UTC
from decimal import Decimal
from faults import Faulty
from faults import Said
from scripted_consent import pressed
from scripted_x_methods import Methods
from scripted_x_methods import Refusal
from scripted_x_methods import XAccount
from scripted_x_oauth import App
from scripted_x_oauth import Grant
from scripted_x_oauth import Keys
from scripted_x_oauth import OAuth
from scripted_x_oauth import SCOPES
from typing import Any
from urllib.parse import parse_qsl

import json
import re
import secrets
import string
import time


LIMITS = {"tweet": 100, "delete": 50, "tweets": 900, "look": 900, "looks": 900, "me": 75, "media": 500, "metadata": 500}
"""Calls of an account in 15 minutes"""
WINDOW = 900
_NAMES = {
    ("GET", "/i/oauth2/authorize"): "authorize",
    ("POST", "/i/oauth2/authorize"): "decide",
    ("POST", "/2/oauth2/token"): "token",
    ("GET", "/2/users/me"): "me",
    ("POST", "/2/media/upload"): "media",
    ("POST", "/2/media/metadata"): "metadata",
    ("POST", "/2/tweets"): "tweet",
    ("GET", "/2/tweets"): "looks",
}


class ScriptedX(Faulty):
    """`lag`: seconds until a post is listed. `grants`: the scopes that are given, whatever is asked for.

    `broke`: "credits" (402), "usage" (429) or "usage_403" from now on. `refuse_duplicates`: as X does.
    `gone`: what becomes of deleting what is gone: "not_found", or 200 with "deleted" or "kept".
    """

    def __init__(
        self,
        lag: float = 0.0,
        grants: tuple[str, ...] | None = None,
        refuse_duplicates: bool = True,
        limits: Mapping[str, int] = LIMITS,
        **faulty: Any,
    ) -> None:
        super().__init__(**faulty)
        self.lag, self.grants, self.refuse_duplicates = lag, grants, refuse_duplicates
        self.limits = dict(limits)
        self.broke, self.gone = "", "not_found"
        self.accounts: list[XAccount] = []
        self.keyring: dict[str, Keys] = {}
        self.counts: dict[str, dict[str, Any]] = {}
        """Id of a post -> parts of its public_metrics"""
        self.nonces: set[tuple[str, str]] = set()
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Grant] = {}
        self.access: dict[str, Grant] = {}
        self.renewals: dict[str, Grant] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.used: Counter[tuple[str, str, int]] = Counter()
        self.bill: dict[tuple[str, str], Decimal] = {}
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._last = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host, "SOCIALTERRITORY_X": self.url}

    def number(self) -> str:
        """A new id; ids grow, as numbers and as texts."""
        self._last += 1
        return f"19900000{self._last:011d}"

    def account(self, name: str) -> XAccount:
        made = XAccount(self.number(), name)
        self.accounts.append(made)
        return made

    def keys(self, account: XAccount, level: str = "read-write") -> dict[str, str]:
        """Those of an app, made in X's console by the owner of the account."""
        made = Keys(_letters(25), _letters(50), f"{account.id}-{_letters(40)}", _letters(45), account, level)
        with self.lock:
            self.keyring[made.access_token] = made
        typed = {name: getattr(made, name) for name in ("api_key", "api_secret", "access_token", "access_secret")}
        return {**typed, "account": account.id, "handle": account.name}

    def app(self, redirect_uri: str) -> dict[str, str]:
        """Made in X's console; what a webmaster types of it."""
        app = App(secrets.token_urlsafe(25), secrets.token_urlsafe(37), redirect_uri)
        self.apps[app.id] = app
        return {"client_id": app.id, "client_secret": app.secret}

    def credentials(self, account: XAccount, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:
        """Those that the network keeps after consent."""
        typed = self.app("https://site.example/back")
        with self.lock:
            given = OAuth(self, "", "", "", {}, b"").give(self.apps[typed["client_id"]], account, scopes)
        known = {"access": given["access_token"], "refresh": given["refresh_token"]}
        return {**typed, **known, "account": account.id, "handle": account.name}

    def expire(self) -> None:
        """As after two hours."""
        self.access.clear()

    def revoke(self) -> None:
        """As when the owner removes the app."""
        for known in (self.access, self.renewals, self.keyring):
            known.clear()

    def posts(self) -> list[str]:
        with self.lock:
            return [tweet["said"] for account in self.accounts for tweet in account.tweets]

    def say(self, account: XAccount, text: str, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
        with self.lock:
            tweet = Methods(self, "GET", "", "", {}, b"").tweet_of(account, text, at or self.now())
            tweet.update(changes)
            account.tweets.append(tweet)
            return tweet

    def consent(self, address: str, button: str = "authorize") -> str:
        return pressed(address, button)

    def method(self, verb: str, path: str) -> str:
        if verb == "GET" and re.fullmatch(r"/2/users/[^/]+/tweets", path):
            return "tweets"
        if re.fullmatch(r"/2/tweets/[^/]+", path):
            return {"GET": "look", "DELETE": "delete"}.get(verb, path)
        return _NAMES.get((verb, path), path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        name = self.method(verb, path)
        kind = OAuth if name in ("authorize", "decide", "token") else Methods
        call = kind(self, verb, path, query, headers, sent)
        said: Any
        try:
            run = getattr(call, name, None)
            if run is None:
                raise Refusal(404, "Not Found")
            pairs = parse_qsl(query, keep_blank_values=True)
            if len(dict(pairs)) != len(pairs):
                raise Refusal(400, f"{name}: a parameter stands twice")
            said = run(dict(pairs))
        except Refusal as refusal:
            said = refusal.said
        except (KeyError, TypeError, ValueError) as error:
            said = Refusal(400, f"{type(error).__name__} {error}").said
        said = said if isinstance(said, Said) else Said(200, json.dumps(said, default=str).encode())
        said.headers = {**said.headers, **call.told}
        return said

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            said = Refusal(429, "Too Many Requests").said
            reset = str(int(time.time()) + self.retry_after)
            said.headers = {"x-rate-limit-limit": "100", "x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
            return said
        return Refusal(401, "Unauthorized").said if fault == "expired" else Refusal(503, "Service Unavailable").said


def _letters(number: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(number))
