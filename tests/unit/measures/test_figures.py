"""What a month comes to, and at which hours posts do best."""

from collective.socialterritory.measures.model import Measured
from collective.socialterritory.measures.model import Point
from collective.socialterritory.measures.rules import figures
from collective.socialterritory.measures.rules.figures import Slot
from collective.socialterritory.networks.entries import Counts
from datetime import date
from datetime import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest


PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def post(day, hour=8, likes=None, reposts=None, replies=None, views=None, after=2 * DAY):
    at = datetime(2026, 11, day, hour, 30, tzinfo=PARIS)
    return Measured(at, Point(at + after, Counts(likes, reposts, replies, views)))


def test_sums_of_what_was_told():
    posts = [post(2, likes=3, reposts=1, replies=0), post(3, likes=2), Measured(datetime(2026, 11, 4, tzinfo=PARIS))]
    found = figures.figures(posts)
    assert (found.posts, found.counted) == (3, 2)
    assert (found.likes, found.reposts, found.replies, found.views, found.reactions) == (5, 1, 0, None, 6)
    assert figures.figures([]).reactions is None


def test_every_day_of_the_month_has_a_place():
    days = figures.daily([post(2, likes=3, replies=1), post(2, reposts=1), post(30)], date(2026, 11, 1))
    assert len(days) == 30
    assert days[1] == (date(2026, 11, 2), 2, 4, 1)
    assert days[29] == (date(2026, 11, 30), 1, 0, 0)
    assert days[0] == (date(2026, 11, 1), 0, 0, 0)


def test_the_median_time():
    assert figures.middle([]) is None
    assert figures.middle([timedelta(hours=1), timedelta(hours=9), timedelta(hours=2)]) == timedelta(hours=2)
    assert figures.middle([timedelta(hours=1), timedelta(hours=2)]) == timedelta(minutes=90)


def test_hours_are_local_and_posts_that_were_counted_too_soon_say_nothing():
    posts = [post(2, 8, likes=4), post(3, 6, likes=2, reposts=2), post(4, 23, likes=9, after=DAY / 2), post(5, 23)]
    found = {slot.first: slot for slot in figures.hours(posts)}
    assert list(found) == [0, 3, 6, 9, 12, 15, 18, 21]
    assert found[6] == Slot(6, 2, 4)
    assert found[21] == Slot(21, 0, 0)
    assert [slot.posts for slot in figures.weekdays(posts)] == [1, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "slots, first",
    [
        ([], None),
        ([Slot(6, 5, 3.0)], None),
        ([Slot(6, 5, 3.0), Slot(9, 4, 9.0)], None),
        ([Slot(6, 5, 3.0), Slot(9, 5, 9.0), Slot(12, 4, 99.0)], 9),
        ([Slot(6, 5, 3.0), Slot(9, 9, 3.0)], None),
        ([Slot(6, 5, 0.0), Slot(9, 9, 0.0)], None),
    ],
)
def test_nothing_is_called_best_without_enough_posts_or_when_all_do_alike(slots, first):
    best = figures.best(slots)
    assert (best and best.first) == first


@pytest.mark.parametrize(
    "text, first",
    [
        ("2026-11", date(2026, 11, 1)),
        ("2024-02", date(2024, 2, 1)),
        *((odd, date(2026, 11, 1)) for odd in ("", "2026-13", "novembre", "2026-11-05", "2026-1", "99999-01")),
        ("0001-01", figures.FIRST),
        ("9999-12", figures.LAST),
    ],
)
def test_which_month_is_asked_for(text, first):
    assert figures.month(text, date(2026, 11, 23)) == first


def test_months_before_and_after():
    assert figures.following(date(2026, 12, 1)) == date(2027, 1, 1)
    assert figures.following(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert figures.following(date(2026, 11, 1), -2) == date(2026, 9, 1)
    begin, end = figures.span(date(2026, 10, 1), PARIS)
    assert (begin.isoformat(), end.isoformat()) == ("2026-10-01T00:00:00+02:00", "2026-11-01T00:00:00+01:00")
