"""Talks to networks about an account: connect, who are we, renew the session, disconnect."""

from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Refreshes
from datetime import datetime
from datetime import timedelta
from uuid import uuid4
from zope.component import getUtilitiesFor
from zope.component import queryUtility

import transaction


PATIENCE = 30.0
"""Seconds for all that a network is asked in one request of a person's, who waits for the page meanwhile"""
STUMBLES = 3
"""Failures in a row before people are told"""
FRESH = timedelta(minutes=10)
"""A session that is refused so soon after it was renewed is not worth another renewal"""
LEASE = timedelta(seconds=90)
"""Longer than a refresh may take, with its deadline"""


def network_of(id: str) -> Network:
    """Raises ConfigurationError("unknown_network")."""
    network = queryUtility(INetwork, name=id)
    if network is None:
        raise ConfigurationError("unknown_network", network=id)
    return network


def connect(site, uid: str, answers: Mapping[str, str], now: datetime, http: Http | None = None) -> Identity:
    """Link the account with what a person typed; settings stay. Nothing is stored when it raises a SocialError.

    Zope may run this again after a conflict, which costs the network one more log-in and nothing else.
    """
    network = network_of(Accounts(site).object(uid).network)
    if not isinstance(network, Connects):
        raise ConfigurationError("cannot_connect")
    if code := Vault(site).ready():
        raise ConfigurationError(code)
    connection = network.connect((http or Http.from_environment()).within(PATIENCE), answers)
    link(site, uid, network, answers, connection, now)
    return connection.identity


def connect_by_hand(site, uid: str, profile: str, now: datetime) -> Identity:
    """Link the account to its page where a person posts for it; nobody is asked. Raises ContentError."""
    accounts = Accounts(site)
    network = network_of(accounts.object(uid).network)
    identity = rules.at_its_page(profile, network.home)
    Vault(site).forget(uid)
    standing = rules.linked(accounts.runtime(uid), network.id, identity, now, None, None)
    accounts.mark(uid, answers={"profile": profile}, **standing)
    return identity


def link(site, uid: str, network, answers: Mapping[str, str], connection: Connection, now: datetime) -> None:
    """Keep what the network agreed to, and what a person typed for it that is no secret."""
    Vault(site).seal(uid, connection.credentials)
    accounts = Accounts(site)
    asked = (*network.fields, *network.app_fields)
    typed = {field.name: answers.get(field.name, "") for field in asked if not field.secret}
    standing = rules.linked(
        accounts.runtime(uid),
        network.id,
        connection.identity,
        now,
        network.ends(connection.credentials),
        connection.lasts,
    )
    accounts.mark(uid, answers=typed, **standing)


def askable(site, account: Account, identity: str, now: datetime) -> bool:
    """Whether its network can be asked about what `identity`, an id there, said in its name; by no person, and now."""
    record = Accounts(site).runtime(account.uid)
    same = identity in ("", account.identity_id)
    paused = account.pause is not None and account.pause.frozen(now)
    linked = account.link is Link.CONNECTED and not account.by_hand and not rules.session_over(record, now)
    return linked and same and not paused and not rules.resting(record, now)


def _stale(site, uid: str, now: datetime) -> None:
    """The account's lane renews its session, under its lease; a fresh one that is refused is no session's fault."""
    account = Accounts(site).get(uid)
    renewed = Accounts(site).runtime(uid).get("renewed")
    fresh = bool(renewed) and now - datetime.fromisoformat(renewed) < FRESH
    if account and isinstance(network_of(account.network), Refreshes) and not fresh:
        Accounts(site).mark(uid, session="stale")


def failed(site, uid: str, error: SocialError, failures: int, now: datetime) -> Trouble | None:
    """After so many failures in a row to ask: lets a session that was refused be renewed.

    What people are told; None for what may be a stumble of the network.
    """
    if isinstance(error, Unauthorized):
        _stale(site, uid, now)
    if isinstance(error, Transient) and not getattr(error, "retry_after", None) and failures < STUMBLES:
        return None
    return Trouble(error.code, {name: str(value) for name, value in error.params.items()}, now.isoformat())


def disconnect(site, uid: str) -> None:
    """Forget credentials and identity; settings stay."""
    Vault(site).forget(uid)
    Accounts(site).mark(uid, **rules.DISCONNECTED)


def whoami(site, uid: str, http: Http | None = None) -> Identity:
    """Ask the network who we are, renewing the session when it has expired. Raises SocialError.

    Commits, because a renewed session is stored before it is used: call it first in a request.
    """
    http = http or Http.from_environment()
    network = network_of(Accounts(site).object(uid).network)
    credentials = Vault(site).open(uid)
    try:
        identity = network.whoami(http.within(PATIENCE), credentials)
    except Unauthorized as error:
        identity = network.whoami(http.within(PATIENCE), _renewed(site, uid, network, http, error))
    known = {"identity": identity.name, "facts": dict(identity.facts)}
    Accounts(site).mark(uid, link="connected", session="ok", error="", **known)
    return identity


def _renewed(site, uid, network, http, refusal):
    token = uuid4().hex
    now = clock.now()
    if not isinstance(network, Refreshes):
        stored(lambda: Accounts(site).mark(uid, link="reconnect", session="stale", error=refusal.code))
        raise refusal
    begun = begin_refresh(site, uid, token, now)
    if begun is None:
        raise Transient("busy")
    transaction.commit()
    try:
        result: Credentials | NetworkError = network.refresh(http, begun[1])
    except NetworkError as error:
        result = error
    stored(lambda: finish_refresh(site, uid, token, result, clock.now()))
    if isinstance(result, NetworkError):
        raise result
    return result


def stored(step):
    """Commit `step` alone, again on a conflict: the network is not asked twice."""
    for attempt in transaction.manager.attempts(5):
        with attempt:
            step()


def needed(site) -> dict[str, list[str]]:
    """Origin -> networks and accounts that need it, of all networks installed and all accounts that are connected."""
    found: dict[str, list[str]] = {}
    vault = Vault(site)
    for _name, network in getUtilitiesFor(INetwork):
        for origin in network.origins({}):
            found.setdefault(origin, []).append(network.title)
    for account in Accounts(site).all():
        network = queryUtility(INetwork, name=account.network)
        if network is not None and vault.holds(account.uid) and not vault.ready():
            for origin in network.origins(vault.open(account.uid)):
                found.setdefault(origin, []).append(account.title)
    return found


def unreached(http: Http, origin: str) -> NetworkError | None:
    """What keeps this server from talking to `origin`; None when anything answers there."""
    try:
        http.get(f"{origin}/", timeout=10)
    except NetworkError as error:
        return error
    return None


def begin_refresh(site, uid: str, token: str, now: datetime) -> tuple[Network, Credentials] | None:
    """First half: take the account's lease. Commit, then call `network.refresh(http, credentials)` outside of it.

    None when another holds the lease or the network has nothing to renew. Raises ConfigurationError.
    """
    accounts = Accounts(site)
    account = accounts.object(uid)
    network = network_of(account.network) if account is not None else None
    if not isinstance(network, Refreshes):
        return None
    credentials = Vault(site).open(uid)
    return (network, credentials) if accounts.lease(uid, token, now + LEASE, now) else None


def finish_refresh(site, uid: str, token: str, result: Credentials | Exception, now: datetime) -> bool:
    """Second half: store what refresh() returned or raised, then commit before using it.

    False, and nothing stored, when the lease is no longer ours: the account was reconnected, disconnected or removed.
    """
    accounts = Accounts(site)
    if accounts.runtime(uid).get("lease_token") != token:
        return False
    if isinstance(result, Unauthorized):
        accounts.mark(uid, link="reconnect", session="stale", error=result.code)
    elif not isinstance(result, Exception):
        Vault(site).seal(uid, result)
        network = network_of(accounts.object(uid).network)
        accounts.mark(uid, **rules.renewed(network.ends(result), now))
    accounts.release(uid, token)
    return True
