"""The login half of the scripted Facebook: the dialog, codes, tokens of people and of pages, and what voids them."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from faults import Said
from scripted_consent import Forms
from scripted_consent import hidden
from scripted_facebook_methods import FbPage
from scripted_facebook_methods import Methods
from scripted_facebook_methods import Refusal
from typing import Any
from urllib.parse import urlencode

import base64
import hashlib
import html
import re
import secrets


SCOPES = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
MORE = (
    *("pages_read_user_content", "pages_manage_engagement"),
    *("instagram_basic", "instagram_content_publish", "instagram_manage_insights"),
)
"""Rights that an app may have as well"""
ASKED = frozenset({"client_id", "redirect_uri", "state", "response_type", "scope", "auth_type"})
PKCE = frozenset({"code_challenge", "code_challenge_method"})
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Facebook</title></head>
<body><h1>{name}, continue?</h1><p>{scope}</p>
<form method="post">
{fields}
<button name="decision" value="continue">Continue</button><button name="decision" value="cancel">Cancel</button>
</form></body></html>"""


@dataclass
class Person:
    id: str
    name: str
    tasks: dict[str, list[str]] = field(default_factory=dict)
    """Page -> what the person may do there"""
    granted: dict[str, dict[str, str]] = field(default_factory=dict)
    """App -> right -> granted or declined"""


@dataclass(frozen=True)
class App:
    id: str
    secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    app: App
    made: datetime
    challenge: str


@dataclass(frozen=True)
class Token:
    """`page`: None for a person's."""

    app: App
    made: datetime
    page: FbPage | None
    lasting: bool


class OAuth(Forms, Methods):
    """https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow"""

    def _asked(self, values: dict[str, str]) -> tuple[App, tuple[str, ...]]:
        self.check(ASKED <= set(values) <= ASKED | PKCE, f"Not as documented: {sorted(set(values) ^ ASKED)}")
        app = self.state.apps.get(values["client_id"])
        self.check(app is not None, "Invalid App ID: The provided app ID does not look like a valid app ID.")
        self.check(values["redirect_uri"] == app.redirect_uri, "URL Blocked: this redirect is not whitelisted")
        scopes = tuple(re.split("[ ,]", values["scope"]))
        unknown = [scope for scope in scopes if scope not in (*SCOPES, *MORE)]
        self.check(not unknown, f"Invalid Scopes: {', '.join(unknown)}")
        self.check(values["response_type"] == "code" and values["auth_type"] == "rerequest", "Wrong type")
        self.check(0 < len(values["state"]) <= 500, "state is missing or too long")
        return app, scopes

    def dialog(self, query: dict[str, str]) -> Said:
        self._asked(query)
        page = PAGE.format(name=self.state.person.name, scope=html.escape(query["scope"]), fields=hidden(query))
        return Said(200, page.encode(), "text/html; charset=utf-8")

    def decide(self, query: dict[str, str]) -> Said:
        form = self.form()
        decision = form.pop("decision", "")
        app, scopes = self._asked(form)
        self.check(decision in ("continue", "cancel"), "No decision")
        said = {"error": "access_denied", "error_code": "200", "error_reason": "user_denied"}
        if decision == "continue":
            code = f"AQ{secrets.token_urlsafe(150)}"
            self.state.codes[code] = Grant(app, self.state.now(), form.get("code_challenge", ""))
            given = {s: "declined" if s in self.state.declined else "granted" for s in scopes}
            self.state.person.granted[app.id] = {**given, "public_profile": "granted"}
            said = {"code": code}
        there = f"{app.redirect_uri}?{urlencode({**said, 'state': form['state']})}#_=_"
        return Said(302, b"", "text/html", {"Location": there})

    def token(self, query: dict[str, str]) -> Any:
        form = self.form()
        self.check(not query, "What is secret does not belong into the address")
        app = self.state.apps.get(form["client_id"])
        if app is None:
            raise Refusal(400, 101, "Error validating application. Cannot get application info due to a system error.")
        if not secrets.compare_digest(form["client_secret"], app.secret):
            raise Refusal(400, 1, "Error validating client secret.")
        if form["grant_type"] == "fb_exchange_token":
            self.check(set(form) == {"grant_type", "client_id", "client_secret", "fb_exchange_token"}, "Not documented")
            known = self.known(form["fb_exchange_token"])
            self.check(known.page is None and known.app == app, "Not a token of a person for this app")
            return {"access_token": self.give(app, True), "token_type": "bearer", "expires_in": 5183944}
        expected = {"grant_type", "client_id", "client_secret", "redirect_uri", "code"}
        self.check(expected <= set(form) <= expected | {"code_verifier"}, "Not as documented")
        return self._first(app, form)

    def _first(self, app: App, form: dict[str, str]) -> dict[str, Any]:
        grant = self.state.codes.pop(form["code"], None)
        if grant is None or grant.app != app:
            raise Refusal(400, 100, "This authorization code has been used.", 36009)
        if form["redirect_uri"] != app.redirect_uri:
            words = "Error validating verification code. Please make sure your redirect_uri is identical"
            raise Refusal(400, 100, words, 36008)
        if self.state.now() - grant.made > timedelta(minutes=10):
            raise Refusal(400, 100, "This authorization code has expired.", 36007)
        proved = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode()
        if grant.challenge and proved.rstrip("=") != grant.challenge:
            raise Refusal(400, 100, "Invalid code_verifier parameter")
        return {"access_token": self.give(app, False), "token_type": "bearer", "expires_in": 5100}

    def give(self, app: App, lasting: bool, page: FbPage | None = None) -> str:
        token = f"EAA{secrets.token_hex(90)}"
        self.state.tokens[token] = Token(app, self.state.now(), page, lasting)
        return token

    def of_page(self, person: Token, page: FbPage) -> str:
        """Without end when the person's token was exchanged before."""
        return self.give(person.app, person.lasting, page)
