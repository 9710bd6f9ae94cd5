"""How many mails a moderator and an author get, and when."""

from collective.socialterritory.comments.rules.letters import digest_due
from collective.socialterritory.comments.rules.letters import Kind
from collective.socialterritory.comments.rules.letters import letter
from collective.socialterritory.comments.rules.letters import may_tell
from collective.socialterritory.comments.rules.letters import quoted
from collective.socialterritory.comments.rules.letters import SINGLE
from collective.socialterritory.comments.rules.letters import span
from collective.socialterritory.comments.rules.letters import Written
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)


def test_nothing_new_is_no_mail():
    assert letter(Written(), 0, NOW) == (Kind.NONE, Written())


def test_what_comes_in_a_flood_is_told_as_a_number_when_the_hour_is_over():
    written, kinds = Written(), []
    for round in range(24):
        kind, written = letter(written, 3, NOW + round * 5 * MINUTE)
        kinds.append(kind)
    first, held = [Kind.SINGLE] * SINGLE, [Kind.NONE] * 6
    assert kinds[:12] == first + held
    assert kinds[12] is Kind.SUMMARY
    for start in range(12):
        assert sum(kind is not Kind.NONE for kind in kinds[start : start + 12]) <= SINGLE


def test_what_was_held_back_is_told_though_nothing_new_comes():
    full = Written(tuple(NOW for _ in range(SINGLE)), 7)
    assert letter(full, 0, NOW + 59 * MINUTE) == (Kind.NONE, full)
    later = NOW + 60 * MINUTE
    assert letter(full, 0, later) == (Kind.SUMMARY, Written((later,)))


def test_a_round_tells_what_came_since_the_last_one_and_leaves_the_last_moments():
    end = NOW - 2 * MINUTE
    assert span(NOW - 7 * MINUTE, NOW) == (NOW - 7 * MINUTE, end)
    assert span(None, NOW) == span(NOW - timedelta(days=9), NOW) == (end - timedelta(days=1), end)
    assert span(NOW, NOW) == (end, end)


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        ((2026, 11, 23, 6, 59), (2026, 11, 23, 7, 0), True),  # 8 h in Paris
        ((2026, 11, 23, 7, 0), (2026, 11, 23, 23, 0), False),
        ((2026, 11, 22, 7, 1), (2026, 11, 23, 6, 59), False),
        ((2026, 11, 20, 7, 1), (2026, 11, 23, 6, 59), True),  # the worker was away
        ((2026, 7, 1, 5, 59), (2026, 7, 1, 6, 0), True),  # summer
    ],
)
def test_the_digest_is_due_at_its_hour_in_the_zone_of_the_site(last, now, due):
    assert digest_due(datetime(*last, tzinfo=UTC), datetime(*now, tzinfo=UTC), 8, PARIS) is due


def test_an_hour_that_does_not_exist_or_exists_twice_is_one_digest():
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        last, sent = day - timedelta(hours=12), 0
        for minute in range(0, 24 * 60, 10):
            now = day + minute * MINUTE
            if digest_due(last, now, 2, PARIS):
                last, sent = now, sent + 1
        assert sent == 1


def test_an_author_gets_three_mails_a_day():
    sent = ()
    for _ in range(3):
        sent = may_tell(sent, NOW)
    assert may_tell(sent, NOW) is None
    assert may_tell(sent, NOW + timedelta(days=1)) == (NOW + timedelta(days=1),)


def test_each_line_is_marked_so_that_none_passes_for_ours():
    assert quoted("Bonjour\n\nApprove: https://evil.example\n", 100) == (
        ["> Bonjour", ">", "> Approve: https://evil.example"],
        True,
    )
    lines, whole = quoted("mot " * 100, 50)
    assert not whole and lines == ["> " + "mot " * 12 + "…"]
    assert quoted("x" * 100, 50)[0] == ["> " + "x" * 50 + " …"]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_end_of_line_escapes_the_mark(end):
    assert quoted(f"un{end}deux", 50)[0] == ["> un", "> deux"]
