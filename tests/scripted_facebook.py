"""A strict server of Facebook's login dialog and Graph with a memory, which fails on order.

::

    with ScriptedFacebook() as server:
        page = server.account("Ville")                  # a page that server.person may do everything on
        credentials = server.credentials(page)           # as if consent had been given
        server.consent(address)                          # presses "Continue" there; returns where one is sent
        server.script("feed", "reset_after")             # see faults.py; method names are below
        server.say(page, "Bonjour", at)                  # a post from elsewhere
        server.posts()                                   # texts as they were sent, oldest first
        server.over = 460                                # every token is void, for this reason
        server.leaks                                     # addresses that had a secret in them: must be empty
"""

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from datetime import datetime
from datetime import UTC
from faults import Faulty
from faults import Said
from scripted_consent import BACK
from scripted_consent import pressed
from scripted_facebook_methods import FbPage
from scripted_facebook_methods import Methods
from scripted_facebook_methods import Refusal
from scripted_facebook_methods import TASKS
from scripted_facebook_oauth import App
from scripted_facebook_oauth import Grant
from scripted_facebook_oauth import OAuth
from scripted_facebook_oauth import Person
from scripted_facebook_oauth import SCOPES
from scripted_facebook_oauth import Token
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import unquote

import json
import re
import secrets


OLDEST, NEWEST = (20, 0), (26, 0)
"""Versions that are served"""
_NAMES = {
    ("GET", "/dialog/oauth"): "dialog",
    ("POST", "/dialog/oauth"): "decide",
    ("POST", "/oauth/access_token"): "token",
    ("GET", "/me/permissions"): "permissions",
    ("GET", "/me/accounts"): "accounts",
    ("GET", "/me"): "me",
    ("GET", "/"): "by_ids",
}
_EDGES = {
    ("POST", "feed"): "feed",
    ("POST", "photos"): "photos",
    ("GET", "published_posts"): "posts",
    ("GET", "comments"): "comments",
}


class ScriptedFacebook(Faulty):
    """`lag`: seconds until a post is listed. `declined`: rights that the person does not give, whatever is asked for.

    `ended`: what becomes of calls to a version that has ended: "forwarded" to the oldest one, or "refused" (2635).
    `gone`: code and subcode of the error that stands for what is not there.
    `limits`: method -> calls of a page that are answered. `most`: posts in a page of a list, whatever is asked for.
    """

    Methods = Methods

    def __init__(
        self,
        lag: float = 0.0,
        declined: tuple[str, ...] = (),
        refuse_duplicates: bool = False,
        ended: str = "forwarded",
        limits: Mapping[str, int] | None = None,
        most: int = 100,
        **faulty: Any,
    ) -> None:
        super().__init__(**faulty)
        self.lag, self.declined, self.refuse_duplicates, self.ended = lag, declined, refuse_duplicates, ended
        self.limits, self.most = dict(limits or {}), most
        self.used: Counter[tuple[str, str]] = Counter()
        self.over = 0
        self.counts: dict[str, dict[str, int]] = {}
        """Id of a post -> reactions, shares"""
        self.gone = (100, 33)
        self.person = Person("10001", "Camille")
        self.pages: dict[str, FbPage] = {}
        self.apps: dict[str, App] = {}
        self.codes: dict[str, Grant] = {}
        self.tokens: dict[str, Token] = {}
        self.leaks: list[str] = []
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._last = 0

    @property
    def environ(self) -> dict[str, str]:
        return {"SOCIALTERRITORY_ALLOW": self.host, "SOCIALTERRITORY_GRAPH": self.url}

    def number(self) -> str:
        self._last += 1
        return f"1220{self._last:011d}"

    def account(self, name: str, tasks: tuple[str, ...] = TASKS) -> FbPage:
        """A page; `tasks`: what the person may do on it."""
        made = FbPage(self.number(), name, f"{self.url}/{name}")
        self.pages[made.id] = made
        self.person.tasks[made.id] = list(tasks)
        return made

    def app(self, redirect_uri: str = BACK) -> dict[str, str]:
        """Made in Meta's console; what a webmaster types of it."""
        app = App(self.number(), secrets.token_hex(16), redirect_uri)
        self.apps[app.id] = app
        return {"app_id": app.id, "app_secret": app.secret}

    def credentials(self, page: FbPage, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:
        """Those that the network keeps after consent."""
        typed = self.app()
        with self.lock:
            self.person.granted[typed["app_id"]] = dict.fromkeys(scopes, "granted")
            person = OAuth(self, "", "", "", {}, b"").give(self.apps[typed["app_id"]], lasting=True)
            token = OAuth(self, "", "", "", {}, b"").of_page(self.tokens[person], page)
        return {"app_secret": typed["app_secret"], "account": page.id, "token": token}

    def revoke(self, code: int = 467) -> None:
        self.over = code

    def posts(self) -> list[str]:
        with self.lock:
            return [post["said"] for page in self.pages.values() for post in page.posts]

    def say(self, page: FbPage, text: str, at: datetime | None = None, link: str = "", **more: Any) -> dict[str, Any]:
        """In the browser, Facebook makes a card of a link in the text. `more`: media, parent."""
        found = re.search(r"https?://\S+", text)
        with self.lock:
            link = link or (found[0] if found else "")
            post = Methods(self, "GET", "", "", {}, b"").post_of(page, text, link, at, **more)
            page.posts.append(post)
            return post

    def comment(self, by: FbPage, to: str, text: str, at: datetime, **more: Any) -> str:
        """Somebody, here with a page of their own, comments a post or a comment; the comment's id."""
        with self.lock:
            post = next(post for page in self.pages.values() for post in page.posts if to in self._ids(post))
            id = f"{post['id'].partition('_')[2]}_{self.number()}"
            made = {"id": id, "message": text.strip(), "created_time": f"{at:%Y-%m-%dT%H:%M:%S}+0000"}
            face = {"data": {"url": f"https://scontent.xx.fbcdn.net/{by.id}.jpg"}}
            made |= {"from": {"id": by.id, "name": by.name, "picture": face}}
            made |= {"permalink_url": f"https://www.facebook.com/{id}", **more}
            post.setdefault("comments", []).append(made | ({"parent": {"id": to}} if to != post["id"] else {}))
            return id

    def _ids(self, post: dict[str, Any]) -> list[str]:
        return [post["id"], *(comment["id"] for comment in post.get("comments", []))]

    def comment_of(self, id: str) -> dict[str, Any]:
        posts = [post for page in self.pages.values() for post in page.posts]
        return next(one for post in posts for one in post.get("comments", []) if one["id"] == id)

    def remove(self, id: str) -> None:
        """Its author deletes a comment."""
        for page in self.pages.values():
            for post in page.posts:
                post["comments"] = [one for one in post.get("comments", []) if one["id"] != id]

    def consent(self, address: str, button: str = "continue") -> str:
        return pressed(address, button)

    def method(self, verb: str, path: str) -> str:
        version, _, rest = path.removeprefix("/").partition("/")
        rest = f"/{rest}"
        if known := _NAMES.get((verb, rest)):
            return known
        node, _, edge = rest.removeprefix("/").partition("/")
        if not edge and node:
            return {"GET": "node", "POST": "edit", "DELETE": "delete"}.get(verb, path)
        return _EDGES.get((verb, edge), path)

    def carry_out(self, verb: str, path: str, query: str, headers: Any, sent: bytes) -> Said:
        name = self.method(verb, path)
        self._leak(path, query)
        version, told = path.split("/")[1], {}
        call = (OAuth if name in ("dialog", "decide", "token") else self.Methods)(
            self, verb, path, query, headers, sent
        )
        said: Any
        try:
            told["facebook-api-version"] = self._version(version)
            run = getattr(call, name, None)
            if run is None:
                raise Refusal(400, 2500, f"Unknown path components: {path.removeprefix(f'/{version}')}")
            pairs = parse_qsl(query, keep_blank_values=True)
            if len(dict(pairs)) != len(pairs):
                raise Refusal(400, 100, f"{name}: a parameter stands twice")
            said = run(dict(pairs))
        except Refusal as refusal:
            said = refusal.said
        except (KeyError, TypeError, ValueError) as error:
            said = Refusal(400, 100, f"{type(error).__name__} {error}").said
        said = said if isinstance(said, Said) else Said(200, json.dumps(said, default=str).encode())
        said.headers = {**said.headers, **told, **call.told}
        return said

    def _version(self, version: str) -> str:
        found = re.fullmatch(r"v(\d+)\.(\d+)", version)
        number = (int(found[1]), int(found[2])) if found else (0, 0)
        if not found or number > NEWEST:
            raise Refusal(400, 2500, "Unknown path components: /me")
        if number < OLDEST and self.ended == "refused":
            words = "(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version"
            raise Refusal(400, 2635, words)
        return "v{}.{}".format(*max(number, OLDEST))

    def _leak(self, path: str, query: str) -> None:
        asked = unquote(f"{path}?{query}")
        known = [*self.tokens, *(app.secret for app in self.apps.values())]
        if "access_token=" in asked or "client_secret" in asked or any(secret in asked for secret in known):
            self.leaks.append(path)

    def trouble(self, fault: str) -> Said:
        if fault == "429":
            said = Refusal(400, 32, "(#32) Page request limit reached").said
            said.headers = {"Retry-After": str(self.retry_after)}
            return said
        if fault == "expired":
            return Refusal(400, 190, "Error validating access token", 467).said
        words = "An unexpected error has occurred. Please retry your request later."
        return Refusal(500, 2, words, is_transient=True).said
