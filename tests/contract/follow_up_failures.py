"""What a network keeps when it fails to edit, delete or answer, on a scripted server. See follow_up.py."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Replies
from contract.base import caught
from contract.base import picture
from contract.base import shown
from contract.base import TOLD
from contract.failures import EXPECTED
from contract.failures import HUGE
from contract.failures import NOT_JSON
from contract.failures import quotations
from contract.follow_up import FollowUpContract
from dataclasses import replace
from faults import CARRIED_OUT
from faults import FAULTS
from faults import Said

import pytest


DEEDS = {"edit": Edits, "delete": Deletes, "reply": Replies}


class FollowUpFailures(FollowUpContract):
    deeds: dict[str, str]
    """The step that does each of edit, delete and reply"""
    questions: dict[str, str]
    """Of the other steps, which of `calls` takes it, and fails when it fails"""
    expected = EXPECTED

    def pytest_generate_tests(self, metafunc):
        super().pytest_generate_tests(metafunc)
        for name, values in {"deed": self.deeds, "question": self.questions}.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, list(values))

    @pytest.fixture
    def calls(self, http, credentials, out, post, edit, reply, answer):
        """What can be done to a post that is out already."""
        changed, pictures = replace(post, text="Fête samedi"), (picture("Une affiche"),)
        calls = {
            "edit": lambda: edit(changed),
            "pictured edit": lambda: edit(replace(changed, pictures=pictures)),
            "delete": lambda: self.network.delete(http, credentials, out.id),
            "reply": lambda: reply(answer),
            "pictured reply": lambda: reply(replace(answer, pictures=pictures)),
        }
        return {name: call for name, call in calls.items() if isinstance(self.network, DEEDS[name.split()[-1]])}

    def done(self, deed, out, read, answer, find):
        """Whether readers see that it was done; of a reply, whether `find` says so."""
        if deed == "reply":
            return bool(find(answer))
        return read(out.id) is None if deed == "delete" else read(out.id).text == "Fête samedi"

    def test_the_deeds_are_those_of_the_network(self):
        assert {name for name, ability in DEEDS.items() if isinstance(self.network, ability)} == set(self.deeds)

    # Lost and spoilt answers

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults_of_a_deed(self, server, calls, post, out, read, answer, find, deed, fault):
        """To repeat an edit or a delete is harmless; a reply is looked up first."""
        server.script(self.deeds[deed], fault)
        error, code = self.expected[fault]
        raised = caught(calls[deed], error)
        assert raised.code == code
        if fault == "429":
            assert 5 < raised.retry_after <= 7
        assert self.done(deed, out, read, answer, find) == (fault in CARRIED_OUT)
        if deed != "reply" or not find(answer):
            calls[deed]()
        assert self.done(deed, out, read, answer, find)
        texts = {"edit": ["Fête samedi"], "delete": [], "reply": [post.text, answer.text]}
        assert server.posts() == texts[deed]

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults_of_a_question_change_nothing(self, server, calls, post, question, fault):
        server.script(question, fault)
        error, code = self.expected[fault]
        raised = caught(calls[self.questions[question]], Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        assert server.posts() == [post.text]

    def test_a_server_that_is_down_for_a_deed(self, server, calls):
        server.down()
        codes = {name: caught(call, Transient).code for name, call in calls.items()}
        assert codes == dict.fromkeys(calls, "refused_connection")

    # Answers that are none, refusals

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_to_a_deed_that_makes_no_sense(self, server, calls, deed, body):
        server.instead[self.deeds[deed]] = Said(200, body)
        assert caught(calls[deed], OutcomeUnknown).code == "not_json"

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_to_a_question_that_makes_no_sense(self, server, calls, post, question, body):
        server.instead[question] = Said(200, body)
        assert caught(calls[self.questions[question]], Transient).code == "not_json"
        assert server.posts() == [post.text]

    def test_a_huge_answer_to_a_deed(self, server, calls, deed):
        server.instead[self.deeds[deed]] = HUGE
        assert caught(calls[deed], OutcomeUnknown).code == "too_large"

    def revoke(self, server, account):
        """As when the owner takes this site's rights away."""
        server.revoke()

    def test_a_token_that_is_revoked_does_nothing(self, server, account, calls, post):
        self.revoke(server, account)
        codes = {name: caught(call, Unauthorized).code for name, call in calls.items()}
        assert codes == dict.fromkeys(calls, "unauthorized")
        assert server.posts() == [post.text]

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 422, 429, 500])
    def test_a_secret_that_is_quoted(self, server, calls, credentials, deed, status):
        for secret in [value for name, value in credentials.items() if name not in (*TOLD, "client_id")]:
            for body in quotations(secret):
                server.instead[self.deeds[deed]] = Said(status, body.encode())
                with pytest.raises(NetworkError) as info:
                    calls[deed]()
                assert secret not in shown(info.value)
