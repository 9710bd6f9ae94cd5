"""Bluesky against the scripted server: the contract again, and what its own server cannot be made to do."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.bluesky import network
from collective.socialterritory.networks.model import Post
from contract.base import caught
from contract.failures import EXPECTED
from contract.failures import FailureContract
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import Said
from scripted_methods import Reply

import pytest
import re


NOW = datetime.now(UTC)
KEY = "3n2uoitxhrhun"


class TestBluesky(FailureContract):
    network = network
    post_step = "putRecord"
    steps = {"uploadBlob": "picture", "getRecord": "find", "getSession": "whoami"}
    unsigned = ("find", "refresh")

    def revoke(self, server, account):
        server.revoke(account)


# What each fault means


def test_the_wait_is_the_one_that_is_told(server, publish):
    server.script("putRecord", "429")
    assert caught(lambda: publish(key=KEY), RateLimited).retry_after == 7


@pytest.mark.parametrize(
    "fault", ["reset_after", "500_before", "timeout_before", "html_200", "html_502", "json_broken"]
)
def test_a_log_in_is_never_a_doubt(server, http, account, fault):
    server.script("createSession", fault)
    answers = {"handle": account.handle, "app_password": account.password}
    assert caught(lambda: network.connect(http, answers), Transient).code in {"pds_unreachable", EXPECTED[fault][1]}


def test_a_missing_repository_is_not_a_missing_post(server, http, credentials, monkeypatch):
    def get(self):
        raise Reply(400, {"error": "RepoDeactivated", "message": "Repo has been deactivated"})

    monkeypatch.setattr("scripted_methods.Methods.get", get)
    raised = caught(lambda: network.find(http, credentials, Post("", NOW), KEY), Rejected)
    assert raised.params["name"] == "RepoDeactivated"


def test_a_record_that_tells_nothing_of_itself_is_there(server, http, credentials):
    server.instead["getRecord"] = Said(200, b"{}")
    assert network.find(http, credentials, Post("", NOW), KEY).id.endswith(KEY)


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
    assert network.whoami(http, network.refresh(http, credentials)).name == "@mairie.example"
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
    network.publish(http, credentials, Post(text, NOW), KEY)
    (record,) = server.records.values()
    assert [facet["features"][0].get("tag") for facet in record["facets"]] == ["ok"]


def test_a_mention_nobody_answers_for_holds_nothing_back(server, http, credentials):
    server.script("resolveHandle", "html_200")
    network.publish(http, credentials, Post("@mairie.example", NOW), KEY)
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
