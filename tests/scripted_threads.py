"""A strict server of Threads' consent and API with a memory, which fails on order.

::

    with ScriptedThreads() as server:
        account = server.account("ville")
        credentials = server.credentials(account)       # as if consent had been given, two days ago
        server.consent(address)                          # presses "Continue"; returns where one is sent
        server.script("publish", "reset_after")          # see faults.py; method names are below
        server.slow = 2                                  # see scripted_containers.Shelf
        server.posts()                                   # texts as they were sent, oldest first
        server.leaks                                     # addresses that had a secret in them: must be empty
"""

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Faulty
from faults import Said
from scripted_consent import BACK
from scripted_containers import Shelf
from scripted_facebook import ScriptedFacebook
from scripted_facebook_methods import Refusal
from scripted_facebook_oauth import App
from scripted_threads_methods import LASTS
from scripted_threads_methods import Methods
from scripted_threads_methods import SCOPES
from scripted_threads_methods import ThAccount
from scripted_threads_methods import Token
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import unquote

import json
import secrets


_NAMES = {
    ("GET", "/oauth/authorize"): "dialog",
    ("POST", "/oauth/authorize"): "decide",
    ("POST", "/oauth/access_token"): "token",
    ("POST", "/access_token"): "exchange",
    ("GET", "/access_token"): "exchange",
    ("GET", "/refresh_access_token"): "refresh",
    ("GET", "/v1.0/me"): "me",
}
_EDGES = {
    ("POST", "threads"): "create",
    ("GET", "threads"): "posts",
    ("GET", "replies"): "replies",
    ("POST", "threads_publish"): "publish",
    ("GET", "threads_publishing_limit"): "quota",
    ("GET", "conversation"): "conversation",
    ("GET", "insights"): "insights",
    ("DELETE", ""): "delete",
}


class ScriptedThreads(Shelf, Faulty):
    """`lag`: seconds until a post is listed. `declined`: rights that the person does not give. `most`: as Facebook's.

    `takes_forms`: whether the secrets of a first exchange may be in a form, which is documented nowhere.
    """

    person = "Camille"

    def __init__(
        self, lag: float = 0.0, declined: tuple[str, ...] = (), takes_forms: bool = True, most: int = 100, **faulty: Any
    ) -> None:
        super().__init__(**faulty)
        self.lag, self.declined, self.takes_forms, self.most = lag, declined, takes_forms, most
        self.over = 0
        self.accounts: list[ThAccount] = []
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Any] = {}
        self.tokens: dict[str, Token] = {}
        self.leaks: list[str] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._last = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host, "SOCIALTERRITORY_THREADS": self.url}

    def number(self) -> str:
        self._last += 1
        return f"1790{self._last:013d}"

    def account(self, name: str) -> ThAccount:
        made = ThAccount(self.number(), name)
        self.accounts.append(made)
        return made

    def app(self, redirect_uri: str = BACK) -> dict[str, str]:
        app = App(self.number(), secrets.token_hex(16), redirect_uri)
        self.apps[app.id] = app
        return {"app_id": app.id, "app_secret": app.secret}

    def give(self, account: ThAccount, scopes: tuple[str, ...], lasting: bool, made: datetime | None = None) -> str:
        token = f"THAA{secrets.token_hex(90)}"
        self.tokens[token] = Token(account, made or self.now(), scopes, lasting)
        return token

    def credentials(self, account: ThAccount, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:
        made = self.now() - timedelta(days=2)
        known = {"account": account.id, "handle": account.username, "made": made.isoformat()}
        return {**known, "token": self.give(account, scopes, True, made), "ends": (made + LASTS).isoformat()}

    def revoke(self, code: int = 467) -> None:
        self.over = code

    consent = ScriptedFacebook.consent

    def posts(self) -> list[str]:
        with self.lock:
            every = [post for account in self.accounts for post in account.posts]
            return [post["said"] for post in sorted(every, key=lambda post: post["id"])]

    def post(self, id: str) -> dict[str, Any] | None:
        return next((post for account in self.accounts for post in account.posts if post["id"] == id), None)

    def root(self, post: dict[str, Any]) -> str:
        """What it answers, and what that answers, up to the first."""
        while post.get("replied_to"):
            above = self.post(post["replied_to"]["id"])
            if above is None:
                return str(post["root"])
            post = above
        return str(post["id"])

    def say(self, account: ThAccount, text: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        """A post from elsewhere; `more`: to, the id of what it answers."""
        with self.lock:
            post = self.post_of(account, text, at, form={"reply_to_id": more.pop("to")} if "to" in more else {})
            account.posts.append(post | more)
            return account.posts[-1]

    def post_of(
        self, account: ThAccount, text: str, at: datetime | None = None, pictures: Any = (), form: Any = None
    ) -> dict[str, Any]:
        id, form = self.number(), form or {}
        shown = [
            {"id": self.number(), "media_type": "IMAGE", "alt_text": one["alt"], "media_url": self._picture()}
            for one in pictures
        ]
        known: dict[str, Any] = {"media_type": "CAROUSEL_ALBUM", "children": {"data": shown}}
        if len(shown) < 2:
            known = shown[0] if shown else {"media_type": "TEXT_POST"}
        known |= {"id": id, "text": text.strip(), "said": text, "username": account.username}
        known |= {"timestamp": f"{at or self.now():%Y-%m-%dT%H:%M:%S}+0000", "pictures": list(pictures)}
        known |= {"permalink": f"https://www.threads.com/@{account.username}/post/D{id[-9:]}"}
        known |= {"link_attachment_url": form.get("link_attachment", ""), "hide_status": "NOT_HUSHED"}
        known |= {"profile_picture_url": f"https://scontent.cdninstagram.com/{account.id}.jpg"}
        if to := form.get("reply_to_id"):
            above = self.post(to)
            known |= {"replied_to": {"id": to}, "is_reply": True, "root": self.root(above) if above else to}
        return known

    def _picture(self) -> str:
        return f"https://scontent.cdninstagram.com/v/{self.number()}_n.jpg?oh={'0' * 400}"

    def method(self, verb: str, path: str) -> str:
        if known := _NAMES.get((verb, path)):
            return known
        node, _, edge = path.removeprefix("/v1.0/").partition("/")
        if verb == "GET" and not edge:
            return "status" if node in self.containers else "node"
        return _EDGES.get((verb, edge), path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        said: Any
        self._leak(path, query)
        try:
            run = getattr(Methods(self, verb, path, headers, sent), self.method(verb, path), None)
            if run is None:
                raise Refusal(400, 2500, f"Unknown path components: {path}")
            pairs = parse_qsl(query, keep_blank_values=True)
            if len(dict(pairs)) != len(pairs):
                raise Refusal(400, 100, "A parameter stands twice")
            said = run(dict(pairs))
        except Refusal as refusal:
            said = refusal.said
        except (KeyError, TypeError, ValueError) as error:
            said = Refusal(400, 100, f"{type(error).__name__} {error}").said
        return said if isinstance(said, Said) else Said(200, json.dumps(said, default=str).encode())

    def _leak(self, path: str, query: str) -> None:
        asked = unquote(f"{path}?{query}")
        if any(secret in asked for secret in [*self.tokens, *(app.secret for app in self.apps.values())]):
            self.leaks.append(path)

    trouble = ScriptedFacebook.trouble
