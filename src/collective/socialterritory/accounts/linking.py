"""Links an account on the network's own page: a person is sent there, comes back, sees who it is, and says yes."""

from collections.abc import Mapping
from collective.socialterritory.accounts import consent
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.links import Links
from collective.socialterritory.accounts.links import Maker
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.worker import link
from collective.socialterritory.accounts.worker import network_of
from collective.socialterritory.accounts.worker import PATIENCE
from collective.socialterritory.accounts.worker import stored
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import SocialError
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import me
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Identity
from contextlib import suppress
from datetime import datetime
from plone import api

import json
import re
import transaction


CONNECT = "collective.socialterritory: Connect accounts"
VIEW = "@@social-linked"


def redirect_uri() -> str:
    """Where networks send people back to: of the settings, never of a request. "" when no address is set."""
    base = settings().staff_url or settings().public_url or ""
    return f"{base.rstrip('/')}/{VIEW}" if base else ""


def begin(site, uid: str, answers: Mapping[str, str], browser: str, now: datetime, http: Http | None = None) -> str:
    """The address of the network's page. Raises SocialError; nothing is stored then.

    Zope may run this again after a conflict: a second registration of ours at the network harms nobody.
    """
    account = Accounts(site).get(uid)
    network = network_of(account.network)
    if code := Vault(site).ready() or ("" if redirect_uri() else "no_address"):
        raise ConfigurationError(code)
    client = network.client((http or Http.from_environment()).within(PATIENCE), answers, redirect_uri())
    asked = consent.Consent(client, redirect_uri(), rules.scopes(network, account))
    maker = Maker(me(), browser, uid, network.id)
    Links(site).add(_leaving(asked.state), maker, {**asked.dump(), "answers": json.dumps(dict(answers))}, now)
    return asked.address()


def receive(site, said: Mapping[str, str], browser: str, now: datetime, http: Http | None = None) -> str:
    """What the person brings back: "state" with "code" or "error". The UID of the account that waits for their yes.

    Commits: the state is used up before the network is asked, so that no repeat of the request can use it again.
    Raises SocialError: link_over, consent_refused, consent_failed, scopes_missing and those of the network.
    """
    http = (http or Http.from_environment()).within(PATIENCE)
    try:
        maker, kept = Links(site).take(_leaving(said.get("state", "")), me(), browser, now)
    finally:
        transaction.commit()
    network = _network(site, maker)
    if error := said.get("error"):
        raise _refused(error)
    asked = consent.load(kept)
    found = network.identify(http, asked.client, asked.tokens(http, said.get("code", "")))
    offers = [{**_said(offer), "credentials": dict(offer.credentials)} for offer in found]
    secrets = {"offers": json.dumps(offers), "answers": kept["answers"]}
    stored(lambda: Links(site).add(_waiting(maker.account, browser), maker, secrets, now))
    return maker.account


def leaver(site, state: str, browser: str, now: datetime) -> str:
    """The UID of the account for which the person, who may still link it, went to the network; "" when they did not."""
    try:
        maker, _kept = Links(site).read(_leaving(state), me(), browser, now)
        _network(site, maker)
    except SocialError:
        return ""
    return maker.account


def _refused(error: str) -> SocialError:
    """LinkedIn has words of its own: https://learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow"""
    if error in ("access_denied", "user_cancelled_login", "user_cancelled_authorize"):
        return DecisionError("consent_refused")
    if error == "unauthorized_scope_error":
        return Rejected("not_approved")
    return Rejected("consent_failed", reason=re.sub(r"\W+", " ", error).strip()[:60])


def offers(site, uid: str, browser: str, now: datetime) -> list[Identity]:
    """Who may be linked to the account now. Raises DecisionError("link_over")."""
    _maker, kept = Links(site).read(_waiting(uid, browser), me(), browser, now)
    return [offer.identity for offer in _offers(kept)]


def confirm(site, uid: str, choice: str, browser: str, now: datetime) -> Identity:
    """The person's yes to the offer whose identity has the id `choice`. Raises DecisionError("link_over")."""
    maker, kept = Links(site).take(_waiting(uid, browser), me(), browser, now)
    network = _network(site, maker)
    chosen = next((offer for offer in _offers(kept) if offer.identity.id == choice), None)
    if chosen is None:
        raise DecisionError("link_over")
    link(site, uid, network, json.loads(kept["answers"]), chosen, now)
    return chosen.identity


def forget(site, uid: str, browser: str, now: datetime) -> None:
    """The person's no, also to what is over."""
    with suppress(DecisionError):
        Links(site).take(_waiting(uid, browser), me(), browser, now)


def _network(site, maker: Maker):
    """Raises DecisionError("link_over") when the account is gone, is another network's now, or not the person's."""
    account = Accounts(site).object(maker.account)
    if account is None or account.network != maker.network or not api.user.has_permission(CONNECT, obj=account):
        raise DecisionError("link_over")
    return network_of(maker.network)


def _said(offer: Connection) -> dict:
    who = offer.identity
    lasts = offer.lasts and offer.lasts.isoformat()
    return {"id": who.id, "name": who.name, "url": who.url, "facts": dict(who.facts), "lasts": lasts}


def _offers(kept: Mapping[str, str]) -> list[Connection]:
    return [_offer(row) for row in json.loads(kept["offers"])]


def _offer(row: Mapping) -> Connection:
    lasts = datetime.fromisoformat(row["lasts"]) if row.get("lasts") else None
    return Connection(Identity(row["id"], row["name"], row["url"], row["facts"]), row["credentials"], lasts)


def _leaving(state: str) -> str:
    """The key of a person who is at the network: no state, whatever it is, is that of an offer."""
    return f"state {state}"


def _waiting(uid: str, browser: str) -> str:
    return f"offers {uid} {browser}"
