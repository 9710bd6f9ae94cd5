"""When a post is counted, and how long an account is left alone that cannot be."""

from collective.socialterritory.measures.rules import schedule
from collective.socialterritory.measures.rules.schedule import AGES
from collective.socialterritory.measures.rules.schedule import DEAR
from collective.socialterritory.measures.rules.schedule import due
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


AT = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def asked(ages):
    """Ages at which a post is asked about, by a worker that is always there."""
    found, now = [], due(AT, None, ages)
    while now:
        found.append(now - AT)
        now = due(AT, now, ages)
    return found


def test_less_and_less_often_and_at_last_not_at_all():
    assert asked(AGES) == [15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY]
    assert asked(DEAR) == [DAY, 7 * DAY, 30 * DAY]
    gaps = [later - sooner for sooner, later in zip(AGES, AGES[1:], strict=False)]
    assert gaps == sorted(gaps)


def test_what_was_missed_is_made_up_for_once():
    assert due(AT, AT + 20 * MINUTE, AGES) == AT + HOUR
    late = AT + 5 * DAY
    assert due(AT, None, AGES) < late
    assert due(AT, late, AGES) == AT + 7 * DAY


def test_after_the_last_time_it_is_never_due():
    assert due(AT, AT + 30 * DAY, AGES) is None
    assert AGES[-1] < schedule.OVER


@pytest.mark.parametrize("failures, wait, minutes", [(1, None, 5), (2, None, 10), (99, None, 360), (1, 7200.0, 120)])
def test_an_account_that_fails_is_left_alone_longer_and_longer(failures, wait, minutes):
    assert schedule.patience(failures, wait) == minutes * MINUTE
