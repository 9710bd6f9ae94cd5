"""What a network keeps that `Follows` what anybody says there. See base.py for what a subclass gives."""

from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.reading import Follows
from contract.base import caught
from contract.base import picture
from contract.failures import EXPECTED
from contract.failures import HUGE
from contract.failures import NOT_JSON
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


class FollowContract:
    network: Network
    steps: tuple[str, ...]
    """The steps of a reading; the last one lists what was said"""
    author: str
    """Who speaks, as it is told, with {host}; `account` is made with that name"""
    page: int
    """Entries that are listed at most"""
    senseless: list[object]
    """JSON that is no such list, or whose entries lack what is needed"""
    subjects: dict[str, str]
    """Addresses that people paste and the subjects that they are"""
    others: tuple[str, ...]
    """Addresses of nothing that can be followed"""

    def pytest_generate_tests(self, metafunc):
        values = {"said": self.senseless, "step": self.steps, "pasted": [*self.subjects], "other": self.others}
        for name, some in values.items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, some)

    def leave(self, server, account):
        """The account is deleted."""
        server.leave(account)

    @pytest.fixture
    def follow(self, http, subject):
        return lambda limit=10: self.network.follow(http, subject, limit)

    @pytest.fixture
    def say(self, server, account):
        """A post a minute, from three hours ago on. Returns what the server keeps of the last one."""
        minutes = iter(range(180))

        def say(*texts, **more):
            return [server.say(account, text, MORNING + MINUTE * next(minutes), **more) for text in texts][-1]

        return say

    # What can be followed

    def test_addresses_that_people_paste(self, pasted):
        assert isinstance(self.network, Follows)
        subject = self.subjects[pasted]
        assert self.network.subject(pasted) == subject
        assert self.network.subject(subject) == subject

    def test_addresses_of_other_things(self, other):
        assert self.network.subject(other) == ""

    # What is read

    def test_what_was_said_newest_first(self, server, account, follow, say):
        first, last = say("Menu"), say("Travaux", "Conseil")
        server.say(server.account("autre.example"), "Autre")
        entries = follow().entries
        assert [entry.text for entry in entries] == ["Conseil", "Travaux", "Menu"]
        assert [entry.published for entry in entries] == [MORNING + MINUTE * n for n in (2, 1, 0)]
        assert (entries[0].id, entries[2].id) == (last["id"], first["id"])
        assert {entry.author for entry in entries} == {self.author.format(host=server.host)}
        assert not any(entry.is_reply or entry.is_repost or entry.images or entry.link for entry in entries)
        assert not any(entry.title or entry.html or entry.tags for entry in entries)

    def test_nobody_is_told_who_asks(self, server, follow, monkeypatch):
        seen, carry_out = [], server.carry_out
        monkeypatch.setattr(server, "carry_out", lambda *call: seen.append(call[3]) or carry_out(*call))
        follow()
        assert len(seen) >= len(self.steps)
        assert not any(headers.get("authorization") or headers.get("cookie") for headers in seen)

    def test_nothing_was_said(self, follow):
        assert follow().entries == ()

    @pytest.mark.parametrize("limit", [1, 7, 12, 100])
    def test_the_newest_of_many(self, follow, say, limit):
        say(*(f"Post {number}" for number in range(60)))
        entries = follow(limit).entries
        assert [entry.text for entry in entries] == [f"Post {59 - n}" for n in range(min(limit, self.page, 60))]

    @pytest.mark.parametrize("text", TEXTS)
    def test_words_are_plain_and_links_in_full(self, http, credentials, follow, text):
        link = LINK if LINK in text else ""
        post = Post(text, datetime.now(UTC), link=link, language="fr")
        receipt = self.network.publish(http, credentials, post, self.network.key("1", MORNING))
        (entry,) = follow().entries
        assert unquote(entry.text).split() == text.split()
        assert (entry.id, entry.url, entry.language) == (receipt.id, receipt.url, "fr")
        assert unquote(entry.link) == link

    def test_paragraphs_and_lines_are_kept(self, http, credentials, follow):
        post = Post("Menu\u202f: a\nb\n\nTravaux", datetime.now(UTC))
        self.network.publish(http, credentials, post, self.network.key("1", MORNING))
        assert follow().entries[0].text == post.text

    @pytest.mark.parametrize("alt", ["", "Un carré rouge"])
    def test_pictures(self, http, credentials, follow, alt):
        post = Post("Voir la fête", datetime.now(UTC), pictures=(picture(alt),))
        self.network.publish(http, credentials, post, self.network.key("1", MORNING))
        (image,) = follow().entries[0].images
        assert (image.width, image.height, image.alt) == (40, 30, alt)
        assert http.get(image.url).body == picture().data

    def test_hashtags(self, http, credentials, follow):
        post = Post("#fête et #travaux2026", datetime.now(UTC))
        self.network.publish(http, credentials, post, self.network.key("1", MORNING))
        assert follow().entries[0].tags == ("fête", "travaux2026")

    def test_fields_that_nobody_has_heard_of(self, server, follow, say, monkeypatch):
        carry_out = server.carry_out
        say("Menu", f"Voir {LINK}")
        before = follow()

        def more(*call):
            said = carry_out(*call)
            body = json.loads(said.body, object_hook=lambda known: {**known, **UNHEARD_OF})
            return replace(said, body=json.dumps(body).encode())

        monkeypatch.setattr(server, "carry_out", more)
        assert follow() == before

    def test_halves_of_characters_are_none(self, server, follow, say, monkeypatch):
        carry_out = server.carry_out
        say("Menu XX")

        def halved(*call):
            said = carry_out(*call)
            return replace(said, body=said.body.replace(b"XX", rb"\ud83d"))

        monkeypatch.setattr(server, "carry_out", halved)
        assert follow().entries[0].text == "Menu ?"

    # When things go wrong: nothing is published by reading, so nothing is a doubt

    @pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault != "expired"])
    def test_faults(self, server, follow, say, step, fault):
        say("Menu")
        server.script(step, fault)
        error, code = EXPECTED[fault]
        raised = caught(follow, Transient if error is OutcomeUnknown else error)
        assert raised.code == code
        if isinstance(raised, RateLimited):
            assert 5 < raised.retry_after <= 7
        assert len(follow().entries) == 1

    def test_a_server_that_is_down(self, server, follow):
        server.down()
        assert caught(follow, Transient).code == "refused_connection"

    @pytest.mark.parametrize("body", NOT_JSON)
    def test_an_answer_that_makes_no_sense(self, server, follow, body):
        server.instead[self.steps[-1]] = Said(200, body)
        assert caught(follow, Transient).code == "not_json"

    def test_what_is_not_understood_is_not_nothing(self, server, follow, said):
        server.instead[self.steps[-1]] = Said(200, json.dumps(said).encode())
        assert caught(follow, Transient).code == "not_json"

    def test_a_huge_answer(self, server, follow):
        server.instead[self.steps[-1]] = HUGE
        assert caught(follow, Transient).code == "too_large"

    def test_an_account_that_was_deleted(self, server, account, follow, say):
        say("Menu")
        follow()
        self.leave(server, account)
        raised = caught(follow, Rejected)
        assert raised.code == "profile_gone"
        assert raised.params["name"].lstrip("@").startswith("mairie")

    @pytest.mark.parametrize("status", [401, 403])
    def test_a_server_that_shows_strangers_nothing(self, server, follow, status):
        server.instead[self.steps[-1]] = Said(status, b'{"error": "This method requires an authenticated user"}')
        raised = caught(follow, Rejected)
        assert (raised.code, raised.params["host"]) == ("anonymous_refused", "127.0.0.1")
