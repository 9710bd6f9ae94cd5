"""What a network keeps that `Measures` how far posts of ours got. See base.py for what a subclass gives."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.reading import Measures
from contract.base import caught
from contract.base import sent
from contract.base import shown
from contract.base import TOLD
from contract.failures import EXPECTED
from contract.failures import HUGE
from contract.failures import NOT_JSON
from contract.failures import quotations
from contract.failures import UNHEARD_OF
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from faults import Said

import json
import pytest


class MeasureContract:
    network: Network
    measure_step: str
    """The step that tells the counts"""
    senseless: list[object]
    """JSON that tells none"""
    views = False
    """Whether it tells how often a post was shown"""

    def pytest_generate_tests(self, metafunc):
        if "said" in metafunc.fixturenames:
            metafunc.parametrize("said", self.senseless, ids=repr)

    def react(self, server, id, likes, reposts):
        """Readers have liked a post and passed it on so often."""
        raise NotImplementedError

    def answer(self, server, account, to):
        """Somebody with that account answers a post."""
        raise NotImplementedError

    @pytest.fixture
    def out(self, http, credentials):
        """A function that posts so many; their ids."""
        numbers = iter(range(1000))

        def out(number=1):
            posts = [Post(f"Menu {next(numbers)}", datetime.now(UTC)) for _ in range(number)]
            return [sent(self.network, http, credentials, post).id for post in posts]

        return out

    @pytest.fixture
    def measure(self, http, credentials):
        return lambda ids: self.network.measure(http, credentials, ids)

    def test_how_far_posts_got(self, server, measure, out):
        assert isinstance(self.network, Measures)
        none = 0 if self.views else None
        first, second, third = out(3)
        self.react(server, second, 5, 2)
        self.answer(server, server.account("asso.example"), second)
        assert measure([third, second]) == {third: Counts(0, 0, 0, none), second: Counts(5, 2, 1, none)}
        self.react(server, second, 4, 2)
        assert measure([first, second])[second].likes == 4

    def test_as_many_as_one_call_can_tell(self, server, measure, out):
        assert 1 <= self.network.at_once <= 100
        ids = out(min(self.network.at_once, 30))
        assert list(measure(ids)) == ids

    def test_what_is_gone_hides_no_other(self, server, http, credentials, measure, out):
        ids = out(3)
        self.network.delete(http, credentials, ids[1])
        assert list(measure(ids)) == [ids[0], ids[2]]
        assert measure([ids[1]]) == {}

    def test_the_toll_is_known_before(self, server, credentials):
        assert self.network.toll(credentials, 0) == 0
        assert 0 <= self.network.toll(credentials, 1) * 10 == self.network.toll(credentials, 10)
        assert server.calls.total() == 0

    def test_fields_that_nobody_has_heard_of(self, server, measure, out, monkeypatch):
        carry_out, ids = server.carry_out, out(2)
        self.react(server, ids[0], 5, 2)
        before = measure(ids)

        def more(*call):
            said = carry_out(*call)
            body = json.loads(said.body, object_hook=lambda known: {**known, **UNHEARD_OF})
            return replace(said, body=json.dumps(body).encode())

        monkeypatch.setattr(server, "carry_out", more)
        assert measure(ids) == before

    @pytest.mark.parametrize("odd", [None, -1, True, "5", 1.5, [], {}, 10**30], ids=repr)
    def test_what_is_no_number_is_not_told(self, server, measure, out, monkeypatch, odd):
        ids, carry_out = out(1), server.carry_out
        self.react(server, ids[0], 77_777, 88_888)

        def changed(*call):
            said = carry_out(*call)
            return replace(said, body=said.body.replace(b"77777", json.dumps(odd).encode()))

        monkeypatch.setattr(server, "carry_out", changed)
        assert (measure(ids)[ids[0]].likes, measure(ids)[ids[0]].reposts) == (None, 88_888)

    # When things go wrong: nothing is published by measuring, so nothing is a doubt

    @pytest.mark.parametrize("fault", ["reset_after", "500_before", "429", "html_200", "expired", "drip"])
    def test_faults(self, server, measure, out, fault):
        ids = out(1)
        server.script(self.measure_step, fault)
        error, code = EXPECTED[fault]
        raised = caught(lambda: measure(ids), Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        if isinstance(raised, RateLimited):
            assert 5 < raised.retry_after <= 7
        assert list(measure(ids)) == ids

    def test_a_server_that_is_down(self, server, measure, out):
        ids = out(1)
        server.down()
        assert caught(lambda: measure(ids), Transient).code == "refused_connection"

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_that_makes_no_sense(self, server, measure, out, body):
        ids = out(1)
        server.instead[self.measure_step] = Said(200, body)
        assert caught(lambda: measure(ids), Transient).code == "not_json"

    def test_what_is_not_understood_is_not_nothing(self, server, measure, out, said):
        ids = out(1)
        server.instead[self.measure_step] = Said(200, json.dumps(said).encode())
        assert caught(lambda: measure(ids), Transient).code == "not_json"

    @pytest.mark.parametrize("status", [404, 410])
    @pytest.mark.parametrize("body", [b"<h1>Not found</h1>", b'{"error": "Not found"}'])
    def test_a_firewall_is_not_believed_that_posts_are_gone(self, server, measure, out, status, body):
        ids = out(1)
        server.instead[self.measure_step] = Said(status, body)
        with pytest.raises(NetworkError):
            measure(ids)

    def test_a_huge_answer(self, server, measure, out):
        ids = out(1)
        server.instead[self.measure_step] = HUGE
        assert caught(lambda: measure(ids), Transient).code == "too_large"

    def revoke(self, server, account):
        """As when the owner takes this site's rights away."""
        server.revoke()

    def test_a_token_that_is_revoked(self, server, account, measure, out):
        ids = out(1)
        self.revoke(server, account)
        assert caught(lambda: measure(ids), Unauthorized).code == "unauthorized"

    @pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 429, 500])
    def test_a_secret_that_the_network_quotes(self, server, credentials, measure, out, status):
        ids = out(1)
        for secret in [value for name, value in credentials.items() if name not in (*TOLD, "client_id")]:
            for body in quotations(secret):
                server.instead[self.measure_step] = Said(status, body.encode())
                with pytest.raises(NetworkError) as info:
                    measure(ids)
                assert secret not in shown(info.value)
