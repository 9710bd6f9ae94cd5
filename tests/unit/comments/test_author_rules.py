"""What the author of a comment reads about it and may still do."""

from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.author import Door
from collective.socialterritory.comments.rules.author import doors
from collective.socialterritory.comments.rules.author import Standing
from collective.socialterritory.comments.rules.author import standing
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


MADE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def open_doors(state=State.WAITING, minutes=1, paused=False, **known):
    return set(doors(state, Facts(**known), MADE, 15, MADE + timedelta(minutes=minutes), paused))


@pytest.mark.parametrize(
    ("state", "known", "seen", "read"),
    [
        (State.WAITING, {}, False, Standing.WAITING),
        (State.WAITING, {"appeal": "2026-11-23"}, False, Standing.APPEALED),
        (State.APPROVED, {}, True, Standing.SHOWN),
        (State.APPROVED, {"hidden": True}, False, Standing.HIDDEN),
        (State.APPROVED, {}, False, Standing.BELOW),
        (State.REJECTED, {}, False, Standing.REFUSED),
        (State.SPAM, {}, False, Standing.REFUSED),
        (State.APPROVED, {"gone": "author"}, True, Standing.GONE),
    ],
)
def test_authors_read_where_it_stands(state, known, seen, read):
    assert standing(state, Facts(**known), seen) == read


def test_the_text_can_be_changed_for_a_while():
    for state in (State.WAITING, State.APPROVED):
        assert open_doors(state, 14) == {Door.EDIT, Door.WITHDRAW}
        assert open_doors(state, 15) == {Door.WITHDRAW}


def test_a_refusal_is_appealed_once():
    for state in (State.REJECTED, State.SPAM):
        assert open_doors(state) == {Door.APPEAL, Door.WITHDRAW}
        assert open_doors(state, appeal="2026-11-23") == {Door.WITHDRAW}
    assert open_doors(State.WAITING, appeal="2026-11-23") == {Door.WITHDRAW}


def test_what_was_reported_stays_as_it_is_until_somebody_has_looked():
    assert open_doors(State.APPROVED, hidden=True) == {Door.WITHDRAW}


def test_in_a_pause_one_s_words_can_be_taken_back_and_nothing_else():
    assert open_doors(paused=True) == open_doors(State.REJECTED, paused=True) == {Door.WITHDRAW}


def test_there_is_nothing_to_do_about_what_is_gone_or_was_said_elsewhere():
    assert open_doors(gone="author") == open_doors(source="mastodon") == set()
