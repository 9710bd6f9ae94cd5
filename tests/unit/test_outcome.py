"""What becomes of a delivery after each kind of answer, for each kind of network."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import outcome
from collective.socialterritory.crosspost.rules.outcome import Outcome
from collective.socialterritory.crosspost.rules.states import step
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
GIVE_UP = timedelta(hours=12)
RECEIPT = Receipt("at://1", "https://bsky.app/1")


class Blind(Network):
    """Publishes, and nothing else."""

    settle = 60.0

    def __init__(self, answer=RECEIPT):
        self.answer = answer

    def publish(self, http, credentials, post, key):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Finding(Blind):
    def find(self, http, credentials, post, key):
        return self.publish(http, credentials, post, key)


class Replaying(Blind):
    replays = 3000.0


class Preparing(Finding):
    def prepare(self, http, credentials, post):
        return "container 1"


def sending(**changes):
    queued = Delivery("i.1", "i", "a", "n", NOW, NOW, state=State.QUEUED, rendition=Rendition("bonjour"))
    claimed = step(queued, "claim", NOW, attempts=1, since=NOW, sent_at=NOW, token="t", lease=NOW + GIVE_UP, key="k")
    return replace(claimed, **changes)


def tries(*hours):
    """A log of tries, each so many hours ago."""
    return tuple(Event(NOW - timedelta(hours=ago), "claim") for ago in hours)


def after(answer, network=None, now=NOW, jitter=1.0, **changes):
    return outcome.after(sending(**changes), answer, network or Blind(), now, jitter, GIVE_UP)


def test_a_receipt_is_kept_and_clears_what_went_before():
    done = after(Outcome(RECEIPT), error="reset", doubt=True)
    assert (done.state, done.receipt_id, done.receipt_url) == (State.DELIVERED, "at://1", "https://bsky.app/1")
    assert (done.error, done.doubt, done.token, done.lease) == ("", False, "", None)
    assert done.finished == NOW


def test_a_look_that_found_nothing_sends_again_at_once():
    again = after(Outcome(), doubt=True)
    assert (again.state, again.due, again.doubt) == (State.QUEUED, NOW, False)


@pytest.mark.parametrize("error", [Rejected("rejected"), ContentError("image_broken")])
def test_a_refusal_fails_and_says_why(error):
    failed = after(Outcome(error=error))
    assert (failed.state, failed.error, failed.log[-1].note) == (State.FAILED, error.code, error.code)


@pytest.mark.parametrize(
    "attempts, seconds", [(1, 30), (2, 120), (3, 600), (4, 1800), (5, 7200), (6, 21600), (9, 21600)]
)
def test_the_schedule_of_retries(attempts, seconds):
    again = after(Outcome(error=Transient("dns", host="x")), attempts=attempts)
    assert (again.state, again.due - NOW) == (State.QUEUED, timedelta(seconds=seconds))
    assert again.error_params == {"host": "x"}


def test_a_network_that_wants_money_costs_no_try():
    kept = after(Outcome(error=Billing("billing", host="x")), attempts=5)
    assert (kept.state, kept.attempts, kept.due, kept.error, kept.doubt) == (State.QUEUED, 0, NOW, "billing", False)


def test_a_look_that_would_cost_money_is_not_made_again_at_once():
    kept = after(Outcome(error=Billing("billing", host="x"), doubt=True), Finding(), attempts=3)
    assert (kept.state, kept.doubt) == (State.QUEUED, True)
    assert kept.due >= NOW + timedelta(minutes=10)


def test_the_jitter_stretches_the_wait():
    assert after(Outcome(error=Transient("dns")), jitter=1.2).due - NOW == timedelta(seconds=36)


def test_what_the_network_asks_for_wins_over_the_schedule():
    assert after(Outcome(error=RateLimited(retry_after=700.0))).due - NOW == timedelta(seconds=700)
    assert after(Outcome(error=RateLimited())).due - NOW == timedelta(seconds=30)


def test_after_twelve_hours_it_fails_without_doubt_and_is_shown_with_doubt():
    long = {"log": tries(12, 5, 2), "sent_at": NOW - timedelta(hours=12)}
    assert after(Outcome(error=Transient("dns")), **long).state is State.FAILED
    lost = after(Outcome(error=OutcomeUnknown("reset"), doubt=True), Finding(), **long)
    assert lost.state is State.UNCONFIRMED


def test_a_doubt_that_came_late_is_looked_up_as_long_as_any_other():
    answer = Outcome(error=OutcomeUnknown("reset"), doubt=True)
    late = {"log": tries(12.5, 9, 4, 2), "sent_at": NOW - timedelta(hours=9)}
    assert after(answer, Finding(), **late).state is State.QUEUED
    assert after(answer, Finding(), now=NOW + timedelta(hours=3), **late).state is State.UNCONFIRMED


def test_hours_in_which_nothing_was_tried_do_not_count():
    dns = Outcome(error=Transient("dns"))
    assert after(dns, log=tries(64, 63, 0)).state is State.QUEUED
    assert after(dns, log=(*tries(12, 5), Event(NOW - timedelta(hours=1), "resend"))).state is State.QUEUED


def test_a_network_that_asks_for_patience_is_never_given_up():
    """Not even for a day, which is the most that it may ask for."""
    limited = Outcome(error=RateLimited(retry_after=10**9))
    kept = after(limited, log=tries(12, 5, 0))
    assert (kept.state, kept.due) == (State.QUEUED, NOW + timedelta(days=1))


def test_patience_has_an_end():
    """What a network asked for is no silence that makes the hours begin anew."""
    limited = Outcome(error=RateLimited(retry_after=86400.0))
    log = [
        Event(NOW - timedelta(days=day), name, note="rate_limited") for day in (3, 2, 1) for name in ("claim", "retry")
    ]
    assert after(limited, log=(*log, Event(NOW, "claim"))).state is State.FAILED
    assert after(limited, log=(*log[4:], Event(NOW, "claim"))).state is State.QUEUED


def test_a_doubt_is_for_a_person_where_nothing_can_be_looked_up_or_replayed():
    lost = after(Outcome(error=OutcomeUnknown("reset"), doubt=True))
    assert (lost.state, lost.error) == (State.UNCONFIRMED, "reset")


def test_a_doubt_settles_before_the_look():
    again = after(Outcome(error=OutcomeUnknown("reset"), doubt=True), Finding())
    assert (again.state, again.doubt, again.due - NOW) == (State.QUEUED, True, timedelta(seconds=60))


def test_a_look_that_failed_is_repeated_and_never_fails_the_post():
    again = after(Outcome(error=Rejected("rejected"), doubt=True), Finding())
    assert (again.state, again.doubt) == (State.QUEUED, True)


def test_a_doubt_is_replayed_only_as_long_as_the_network_remembers():
    answer = Outcome(error=OutcomeUnknown("reset"), doubt=True)
    assert after(answer, Replaying()).state is State.QUEUED
    assert after(answer, Replaying(), sent_at=NOW - timedelta(seconds=2999)).state is State.UNCONFIRMED
    assert after(answer, Replaying(), sent_at=None).state is State.UNCONFIRMED


def test_other_bytes_are_no_replay():
    changed = replace(sending(), rendition=Rendition("autre chose"))
    assert outcome.replays(sending(), Replaying(), NOW)
    assert not outcome.replays(changed, Replaying(), NOW)


def test_a_refused_session_is_retried_at_once():
    again = after(Outcome(error=Unauthorized("expired")))
    assert (again.state, again.due) == (State.QUEUED, NOW)


def test_publish_and_look_turn_errors_into_outcomes():
    post = Post("bonjour", NOW)
    assert outcome.attempt(Blind(), None, {}, sending(), post) == Outcome(RECEIPT)
    assert outcome.look(Finding(None), None, {}, post, "k") == Outcome()
    lost = OutcomeUnknown("reset")
    assert outcome.attempt(Blind(lost), None, {}, sending(), post) == Outcome(error=lost, doubt=True)
    refused = Rejected("rejected")
    assert outcome.attempt(Blind(refused), None, {}, sending(), post) == Outcome(error=refused)
    assert outcome.look(Finding(refused), None, {}, post, "k") == Outcome(error=refused, doubt=True)


def test_what_was_held_meanwhile_stays_so_only_if_it_is_to_be_sent_again():
    lost = OutcomeUnknown("reset")
    held = {"held": "overdue", "doubt": True}
    assert after(Outcome(), Finding(), **held).held == "overdue"
    assert after(Outcome(error=lost, doubt=True), Finding(), **held).held == "overdue"
    for answer, state in (
        (Outcome(RECEIPT), State.DELIVERED),
        (Outcome(error=lost, doubt=True), State.UNCONFIRMED),
        (Outcome(error=Rejected("rejected")), State.FAILED),
    ):
        done = after(answer, **held)
        assert (done.state, done.held) == (state, "")
    assert after(Outcome(error=Transient("dns")), log=tries(12, 5, 2), **held).held == ""


def test_a_doubt_is_looked_up_every_half_hour_at_least_and_a_sure_failure_waits_longer():
    lost = Outcome(error=OutcomeUnknown("reset"), doubt=True)
    waits = [after(lost, Finding(), attempts=n).due - NOW for n in (1, 4, 5, 6, 20)]
    assert waits == [timedelta(minutes=m) for m in (1, 30, 30, 30, 30)]
    assert after(Outcome(error=Transient("dns")), Finding(), attempts=6).due - NOW == timedelta(hours=6)


class Changing(Replaying):
    def edit(self, http, credentials, id, post):
        raise OutcomeUnknown("reset")

    def reply(self, http, credentials, to, post, key):
        raise OutcomeUnknown("reset")

    def delete(self, http, credentials, id):
        raise self.answer


@pytest.mark.parametrize(("operation", "doubt"), [("edit", False), ("reply", True)])
def test_what_does_no_harm_twice_is_just_tried_again(operation, doubt):
    delivery = replace(sending(), operation=Operation(operation), target_id="7")
    said = outcome.attempt(Changing(), None, {}, delivery, Post("bonjour", NOW))
    assert said.doubt is doubt
    assert outcome.after(delivery, said, Blind(), NOW, 1.0, timedelta(hours=12)).state is (
        State.UNCONFIRMED if doubt else State.QUEUED
    )


@pytest.mark.parametrize(
    ("error", "before", "doubt", "state"),
    [
        (OutcomeUnknown("reset"), False, True, State.QUEUED),
        (Transient("dns"), True, True, State.QUEUED),
        (Transient("dns"), False, False, State.QUEUED),
        (Unauthorized("unauthorized"), True, True, State.QUEUED),
        (Rejected("rejected"), True, False, State.FAILED),
    ],
)
def test_a_post_that_may_be_gone_is_doubted_until_the_network_has_judged(error, before, doubt, state):
    delivery = replace(sending(), operation=Operation.DELETE, target_id="7", doubt=before)
    said = outcome.attempt(Changing(error), None, {}, delivery, Post("bonjour", NOW))
    known = outcome.after(delivery, said, Blind(), NOW, 1.0, GIVE_UP)
    assert (known.doubt, known.state) == (doubt, state)


def test_what_is_not_prepared_is_prepared_first_and_goes_out_under_that_key():
    network = Preparing()
    first = outcome.attempt(network, None, {}, sending(key=""), Post("bonjour", NOW))
    assert first == Outcome(prepared="container 1")
    ready = after(first, network, key="")
    assert (ready.state, ready.key, ready.due, ready.attempts, ready.error) == (State.QUEUED, "container 1", NOW, 0, "")
    assert outcome.key(ready, network) == "container 1"
    assert outcome.attempt(network, None, {}, sending(key="container 1"), Post("bonjour", NOW)) == Outcome(RECEIPT)


def test_another_text_is_prepared_anew():
    network = Preparing()
    ready = after(Outcome(prepared="container 1"), network, key="")
    assert outcome.key(replace(ready, rendition=Rendition("bonsoir")), network) == ""


@pytest.mark.parametrize(
    ("error", "doubt", "key"),
    [
        (Transient("not_ready"), False, "k"),
        (Transient("refused"), False, "k"),
        (Transient("prepared_over"), False, ""),
        (Unauthorized("unauthorized"), False, "k"),
        (Rejected("rejected"), False, ""),
        (OutcomeUnknown("reset"), True, "k"),
    ],
)
def test_what_was_refused_is_prepared_anew_and_a_doubt_keeps_its_key(error, doubt, key):
    assert after(Outcome(error=error, doubt=doubt), Preparing()).key == key


def test_a_preparation_whose_answer_is_lost_is_a_doubt_that_a_look_clears():
    class Lost(Preparing):
        def prepare(self, http, credentials, post):
            raise OutcomeUnknown("read_timeout")

    assert outcome.attempt(Lost(), None, {}, sending(key=""), Post("bonjour", NOW)).doubt
