"""The OAuth half of the scripted LinkedIn: https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from faults import Said
from scripted_consent import Forms
from scripted_consent import hidden
from scripted_linkedin_methods import Methods
from scripted_linkedin_methods import Refusal
from typing import Any
from urllib.parse import urlencode

import html
import secrets


SCOPES = ("w_organization_social", "r_organization_social", "rw_organization_admin")
ASKED = frozenset({"response_type", "client_id", "redirect_uri", "state", "scope"})
CODE = timedelta(minutes=30)
LIFE, RENEWAL = timedelta(days=60), timedelta(days=365)
PAGE = """<!DOCTYPE html><html lang="en"><title>LinkedIn</title><body>
<h1>Sign in, {name}</h1><p>{scope}</p>
<form method="post">{fields}
<button name="decision" value="allow">Allow</button> <button name="decision" value="cancel">Cancel</button>
</form></body></html>"""


@dataclass(frozen=True)
class App:
    id: str
    secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True)
class Grant:
    app: App
    scopes: tuple[str, ...]
    made: datetime


class OAuth(Forms, Methods):
    def _asked(self, values: dict[str, str]) -> tuple[App, tuple[str, ...]]:
        self.check(set(values) == ASKED, f"Not as documented: {sorted(set(values) ^ ASKED)}")
        app = self.state.apps.get(values["client_id"])
        self.check(app is not None, "The passed in client_id is invalid")
        self.check(values["redirect_uri"] == app.redirect_uri, "The redirect_uri does not match the registered value")
        self.check(values["response_type"] == "code" and 0 < len(values["state"]) <= 500, "Wrong type or state")
        return app, tuple(values["scope"].split())

    def authorize(self, query: dict[str, str]) -> Said:
        app, scopes = self._asked(query)
        if not self.state.approved or not set(scopes) <= set(SCOPES):
            words = "Scope &quot;w_organization_social&quot; is not authorized for your application"
            return self._back(app, query, {"error": "unauthorized_scope_error", "error_description": words})
        page = PAGE.format(name="Camille", scope=html.escape(query["scope"]), fields=hidden(query))
        return Said(200, page.encode(), "text/html; charset=utf-8")

    def _back(self, app: App, values: dict[str, str], said: dict[str, str]) -> Said:
        there = f"{app.redirect_uri}?{urlencode({**said, 'state': values['state']})}"
        return Said(302, b"", "text/html", {"Location": there})

    def decide(self, query: dict[str, str]) -> Said:
        form = self.form()
        decision = form.pop("decision", "")
        app, scopes = self._asked(form)
        self.check(decision in ("allow", "cancel"), "No decision")
        if decision == "cancel":
            words = "The user cancelled the authorization"
            return self._back(app, form, {"error": "user_cancelled_authorize", "error_description": words})
        code = f"AQ{secrets.token_urlsafe(150)}"
        given = tuple(scope for scope in scopes if scope not in self.state.declined)
        self.state.codes[code] = Grant(app, given, self.state.now())
        return self._back(app, form, {"code": code})

    def token(self, query: dict[str, str]) -> Any:
        form = self.form()
        self.check(not query and "authorization" not in self.headers, "What is secret belongs into the form")
        app = self.state.apps.get(form.get("client_id", ""))
        known = app is not None and secrets.compare_digest(form.get("client_secret", ""), app.secret)
        if not known or "code_verifier" in form:  # as LinkedIn's: it knows no PKCE and takes it for another login
            raise Refusal(401, "Client authentication failed", error="invalid_client")
        expected = {"grant_type", "client_id", "client_secret"}
        if form["grant_type"] == "refresh_token":
            self.check(set(form) == expected | {"refresh_token"}, "Not as documented")
            grant = self.state.renewals.get(form["refresh_token"])
            if grant is None or grant.app != app or self.state.now() - grant.made > RENEWAL:
                raise Refusal(400, "The provided refresh token is invalid", error="invalid_request")
            return self._given(grant, form["refresh_token"])
        self.check(set(form) == expected | {"redirect_uri", "code"}, "Not as documented")
        grant = self.state.codes.pop(form["code"], None)
        late = grant is not None and self.state.now() - grant.made > CODE
        if grant is None or late or grant.app != app or form["redirect_uri"] != app.redirect_uri:
            words = "Unable to retrieve access token: appid/redirect uri/code does not match authorization code"
            raise Refusal(401, words, error="invalid_request")
        return self._given(grant, secrets.token_urlsafe(300) if self.state.renews else "")

    def give(self, app: App, scopes: tuple[str, ...]) -> dict[str, Any]:
        return self._given(Grant(app, scopes, self.state.now()), secrets.token_urlsafe(300))

    def _given(self, grant: Grant, refresh: str) -> dict[str, Any]:
        """The token of renewal stays the same, and with it its end. Scopes have commas between them."""
        access = f"AQX{secrets.token_urlsafe(250)}"
        self.state.access[access] = Grant(grant.app, grant.scopes, self.state.now())
        said: dict[str, Any] = {"access_token": access, "expires_in": int(LIFE.total_seconds())}
        said["scope"] = ",".join(sorted(grant.scopes))
        if refresh:
            self.state.renewals.setdefault(refresh, grant)
            left = self.state.renewals[refresh].made + RENEWAL - self.state.now()
            said |= {"refresh_token": refresh, "refresh_token_expires_in": int(left.total_seconds())}
        return said
