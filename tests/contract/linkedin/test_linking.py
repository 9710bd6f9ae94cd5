"""LinkedIn pages on the scripted server: from the consent page to an account, and what keeps it linked."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.consent import Consent
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.linkedin import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import shown
from contract.linking import consented
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said
from functools import partial
from scripted_consent import BACK
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import json
import pytest
import requests


DAY = timedelta(days=1)


asked = partial(consented, network)


@pytest.fixture
def later(server, monkeypatch):
    def later(by):
        for place, name in ((server, "now"), (clock, "now")):
            monkeypatch.setattr(place, name, lambda: datetime.now(UTC) + by)

    return later


def test_the_way_of_consent(server, http, account, tokens, later):
    client, got = tokens
    (connection,) = network.identify(http, client, got)
    assert (connection.identity.id, connection.identity.name) == (account.id, "Ville")
    assert connection.identity.url == "https://www.linkedin.com/company/ville"
    kept = dict(connection.credentials)
    assert set(kept) == {"client_id", "client_secret", "account", "handle", "access", "refresh", "ends"}
    assert not any(kept[name] in repr(connection) for name in ("client_secret", "access", "refresh"))
    assert timedelta(days=59) < network.ends(kept) - datetime.now(UTC) < timedelta(days=61)
    assert timedelta(days=364) < connection.lasts - datetime.now(UTC) < timedelta(days=366)
    later(60 * DAY)
    post = Post("Bonjour", datetime.now(UTC))
    assert caught(lambda: network.publish(http, kept, post, "k1"), Unauthorized).code == "unauthorized"
    renewed = network.refresh(http, kept)
    assert (set(renewed), renewed["refresh"]) == (set(kept), kept["refresh"])
    assert network.whoami(http, renewed) == connection.identity
    assert timedelta(days=119) < network.ends(renewed) - datetime.now(UTC) < timedelta(days=121)


def test_an_app_without_tokens_of_renewal_is_warned_about_before_it_ends(server, http, account, later):
    """Approved apps alone are given them: all others are linked for 60 days, and `lasts` says so to people."""
    server.renews = False
    client, consent, back = asked(server, http)
    (connection,) = network.identify(http, client, consent.tokens(http, back["code"]))
    kept = connection.credentials
    assert not {"refresh", "ends"} & set(kept)
    assert network.ends(kept) is None
    assert timedelta(days=59) < connection.lasts - datetime.now(UTC) < timedelta(days=61)
    asked_before = server.calls.total()
    assert caught(lambda: network.refresh(http, kept), Unauthorized).code == "expired"
    assert server.calls.total() == asked_before


def test_a_choice_among_the_pages_for_which_one_may_post(server, http, account, tokens):
    for name, role in {"Musée": "ANALYST", "Régie": "CURATOR", "Médiathèque": "CONTENT_ADMINISTRATOR"}.items():
        server.account(name, role)
    server.account("Ancienne").state = "REVOKED"
    connections = network.identify(http, *tokens)
    assert [connection.identity.name for connection in connections] == ["Ville", "Médiathèque"]
    network.publish(http, connections[1].credentials, Post("Lire", datetime.now(UTC)), "k")
    assert [len(page.posts) for page in server.pages.values()] == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    "row",
    [
        5,
        None,
        {},
        {"role": "ADMINISTRATOR", "state": "APPROVED"},
        {"role": "ADMINISTRATOR", "state": "APPROVED", "organization": "urn:li:person:1"},
        {"role": "ADMINISTRATOR", "state": "APPROVED", "organization": "urn:li:organization:1)"},
        {"role": "ADMINISTRATOR", "state": "REQUESTED", "organization": "urn:li:organization:2414183"},
    ],
)
def test_a_role_without_a_page_is_no_choice(server, http, tokens, row):
    server.instead["acls"] = Said(200, json.dumps({"elements": [row]}).encode())
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "no_organisation"


def test_an_organisation_that_linkedin_does_not_name_is_no_choice(server, http, tokens):
    server.instead["lookup"] = Said(200, b'{"results": {}}')
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "no_organisation"


@pytest.mark.parametrize("step", ["acls", "lookup"])
@pytest.mark.parametrize("said", [b"{}", b'{"elements": 5, "results": 5}'])
def test_lists_that_are_none(server, http, tokens, step, said):
    server.instead[step] = Said(200, said)
    assert caught(lambda: network.identify(http, *tokens), Transient).code == "not_json"


def test_no_is_an_answer(server, http, account):
    assert asked(server, http, "cancel")[2]["error"] == "user_cancelled_authorize"


def test_an_app_that_linkedin_has_not_approved(server, http, account, tokens):
    """It says so on its page, or when it is asked: then it is time to post by hand."""
    server.instead["acls"] = Said(403, b'{"status": 403, "code": "ACCESS_DENIED", "message": "Not enough permissions"}')
    assert caught(lambda: network.identify(http, *tokens), Rejected).code == "not_approved"
    server.instead["acls"] = Said(401, b'{"status": 401}')
    assert caught(lambda: network.identify(http, *tokens), Unauthorized).code == "unauthorized"
    server.approved = False
    assert asked(server, http)[2]["error"] == "unauthorized_scope_error"


@pytest.mark.parametrize("declined", [("w_organization_social",), ("r_organization_social", "rw_organization_admin")])
def test_smaller_rights_than_asked_for(server, http, account, declined):
    server.declined = declined
    _client, consent, back = asked(server, http)
    error = caught(lambda: consent.tokens(http, back["code"]), Rejected)
    assert (error.code, error.params) == ("scopes_missing", {"names": ", ".join(declined)})


def test_a_code_is_good_once_and_half_an_hour(server, http, account):
    _client, consent, back = asked(server, http)
    consent.tokens(http, back["code"])
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"
    _client, consent, back = asked(server, http)
    server.now = lambda: datetime.now(UTC) + timedelta(minutes=31)
    assert caught(lambda: consent.tokens(http, back["code"]), Rejected).code == "consent_failed"


@pytest.mark.parametrize("change", [{"redirect_uri": f"{BACK}x"}, {"secret": "x"}, {"pkce": True}])
def test_a_code_is_good_for_who_asked_and_where_and_without_pkce(server, http, account, change):
    """LinkedIn takes a proof by PKCE for a wrong login."""
    _client, consent, back = asked(server, http)
    if "redirect_uri" not in change:
        change = {"client": replace(consent.client, **change)}
    assert caught(lambda: replace(consent, **change).tokens(http, back["code"]), Rejected).code == "consent_failed"


@pytest.mark.parametrize("wrong", ["client_id", "client_secret"])
def test_an_app_that_cannot_be(http, wrong):
    answers = {"client_id": "a", "client_secret": "b", wrong: "clé"}
    assert caught(lambda: network.client(http, answers, BACK), Rejected).code == "consent_failed"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["acls", "lookup"])
def test_faults_on_the_way_link_nothing_and_are_no_doubt(server, http, tokens, name, fault):
    server.hold, http.deadline = 1.0, 0.7
    server.script(name, fault)
    kind = {"429": RateLimited, "expired": Unauthorized}.get(fault, Transient)
    assert tokens[0].secret not in shown(caught(lambda: network.identify(http, *tokens), kind))
    assert network.identify(http, *tokens)


@pytest.mark.parametrize("said", [b"{}", b'{"access_token": {}}', '{"access_token": "é"}'.encode(), b"[]"])
def test_a_new_session_that_is_none(server, http, credentials, said):
    server.instead["token"] = Said(200, said)
    assert caught(lambda: network.refresh(http, credentials), Transient).code == "not_json"


def test_an_answer_that_says_little(server, http, credentials):
    """Neither an end nor a new token of renewal: the old one stays good."""
    server.instead["token"] = Said(200, b'{"access_token": "a"}')
    renewed = network.refresh(http, credentials)
    assert (renewed["access"], renewed["refresh"], network.ends(renewed)) == ("a", credentials["refresh"], None)


# Who we are


def test_a_role_that_was_lost(server, http, account, credentials):
    account.role = "ANALYST"
    assert caught(lambda: network.whoami(http, credentials), Unauthorized).code == "role_lost"


@pytest.mark.parametrize("version", ["202501", "203001"])
def test_a_version_that_is_not_served_any_more(server, http, credentials, monkeypatch, version):
    monkeypatch.setenv("SOCIALTERRITORY_LINKEDIN_VERSION", version)
    post = Post("Bonjour", datetime.now(UTC))
    for call in (lambda: network.whoami(http, credentials), lambda: network.publish(http, credentials, post, "k")):
        error = caught(call, Transient)
        assert (error.code, error.params["version"]) == ("linkedin_version", version)
    assert server.posts() == []


@pytest.mark.parametrize("now, told", [("2026-11-30", False), ("2026-12-01", True), ("2027-01-01", True)])
def test_a_version_that_is_about_to_go_is_told_of_while_posts_still_leave(
    server, http, account, credentials, monkeypatch, now, told
):
    monkeypatch.setenv("SOCIALTERRITORY_LINKEDIN_VERSION", "202511")
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    if told:
        error = caught(lambda: network.whoami(http, credentials), Transient)
        assert (error.code, error.params["version"]) == ("linkedin_version_old", "202511")
    else:
        assert network.whoami(http, credentials).id == account.id
    assert network.publish(http, credentials, Post("Bonjour", datetime.now(UTC)), "k")


def test_a_version_that_is_none(server, http, credentials, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_LINKEDIN_VERSION", "v27.0")
    assert caught(lambda: network.whoami(http, credentials), Rejected).code == "rejected"


# The quota


@pytest.mark.parametrize(
    "now, seconds",
    [("23:59:30", 330), ("00:00:00", 86700), ("14:00:00", 36300)],
)
def test_a_used_up_quota_waits_for_the_next_day(server, http, credentials, monkeypatch, now, seconds):
    """It is one of a day that begins at 00:00 UTC, which LinkedIn does not say."""
    server.retry_after = 0
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(f"2026-11-22T{now}+00:00"))
    server.script("post", "429")
    error = caught(lambda: network.publish(http, credentials, Post("a", clock.now()), "k"), RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    "changes",
    [{"redirect_uri": f"{BACK}/x"}, {"state": ""}, {"client_id": "1"}, {"code_challenge": "x"}],
)
def test_the_scripted_page_takes_nothing_but_what_is_documented(server, http, account, changes):
    client = network.client(http, server.app(), BACK)
    query = dict(parse_qsl(urlsplit(Consent(client, BACK, network.scopes).address()).query))
    assert requests.get(client.authorize, params=query, timeout=10).status_code == 200
    assert requests.get(client.authorize, params=query | changes, timeout=10).status_code == 400
