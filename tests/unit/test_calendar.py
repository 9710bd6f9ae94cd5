"""The calendar: its days, where posts stand on them, and which of them move."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Hours
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import calendar
from collective.socialterritory.crosspost.rules.calendar import Layout
from collective.socialterritory.crosspost.rules.calendar import Stand
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
POST = Delivery(
    id="a.1",
    content="a",
    account="town",
    network="bluesky",
    created=NOW - DAY,
    due=NOW + DAY,
    state=State.QUEUED,
    log=(Event(NOW - DAY, "plan"),),
)
SEEN = POST.due.isoformat()
TOWN = Account("town", "Town", "bluesky")
ITEM = Item(uid="a", path="/a", url="https://town.example/a", portal_type="News Item", title="Menu")


@pytest.mark.parametrize(("layout", "monday", "first", "last", "before", "after"), [
    (Layout.MONTH, 0, date(2026, 10, 26), date(2026, 12, 6), date(2026, 10, 31), date(2026, 12, 1)),
    (Layout.MONTH, 1, date(2026, 11, 1), date(2026, 12, 5), date(2026, 10, 31), date(2026, 12, 1)),
    (Layout.WEEK, 0, TODAY, date(2026, 11, 29), date(2026, 11, 22), date(2026, 11, 30)),
    (Layout.WEEK, 1, date(2026, 11, 22), date(2026, 11, 28), date(2026, 11, 21), date(2026, 11, 29)),
    (Layout.LIST, 0, date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 31), date(2026, 12, 1)),
])  # fmt: skip
def test_a_page_shows_whole_weeks_or_a_month(layout, monday, first, last, before, after):
    span = calendar.span(layout, TODAY, monday)
    assert (span.first, span.last, span.before, span.after) == (first, last, before, after)
    assert span.days[0] == first and span.days[-1] == last and TODAY in span.days
    if layout is not Layout.LIST:
        assert {len(week) for week in span.weeks} == {7}
        assert {week[monday].weekday() for week in span.weeks} == {0}


@pytest.mark.parametrize("layout", Layout)
def test_the_calendar_ends_somewhere(layout):
    assert calendar.span(layout, date(1970, 1, 1), 0).before is None
    assert calendar.span(layout, date(2499, 12, 31), 0).after is None


def test_what_waits_stands_where_its_account_lets_it_leave():
    monday_morning = Hours(8 * 60, 12 * 60, (0,))
    late = replace(POST, id="b.1", content="b", due=NOW - 30 * DAY)
    closed = replace(TOWN, hours=(monday_morning,))
    (one,) = calendar.expected([POST], {"town": closed}, NOW, PARIS)
    assert one == Stand(datetime(2026, 11, 30, 7, 0, tzinfo=UTC), POST), "as it is stored, on the next Monday"
    second = replace(POST, id="c.1", content="c", created=NOW)
    found = calendar.expected([second, late, POST], {"town": replace(TOWN, gap=60)}, NOW, PARIS)
    assert [(stand.when, stand.delivery.id) for stand in found] == [
        (NOW, "b.1"),
        (NOW + DAY, "a.1"),
        (NOW + DAY + timedelta(hours=1), "c.1"),
    ]
    assert list(calendar.expected([late], {}, NOW, PARIS)) == [Stand(NOW, late)], "its account is gone"


@pytest.mark.parametrize(("changes", "when"), [
    ({"state": State.DELIVERED, "finished": NOW - DAY}, NOW - DAY),
    ({"state": State.DELIVERED}, NOW - DAY),
    ({"state": State.FAILED, "sent_at": NOW}, NOW),
    ({"state": State.UNCONFIRMED}, NOW - DAY),
    ({"state": State.SENDING, "sent_at": NOW}, NOW),
])  # fmt: skip
def test_what_was_tried_stands_where_it_was(changes, when):
    assert calendar.stand(replace(POST, **changes)).when == when


def test_what_was_refused_or_cancelled_stands_nowhere():
    assert [calendar.stand(replace(POST, state=state)) for state in (State.REJECTED, State.CANCELLED)] == [None, None]


def test_filters():
    held, failed = replace(POST, held="by_hand"), replace(POST, state=State.FAILED)
    out = replace(POST, state=State.DELIVERED)
    assert [name for name in calendar.GROUPS if calendar.shown(POST, "", name)] == ["planned"]
    assert [name for name in calendar.GROUPS if calendar.shown(held, "town", name)] == ["check"]
    assert [name for name in calendar.GROUPS if calendar.shown(failed, "", name)] == ["check"]
    assert [name for name in calendar.GROUPS if calendar.shown(out, "", name)] == ["published"]
    assert calendar.shown(out, "", "nonsense") and not calendar.shown(out, "sports", "")
    assert not calendar.shown(replace(out, operation=Operation.EDIT), "", "")


def test_one_entry_an_item_and_day_in_the_sites_time_zone():
    night = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    posts = [Stand(night, POST), Stand(NOW, replace(POST, id="b.1", content="b")), Stand(NOW + DAY, POST)]
    found = calendar.by_day(posts, PARIS)
    assert {day: [entry.content for entry in entries] for day, entries in found.items()} == {
        TODAY: ["b"],
        TODAY + DAY: ["a"],
    }
    (entry,) = found[TODAY + DAY]
    assert [stand.when for stand in entry.stands] == [night, NOW + DAY] and entry.when == night


@pytest.mark.parametrize(("day", "hour", "when"), [
    ("2026-11-24", "08:00", datetime(2026, 11, 24, 7, 0, tzinfo=UTC)),
    ("2026-07-24", "8:00", datetime(2026, 7, 24, 6, 0, tzinfo=UTC)),
    ("2026-03-29", "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # left out: it is 03:30 there
    ("2026-10-25", "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice
    ("0000-00-00", "08:00", None),
    ("9999-12-31", "23:59", None),
    ("2026-02-30", "08:00", None),
    ("2026-11-24", "25:00", None),
    ("2026-11-24", "", None),
    ("", "08:00", None),
    ("9" * 5000, "9" * 5000, None),
])  # fmt: skip
def test_a_day_and_a_time_there(day, hour, when):
    assert calendar.moment(day, hour, PARIS) == when


def refusal(posts=(POST,), item=ITEM, at=NOW + 3 * DAY, seen=SEEN):
    return calendar.refusal(posts, item, at, seen, NOW)


def test_what_waits_moves():
    assert refusal() == ""
    assert refusal([replace(POST, state=State.PENDING, held="pause")]) == ""
    out = replace(POST, id="a.2", state=State.DELIVERED, due=NOW + 9 * DAY)
    assert refusal([out, POST]) == "", "what another account has said stays where it is"
    assert refusal([replace(POST, id="a.3", operation=Operation.DELETE, attempts=3), POST]) == ""


@pytest.mark.parametrize(("changes", "code"), [
    ({"posts": [replace(POST, state=State.DELIVERED)]}, "move_left"),
    ({"posts": []}, "move_left"),
    ({"posts": [replace(POST, operation=Operation.EDIT)]}, "move_left"),
    ({"posts": [POST, replace(POST, id="a.2", state=State.SENDING)]}, "move_under_way"),
    ({"posts": [POST, replace(POST, id="a.2", attempts=1)]}, "move_under_way"),
    ({"seen": NOW.isoformat()}, "move_stale"),
    ({"seen": ""}, "move_stale"),
    ({"at": NOW}, "move_past"),
    ({"at": NOW - DAY}, "move_past"),
    ({"item": replace(ITEM, effective=NOW + 4 * DAY)}, "move_early"),
    ({"item": replace(ITEM, expires=NOW + 3 * DAY)}, "move_expired"),
])  # fmt: skip
def test_what_does_not_move(changes, code):
    assert refusal(**changes) == code


def test_a_choice_of_before_keeps_nothing_back():
    assert refusal(item=replace(ITEM, choice=Choice(at=NOW + 9 * DAY), effective=NOW)) == ""
    assert calendar.planned_for([]) == ""
