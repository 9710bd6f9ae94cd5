"""Whose yes counts, for which bytes, and what takes it away."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.errors import IllegalTransition
from collective.socialterritory.errors import NotAllowed
from collective.socialterritory.errors import StaleFingerprint
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 3, 12, 9, 12, tzinfo=UTC)
TEXT = Rendition("Le menu de la cantine", "https://www.ville.example/menu")
OTHER = replace(TEXT, text="Le menu corrigé")


def delivery(mode=Validation.ONE, **changes):
    needed, apart = validation.needed(Account("a", "A", "sandbox", validation=mode))
    given = {"needed": needed, "apart": apart, "authors": ("editor",), "rendition": TEXT, **changes}
    return Delivery("d", "c", "a", "sandbox", NOW, NOW, **given)


def approve(post, by, override="", fingerprint=None):
    return validation.approve(post, by, NOW, post.fingerprint if fingerprint is None else fingerprint, override)


def refusal(error, decide, *args, **kw):
    with pytest.raises(error) as caught:
        decide(*args, **kw)
    assert type(caught.value) is error
    return caught.value


@pytest.mark.parametrize(
    ("mode", "expected"), [("none", (0, False)), ("one", (1, False)), ("other", (1, True)), ("two", (2, True))]
)
def test_what_an_account_asks_for(mode, expected):
    assert validation.needed(Account("a", "A", "sandbox", validation=Validation(mode))) == expected


def test_one_yes_even_the_authors():
    post = approve(delivery(), "editor")
    assert (post.state, post.reviewed, post.approvals) == (
        State.QUEUED,
        TEXT.text,
        (Approval("editor", NOW, TEXT.fingerprint),),
    )
    assert post.log == (Event(NOW, "approve", "editor", "", TEXT.fingerprint),)


@pytest.mark.parametrize("mode", [Validation.OTHER, Validation.TWO])
def test_no_author_says_yes_to_an_own_post(mode):
    assert refusal(NotAllowed, approve, delivery(mode), "editor").code == "own_post"
    assert refusal(NotAllowed, approve, delivery(mode), "editor", " ").code == "own_post"
    assert approve(delivery(mode), "camille").log[-1].note == ""


def test_on_call_an_author_may_with_a_reason_that_is_logged():
    post = approve(delivery(Validation.OTHER), "editor", " flood, nobody else on duty ")
    assert (post.state, post.log[-1].note) == (State.QUEUED, "flood, nobody else on duty")
    assert approve(delivery(Validation.OTHER), "camille", "not needed").log[-1].note == ""
    assert approve(delivery(Validation.TWO), "editor", "flood").state is State.PENDING


def test_two_people():
    first = approve(delivery(Validation.TWO), "camille")
    assert (first.state, first.log[-1].name) == (State.PENDING, "endorse")
    assert refusal(NotAllowed, approve, first, "camille").code == "already_endorsed"
    second = approve(first, "dominique")
    assert (second.state, second.log[-1].name) == (State.QUEUED, "approve")
    assert [approval.by for approval in second.approvals] == ["camille", "dominique"]


def test_only_what_was_seen_is_approved():
    assert refusal(DecisionError, approve, delivery(), "camille", fingerprint="").code == "fingerprint_missing"
    assert refusal(StaleFingerprint, approve, delivery(), "camille", fingerprint=OTHER.fingerprint).code == "stale"


def test_an_approval_of_other_bytes_does_not_count():
    old = Approval("camille", NOW, OTHER.fingerprint)
    post = delivery(Validation.TWO, approvals=(old,))
    assert validation.standing(post) == ()
    once = approve(post, "dominique")
    assert once.state is State.PENDING
    assert approve(once, "camille").state is State.QUEUED
    assert not validation.approved(delivery(state=State.QUEUED, approvals=(old,)))
    assert not validation.approved(
        delivery(Validation.TWO, approvals=(Approval("camille", NOW, TEXT.fingerprint),) * 2)
    )
    assert validation.approved(delivery(Validation.NONE))


def test_one_trusted_yes_is_enough_and_for_its_bytes_alone():
    post = validation.trust(delivery(Validation.TWO), "chief", NOW)
    assert post.approvals == (Approval("chief", NOW, TEXT.fingerprint, trusted=True),)
    assert validation.approved(post)
    assert not validation.approved(replace(post, rendition=OTHER))
    changed = validation.recompose(post, OTHER, ("writer",), NOW)
    assert not validation.approved(approve(changed, "camille"))


def test_what_lacks_a_yes_goes_back_to_its_validators():
    ready = delivery(state=State.QUEUED, since=NOW, attempts=2)
    back = validation.void(ready, NOW)
    assert (back.state, back.since, back.attempts) == (State.PENDING, None, 0)
    assert back.log[-1] == Event(NOW, "void", "", "", TEXT.fingerprint)


def test_the_second_is_told_who_decided_and_when():
    approved = approve(delivery(), "camille")
    later = replace(approved, log=(*approved.log, Event(NOW, "hold", "webmaster")))
    for decided in (approved, later, step(approved, "claim", NOW)):
        error = refusal(DecisionError, approve, decided, "dominique")
        assert (error.code, error.params) == (
            "already_decided",
            {"by": "camille", "at": "2026-03-12T09:12:00+00:00", "decision": "approve"},
        )
    rejected = validation.reject(delivery(), "camille", NOW, "tomorrow")
    assert refusal(DecisionError, approve, rejected, "dominique").params["decision"] == "reject"
    assert refusal(DecisionError, validation.reject, approved, "dominique", NOW, "no").code == "already_decided"
    again = step(step(rejected, "revise", NOW, "editor"), "cancel", NOW, "editor")
    assert refusal(DecisionError, approve, again, "dominique").params["by"] == "editor"


def test_what_nobody_decided_is_just_not_possible():
    error = refusal(IllegalTransition, approve, delivery(Validation.NONE, state=State.QUEUED), "camille")
    assert error.allowed == ("cancel", "hold")


def test_a_refusal_has_a_reason_and_takes_earlier_yeses_away():
    assert refusal(NotAllowed, validation.reject, delivery(), "camille", NOW, " ").code == "reason_needed"
    post = validation.reject(approve(delivery(Validation.TWO), "camille"), "dominique", NOW, " not now ")
    assert (post.state, post.approvals, post.reviewed) == (State.REJECTED, (), TEXT.text)
    assert (post.log[-1].by, post.log[-1].note) == ("dominique", "not now")


def test_a_refusal_of_what_was_seen_is_for_that_alone():
    error = refusal(StaleFingerprint, validation.reject, delivery(), "camille", NOW, "no", OTHER.fingerprint)
    assert error.code == "stale"
    assert validation.reject(delivery(), "camille", NOW, "no", TEXT.fingerprint).state is State.REJECTED
    assert validation.reject(delivery(), "camille", NOW, "no").state is State.REJECTED


@pytest.mark.parametrize("state", State)
def test_the_same_bytes_change_nothing(state):
    post = delivery(state=state)
    assert validation.recompose(post, replace(TEXT, used=9, warnings=("cut",)), ("camille",), NOW) is post


@pytest.mark.parametrize("state", sorted(set(State) - {State.PENDING, State.QUEUED}))
def test_what_left_or_was_refused_stays(state):
    post = delivery(state=state)
    assert validation.recompose(post, OTHER, ("camille",), NOW) is post


def test_a_change_voids_the_approval_and_makes_an_author():
    post = replace(approve(delivery(Validation.OTHER), "camille"), since=NOW, attempts=3)
    after = validation.recompose(post, OTHER, ("camille",), NOW + timedelta(hours=1))
    assert (after.state, after.rendition, after.approvals) == (State.PENDING, OTHER, ())
    assert (after.authors, after.since, after.attempts) == (("editor", "camille"), None, 0)
    assert after.log[-1] == Event(NOW + timedelta(hours=1), "void", "camille", "", TEXT.fingerprint)
    assert after.reviewed == TEXT.text
    assert refusal(NotAllowed, approve, after, "camille").code == "own_post"
    assert approve(after, "dominique").state is State.QUEUED


def test_a_change_while_waiting_drops_the_yeses_so_far():
    after = validation.recompose(approve(delivery(Validation.TWO), "camille"), OTHER, ("editor",), NOW)
    assert (after.state, after.approvals, after.authors) == (State.PENDING, (), ("editor",))
    assert after.log[-1] == Event(NOW, "edit", "editor", "", OTHER.fingerprint)


def test_a_change_by_several_makes_all_of_them_authors_once():
    after = validation.recompose(delivery(), OTHER, ("webmaster", "editor", "webmaster"), NOW)
    assert after.authors == ("editor", "webmaster")
    assert after.log[-1].by == "webmaster"


def test_a_change_back_does_not_bring_them_back():
    post = validation.recompose(approve(delivery(Validation.TWO), "camille"), OTHER, ("editor",), NOW)
    back = validation.recompose(post, TEXT, ("editor",), NOW)
    assert approve(back, "dominique").state is State.PENDING


def test_without_validation_it_is_just_updated():
    post = delivery(Validation.NONE, state=State.QUEUED, since=NOW, attempts=2)
    after = validation.recompose(post, OTHER, (), NOW)
    assert (after.state, after.rendition, after.authors) == (State.QUEUED, OTHER, ("editor",))
    assert (after.since, after.attempts, after.log[-1].name) == (NOW, 2, "edit")


def test_an_account_that_asks_for_more_takes_the_author_s_own_yes_away():
    stricter = Account("a", "A", "sandbox", validation=Validation.OTHER)
    own = validation.tightened(approve(delivery(), "editor"), stricter)
    assert (own.apart, validation.approved(own)) == (True, False)
    assert validation.approved(validation.tightened(approve(delivery(), "camille"), stricter))
    trusted = replace(delivery(), approvals=(Approval("editor", NOW, TEXT.fingerprint, trusted=True),))
    assert validation.approved(validation.tightened(trusted, stricter))
    on_call = approve(delivery(Validation.OTHER), "editor", "flood")
    assert validation.tightened(on_call, stricter) == on_call


def test_an_account_that_asks_for_less_changes_nothing():
    post = delivery(Validation.TWO)
    assert validation.tightened(post, Account("a", "A", "sandbox", validation=Validation.NONE)) == post


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ({"Member", "Manager", "Social Validator"}, "Social Validator"),
        ({"Manager", "Site Administrator"}, "Site Administrator"),
        ({"Manager"}, "Manager"),
        ({"Member", "Mayor"}, ""),
    ],
)
def test_an_approval_keeps_as_what_it_was_given(roles, told):
    assert validation.role(roles) == told
    given = validation.approve(delivery(), "camille", NOW, TEXT.fingerprint, role=told).approvals
    assert [approval.role for approval in given] == [told]
