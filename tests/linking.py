"""One person in one browser who links an account on the network's own page."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from functools import cached_property
from rest import Client
from scripted_facebook import ScriptedFacebook
from scripted_instagram import ScriptedInstagram
from scripted_linkedin import ScriptedLinkedIn
from scripted_mastodon import ScriptedMastodon
from scripted_threads import ScriptedThreads
from scripted_x import ScriptedX
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re
import transaction


HTML = {"Accept": "text/html"}
SERVERS = {
    "mastodon": ScriptedMastodon,
    "x": ScriptedX,
    "facebook": ScriptedFacebook,
    "linkedin": ScriptedLinkedIn,
    "instagram": ScriptedInstagram,
    "threads": ScriptedThreads,
}


def typed(server, back):
    """What a webmaster types before the network's own page."""
    if isinstance(server, ScriptedMastodon):
        return {"answer-server": server.host}
    app = server.app(back)
    if isinstance(server, ScriptedX | ScriptedLinkedIn):
        return {"answer-client_id": app["client_id"], "passw-client_secret": app["client_secret"], "way": "consent"}
    return {"answer-app_id": app["app_id"], "passw-app_secret": app["app_secret"]}


class Linking:
    """One person in one browser who links one account. `server.typed`: what the form is filled with."""

    def __init__(self, town, server, account, user="webmaster"):
        self.town, self.server, self.account = town, server, account
        self.uid, self.url = account.UID(), account.absolute_url()
        self.client = Client(town.url, user)

    def get(self, url, **options):
        answer = self.client.session.get(url, headers=HTML, allow_redirects=False, timeout=30, **options)
        transaction.begin()
        return answer

    def press(self, url, token=True, **fields):
        if token:
            fields["_authenticator"] = self.authenticator
        answer = self.client.session.post(url, data=fields, headers=HTML, allow_redirects=False, timeout=30)
        transaction.begin()
        return answer

    @cached_property
    def authenticator(self):
        """It is on any page of ours, for attackers too."""
        page = self.get(f"{self.url}/@@connect").text
        return re.search(r'_authenticator" value="(\w+)', page).group(1)

    def begin(self):
        """The address of the network's page."""
        answer = self.press(f"{self.url}/@@connect", **self.server.typed)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def agree(self):
        """Where the network sends the person back to."""
        return self.server.consent(self.begin())

    def come_back(self, **changes):
        """The page after the way back, whose query is changed; None takes a value out."""
        return self.get(changed(self.agree(), **changes))

    def offered(self):
        """The id of whom the page offers to link, the first of several; "" for nobody."""
        found = re.search(r'name="choice"[^>]*value="([^"]+)"', self.get(f"{self.url}/@@social-link").text)
        return found[1] if found else ""

    def confirm(self, choice=None, **options):
        return self.press(f"{self.url}/@@social-link", choice=choice or self.offered(), **options)

    @property
    def linked(self):
        transaction.begin()
        return Accounts(self.town.site).get(self.uid).link == "connected" or Vault(self.town.site).holds(self.uid)


def changed(url, **changes):
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})).geturl()


def later(monkeypatch, by):
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + by)
