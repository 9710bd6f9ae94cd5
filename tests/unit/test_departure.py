"""When a post may leave, and what keeps it."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import BY_HAND
from collective.socialterritory.accounts.model import Hours
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules.departure import Act
from collective.socialterritory.pause import Pause
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # a Monday, 12:00 in Paris
HOUR = timedelta(hours=1)
ITEM = Item("i", "/s/i", "https://ville.fr/i", "News Item", "Cantine", public=True, effective=NOON - HOUR)
ACCOUNT = Account("a", "Ville", "bluesky", link=Link.CONNECTED)
DELIVERY = Delivery(
    "i.1",
    "i",
    "a",
    "bluesky",
    NOON - HOUR,
    NOON - HOUR,
    state=State.QUEUED,
    log=(Event(NOON - HOUR, "plan"),),
)


def judge(delivery=DELIVERY, item=ITEM, account=ACCOUNT, pauses=(), now=NOON, problem=""):
    return departure.verdict(delivery, item, account, pauses, now, PARIS, timedelta(days=7), problem)


def test_everything_in_order_goes():
    assert judge().act is Act.GO


@pytest.mark.parametrize(
    "change, why",
    [
        ({"item": None}, "item_deleted"),
        ({"account": None}, "account_deleted"),
        ({"item": replace(ITEM, expires=NOON)}, "item_expired"),
    ],
)
def test_what_lost_its_purpose_is_cancelled(change, why):
    assert (judge(**change).act, judge(**change).why) == (Act.CANCEL, why)


@pytest.mark.parametrize(
    "change, why",
    [
        ({"delivery": replace(DELIVERY, held="overdue")}, "overdue"),
        ({"item": replace(ITEM, public=False)}, "not_public"),
        ({"item": replace(ITEM, working_copy=True)}, "not_public"),
        ({"item": replace(ITEM, choice=Choice(post=False))}, "not_chosen"),
        ({"item": replace(ITEM, choice=Choice(accounts=("other",)))}, "not_chosen"),
        ({"account": replace(ACCOUNT, link=Link.NEW)}, "not_connected"),
        ({"account": replace(ACCOUNT, link=Link.RECONNECT)}, "reconnect"),
    ],
)
def test_what_a_person_must_mend_waits(change, why):
    assert (judge(**change).act, judge(**change).why) == (Act.WAIT, why)


@pytest.mark.parametrize(
    "change",
    [
        {"delivery": replace(DELIVERY, due=NOON + HOUR)},
        {"item": replace(ITEM, effective=NOON + HOUR)},
        {"item": replace(ITEM, choice=Choice(at=NOON + HOUR))},
    ],
)
def test_a_later_time_is_waited_for(change):
    assert judge(**change) == departure.Verdict(Act.WAIT, "later", NOON + HOUR)


def test_a_bad_public_address_is_held_for_a_person():
    assert judge(problem="local_address") == departure.Verdict(Act.HOLD, "local_address")


def test_a_pause_holds_what_was_ready_before_or_in_it_even_when_it_is_over():
    pause = Pause("crise", "camille", NOON - HOUR / 2, NOON + HOUR)
    over = NOON + 2 * HOUR
    assert judge(pauses=[pause]).why == "pause"
    assert judge(pauses=[pause], now=over).act is Act.HOLD


def test_a_pause_leaves_alone_what_was_ready_after_it():
    pause = Pause("crise", "camille", NOON - 3 * HOUR, NOON - 2 * HOUR)
    assert judge(pauses=[pause]).act is Act.GO


def test_a_pause_to_come_holds_nothing():
    assert judge(pauses=[Pause("élections", "camille", NOON + HOUR)]).act is Act.GO


def test_what_a_person_released_after_the_pause_goes():
    pause = Pause("crise", "camille", NOON - HOUR, NOON)
    released = replace(DELIVERY, log=(*DELIVERY.log, Event(NOON, "hold"), Event(NOON, "release", "dominique")))
    assert judge(released, pauses=[pause], now=NOON).act is Act.GO


def test_news_published_after_the_pause_goes_though_approved_before():
    pause = Pause("crise", "camille", NOON - 2 * HOUR, NOON - HOUR)
    early = replace(DELIVERY, due=NOON - 5 * HOUR, log=(Event(NOON - 5 * HOUR, "approve", "dominique"),))
    assert judge(early, item=replace(ITEM, effective=NOON), pauses=[pause]).act is Act.GO


def test_the_gap_between_posts_is_kept_and_urgent_skips_it():
    account = replace(ACCOUNT, gap=30, sent=(NOON - timedelta(minutes=10),))
    assert judge(account=account) == departure.Verdict(Act.WAIT, "pace", NOON + timedelta(minutes=20))
    assert judge(replace(DELIVERY, urgent=True), account=account).act is Act.GO


def test_the_wait_that_the_network_asked_for_is_kept_and_urgent_does_not_skip_it():
    asked = departure.Verdict(Act.WAIT, "rests", NOON + 6 * HOUR)
    account = replace(ACCOUNT, rests=asked.until, gap=30, sent=(NOON - HOUR,))
    assert judge(account=account) == asked
    assert judge(replace(DELIVERY, urgent=True), account=account) == asked
    assert judge(replace(DELIVERY, operation=Operation.DELETE), account=account) == asked
    assert judge(account=account, now=asked.until).act is Act.GO


def test_hours_that_open_after_the_wait_say_when_it_leaves():
    account = replace(ACCOUNT, rests=NOON + 6 * HOUR, hours=OFFICE)
    assert judge(account=account) == departure.Verdict(Act.WAIT, "pace", NOON + 20 * HOUR)


def test_the_wait_that_the_network_asked_for_is_no_delay_and_makes_no_old_news_younger():
    weeks = NOON + timedelta(days=8)
    account = replace(ACCOUNT, rests=weeks - HOUR)
    assert not departure.overdue(DELIVERY, ITEM, account, weeks, PARIS)
    assert judge(account=account, now=weeks) == departure.Verdict(Act.HOLD, "overdue")


def test_the_most_per_day_is_kept():
    account = replace(ACCOUNT, daily=2, sent=(NOON - 5 * HOUR, NOON - HOUR))
    assert judge(account=account).until == NOON + 19 * HOUR
    assert judge(account=replace(account, daily=3)).act is Act.GO


OFFICE = (Hours(8 * 60, 18 * 60, (0, 1, 2, 3, 4)),)


@pytest.mark.parametrize(
    "moment, opens",
    [
        ("2026-11-23T12:00", "2026-11-23T12:00"),
        ("2026-11-23T08:00", "2026-11-23T08:00"),
        ("2026-11-23T07:59", "2026-11-23T08:00"),
        ("2026-11-23T17:59", "2026-11-23T17:59"),
        ("2026-11-23T18:00", "2026-11-24T08:00"),
        ("2026-11-27T18:00", "2026-11-30T08:00"),  # Friday evening -> Monday
        ("2026-10-24T12:00", "2026-10-26T08:00"),  # over the end of summer time
    ],
)
def test_the_hours_of_an_account_are_the_site_s(moment, opens):
    moment, opens = (datetime.fromisoformat(text).replace(tzinfo=PARIS) for text in (moment, opens))
    assert departure.open_from(OFFICE, moment.astimezone(UTC), PARIS) == opens


def test_a_window_until_midnight_includes_its_last_minute():
    evening = (Hours(20 * 60, 24 * 60),)
    late = datetime(2026, 11, 23, 23, 59, 30, tzinfo=PARIS)
    assert departure.open_from(evening, late, PARIS) == late


def test_without_hours_any_time_is_good():
    assert departure.open_from((), NOON, PARIS) == NOON


def test_hours_that_never_open_are_asked_again_in_a_week():
    assert departure.open_from((Hours(0, 60, ()),), NOON, PARIS) == NOON + timedelta(days=8)


def test_overdue_counts_from_when_it_could_leave():
    late = NOON + 7 * HOUR
    assert departure.overdue(DELIVERY, ITEM, ACCOUNT, late, PARIS)
    assert not departure.overdue(DELIVERY, ITEM, ACCOUNT, NOON + 4 * HOUR, PARIS)
    assert not departure.overdue(DELIVERY, replace(ITEM, effective=late - HOUR), ACCOUNT, late, PARIS)
    night = replace(ACCOUNT, hours=(Hours(17 * 60, 20 * 60),))
    assert not departure.overdue(DELIVERY, ITEM, night, late, PARIS)


def test_what_was_ready_longer_than_news_is_fresh_asks_a_person():
    """Public again, or on an account that was reconnected, after weeks."""
    weeks = NOON + timedelta(days=8)
    assert judge(now=weeks) == departure.Verdict(Act.HOLD, "overdue")
    assert judge(now=NOON + timedelta(days=6)).act is Act.GO
    said_yes = replace(DELIVERY, log=(*DELIVERY.log, Event(weeks - HOUR, "approve", "camille")))
    assert judge(said_yes, now=weeks).act is Act.GO
    paced = replace(ACCOUNT, gap=60, sent=(weeks - 2 * HOUR,))
    assert judge(account=paced, now=weeks).act is Act.GO
    assert judge(item=replace(ITEM, effective=None), now=weeks).act is Act.HOLD


def test_what_waits_for_its_account_to_be_reconnected_waits_as_long_as_news_is_fresh_and_then_asks_a_person():
    refused = replace(ACCOUNT, link=Link.RECONNECT)
    weeks = NOON + timedelta(days=8)
    assert judge(account=refused, now=NOON + timedelta(days=6)) == departure.Verdict(Act.WAIT, "reconnect")
    assert judge(account=refused, now=weeks) == departure.Verdict(Act.HOLD, "overdue")
    released = replace(DELIVERY, log=(*DELIVERY.log, Event(weeks - HOUR, "release", "camille")))
    assert judge(released, account=refused, now=weeks) == departure.Verdict(Act.WAIT, "reconnect")
    taken_away = replace(DELIVERY, operation=Operation.DELETE)
    assert judge(taken_away, account=refused, now=weeks) == departure.Verdict(Act.WAIT, "reconnect")


def test_what_was_given_to_a_person_waits_for_a_pause_alone_and_is_never_too_old():
    given = replace(DELIVERY, state=State.UNCONFIRMED, by_hand=True)
    pause = Pause("crise", "camille", NOON, NOON + HOUR)
    assert judge(given, pauses=[pause]) == departure.Verdict(Act.HOLD, "pause")
    assert judge(given, pauses=[pause], now=NOON + HOUR).act is Act.GO
    assert judge(given, now=NOON + timedelta(days=8)).act is Act.GO


def test_no_news_is_held_for_its_age_alone_within_six_hours():
    now = departure.verdict(DELIVERY, ITEM, ACCOUNT, (), NOON + 4 * HOUR, PARIS, timedelta())
    assert now.act is Act.GO


@pytest.mark.parametrize("why", ["pace", "rests", "reconnect", "not_connected"])
def test_what_only_its_account_keeps_is_ripe(why):
    assert departure.ripe(departure.Verdict(Act.WAIT, why))
    assert departure.ripe(departure.Verdict(Act.GO))
    for other in ("later", "not_public", "not_chosen", "by_hand"):
        assert not departure.ripe(departure.Verdict(Act.WAIT, other))


def test_a_sender_lost_long_ago_leaves_the_post_to_a_person():
    sending = replace(DELIVERY, state=State.SENDING, lease=NOON)
    assert departure.lapsed(sending, NOON + 6 * HOUR) is sending
    late = departure.lapsed(sending, NOON + 6.1 * HOUR)
    assert (late.held, late.log[-1].name) == ("overdue", "hold")
    assert departure.lapsed(late, NOON + 7 * HOUR) is late
    assert departure.lapsed(replace(sending, lease=None), NOON).held == "overdue"


def test_validators_are_asked_once():
    waits = replace(DELIVERY, state=State.PENDING)
    assert departure.unasked(waits)
    assert not departure.unasked(replace(waits, log=(*waits.log, Event(NOON, "ask"))))
    assert not departure.unasked(DELIVERY)


def test_reminders_come_after_24_and_48_hours_and_no_more():
    asked = replace(DELIVERY, state=State.PENDING)
    hours = [departure.reminder(asked, NOON + n * HOUR) for n in (0, 22, 23, 47)]
    assert hours == [0, 0, 1, 1]
    once = replace(asked, log=(*asked.log, Event(NOON + 23 * HOUR, "remind")))
    assert [departure.reminder(once, NOON + n * HOUR) for n in (30, 47)] == [0, 2]
    twice = replace(once, log=(*once.log, Event(NOON + 47 * HOUR, "remind")))
    assert departure.reminder(twice, NOON + 200 * HOUR) == 0
    assert departure.reminder(DELIVERY, NOON + 200 * HOUR) == 0


def test_a_change_starts_the_reminders_again():
    asked = replace(DELIVERY, state=State.PENDING, log=(*DELIVERY.log, Event(NOON, "remind"), Event(NOON, "edit")))
    assert departure.reminder(asked, NOON + 23 * HOUR) == 0
    assert departure.reminder(asked, NOON + 24 * HOUR) == 1


def spread(deliveries, **pace):
    return [one.due for one in departure.spread(deliveries, replace(ACCOUNT, **pace), PARIS)]


@pytest.mark.parametrize("pace, hours", [
    ({}, [0, 0, 0, 0]),
    ({"gap": 60}, [0, 1, 2, 3]),
    ({"gap": 60, "sent": (NOON,)}, [1, 2, 3, 4]),
    ({"daily": 2}, [0, 0, 24, 24]),
    ({"gap": 120, "hours": (Hours(720, 900),)}, [0, 2, 24, 26]),
])  # fmt: skip
def test_several_follow_each_other_at_the_accounts_pace(pace, hours):
    assert spread([replace(DELIVERY, due=NOON)] * 4, **pace) == [NOON + hour * HOUR for hour in hours]


def test_of_several_an_urgent_one_and_one_with_a_later_date_keep_their_time():
    now = replace(DELIVERY, due=NOON)
    later, urgent = replace(now, due=NOON + 5 * HOUR), replace(now, urgent=True)
    assert spread([now, now, urgent, now], gap=60) == [NOON, NOON + HOUR, NOON, NOON + 2 * HOUR]
    assert spread([now, later, now], gap=60) == [NOON, NOON + 5 * HOUR, NOON + 6 * HOUR]


@pytest.mark.parametrize("code", ["picture_needed", "too_many_links"])
def test_what_its_network_would_refuse_waits_until_somebody_changes_it(code):
    poor = replace(DELIVERY, rendition=Rendition("bonjour", warnings=("cut", code)))
    assert (judge(poor).act, judge(poor).why) == (Act.WAIT, code)
    assert judge(poor, account=replace(ACCOUNT, facts={BY_HAND: "1"})).act is Act.GO
    assert judge(replace(poor, by_hand=True)).act is Act.GO
    assert judge(replace(poor, operation=Operation.DELETE, target="t")).act is Act.GO
    assert judge(replace(poor, rendition=Rendition("bonjour", warnings=("cut",)))).act is Act.GO
