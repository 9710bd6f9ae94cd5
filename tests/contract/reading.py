"""What a network keeps that `Reads` what its account said. See base.py for what a subclass gives."""

from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.reading import Reads
from contract.base import caught
from contract.base import picture
from contract.base import sent
from contract.base import shown
from contract.base import TOLD
from contract.failures import EXPECTED
from contract.failures import HUGE
from contract.failures import NOT_JSON
from contract.failures import quotations
from contract.failures import UNHEARD_OF
from contract.lookup import LINK
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


class ReadContract:
    network: Network
    read_step: str
    """The step that lists what was said"""
    author: str
    """Who speaks, as it is told; `account` is made with that name"""
    tells_alt: bool
    """Whether it tells the alternative text of a picture"""
    tells_size = True
    """Whether it tells how large a picture is"""
    senseless: list[object]
    """JSON that is no such list, or whose posts lack what is needed"""

    def pytest_generate_tests(self, metafunc):
        if "said" in metafunc.fixturenames:
            metafunc.parametrize("said", self.senseless)

    def repost(self, server, account):
        """Somebody else's post shared by the account."""
        raise NotImplementedError

    def delete(self, account):
        """The newest post, by a person."""
        raise NotImplementedError

    @pytest.fixture
    def read(self, http, credentials):
        return lambda limit=10, since="": self.network.read(http, credentials, limit, since)

    @pytest.fixture
    def say(self, server, account):
        """A post a minute, from three hours ago on. Returns what the server keeps of the last one."""
        minutes = iter(range(180))

        def say(*texts):
            return [server.say(account, text, MORNING + MINUTE * next(minutes)) for text in texts][-1]

        return say

    # What is read

    def test_what_the_account_said_newest_first(self, server, account, read, say):
        assert isinstance(self.network, Reads)
        first, last = say("Menu"), say("Travaux", "Conseil")
        server.say(server.account("autre"), "Autre")
        entries = read().entries
        assert [entry.text for entry in entries] == ["Conseil", "Travaux", "Menu"]
        assert [entry.published for entry in entries] == [MORNING + MINUTE * n for n in (2, 1, 0)]
        assert (entries[0].id, entries[2].id) == (last["id"], first["id"])
        assert {entry.author for entry in entries} == {self.author}
        assert not any(entry.is_reply or entry.is_repost or entry.images or entry.link for entry in entries)

    def test_nothing_was_said(self, read):
        reading = read()
        assert (reading.entries, reading.since, reading.cost) == ((), "", 0)

    @pytest.mark.parametrize("text", TEXTS)
    def test_words_are_plain_and_links_in_full(self, http, credentials, read, text):
        link = LINK if LINK in text else ""
        receipt = sent(self.network, http, credentials, Post(text, datetime.now(UTC), link=link), "k1")
        (entry,) = read().entries
        assert unquote(entry.text).split() == text.split()
        assert (entry.id, entry.url) == (receipt.id, receipt.url)
        assert unquote(entry.link) == link

    @pytest.mark.parametrize("text", ["", "Voir la fête"])
    @pytest.mark.parametrize("alt", ["", picture().alt])
    def test_pictures_with_and_without_words(self, http, credentials, read, text, alt):
        post = Post(text, datetime.now(UTC), pictures=(picture(alt),))
        sent(self.network, http, credentials, post, "k1")
        (entry,) = read().entries
        (image,) = entry.images
        assert (entry.text, entry.link) == (text, "")
        size = (40, 30) if self.tells_size else (0, 0)
        assert (image.width, image.height, image.alt) == (*size, alt if self.tells_alt else "")
        assert image.url.startswith("https://")

    def test_a_repost_is_marked(self, server, account, read, say):
        say("Menu")
        self.repost(server, account)
        assert [entry.is_repost for entry in read().entries] == [True, False]

    def test_fields_that_nobody_has_heard_of(self, server, read, say, monkeypatch):
        carry_out = server.carry_out
        say("Menu", f"Voir {LINK}")
        before = read().entries

        def more(*call):
            said = carry_out(*call)
            body = json.loads(said.body, object_hook=lambda known: {**known, **UNHEARD_OF})
            return replace(said, body=json.dumps(body).encode())

        monkeypatch.setattr(server, "carry_out", more)
        assert read().entries == before

    def test_halves_of_characters_are_none(self, server, read, say, monkeypatch):
        carry_out = server.carry_out
        say("Menu XX")

        def halved(*call):
            said = carry_out(*call)
            return replace(said, body=said.body.replace(b"XX", rb"\ud83d"))

        monkeypatch.setattr(server, "carry_out", halved)
        assert read().entries[0].text == "Menu ?"

    # How much, and since when

    @pytest.mark.parametrize("limit", [1, 4, 7, 12, 100])
    def test_the_newest_of_many(self, read, say, limit):
        say(*(f"Post {number}" for number in range(12)))
        reading = read(limit)
        assert [entry.text for entry in reading.entries] == [f"Post {11 - n}" for n in range(min(limit, 12))]

    def test_nothing_new_since_the_last_reading(self, read, say):
        last = say("Menu", "Travaux")
        first = read()
        again = read(since=first.since)
        assert {entry.id for entry in again.entries} <= {last["id"]}
        assert again.since == first.since

    def test_what_is_new_since_the_last_reading(self, read, say):
        say("Menu", "Travaux")
        since = read().since
        say("Conseil", "Alerte")
        reading = read(since=since)
        assert [entry.text for entry in reading.entries if entry.text != "Travaux"] == ["Alerte", "Conseil"]
        say("Fête")
        assert read(since=reading.since).entries[0].text == "Fête"

    def test_a_newest_post_that_was_deleted_meanwhile(self, account, read, say):
        say("Menu", "Travaux")
        since = read().since
        self.delete(account)
        gone = read(since=since)
        assert (gone.entries, gone.since) == ((), since)
        say("Conseil")
        assert [entry.text for entry in read(since=since).entries] == ["Conseil"]
        assert [entry.text for entry in read().entries] == ["Conseil", "Menu"]

    # What it costs

    @pytest.mark.parametrize("limit", [1, 5, 30, 100])
    def test_the_fee_is_known_before_and_is_enough(self, server, http, credentials, read, say, limit):
        fee = self.network.fee(credentials, limit)
        assert server.calls.total() == 0
        for number in range(3):
            sent(self.network, http, credentials, Post(f"{number}", datetime.now(UTC), pictures=(picture(),)), "k")
        say(*(f"Post {number}" for number in range(9)))
        assert 0 <= read(limit).cost <= fee

    # When things go wrong: nothing is published by reading, so nothing is a doubt

    @pytest.mark.parametrize("fault", FAULTS)
    def test_faults(self, server, read, say, fault):
        say("Menu")
        server.script(self.read_step, fault)
        error, code = EXPECTED[fault]
        raised = caught(read, Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        if isinstance(raised, RateLimited):
            assert 5 < raised.retry_after <= 7
        assert len(read().entries) == 1

    def test_a_server_that_is_down(self, server, read):
        server.down()
        assert caught(read, Transient).code == "refused_connection"

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_that_makes_no_sense(self, server, read, body):
        server.instead[self.read_step] = Said(200, body)
        assert caught(read, Transient).code == "not_json"

    def test_what_is_not_understood_is_not_nothing(self, server, read, said):
        server.instead[self.read_step] = Said(200, json.dumps(said).encode())
        assert caught(read, Transient).code == "not_json"

    def test_a_huge_answer(self, server, read):
        server.instead[self.read_step] = HUGE
        assert caught(read, Transient).code == "too_large"

    def test_a_token_that_is_revoked(self, server, read):
        server.revoke()
        assert caught(read, Unauthorized).code == "unauthorized"

    @pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 429, 500])
    def test_a_secret_that_the_network_quotes(self, server, credentials, read, status):
        for secret in [value for name, value in credentials.items() if name not in (*TOLD, "client_id")]:
            for body in quotations(secret):
                server.instead[self.read_step] = Said(status, body.encode())
                with pytest.raises(NetworkError) as info:
                    read()
                assert secret not in shown(info.value)
