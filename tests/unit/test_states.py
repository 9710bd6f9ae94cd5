"""The table of states against the words it was made from, and a machine that tries every order of events."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.states import allowed
from collective.socialterritory.crosspost.rules.states import FLAGS
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.crosspost.rules.states import TRANSITIONS
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import IllegalTransition
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule
from hypothesis.stateful import RuleBasedStateMachine

import pytest
import re


NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)

DESIGN = """
pending -endorse-> pending, -approve-> queued, -reject-> rejected; rejected -revise-> pending; queued -void-> pending;
queued -claim-> sending; sending -deliver-> delivered, -retry-> queued, -fail-> failed, -lose-> unconfirmed,
-reclaim-> sending; unconfirmed -confirm-> delivered, -resend-> queued; failed -resend-> queued;
pending|queued|failed|rejected|unconfirmed -cancel-> cancelled
"""
"""The line of the design, without its remarks."""

MACHINE = {"void", "claim", "reclaim", "deliver", "retry", "fail", "lose"}


def delivery(**changes):
    return Delivery(
        **{"id": "d", "content": "c", "account": "a", "network": "n", "created": NOW, "due": NOW, **changes}
    )


def designed():
    for clause in DESIGN.replace("\n", " ").split(";"):
        sources = clause.split()[0].split("|")
        for name, target in re.findall(r"-(\w+)-> (\w+)", clause):
            yield from ((State(source), name, State(target)) for source in sources)


def test_the_table_is_the_design():
    table = {(source, name, t.target) for name, t in TRANSITIONS.items() for source in t.sources}
    assert table == set(designed())
    assert {name for name, t in TRANSITIONS.items() if not t.human} == MACHINE


def test_nothing_leaves_a_finished_state():
    assert not [t for t in TRANSITIONS.values() if t.sources & FINISHED]
    assert not [flag for flag in FLAGS.values() if flag & FINISHED]


def test_no_person_starts_a_sending():
    assert not [t for t in TRANSITIONS.values() if t.human and t.target is State.SENDING]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", [*TRANSITIONS, "destroy", ""])
def test_every_state_with_every_transition(state, name):
    before = delivery(state=state, rendition=Rendition("text"))
    legal = {(source, n): target for source, n, target in designed()}
    if (state, name) not in legal:
        with pytest.raises(IllegalTransition) as caught:
            step(before, name, NOW)
        assert caught.value.allowed == allowed(before)
        return
    after = step(before, name, NOW, "camille", "why", error="x")
    event = after.log[-1]
    assert after.state is legal[state, name]
    assert after.finished == (NOW if after.state in FINISHED else None)
    assert (event.at, event.name, event.by, event.note, event.fingerprint) == (
        (NOW, name, "camille", "why", before.fingerprint)
    )
    assert after.error == "x"


def test_what_people_may_ask_for():
    assert allowed(delivery()) == ("approve", "reject", "cancel", "hold")
    assert allowed(delivery(held="pause")) == ("approve", "reject", "cancel", "release")
    assert allowed(delivery(state=State.QUEUED)) == ("cancel", "hold")
    assert allowed(delivery(state=State.SENDING)) == ()
    assert allowed(delivery(state=State.UNCONFIRMED)) == ("confirm", "resend", "cancel")
    assert allowed(delivery(state=State.FAILED)) == ("resend", "cancel")
    assert allowed(delivery(state=State.REJECTED)) == ("revise", "cancel")
    assert [allowed(delivery(state=state)) for state in FINISHED] == [(), ()]


def test_fingerprint_covers_what_people_will_see_and_nothing_else():
    whole = Rendition("text", "link", "fr", (Image("digest", "alt"),), "recipe", "card", "words")
    prints = {replace(whole, **{name: "other"}).fingerprint for name in (
        "text", "link", "language", "recipe", "card_title", "card_description"
    )}  # fmt: skip
    pictures = ((), (Image("other", "alt"),), (Image("digest", "other"),), (*whole.images, *whole.images))
    prints |= {replace(whole, images=images).fingerprint for images in pictures}
    assert len(prints | {whole.fingerprint}) == 11
    assert replace(whole, used=1, limit=2, warnings=("cut",)).fingerprint == whole.fingerprint
    assert Rendition("ab", "c").fingerprint != Rendition("a", "bc").fingerprint
    assert re.fullmatch("[0-9a-f]{64}", whole.fingerprint)


PEOPLE = st.sampled_from(["editor", "camille", "dominique"])
TEXTS = st.sampled_from(["one", "two", "three"])


class Life(RuleBasedStateMachine):
    """One post, three people, three texts, any order of clicks, edits and machine steps."""

    @initialize(mode=st.sampled_from([(2, True), (1, True), (1, False), (0, False)]), text=TEXTS)
    def ask(self, mode, text):
        self.begin(*mode, text)

    def begin(self, needed, apart, text):
        state = State.PENDING if needed else State.QUEUED
        self.now = NOW
        self.yes = {}
        self.overridden = set()
        self.delivery = self.before = delivery(
            state=state, needed=needed, apart=apart, authors=("editor",), rendition=Rendition(text)
        )

    def become(self, after):
        self.before, self.delivery = self.delivery, after
        self.now += timedelta(minutes=1)
        assert after.log[: len(self.before.log)] == self.before.log
        assert len(after.log) - len(self.before.log) == (after is not self.before)

    def attempt(self, decide):
        """A refused decision changes nothing."""
        before = self.delivery
        try:
            after = decide(before)
        except DecisionError:
            assert self.delivery is before
            return False
        self.become(after)
        return True

    @rule(by=PEOPLE, seen=st.one_of(st.none(), TEXTS), reason=st.sampled_from(["", " ", "on call"]))
    def approve(self, by, seen, reason):
        seen = seen or self.delivery.rendition.text
        fingerprint = Rendition(seen).fingerprint
        if self.attempt(lambda d: validation.approve(d, by, self.now, fingerprint, reason)):
            assert self.before.state is State.PENDING and seen == self.before.rendition.text
            assert not (self.before.apart and by in self.before.authors and not reason.strip())
            if self.before.apart and by in self.before.authors:
                self.overridden.add(by)
                assert self.delivery.log[-1].note == "on call"
            self.yes.setdefault(seen, set()).add(by)

    @precondition(lambda self: self.delivery.approvals)
    @rule()
    def insist(self):
        by, fingerprint = self.delivery.approvals[-1].by, self.delivery.fingerprint
        assert not self.attempt(lambda d: validation.approve(d, by, self.now, fingerprint, "on call"))

    @rule(by=PEOPLE, note=st.sampled_from(["", "no"]))
    def reject(self, by, note):
        if self.attempt(lambda d: validation.reject(d, by, self.now, note)):
            assert note
            self.yes.clear()

    @rule(by=st.one_of(PEOPLE, st.just("")), text=TEXTS)
    def edit(self, by, text):
        after = validation.recompose(self.delivery, Rendition(text), (by,) if by else (), self.now)
        self.become(after)
        if after is not self.before:
            self.yes.clear()
            self.overridden.clear()
            assert after.approvals == () and (not by or by in after.authors)
            assert after.state is State.PENDING or not after.needed

    @rule(by=PEOPLE, name=st.sampled_from(sorted(set(TRANSITIONS) - MACHINE - {"endorse", "approve", "reject"})))
    def person(self, by, name):
        if self.attempt(lambda d: step(d, name, self.now, by)):
            assert self.delivery.state is not State.SENDING

    @rule(name=st.sampled_from(sorted(MACHINE - {"void"})))
    def machine(self, name):
        self.attempt(lambda d: step(d, name, self.now))

    @precondition(lambda self: self.delivery.state in FINISHED)
    @rule(name=st.sampled_from([*TRANSITIONS]))
    def finished(self, name):
        with pytest.raises(IllegalTransition):
            step(self.delivery, name, self.now)

    @invariant()
    def ready_means_approved(self):
        if self.delivery.state in (State.QUEUED, State.SENDING, State.DELIVERED):
            assert validation.approved(self.delivery)
        if self.delivery.state is State.QUEUED and self.delivery.needed:
            said_yes = self.yes.get(self.delivery.rendition.text, set())
            assert len(said_yes) >= self.delivery.needed
            assert {approval.by for approval in validation.standing(self.delivery)} == said_yes
            if self.delivery.apart:
                assert not (said_yes - self.overridden) & set(self.delivery.authors)

    @invariant()
    def approvals_are_of_distinct_people(self):
        people = [approval.by for approval in validation.standing(self.delivery)]
        assert len(people) == len(set(people))

    @invariant()
    def finished_is_final(self):
        assert self.before.state not in FINISHED or self.delivery == self.before
        assert (self.delivery.finished is not None) == (self.delivery.state in FINISHED)


class LifeWithTwoValidators(Life):
    """The mode with the most to go wrong, which chance alone would seldom stay in."""

    @initialize(text=TEXTS)
    def ask(self, text):
        self.begin(2, True, text)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestLifeWithTwoValidators = LifeWithTwoValidators.TestCase
TestLifeWithTwoValidators.settings = TestLife.settings
