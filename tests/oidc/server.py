"""npm oidc-provider, a certified OAuth 2 server, where X would be."""

from node import Packages
from node import Program
from pathlib import Path
from urllib.parse import urljoin

import re
import requests


PACKAGES = Packages("oidc", {"oidc-provider": "9.4.0"})


class OIDCProvider(Program):
    """It wants PKCE with S256. Codes and refresh tokens are good once: one that comes back revokes its whole grant.

    It has X's addresses and rights. `environ`: what the add-on needs in its environment to take it for X.
    """

    def __init__(self) -> None:
        super().__init__(Path(__file__).with_name("serve.js"), PACKAGES)
        self.url: str = self.told["url"]
        allowed = {"SOCIALTERRITORY_ALLOW": self.url.removeprefix("http://"), "OAUTHLIB_INSECURE_TRANSPORT": "1"}
        self.environ = {"SOCIALTERRITORY_X": self.url, **allowed}

    def app(self, redirect_uri: str, method: str = "client_secret_basic") -> dict[str, str]:
        """A new one; what a webmaster types of it. `method`: how it shows its secret, or client_secret_post."""
        asked = {
            "redirect_uris": [redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_method": method,
        }
        made = requests.post(f"{self.url}/apps", json=asked, timeout=10).json()
        return {"client_id": made["client_id"], "client_secret": made["client_secret"]}

    def consent(self, address: str, agrees: bool = True) -> str:
        """What a person's browser does: logs in as mairie, agrees. Returns the address that one is sent back to."""
        browser = requests.Session()
        answer = browser.get(address, allow_redirects=False, timeout=10)
        while (there := urljoin(answer.url, answer.headers.get("location", ""))).startswith(self.url):
            if answer.is_redirect:
                answer = browser.get(there, allow_redirects=False, timeout=10)
                continue
            assert answer.status_code == 200, answer.text
            if not agrees:
                answer = browser.get(f"{answer.url}/abort", allow_redirects=False, timeout=10)
                continue
            action, prompt = (re.search(f'{name}="([^"]+)"', answer.text)[1] for name in ("action", 'prompt" value'))
            filled = {"prompt": prompt, "login": "mairie", "password": "any"}
            answer = browser.post(action, filled, allow_redirects=False, timeout=10)
        return there

    def revoke(self, app: dict[str, str], token: str) -> None:
        """As when the owner takes the app's right away: https://www.rfc-editor.org/rfc/rfc7009"""
        login = (app["client_id"], app["client_secret"])
        assert requests.post(f"{self.url}/2/oauth2/revoke", {"token": token}, auth=login, timeout=10).ok
