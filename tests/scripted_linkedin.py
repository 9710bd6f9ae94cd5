"""A strict server of LinkedIn's consent page and API with a memory, which fails on order.

::

    with ScriptedLinkedIn() as server:
        page = server.account("Ville")                  # an organisation that the person who consents administers
        credentials = server.credentials(page)           # as if consent had been given
        server.consent(address)                          # presses "Allow" there; returns where one is sent
        server.script("post", "reset_after")             # see faults.py; method names are below
        server.say(page, "Bonjour", at)                  # a post from elsewhere
        server.posts()                                   # texts as people read them, oldest first
        server.leaks                                     # addresses that had a secret in them: must be empty
"""

from collections.abc import Callable
from datetime import datetime
from datetime import UTC
from faults import Faulty
from faults import Said
from scripted_consent import BACK
from scripted_consent import pressed
from scripted_linkedin_methods import LiPage
from scripted_linkedin_methods import Methods
from scripted_linkedin_methods import Refusal
from scripted_linkedin_oauth import App
from scripted_linkedin_oauth import Grant
from scripted_linkedin_oauth import OAuth
from scripted_linkedin_oauth import SCOPES
from scripted_linkedin_texts import written
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import unquote

import json
import secrets


_NAMES = {
    ("GET", "/oauth/v2/authorization"): "authorize",
    ("POST", "/oauth/v2/authorization"): "decide",
    ("POST", "/oauth/v2/accessToken"): "token",
    ("GET", "/rest/organizationAcls"): "acls",
    ("GET", "/rest/organizationsLookup"): "lookup",
    ("GET", "/rest/organizationalEntityShareStatistics"): "stats",
    ("POST", "/rest/images"): "image",
    ("GET", "/rest/images"): "images",
    ("POST", "/rest/posts"): "post",
    ("GET", "/rest/posts"): "posts",
}


class ScriptedLinkedIn(Faulty):
    """`lag`: seconds until a post is listed. `declined`: rights that are not given, whatever is asked for.

    `approved`: whether the app has the product that it needs; `renews`: whether it is given tokens of renewal.
    `most`: posts in a page of a list, whatever is asked for; `totals`: whether it says how many there are.
    `retry_after`: 0: a limit does not say until when.
    """

    def __init__(
        self, lag: float = 0.0, declined: tuple[str, ...] = (), refuse_duplicates: bool = True, **faulty: Any
    ) -> None:
        super().__init__(**faulty)
        self.lag, self.declined, self.refuse_duplicates = lag, declined, refuse_duplicates
        self.approved = self.renews = self.totals = True
        self.most = 100
        self.pages: dict[str, LiPage] = {}
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Grant] = {}
        self.access: dict[str, Grant] = {}
        self.renewals: dict[str, Grant] = {}
        self.images: dict[str, dict[str, Any]] = {}
        self.said: set[tuple[str, str, str]] = set()
        self.leaks: list[str] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._last = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host, "SOCIALTERRITORY_LINKEDIN": self.url}

    def number(self) -> str:
        self._last += 1
        return f"71200000{self._last:011d}"

    def account(self, name: str, role: str = "ADMINISTRATOR") -> LiPage:
        made = LiPage(str(2414183 + len(self.pages)), name, role)
        self.pages[made.id] = made
        return made

    def app(self, redirect_uri: str = BACK) -> dict[str, str]:
        """Made in LinkedIn's console; what a webmaster types of it."""
        app = App(f"77{secrets.token_hex(6)}", f"WPL_AP1.{secrets.token_hex(8)}", redirect_uri)
        self.apps[app.id] = app
        return {"client_id": app.id, "client_secret": app.secret}

    def credentials(self, page: LiPage, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:
        """Those that the network keeps after consent."""
        typed = self.app()
        with self.lock:
            given = OAuth(self, "", "", "", {}, b"").give(self.apps[typed["client_id"]], scopes)
        tokens = {"access": given["access_token"], "refresh": given["refresh_token"]}
        return {**typed, **tokens, "account": page.id, "handle": page.name}

    def expire(self) -> None:
        """As after 60 days."""
        self.access.clear()

    def revoke(self) -> None:
        """As when the person who linked the page removes the app."""
        self.access.clear()
        self.renewals.clear()

    def posts(self) -> list[str]:
        with self.lock:
            return [post["said"] for page in self.pages.values() for post in page.posts]

    def say(self, page: LiPage, text: str, at: datetime | None = None, **more: Any) -> dict[str, Any]:
        with self.lock:
            post = Methods(self, "GET", "", "", {}, b"").post_of(page, written([("text", text)]), at, **more)
            page.posts.append(post)
            return post

    def consent(self, address: str, button: str = "allow") -> str:
        return pressed(address, button)

    def method(self, verb: str, path: str) -> str:
        if path.startswith("/rest/posts/"):
            return {"GET": "look", "POST": "edit", "DELETE": "delete"}.get(verb, path)
        if verb == "PUT" and path.startswith("/dms-uploads/sp/"):
            return "upload"
        return _NAMES.get((verb, path), path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        name = self.method(verb, path)
        self._leak(path, query)
        call = (OAuth if name in ("authorize", "decide", "token") else Methods)(self, verb, path, query, headers, sent)
        said: Any
        try:
            run = getattr(call, name, None)
            if run is None:
                raise Refusal(404, f"No virtual resource found for {path}", "RESOURCE_NOT_FOUND")
            pairs = parse_qsl(query, keep_blank_values=True)
            if len(dict(pairs)) != len(pairs):
                raise Refusal(400, f"{name}: a parameter stands twice")
            said = run(dict(pairs))
        except Refusal as refusal:
            said = refusal.said
        except (KeyError, TypeError, ValueError, OSError) as error:
            said = Refusal(400, f"{type(error).__name__} {error}").said
        return said if isinstance(said, Said) else Said(200, json.dumps(said, default=str).encode())

    def _leak(self, path: str, query: str) -> None:
        asked = unquote(f"{path}?{query}")
        known = [*self.access, *self.renewals, *(app.secret for app in self.apps.values())]
        if any(secret in asked for secret in known):
            self.leaks.append(path)

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            words = "Resource level throttle APPLICATION DAY limit for calls to this resource is reached."
            said = Refusal(429, words, "TOO_MANY_REQUESTS", serviceErrorCode=101).said
            said.headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
            return said
        if fault == "expired":
            return Refusal(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN").said
        return Refusal(500, "Internal Server Error").said
