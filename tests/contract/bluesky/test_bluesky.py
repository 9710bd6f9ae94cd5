"""Bluesky against the scripted server: the contract again, and what its own server cannot be made to do."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.base import NetworkContract
from contract.base import NOW
from datetime import timedelta
from scripted import FAULTS
from scripted_methods import Reply

import pytest
import re


PICTURE = Picture(b"jpeg", "image/jpeg", 4, 3, "Alt")
EXPECTED = {
    "reset_before": (OutcomeUnknown, "reset"),
    "reset_after": (OutcomeUnknown, "reset"),
    "500_before": (OutcomeUnknown, "server_error"),
    "500_after": (OutcomeUnknown, "server_error"),
    "429": (RateLimited, "rate_limited"),
    "timeout_before": (OutcomeUnknown, "read_timeout"),
    "timeout_after": (OutcomeUnknown, "read_timeout"),
    "html_200": (OutcomeUnknown, "not_json"),
    "html_200_after": (OutcomeUnknown, "not_json"),
    "html_502": (OutcomeUnknown, "server_error"),
    "json_broken": (OutcomeUnknown, "not_json"),
    "expired": (Unauthorized, "unauthorized"),
    "drip": (OutcomeUnknown, "read_timeout"),
}


class TestBlueskyOnTheScriptedServer(NetworkContract):
    network = network

    @pytest.fixture
    def http(self, server):
        return Http.from_environment()

    @pytest.fixture
    def credentials(self, account):
        return account.credentials

    @pytest.fixture
    def seen(self, server):
        return server.posts


# What each fault means


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_of_the_post_itself(server, http, credentials, fault):
    server.script("putRecord", fault)
    error, code = EXPECTED[fault]
    raised = caught(lambda: network.publish(http, credentials, Post("Bonjour", NOW), "3n2uoitxhrhun"), error)
    assert raised.code == code
    if fault == "429":
        assert raised.retry_after == 7
    carried_out = bool(server.records)
    found = network.find(http, credentials, Post("Bonjour", NOW), "3n2uoitxhrhun")
    assert bool(found) == carried_out
    network.publish(http, credentials, Post("Bonjour", NOW), "3n2uoitxhrhun")
    assert server.posts() == ["Bonjour"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("method", ["uploadBlob", "getRecord"])
def test_faults_without_a_doubt(server, http, credentials, method, fault):
    server.script(method, fault)
    error, code = EXPECTED[fault]
    error = Transient if error is OutcomeUnknown else error
    post = Post("Bonjour", NOW, picture=PICTURE)
    call = network.find if method == "getRecord" else network.publish
    assert caught(lambda: call(http, credentials, post, "3n2uoitxhrhun"), error).code == code
    assert server.posts() == []


@pytest.mark.parametrize(
    "fault", ["reset_after", "500_before", "timeout_before", "html_200", "html_502", "json_broken"]
)
def test_a_log_in_is_never_a_doubt(server, http, account, fault):
    server.script("createSession", fault)
    answers = {"handle": account.handle, "app_password": account.password}
    assert caught(lambda: network.connect(http, answers), Transient).code in {"pds_unreachable", EXPECTED[fault][1]}


def test_a_server_that_is_down(server, http, credentials):
    server.down()
    raised = caught(lambda: network.publish(http, credentials, Post("Bonjour", NOW), "3n2uoitxhrhun"), Transient)
    assert raised.code == "refused_connection"


def test_a_missing_repository_is_not_a_missing_post(server, http, credentials, monkeypatch):
    def get(self):
        raise Reply(400, {"error": "RepoDeactivated", "message": "Repo has been deactivated"})

    monkeypatch.setattr("scripted_methods.Methods.get", get)
    raised = caught(lambda: network.find(http, credentials, Post("", NOW), "3n2uoitxhrhun"), Rejected)
    assert raised.params["name"] == "RepoDeactivated"


# Keys


def test_keys_are_tids_in_the_order_of_time():
    keys = [network.key("d", NOW + timedelta(seconds=n)) for n in range(50)]
    assert keys == sorted(keys)
    assert all(re.fullmatch("[234567abcdefghij][234567a-z]{12}", key) for key in keys)


# Sessions


def test_refresh_rotates(server, http, credentials):
    renewed = network.refresh(http, credentials)
    assert renewed["access"] != credentials["access"]
    assert renewed["refresh"] != credentials["refresh"]
    assert server.calls["createSession"] == 0


@pytest.mark.parametrize("fault", ["reset_after", "500_after", "timeout_after", "html_200", "json_broken", "expired"])
def test_a_lost_refresh_logs_in_again(server, http, credentials, fault):
    server.script("refreshSession", fault)
    assert network.whoami(http, network.refresh(http, credentials)).name == "mairie.example"
    assert server.calls["createSession"] == 1


def test_an_expired_refresh_token_logs_in_again(server, http, credentials):
    server.expire(("access", "refresh"))
    with pytest.raises(Unauthorized):
        network.whoami(http, credentials)
    assert network.whoami(http, network.refresh(http, credentials))


def test_a_deleted_app_password_needs_a_person(server, http, account, credentials):
    server.revoke(account)
    assert caught(lambda: network.refresh(http, credentials), Unauthorized).code == "wrong_password"


def test_a_second_factor(server, http, account, monkeypatch):
    def log_in(self):
        raise Reply(401, {"error": "AuthFactorTokenRequired", "message": "A sign in code has been sent"})

    monkeypatch.setattr("scripted_methods.Methods.log_in", log_in)
    answers = {"handle": account.handle, "app_password": account.password}
    assert caught(lambda: network.connect(http, answers), Unauthorized).code == "second_factor"


@pytest.mark.parametrize(
    "said, error, code",
    [({"did": "did:plc:" + "z" * 24}, Rejected, "did_mismatch"), ({"accessJwt": None}, Transient, "not_json")],
)
def test_a_log_in_as_somebody_else_or_as_nobody(server, http, account, monkeypatch, said, error, code):
    session = {"did": account.did, "handle": account.handle, "accessJwt": "a", "refreshJwt": "r"}
    monkeypatch.setattr("scripted_methods.Methods.log_in", lambda self: session | said)
    answers = {"handle": account.handle, "app_password": account.password}
    assert caught(lambda: network.connect(http, answers), error).code == code


# Facets


def test_facets_that_the_server_would_refuse_stay_plain(server, http, credentials):
    text = f"#{'é' * 65} @personne.example @bob #ok"
    network.publish(http, credentials, Post(text, NOW), "3n2uoitxhrhun")
    (record,) = server.records.values()
    assert [facet["features"][0].get("tag") for facet in record["facets"]] == ["ok"]


def test_a_mention_nobody_answers_for_holds_nothing_back(server, http, credentials):
    server.script("resolveHandle", "html_200")
    network.publish(http, credentials, Post("@mairie.example", NOW), "3n2uoitxhrhun")
    assert "facets" not in next(iter(server.records.values()))


# Many at once


def test_chaos_loses_and_doubles_nothing(server, http, account):
    """Blind repetition with the same key, which is what `replays` promises."""
    server.hold, http.deadline = 0.2, 0.1
    server.chaos(0.35, seed=4)
    credentials = account.credentials
    for number in range(40):
        key = network.key(f"delivery {number}", NOW)
        for _ in range(30):
            try:
                network.publish(http, credentials, Post(f"Post {number}", NOW), key)
                break
            except Unauthorized:
                try:
                    credentials = network.refresh(http, credentials)
                except (Transient, Unauthorized):
                    pass
            except (Transient, OutcomeUnknown):
                pass
    assert sorted(server.posts()) == sorted(f"Post {number}" for number in range(40))
