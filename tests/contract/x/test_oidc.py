"""X's OAuth 2 on a certified server that somebody else wrote: consent with PKCE, codes, sessions that renew."""

from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.x import network
from contract.base import caught
from dataclasses import replace
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
import requests


@pytest.fixture
def http(oidc):
    return Http.from_environment()


@pytest.fixture
def app(oidc):
    return oidc.app(BACK)


@pytest.fixture
def consent(http, app):
    return Consent(network.client(http, app, BACK), BACK, network.scopes)


@pytest.fixture
def code(oidc, consent):
    return back(oidc.consent(consent.address()), consent)["code"]


@pytest.fixture
def credentials(http, consent, code):
    (connection,) = network.identify(http, consent.client, consent.tokens(http, code))
    return connection.credentials


def back(address, consent):
    assert address.startswith(f"{BACK}?")
    said = dict(parse_qsl(urlsplit(address).query))
    assert said["state"] == consent.state
    return said


def refused(call):
    error = caught(call, Rejected)
    return error.code, error.params


def test_the_way_of_consent(http, consent, code):
    tokens = consent.tokens(http, code)
    assert set(tokens) == {"access_token", "refresh_token", "expires_in"}
    (connection,) = network.identify(http, consent.client, tokens)
    assert (connection.identity.name, connection.identity.url) == ("@mairie", "https://x.com/mairie")
    assert network.whoami(http, connection.credentials) == connection.identity


def test_a_secret_in_the_form(oidc, http):
    """As Mastodon has it, and Facebook."""
    client = replace(network.client(http, oidc.app(BACK, "client_secret_post"), BACK), basic=False)
    consent = Consent(client, BACK, network.scopes)
    assert "access_token" in consent.tokens(http, back(oidc.consent(consent.address()), consent)["code"])


def test_no_is_an_answer(oidc, consent):
    assert back(oidc.consent(consent.address(), agrees=False), consent)["error"] == "access_denied"


def test_the_server_wants_pkce(oidc, consent):
    asked = urlsplit(consent.address())
    query = dict(parse_qsl(asked.query))
    for changes in ({"code_challenge": ""}, {"code_challenge_method": "plain"}):
        answer = requests.get(f"{oidc.url}{asked.path}", query | changes, allow_redirects=False, timeout=10)
        assert back(answer.headers["location"], consent)["error"] == "invalid_request"


@pytest.mark.parametrize("wrong", ["verifier", "redirect_uri", "secret"])
def test_a_code_is_for_who_asked(http, consent, code, wrong):
    if wrong == "secret":
        other = replace(consent, client=replace(consent.client, secret="wrong"))
    else:
        other = replace(consent, **{wrong: f"{getattr(consent, wrong)}x"})
    reason = "invalid_client" if wrong == "secret" else "invalid_grant"
    assert refused(lambda: other.tokens(http, code)) == ("consent_failed", {"reason": reason})


def test_a_code_is_good_once(http, consent, code, credentials):
    assert network.whoami(http, credentials)
    assert refused(lambda: consent.tokens(http, code)) == ("consent_failed", {"reason": "invalid_grant"})
    for call in (network.whoami, network.refresh):  # it may be stolen, so what it gave is void too
        assert caught(lambda call=call: call(http, credentials), Unauthorized).code == "unauthorized"


def test_rights_that_the_server_does_not_give(oidc, http, consent):
    more = replace(consent, scopes=(*network.scopes, "dm.read"))
    code = back(oidc.consent(more.address()), more)["code"]
    assert refused(lambda: more.tokens(http, code)) == ("scopes_missing", {"names": "dm.read"})


def test_a_refresh_token_is_good_once(http, credentials):
    new = network.refresh(http, credentials)
    assert network.whoami(http, new).name == "@mairie"
    assert new["access"] != credentials["access"] and new["refresh"] != credentials["refresh"]
    newer = network.refresh(http, new)
    for spent in (credentials, new):
        assert caught(lambda spent=spent: network.refresh(http, spent), Unauthorized).code == "unauthorized"
    assert caught(lambda: network.refresh(http, newer), Unauthorized).code == "unauthorized"


@pytest.mark.parametrize("token", ["access", "refresh"])
def test_what_was_revoked(oidc, http, app, credentials, token):
    oidc.revoke(app, credentials[token])
    assert caught(lambda: network.whoami(http, credentials), Unauthorized).code == "unauthorized"
    if token == "refresh":
        assert caught(lambda: network.refresh(http, credentials), Unauthorized).code == "unauthorized"
