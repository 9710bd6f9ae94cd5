"""When a source is looked at again, and when people hear of one that is silent."""

from collective.socialterritory.feeds.model import Health
from collective.socialterritory.feeds.rules import schedule
from datetime import datetime
from datetime import timedelta
from datetime import UTC


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def failed(times, error="read_timeout", since=NOW - timedelta(days=2)):
    health = schedule.well(since)
    for _ in range(times):
        health = schedule.failed(health, error, {}, NOW)
    return health


def test_the_first_looks_are_spread_over_the_interval():
    firsts = [schedule.first(f"source {number}", 10, NOW) - NOW for number in range(100)]
    assert min(firsts) < 2 * MINUTE and max(firsts) > 8 * MINUTE and max(firsts) <= 10 * MINUTE


def test_a_source_that_is_well_is_looked_at_at_its_own_pace():
    pause = schedule.after("s", 10, schedule.well(NOW), NOW) - NOW
    assert 10 * MINUTE <= pause <= 11 * MINUTE


def test_a_dead_one_is_looked_at_less_and_less_and_still_once_a_day():
    pauses = [schedule.after("s", 10, failed(times), NOW) - NOW for times in range(12)]
    assert pauses[1] >= 20 * MINUTE and pauses == sorted(pauses)
    assert timedelta(hours=24) <= pauses[-1] <= timedelta(hours=27)


def test_who_asks_us_to_slow_down_is_left_alone_for_so_long():
    assert schedule.after("s", 10, failed(1), NOW, wait=7200) == NOW + timedelta(hours=2)


def test_people_hear_of_a_source_after_a_day_of_silence():
    assert not schedule.dead(failed(5, since=NOW - timedelta(hours=23)), NOW, NOW)
    assert schedule.dead(failed(5, since=NOW - timedelta(hours=24)), NOW, NOW)
    assert not schedule.dead(schedule.well(NOW - timedelta(days=9)), NOW, NOW)
    assert schedule.dead(schedule.failed(Health(), "dns", {}, NOW), NOW - timedelta(days=2), NOW)


def test_youtube_may_forget_a_channel_for_weeks():
    assert not schedule.dead(failed(9, "youtube_404", NOW - timedelta(days=30)), NOW, NOW)
    assert schedule.dead(failed(9, "youtube_404", NOW - timedelta(days=50)), NOW, NOW)


def test_only_what_somebody_would_miss_is_written():
    before = schedule.well(NOW)
    assert schedule.to_write(Health(), before)
    assert not schedule.to_write(before, schedule.well(NOW + 30 * MINUTE))
    assert schedule.to_write(before, schedule.well(NOW + 60 * MINUTE))
    assert schedule.to_write(before, schedule.failed(before, "dns", {}, NOW))
