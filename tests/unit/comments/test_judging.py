"""What becomes of a draft, and in which order it is looked at."""

from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Posted
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules.judging import cleaned
from collective.socialterritory.comments.rules.judging import digest
from collective.socialterritory.comments.rules.judging import held
from collective.socialterritory.comments.rules.judging import judge
from collective.socialterritory.comments.rules.judging import Settings
from collective.socialterritory.comments.rules.signing import BadToken
from collective.socialterritory.comments.rules.words import read
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from hypothesis import given
from hypothesis import strategies as st

import pytest
import time


UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
DRAFT = Draft("Merci pour les bancs.", "Jeanne", "jeanne@ville.example")
SETTINGS = Settings(5000, 3, True, 100, read(["viagra"], ["bad.example"], 2))
ANYBODY, MEMBER = Visitor(), Visitor("paul")
ASKED = ["form", "wait", "check", "digest", "same", "banned", "repeated", "trusted", "approved", "waiting"]


class House:
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self, **answers):
        self.asked = []
        self._answers = {"wait": 0.0, "approved": 0, "waiting": 0, "form": "f1", "digest": "d1", **answers}

    def __getattr__(self, name):
        def asked(*args):
            self.asked.append(name)
            answer = self._answers.get(name)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return asked


def code(draft=DRAFT, visitor=ANYBODY, settings=SETTINGS, house=None, **answers):
    with pytest.raises(Refusal) as refusal:
        judge(draft, visitor, house or House(**answers), settings)
    return refusal.value.code


def test_what_anybody_says_waits():
    verdict = judge(DRAFT, ANYBODY, House(approved=100), SETTINGS)
    assert (verdict.waits, verdict.rules, verdict.draft, verdict.digest) == (True, (), DRAFT, "d1")
    assert verdict.form == "f1"


def test_from_cheap_to_dear_and_no_further_than_needed():
    def asked(draft=DRAFT, **answers):
        house = House(**answers)
        try:
            judge(draft, MEMBER, house, replace(SETTINGS, queue=0))
        except Refusal:
            pass
        return list(dict.fromkeys(house.asked))

    no = Refusal("no")
    assert asked(replace(DRAFT, text="x" * 1_000_000)) == []
    assert asked(form=BadToken("token_expired")) == ASKED[:1]
    assert asked(replace(DRAFT, trap="x")) == ASKED[:1]
    assert asked(wait=10.0) == ASKED[:2]
    assert asked(check=no) == ASKED[:3]
    assert asked(same=Posted("a.1", True, "")) == ASKED[:5]
    assert asked(banned=UNTIL) == ASKED[:6]
    assert asked(replace(DRAFT, text="viagra")) == ASKED[:8]
    assert asked() == ASKED


def test_refusals_name_the_field_to_mend():
    said = {}
    for name, draft in {
        "empty": replace(DRAFT, text=" \u200b\n\u202e\u0301 "),
        "unseen": replace(DRAFT, text="\u3164 \uffa0\u2800"),
        "nobody": replace(DRAFT, name="\t"),
        "nameless": replace(DRAFT, name="\u3164"),
        "odd": replace(DRAFT, email="jeanne@ville"),
        "nowhere": replace(DRAFT, email="", notify=True),
        "unfit": replace(DRAFT, email="jeanne@étampes.example", notify=True),
        "trap": replace(DRAFT, trap="x"),
        "long": replace(DRAFT, text="x" * 5001),
        "longer": replace(DRAFT, text="x" * 1_000_000),
        "name": replace(DRAFT, name="x" * 101),
        "address": replace(DRAFT, email="x" * 1_000_000),
    }.items():
        with pytest.raises(Refusal) as refusal:
            judge(draft, ANYBODY, House(), SETTINGS)
        said[name] = (refusal.value.code, refusal.value.field)
    assert said == {
        "empty": ("text_empty", "text"),
        "unseen": ("text_empty", "text"),
        "nobody": ("name_missing", "name"),
        "nameless": ("name_missing", "name"),
        "odd": ("email_invalid", "email"),
        "nowhere": ("email_missing", "email"),
        "unfit": ("email_unfit", "email"),
        "trap": ("trapped", "trap"),
        "long": ("text_long", "text"),
        "longer": ("text_long", "text"),
        "name": ("name_long", "name"),
        "address": ("email_invalid", "email"),
    }


def test_other_refusals():
    assert code(form=BadToken("token_young")) == "token_young"
    assert code(wait=61.0) == "too_many"
    assert code(banned=UNTIL) == "banned"
    assert code(waiting=100) == "queue_full"
    assert code(same=Refusal("said_here")) == "said_here"


def test_a_full_queue_stops_nobody_whose_words_need_not_wait():
    assert not judge(DRAFT, MEMBER, House(waiting=100, approved=3), SETTINGS).waits
    assert not judge(DRAFT, ANYBODY, House(waiting=100, trusted=True), SETTINGS).waits


@pytest.mark.parametrize("visitor, settings, approved, waits", [
    (ANYBODY, {}, 100, True),
    (ANYBODY, {"anonymous_wait": False}, 0, True),
    (ANYBODY, {"anonymous_wait": False}, 2, True),
    (ANYBODY, {"anonymous_wait": False}, 3, False),
    (ANYBODY, {"anonymous_wait": False, "first_wait": 0}, 0, True),
    (ANYBODY, {"anonymous_wait": False, "first_wait": 0}, 1, False),
    (MEMBER, {}, 0, True),
    (MEMBER, {}, 2, True),
    (MEMBER, {}, 3, False),
    (MEMBER, {"first_wait": 0}, 0, False),
])  # fmt: skip
def test_the_first_ones_wait_then_they_pass(visitor, settings, approved, waits):
    verdict = judge(DRAFT, visitor, House(approved=approved), replace(SETTINGS, **settings))
    assert verdict.waits is waits


def test_whoever_is_warned_may_rephrase_or_send_it_anyway_and_then_it_waits():
    draft = replace(DRAFT, text="Du viagra : http://a.fr http://b.fr http://www.bad.example")
    with pytest.raises(Refusal) as warned:
        judge(draft, MEMBER, House(approved=9), SETTINGS)
    rules = ("word:viagra", "host:bad.example", "links")
    assert (warned.value.code, warned.value.field, warned.value.rules) == ("would_wait", "text", rules)
    verdict = judge(replace(draft, anyway=True), MEMBER, House(approved=9), SETTINGS)
    assert (verdict.waits, verdict.rules) == (True, rules)
    assert judge(draft, MEMBER, House(trusted=True), SETTINGS).rules == ()


def test_what_is_told_everywhere_waits():
    assert code(visitor=MEMBER, approved=9, repeated=True) == "would_wait"
    verdict = judge(replace(DRAFT, anyway=True), MEMBER, House(approved=9, repeated=True), SETTINGS)
    assert (verdict.waits, verdict.rules) == (True, ("repeated",))


def test_rules_read_the_name_too():
    assert held(replace(DRAFT, name="Viagra"), SETTINGS.rules) == ("word:viagra",)


def test_what_came_before_gets_the_answer_of_then():
    before = Posted("a.1", True, "link", again=True)
    assert judge(DRAFT, ANYBODY, House(same=before), SETTINGS) is before


@pytest.mark.parametrize(("typed", "kept"), [
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ("a\n\n\n\n\nb  ", "a\n\nb"),
    ("a\x00\x1b[31m\u202eb\u2066c\ufeff", "a[31mbc"),
    ("e\u0301\tà", "é à"),
    ("z" + "\u0301\u0302\u0303" * 20, "\u017a\u0302\u0303\u0301"),
    ("<b onclick='x'>&amp;</b>", "<b onclick='x'>&amp;</b>"),
    ("\ud800", "?"),
    ("👩‍👩‍👧 👍", "👩‍👩‍👧 👍"),
])  # fmt: skip
def test_words_are_kept_and_what_nobody_sees_is_not(typed, kept):
    draft = cleaned(replace(DRAFT, text=typed, name=f" {typed}"), ANYBODY, 5000)
    assert draft.text == kept
    assert draft.name == " ".join(kept.split())


def test_a_member_needs_no_name():
    assert cleaned(Draft("Oui", "Un autre", "a@b.fr"), MEMBER, 100) == Draft("Oui")


def test_addresses_of_any_town():
    for email in ("jeanne@ville.example", "j.d+x@mairie.saint-denis.fr", "josé@été.fr", " a@b.fr "):
        assert cleaned(replace(DRAFT, email=email), ANYBODY, 100).email == email.strip()
    for email in ("a b@c.fr", "a@b.fr\nBcc: x@y.fr", "a@b..fr", "@b.fr", "a@b.fr,c@d.fr", "<a@b.fr>"):
        with pytest.raises(Refusal):
            cleaned(replace(DRAFT, email=email), ANYBODY, 100)


def test_digests_are_of_words_and_tell_nothing():
    assert digest(b"s", "Élu, l'idiot !") == digest(b"s", "ELU l’IDIOT") != digest(b"t", "ELU l’IDIOT")
    assert len({digest(b"s", text) for text in ("a", "b", "👍", "👎", "")}) == 5


@given(st.text(), st.text(), st.text())
def test_whatever_is_typed_is_kept_or_refused(text, name, email):
    try:
        verdict = judge(Draft(text, name, email, anyway=True), ANYBODY, House(), SETTINGS)
    except Refusal:
        return
    assert verdict.draft == cleaned(verdict.draft, ANYBODY, 5000)
    f"{verdict.draft}".encode()


@pytest.mark.parametrize("text", ["e\u0301", "\u0301\u0301", "\n\n", "a@", "a."])
def test_hostile_texts_take_no_time(text):
    text *= 5000
    begin = time.process_time()
    for draft in (Draft(text, text[:100], text), Draft("x", "y", text[:250])):
        try:
            judge(draft, ANYBODY, House(), SETTINGS)
        except Refusal:
            pass
    assert time.process_time() - begin < 0.2
