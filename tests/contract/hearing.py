"""What a network keeps that `Hears` what others answer to a post of ours. See base.py for what a subclass gives."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Replies
from collective.socialterritory.networks.reading import Hears
from contract.base import caught
from contract.base import prepared
from contract.base import sent
from contract.base import shown
from contract.base import TOLD
from contract.failures import EXPECTED
from contract.failures import HUGE
from contract.failures import NOT_JSON
from contract.failures import quotations
from contract.failures import UNHEARD_OF
from contract.lookup import TEXTS
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from faults import FAULTS
from faults import Said
from urllib.parse import unquote

import json
import pytest


MORNING = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
MINUTE = timedelta(minutes=1)


class HearContract:
    network: Network
    hear_step: str
    """The step that lists what was answered"""
    senseless: list[object]
    """JSON that is no such list"""
    odd: list[object]
    """Rows that lack what is needed"""

    def __init_subclass__(cls):
        if not isinstance(getattr(cls, "network", None), Replies):
            cls.test_what_others_said_is_answered_and_found = cls.test_an_answer_to_what_is_gone = None

    def pytest_generate_tests(self, metafunc):
        for name, values in {"said": self.senseless, "row": self.odd}.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, values, ids=repr)

    def answer(self, server, account, to, text, at):
        """Somebody with that account answers `to`; its id."""
        raise NotImplementedError

    def change(self, server, id, text):
        """They edit it."""
        raise NotImplementedError

    def remove(self, server, id):
        """They delete it."""
        raise NotImplementedError

    def among(self, said, row):
        """The decoded answer of the `hear_step`, with another row in its list."""
        raise NotImplementedError

    def facts(self, server, other):
        """What is told of the account that the fixture `other` is: id, name, handle, url."""
        raise NotImplementedError

    @pytest.fixture
    def other(self, server):
        return server.account("asso.example")

    @pytest.fixture
    def out(self, http, credentials):
        """The receipt of our post."""
        return sent(self.network, http, credentials, Post("Menu", MORNING))

    @pytest.fixture
    def hear(self, http, credentials, out):
        return lambda known=(): self.network.hear(http, credentials, out.id, known)

    @pytest.fixture
    def say(self, server, other, out):
        """An answer a minute, from three hours ago on, by somebody else; the id of the last one."""
        minutes = iter(range(1, 2000))

        def say(*texts, to="", by=None):
            return [
                self.answer(server, by or other, to or out.id, text, MORNING + MINUTE * next(minutes)) for text in texts
            ][-1]

        return say

    # What is heard

    def test_answers_and_answers_to_them_oldest_first(self, server, account, hear, say, out):
        assert isinstance(self.network, Hears)
        first = say("Merci")
        second = say("Et le soir ?")
        third = say("Moi aussi", to=first)
        ours = say("À 18 h", to=second, by=account)
        hearing = hear()
        assert (hearing.complete, hearing.gone) == (True, False)
        told = [(one.id, one.text, one.parent, one.ours) for one in hearing.replies]
        assert told == [
            (first, "Merci", out.id, False),
            (second, "Et le soir ?", out.id, False),
            (third, "Moi aussi", first, False),
            (ours, "À 18 h", second, True),
        ]
        assert [one.published for one in hearing.replies] == [MORNING + MINUTE * n for n in range(1, 5)]
        assert len({one.url for one in hearing.replies}) == 4
        assert all(one.url.startswith("https://") or one.url.startswith(server.url) for one in hearing.replies)
        assert not any(one.barred or one.attached or one.edited for one in hearing.replies)

    def test_who_answers(self, server, other, hear, say):
        say("Merci")
        author = hear().replies[0].author
        assert (author.id, author.name, author.handle, author.url) == self.facts(server, other)
        assert author.avatar.startswith(("https://", server.url))

    def test_nothing_was_answered(self, hear):
        hearing = hear()
        assert (hearing.replies, hearing.complete, hearing.gone) == ((), True, False)

    def test_what_is_said_to_other_posts(self, server, http, credentials, hear, say):
        another = sent(self.network, http, credentials, Post("Autre", MORNING))
        say("Non", to=another.id)
        assert hear().replies == ()

    @pytest.mark.parametrize("text", TEXTS)
    def test_words_are_plain(self, hear, say, text):
        say(text)
        assert unquote(hear().replies[0].text).split() == unquote(text).split()

    def test_markup_is_words(self, hear, say):
        text = "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt;"
        say(text)
        assert hear().replies[0].text == text

    def test_what_was_edited_says_something_else(self, server, hear, say):
        id = say("Merci")
        self.change(server, id, "Non merci")
        (reply,) = hear().replies
        assert (reply.id, reply.text) == (id, "Non merci")

    def test_what_was_deleted_is_gone(self, server, hear, say):
        first, second = say("Merci"), say("Bravo")
        self.remove(server, first)
        hearing = hear((first, second))
        assert ([one.id for one in hearing.replies], hearing.complete) == ([second], True)

    def test_hundreds_of_answers(self, hear, say):
        last = say(*(f"Réponse {number}" for number in range(300)))
        hearing = hear()
        assert len(hearing.replies) == 300
        assert (hearing.replies[-1].id, hearing.complete) == (last, True)

    def test_our_post_is_gone(self, server, http, credentials, hear, say, out):
        say("Merci")
        self.network.delete(http, credentials, out.id)
        hearing = hear()
        assert (hearing.replies, hearing.gone) == ((), True)

    def test_one_row_that_cannot_be_read_hides_no_other_and_takes_nothing_away(
        self, server, hear, say, row, monkeypatch
    ):
        say("Merci")
        carry_out = server.carry_out

        def more(*call):
            said = carry_out(*call)
            if server.method(call[0], call[1]) != self.hear_step:
                return said
            return replace(said, body=json.dumps(self.among(json.loads(said.body), row)).encode())

        monkeypatch.setattr(server, "carry_out", more)
        hearing = hear()
        assert [one.text for one in hearing.replies] == ["Merci"]
        assert not hearing.complete

    def test_fields_that_nobody_has_heard_of(self, server, hear, say, monkeypatch):
        carry_out = server.carry_out
        say("Merci")
        before = hear()

        def more(*call):
            said = carry_out(*call)
            body = json.loads(said.body, object_hook=lambda known: {**known, **UNHEARD_OF})
            return replace(said, body=json.dumps(body).encode())

        monkeypatch.setattr(server, "carry_out", more)
        assert hear() == before

    def test_halves_of_characters_are_none(self, server, hear, say, monkeypatch):
        carry_out = server.carry_out
        say("Merci XX")

        def halved(*call):
            said = carry_out(*call)
            return replace(said, body=said.body.replace(b"XX", rb"\ud83d"))

        monkeypatch.setattr(server, "carry_out", halved)
        assert hear().replies[0].text == "Merci ?"

    # What is said back

    def test_what_others_said_is_answered_and_found(self, http, credentials, hear, say):
        id = say("Et le soir ?")
        answer = Post("À 18 h", datetime.now(UTC), answers=id)
        key = prepared(self.network, http, credentials, answer)
        find = lambda: self.network.find(http, credentials, answer, key)
        assert find() is None
        receipt = self.network.reply(http, credentials, id, answer, key)
        assert find() == receipt
        ours = next(one for one in hear().replies if one.ours)
        assert (ours.id, ours.parent, ours.text) == (receipt.id, id, "À 18 h")
        assert [one.ours for one in hear().replies] == [False, True]

    def test_an_answer_to_what_is_gone(self, server, http, credentials, say):
        id, key = say("Et le soir ?"), ""
        self.remove(server, id)
        answer = Post("À 18 h", datetime.now(UTC), answers=id)
        with pytest.raises(NetworkError) as info:
            key = prepared(self.network, http, credentials, answer)
            self.network.reply(http, credentials, id, answer, key)
        assert info.value.code == "post_gone"
        assert self.network.find(http, credentials, answer, key) is None

    # When things go wrong: nothing is published by hearing, so nothing is a doubt

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults(self, server, hear, say, fault):
        say("Merci")
        server.script(self.hear_step, fault)
        error, code = EXPECTED[fault]
        raised = caught(hear, Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        if isinstance(raised, RateLimited):
            assert 5 < raised.retry_after <= 7
        assert len(hear().replies) == 1

    def test_a_server_that_is_down(self, server, hear):
        server.down()
        assert caught(hear, Transient).code == "refused_connection"

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_that_makes_no_sense(self, server, hear, body):
        server.instead[self.hear_step] = Said(200, body)
        assert caught(hear, Transient).code == "not_json"

    def test_what_is_not_understood_is_not_nothing(self, server, hear, said):
        server.instead[self.hear_step] = Said(200, json.dumps(said).encode())
        assert caught(hear, Transient).code == "not_json"

    @pytest.mark.parametrize("status", [404, 410])
    @pytest.mark.parametrize("body", [b"<h1>Not found</h1>", b'{"error": "Not found"}'])
    def test_a_firewall_is_not_believed_that_the_post_is_gone(self, server, hear, status, body):
        server.instead[self.hear_step] = Said(status, body)
        with pytest.raises(NetworkError):
            hear()

    def test_a_huge_answer(self, server, hear):
        server.instead[self.hear_step] = HUGE
        assert caught(hear, Transient).code == "too_large"

    def revoke(self, server, account):
        """As when the owner takes this site's rights away."""
        server.revoke()

    def test_a_token_that_is_revoked(self, server, account, hear):
        self.revoke(server, account)
        assert caught(hear, Unauthorized).code == "unauthorized"

    @pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 429, 500])
    def test_a_secret_that_the_network_quotes(self, server, credentials, hear, status):
        for secret in [value for name, value in credentials.items() if name not in (*TOLD, "client_id")]:
            for body in quotations(secret):
                server.instead[self.hear_step] = Said(status, body.encode())
                with pytest.raises(NetworkError) as info:
                    hear()
                assert secret not in shown(info.value)
