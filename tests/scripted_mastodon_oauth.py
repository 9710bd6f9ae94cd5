"""The OAuth half of the scripted Mastodon server: registering, the page where a person consents, tokens."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_consent import Forms
from scripted_consent import hidden
from scripted_mastodon_methods import MastodonAccount
from scripted_mastodon_methods import Methods
from scripted_mastodon_methods import Refusal
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

import base64
import hashlib
import html
import re
import secrets


KNOWN_SCOPES = frozenset(
    f"{verb}{what}"
    for verb in ("read", "write")
    for what in ("", ":accounts", ":statuses", ":media", ":notifications", ":follows")
) | {"profile", "push"}
ASKED = frozenset(
    {"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"}
)
SENT = frozenset({"grant_type", "client_id", "client_secret", "redirect_uri", "code", "code_verifier"})
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Authorization required</title></head>
<body><h1>Authorization required</h1>
<p>{client} would like permission to access your account @{name}: {scope}</p>
<form method="post" action="/oauth/authorize">
{fields}
<button type="submit" name="decision" value="authorize">Authorize</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form></body></html>"""


@dataclass(frozen=True)
class App:
    id: str
    secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Grant:
    app: App
    account: MastodonAccount
    scopes: tuple[str, ...]
    challenge: str = ""
    made: datetime = datetime.min.replace(tzinfo=UTC)


class OAuth(Forms, Methods):
    """https://docs.joinmastodon.org/methods/apps, /oauth: strict about everything that is documented."""

    def apps(self, query: dict[str, str]) -> Any:
        form = self.form()
        self.check(not query, "No query is documented")
        self.check(set(form) <= {"client_name", "redirect_uris", "scopes", "website"}, "Unknown parameter")
        self.check(form.get("client_name"), "Validation failed: Application name can't be blank")
        uri = form.get("redirect_uris", "")
        self.check(re.fullmatch(r"https?://\S+", uri), "Validation failed: Redirect URI must be an absolute URI.")
        scopes = tuple(form.get("scopes", "read").split())
        self.check(set(scopes) <= KNOWN_SCOPES, "Validation failed: Scopes doesn't match configured on the server.")
        website = form.get("website", "")
        self.check(not website or re.match("https?://", website), "Validation failed: Application website is not valid")
        app = App(secrets.token_urlsafe(32), secrets.token_urlsafe(32), uri, scopes)
        self.state.apps[app.id] = app
        known = {"id": str(len(self.state.apps)), "name": form["client_name"], "website": website}
        return self.entity(
            {**known, "client_id": app.id, "client_secret": app.secret, "redirect_uri": uri, "redirect_uris": [uri]}
        )

    def _asked(self, values: dict[str, str]) -> tuple[Any, tuple[str, ...]]:
        app = self.state.apps.get(values.get("client_id", ""))
        if app is None:
            raise Refusal(401, "Client authentication failed due to unknown client")
        self.check(values.get("redirect_uri") == app.redirect_uri, "The redirect uri included is not valid.", 400)
        self.check(set(values) == ASKED, f"Not as documented: {sorted(set(values) ^ ASKED)}", 400)
        self.check(values["response_type"] == "code", "This response type is not supported", 400)
        scopes = tuple(values["scope"].split())
        self.check(scopes and set(scopes) <= set(app.scopes), "The requested scope is invalid", 400)
        self.check(values["state"], "state is missing", 400)
        challenge = re.fullmatch(r"[A-Za-z0-9_-]{43}", values["code_challenge"])
        self.check(challenge and values["code_challenge_method"] == "S256", "The code challenge is invalid", 400)
        return app, scopes

    def authorize(self, query: dict[str, str]) -> Said:
        self._asked(query)
        name = self.state.accounts[0].name
        page = PAGE.format(client="This site", name=name, scope=html.escape(query["scope"]), fields=hidden(query))
        return Said(200, page.encode(), "text/html; charset=utf-8")

    def decide(self, query: dict[str, str]) -> Said:
        form = self.form()
        decision = form.pop("decision", "")
        app, scopes = self._asked(form)
        self.check(decision in ("authorize", "deny"), "No decision", 400)
        if decision == "deny":
            said = {"error": "access_denied", "error_description": "The resource owner denied the request."}
        else:
            code = secrets.token_urlsafe(32)
            given = scopes if self.state.grants is None else self.state.grants
            account = self.state.accounts[0]
            self.state.codes[code] = Grant(app, account, given, form["code_challenge"], self.state.now())
            said = {"code": code}
        join = "&" if urlsplit(app.redirect_uri).query else "?"
        there = f"{app.redirect_uri}{join}{urlencode({**said, 'state': form['state']})}"
        return Said(302, b"", "text/html", {"Location": there})

    def token(self, query: dict[str, str]) -> Any:
        form = self.form()
        if set(form) - {"scope"} != SENT or query:
            raise Refusal(400, "invalid_request", error_description=f"{sorted(set(form) ^ SENT)}")
        if form["grant_type"] != "authorization_code":
            raise Refusal(400, "unsupported_grant_type")
        app = self.state.apps.get(form["client_id"])
        if app is None or not secrets.compare_digest(form["client_secret"], app.secret):
            raise Refusal(401, "invalid_client", error_description="Client authentication failed")
        grant = self.state.codes.pop(form["code"], None)
        late = grant is not None and self.state.now() - grant.made > timedelta(minutes=10)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        wrong = grant is None or late or grant.app != app or form["redirect_uri"] != app.redirect_uri
        if grant is None or wrong or proved != grant.challenge:
            raise Refusal(400, "invalid_grant", error_description="The provided authorization grant is invalid")
        token = secrets.token_urlsafe(32)
        self.state.tokens[token] = grant
        made = int(self.state.now().timestamp())
        return {"access_token": token, "token_type": "Bearer", "scope": " ".join(grant.scopes), "created_at": made}
