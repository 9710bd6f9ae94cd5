"""When a pause is in force, and which posts it caught."""

from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


START = datetime(2026, 3, 1, tzinfo=UTC)
UNTIL = datetime(2026, 3, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "frozen"),
    [(START - MINUTE, False), (START, True), (UNTIL - MINUTE, True), (UNTIL, False), (UNTIL + MINUTE, False)],
)
def test_in_force(now, frozen):
    assert Pause("elections", "webmaster", START, UNTIL).frozen(now) is frozen


def test_without_an_end():
    pause = Pause("flood", "webmaster", START)
    assert pause.frozen(START + timedelta(days=999))
    assert pause.caught(START + timedelta(days=9), START + timedelta(days=10))


def test_a_planned_pause_remembers_the_one_before():
    before = Pause("elections", "webmaster", START, UNTIL)
    assert before.ended(UNTIL - MINUTE) is None
    assert before.ended(UNTIL) == UNTIL
    planned = Pause("flood", "webmaster", UNTIL + 9 * MINUTE, over=before.ended(UNTIL))
    assert planned.ended(UNTIL + MINUTE) == UNTIL
    assert planned.caught(UNTIL - MINUTE, UNTIL + MINUTE)
    assert not planned.caught(UNTIL, UNTIL + MINUTE)


@pytest.mark.parametrize(
    ("ready", "now", "caught"),
    [
        (START - MINUTE, START - MINUTE, False),
        (START - MINUTE, START, True),
        (START + MINUTE, UNTIL - MINUTE, True),
        (UNTIL - MINUTE, UNTIL + MINUTE, True),
        (UNTIL, UNTIL + MINUTE, False),
    ],
)
def test_caught_also_when_it_is_over(ready, now, caught):
    assert Pause("elections", "webmaster", START, UNTIL).caught(ready, now) is caught
