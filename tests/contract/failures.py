"""What every network keeps when things go wrong, on a scripted server. See base.py for what a subclass gives."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Finds
from collective.socialterritory.networks.model import Prepares
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.model import Replays
from contract.base import caught
from contract.base import NetworkContract
from contract.base import picture
from contract.base import prepared
from contract.base import sent
from contract.base import shown
from contract.base import TOLD
from dataclasses import replace
from faults import CARRIED_OUT
from faults import FAULTS
from faults import HTML
from faults import Said

import json
import pytest


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
"""What a fault of the step that publishes is. Of any other step nothing is published, so no fault of it is a doubt."""
HUGE = Said(200, b"{" + b" " * 50_000_000 + b"}")
NOT_JSON = [b"", b"null", b"5", b'"a"', b"\xff\xfe", b"<rss/>", HTML]
UNHEARD_OF = {"unheard_of": [{"deep": None}], "Größe": 10**20}


def quotations(secret):
    """Refusals as the networks write them, all quoting a secret."""
    yield json.dumps(dict.fromkeys(("error", "message", "detail", "title", "error_description"), f"no {secret}"))
    yield json.dumps({"error": {"message": f"no {secret}", "type": secret}})
    yield json.dumps({"errors": [{"message": f"no {secret}"}]})
    yield f"<p>no {secret}</p>"


class FailureContract(NetworkContract):
    post_step: str
    """The step that publishes"""
    steps: dict[str, str]
    """Of the others, which of `calls` takes it, and fails when it fails"""
    expected = EXPECTED
    unsigned: tuple[str, ...] = ()
    """Which of `calls` do without a token, or outlive it"""

    def pytest_generate_tests(self, metafunc):
        steps = {
            "step": [*self.steps],
            "any_step": [self.post_step, *self.steps],
            "signed_step": [self.post_step, *(step for step, name in self.steps.items() if name not in self.unsigned)],
        }
        for name, values in steps.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, values)

    def revoke(self, server, account):
        """As when the owner takes this site's rights away."""
        server.revoke()

    @pytest.fixture
    def calls(self, http, credentials, post, key):
        network = self.network
        with_picture = replace(post, pictures=(picture(),))
        calls = {
            "publish": lambda: network.publish(http, credentials, post, key),
            "picture": lambda: sent(network, http, credentials, with_picture, key),
        }
        if isinstance(network, Prepares):
            calls["prepare"] = lambda: network.prepare(http, credentials, post)
        if isinstance(network, Finds):
            calls["find"] = lambda: network.find(http, credentials, post, key)
        if isinstance(network, Connects | Consents):
            calls["whoami"] = lambda: network.whoami(http, credentials)
        if isinstance(network, Refreshes):
            calls["refresh"] = lambda: network.refresh(http, credentials)
        return calls

    def failing(self, calls, step):
        """The call that takes a step, and the error that says that nobody knows what became of it."""
        if step == self.post_step:
            return calls["publish"], OutcomeUnknown
        return calls[self.steps[step]], Transient

    # Lost and spoilt answers

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults_of_the_post_itself(self, server, calls, post, fault):
        server.script(self.post_step, fault)
        error, code = self.expected[fault]
        raised = caught(calls["publish"], error)
        assert raised.code == code
        if fault == "429":
            assert 5 < raised.retry_after <= 7
        assert bool(server.posts()) == (fault in CARRIED_OUT)
        if not isinstance(self.network, Finds):
            if isinstance(self.network, Replays):
                assert calls["publish"]() == calls["publish"]()
                assert server.posts() == [post.text]
            return
        found = calls["find"]()
        assert bool(found) == bool(server.posts())
        if not found or self.refuses_repeats or isinstance(self.network, Replays):
            assert calls["publish"]() == (found or calls["find"]())
        assert server.posts() == [post.text]

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults_without_a_doubt(self, server, calls, step, fault):
        server.script(step, fault)
        error, code = self.expected[fault]
        raised = caught(calls[self.steps[step]], Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        if fault == "429":
            assert 5 < raised.retry_after <= 7
        assert server.posts() == []

    def test_a_server_that_is_down(self, server, calls):
        server.down()
        codes = {name: caught(call, Transient).code for name, call in calls.items()}
        assert codes == dict.fromkeys(calls, "refused_connection")

    def test_chaos_loses_and_doubles_nothing(self, server, http, credentials, post):
        """After each doubt it is looked up, which is what `Finds` is for."""
        server.hold, http.deadline = 0.2, 0.1
        server.chaos(0.35, seed=4)
        for number in range(30):
            numbered, doubt = replace(post, text=f"Post {number}"), False
            key = ""
            for _ in range(60):
                try:
                    if doubt and self.network.find(http, credentials, numbered, key):
                        break
                    doubt = False
                    key = key or prepared(self.network, http, credentials, numbered)
                    self.network.publish(http, credentials, numbered, key)
                    break
                except OutcomeUnknown:
                    doubt = True
                    server.settled()  # the worker gives it more time: `settle`
                except (Transient, Unauthorized) as error:
                    if isinstance(self.network, Prepares) and not doubt and error.code != "not_ready":
                        key = ""  # as the worker does: it is prepared anew
        assert sorted(server.posts()) == sorted(f"Post {number}" for number in range(30))

    # Answers that are none

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_that_makes_no_sense(self, server, calls, any_step, body):
        server.instead[any_step] = Said(200, body)
        assert caught(*self.failing(calls, any_step)).code == "not_json"

    def test_a_huge_answer(self, server, calls, any_step):
        server.instead[any_step] = HUGE
        assert caught(*self.failing(calls, any_step)).code == "too_large"

    def test_fields_that_nobody_has_heard_of(self, server, calls, seen, post, monkeypatch):
        carry_out = server.carry_out
        who = calls["whoami"]() if "whoami" in calls else None

        def more(*call):
            said = carry_out(*call)
            if not said.body:
                return said
            body = json.loads(said.body, object_hook=lambda known: {**known, **UNHEARD_OF})
            return replace(said, body=json.dumps(body).encode())

        monkeypatch.setattr(server, "carry_out", more)
        if who:
            assert calls["whoami"]() == who
        receipt = calls["publish"]()
        assert seen() == [post.text]
        if "find" in calls:
            assert calls["find"]() == receipt
        if "refresh" in calls:
            assert calls["refresh"]()

    # Refusals

    def test_a_token_that_is_revoked(self, server, account, calls):
        self.revoke(server, account)
        codes = {name: caught(call, Unauthorized).code for name, call in calls.items() if name not in self.unsigned}
        assert set(codes.values()) == {"unauthorized"}
        assert "publish" in codes
        assert server.posts() == []

    def test_a_token_that_has_expired(self, server, http, credentials, calls, post, key):
        before = calls["whoami"]()
        server.expire()
        assert caught(calls["publish"], Unauthorized).code == "unauthorized"
        renewed = calls["refresh"]()
        assert self.network.whoami(http, renewed) == before
        assert self.network.publish(http, renewed, post, key)
        assert server.posts() == [post.text]

    @pytest.mark.parametrize("status", [400, 401, 403, 422, 429, 500])
    def test_a_secret_that_the_network_quotes(self, server, calls, credentials, signed_step, status):
        call, _ = self.failing(calls, signed_step)
        for secret in [value for name, value in credentials.items() if name not in (*TOLD, "client_id")]:
            for body in quotations(secret):
                server.instead[signed_step] = Said(status, body.encode())
                with pytest.raises(NetworkError) as info:
                    call()
                assert secret not in shown(info.value)
