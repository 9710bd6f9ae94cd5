"""The OAuth half of the scripted X: signatures checked by oauthlib's own server side, consent, tokens."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from faults import Said
from oauthlib.oauth1 import RequestValidator
from oauthlib.oauth1 import ResourceEndpoint
from scripted_consent import hidden
from scripted_x_methods import Methods
from scripted_x_methods import Refusal
from scripted_x_methods import XAccount
from typing import Any
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl
from urllib.parse import urlencode

import base64
import hashlib
import html
import re
import secrets
import time


if TYPE_CHECKING:
    from scripted_x import ScriptedX


SCOPES = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")
ASKED = frozenset(
    {"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"}
)
SKEW = 300
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Authorize app</title></head>
<body><h1>An app wants to access your X account @{name}: {scope}</h1>
<form method="post">
{fields}
<button name="decision" value="authorize">Authorize app</button><button name="decision" value="deny">Cancel</button>
</form></body></html>"""


@dataclass(frozen=True)
class Keys:
    """OAuth 1.0a: an app's two keys and an account's two."""

    api_key: str
    api_secret: str = field(repr=False)
    access_token: str
    access_secret: str = field(repr=False)
    account: XAccount
    level: str


@dataclass(frozen=True)
class App:
    id: str
    secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    app: App
    account: XAccount
    scopes: tuple[str, ...]
    family: str
    made: datetime
    challenge: str = ""


class Validator(RequestValidator):
    """https://oauthlib.readthedocs.io/en/latest/oauth1/validator.html"""

    enforce_ssl = False
    timestamp_lifetime = SKEW
    allowed_signature_methods = ("HMAC-SHA1",)
    nonce_length = (10, 60)
    client_key_length = (20, 30)
    dummy_client = dummy_access_token = "dummy"

    def __init__(self, state: "ScriptedX") -> None:
        self.state = state

    def check_access_token(self, token: str) -> bool:
        return re.fullmatch(r"\d+-\w{40}", token) is not None

    def validate_timestamp_and_nonce(self, key: str, timestamp: str, nonce: str, *args: Any, **more: Any) -> bool:
        fresh = (key, nonce) not in self.state.nonces
        self.state.nonces.add((key, nonce))
        return fresh

    def validate_client_key(self, key: str, request: Any) -> bool:
        return any(key == known.api_key for known in self.state.keyring.values())

    def validate_access_token(self, key: str, token: str, request: Any) -> bool:
        return token in self.state.keyring and self.state.keyring[token].api_key == key

    def validate_realms(self, *args: Any, **more: Any) -> bool:
        return True

    def get_client_secret(self, key: str, request: Any) -> str:
        return next((known.api_secret for known in self.state.keyring.values() if known.api_key == key), "dummy")

    def get_access_token_secret(self, key: str, token: str, request: Any) -> str:
        return self.state.keyring[token].access_secret if token in self.state.keyring else "dummy"


def signer(state: "ScriptedX", verb: str, uri: str, headers: Any, sent: bytes) -> Keys:
    """Whose keys a request is signed with. Raises Refusal."""
    body = sent if "urlencoded" in headers.get("content-type", "") else b""
    endpoint = ResourceEndpoint(Validator(state))
    good, request = endpoint.validate_protected_resource_request(uri, verb, body.decode(), dict(headers.items()))
    if good:
        return state.keyring[request.resource_owner_key]
    stamp = str(getattr(request, "timestamp", "") or "")
    if stamp.isdecimal() and abs(time.time() - int(stamp)) > SKEW:
        raise Refusal(401, "Timestamp out of bounds.", code=135)
    if not stamp:
        raise Refusal(400, "Bad Authentication data.", code=215)
    raise Refusal(401, "Could not authenticate you.", code=32)


class OAuth(Methods):
    """https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code"""

    def form(self) -> dict[str, str]:
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            raise Refusal(415, "The form is not url-encoded")
        pairs = parse_qsl(self.sent.decode(), keep_blank_values=True, strict_parsing=True)
        self.check(len(dict(pairs)) == len(pairs), "A field stands twice")
        return dict(pairs)

    def _asked(self, values: dict[str, str]) -> tuple[App, tuple[str, ...]]:
        self.check(set(values) == ASKED, f"Not as documented: {sorted(set(values) ^ ASKED)}")
        app = self.state.apps.get(values["client_id"])
        if app is None or values["redirect_uri"] != app.redirect_uri:
            raise Refusal(400, "Something went wrong: you weren't able to give access to the App.")
        scopes = tuple(values["scope"].split())
        self.check(values["response_type"] == "code" and scopes and set(scopes) <= set(SCOPES), "Wrong type or scope")
        self.check(0 < len(values["state"]) <= 500, "state is missing or too long")
        challenge = re.fullmatch(r"[A-Za-z0-9_-]{43}", values["code_challenge"])
        self.check(challenge and values["code_challenge_method"] == "S256", "The code challenge is invalid")
        return app, scopes

    def authorize(self, query: dict[str, str]) -> Said:
        self._asked(query)
        page = PAGE.format(name=self.state.accounts[0].name, scope=html.escape(query["scope"]), fields=hidden(query))
        return Said(200, page.encode(), "text/html; charset=utf-8")

    def decide(self, query: dict[str, str]) -> Said:
        form = self.form()
        decision = form.pop("decision", "")
        app, scopes = self._asked(form)
        self.check(decision in ("authorize", "deny"), "No decision")
        said = {"error": "access_denied"}
        if decision == "authorize":
            code = secrets.token_urlsafe(60)
            given = scopes if self.state.grants is None else self.state.grants
            made = Grant(app, self.state.accounts[0], given, code, self.state.now(), form["code_challenge"])
            self.state.codes[code] = made
            said = {"code": code}
        there = f"{app.redirect_uri}?{urlencode({'state': form['state'], **said})}"
        return Said(302, b"", "text/html", {"Location": there})

    def token(self, query: dict[str, str]) -> Any:
        form = self.form()
        scheme, _, login = self.headers.get("authorization", "").partition(" ")
        id, _, secret = base64.b64decode(login).decode().partition(":")
        app = self.state.apps.get(id)
        if scheme != "Basic" or app is None or not secrets.compare_digest(secret, app.secret):
            raise Refusal(401, "Missing valid authorization header", error="unauthorized_client")
        if form.get("grant_type") == "authorization_code":
            self.check(set(form) == {"grant_type", "code", "redirect_uri", "code_verifier"}, "Not as documented")
            return self._first(app, form)
        self.check(set(form) == {"grant_type", "refresh_token"}, "Not as documented")
        self.check(form["grant_type"] == "refresh_token", "Unsupported grant type")
        return self._renewed(app, form["refresh_token"])

    def _first(self, app: App, form: dict[str, str]) -> dict[str, Any]:
        grant = self.state.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        late = grant is not None and self.state.now() - grant.made > timedelta(seconds=30)
        if grant is None or late or grant.app != app or form["redirect_uri"] != app.redirect_uri:
            raise Refusal(400, "Value passed for the authorization code was invalid.", error="invalid_request")
        if proved != grant.challenge:
            raise Refusal(400, "Value passed for the code verifier was invalid.", error="invalid_request")
        return self.give(app, grant.account, grant.scopes)

    def _renewed(self, app: App, token: str) -> dict[str, Any]:
        """A token that comes back after its use may be stolen, so the whole family goes."""
        grant = self.state.renewals.get(token)
        if grant is None or grant.app != app:
            raise Refusal(400, "Value passed for the token was invalid.", error="invalid_request")
        newest = [known for known, other in self.state.renewals.items() if other.family == grant.family][-1]
        if token != newest:
            for kept in (self.state.renewals, self.state.access):
                for known in [known for known, other in kept.items() if other.family == grant.family]:
                    del kept[known]
            raise Refusal(400, "Value passed for the token was invalid.", error="invalid_request")
        return self.give(app, grant.account, grant.scopes, grant.family)

    def give(self, app: App, account: XAccount, scopes: tuple[str, ...], family: str = "") -> dict[str, Any]:
        grant = Grant(app, account, scopes, family or secrets.token_hex(8), self.state.now())
        access, refresh = secrets.token_urlsafe(60), secrets.token_urlsafe(60)
        for known in [known for known, other in self.state.access.items() if other.family == grant.family]:
            del self.state.access[known]
        self.state.access[access] = grant
        said = {"token_type": "bearer", "expires_in": 7200, "access_token": access, "scope": " ".join(scopes)}
        if "offline.access" in scopes:
            self.state.renewals[refresh] = grant
            said["refresh_token"] = refresh
        return said
