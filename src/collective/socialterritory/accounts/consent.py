"""The grammar of OAuth 2: where a person is sent to consent, and what is got for what they bring back.

https://www.rfc-editor.org/rfc/rfc6749#section-4.1, with PKCE: https://www.rfc-editor.org/rfc/rfc7636
"""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.http.sessions import oauth2
from collective.socialterritory.networks.model import Client
from dataclasses import asdict
from dataclasses import dataclass
from dataclasses import field
from oauthlib.oauth2 import InsecureTransportError
from oauthlib.oauth2 import OAuth2Error
from typing import Any
from urllib.parse import urlsplit

import base64
import hashlib
import re
import secrets


TOKENS = ("access_token", "refresh_token", "expires_in", "refresh_token_expires_in")
"""What is kept of an answer, as texts; times in seconds"""


@dataclass(frozen=True, slots=True)
class Consent:
    """One question to one person. `state` is shown to the network and comes back; `verifier` stays here."""

    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(64), repr=False)

    def address(self) -> str:
        """The network's page to send the person to. Raises Rejected("pds_insecure", host) for a page without TLS."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).decode().rstrip("=")
        session = oauth2(Http(), self.client.id, self.redirect_uri, self.scopes)
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"} if self.client.pkce else {}
        try:
            return str(session.authorization_url(self.client.authorize, state=self.state, **proof)[0])
        except InsecureTransportError:
            raise Rejected("pds_insecure", host=urlsplit(self.client.authorize).hostname or "") from None

    def tokens(self, http: Http, code: str) -> dict[str, str]:
        """For a code: access_token and, where given, the others of TOKENS.

        Raises Transient, Rejected (consent_failed: reason; scopes_missing: names).
        """
        if not code:
            raise Rejected("consent_failed", reason="code")
        session = oauth2(http, self.client.id, self.redirect_uri, self.scopes)
        session.register_compliance_hook("access_token_response", _json)
        secret: dict[str, Any] = {"client_secret": self.client.secret, "include_client_id": not self.client.basic}
        secret |= {"code_verifier": self.verifier} if self.client.pkce else {}
        try:
            said: Mapping[str, Any] = session.fetch_token(self.client.token, code=code, **secret)
        except OAuth2Error as error:  # Meta's "error" is an object
            words = error.error.get("message") if isinstance(error.error, Mapping) else error.error
            raise Rejected("consent_failed", reason=re.sub(r"\W+", " ", str(words)).strip()[:60]) from None
        except Warning as warning:  # oauthlib's way to say that other rights were given than were asked for
            said = vars(warning).get("token", {})
            if lacking := missing(self.scopes, vars(warning).get("new_scope", ())):
                raise Rejected("scopes_missing", names=", ".join(lacking)) from None
        return {name: str(said[name]) for name in TOKENS if said.get(name)}

    def dump(self) -> dict[str, str]:
        """For the vault; `load` reads it back."""
        values = {"redirect_uri": self.redirect_uri, "scopes": " ".join(self.scopes)}
        values |= {"state": self.state, "verifier": self.verifier}
        flags = {name: "1" if getattr(self.client, name) else "" for name in ("basic", "pkce")}
        return values | asdict(self.client) | flags


def load(values: Mapping[str, str]) -> Consent:
    id, secret, authorize, token = (values[name] for name in ("id", "secret", "authorize", "token"))
    client = Client(id, secret, authorize, token, bool(values.get("basic")), bool(values.get("pkce", "1")))
    scopes = tuple(values["scopes"].split())
    return Consent(client, values["redirect_uri"], scopes, values["state"], values["verifier"])


def missing(asked: Sequence[str], granted: Iterable[str]) -> list[str]:
    """The scopes that were not given; a broad one, such as `write`, holds those that begin with it.

    LinkedIn writes commas between them: https://github.com/requests/requests-oauthlib/issues/531
    """
    given = set(",".join(granted).split(","))
    return [scope for scope in asked if given.isdisjoint({scope, scope.partition(":")[0]})]


def _json(response: Any) -> Any:
    """A page of a firewall is not the network's word; to ask for a token publishes nothing."""
    try:
        if isinstance(response.json(), dict):
            return response
    except ValueError:
        pass
    code = "server_error" if response.status_code >= 500 else "not_json"
    raise Transient(code, host=urlsplit(response.url).hostname or "", status=response.status_code)
