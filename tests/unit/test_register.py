"""What the register finds and tells."""

from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules.register import Search
from dataclasses import replace
from datetime import date
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
POST = Delivery(
    id="a.1",
    content="a",
    account="town",
    network="bluesky",
    created=NOW,
    due=NOW,
    state=State.DELIVERED,
    finished=NOW,
    item_title="Fête de l’école",
    account_title="Mairie",
    rendition=Rendition("Samedi à 8 h", images=(Image("d", "Un manège"),)),
)


def act(id, operation, target="a.1", minutes=1, **fields):
    when = NOW + timedelta(minutes=minutes)
    return replace(POST, id=id, operation=operation, target=target, finished=when, **fields)


def test_only_posts_that_went_out_are_entries():
    assert register.posted(POST)
    open_states = set(State) - {State.DELIVERED}
    assert not [state for state in open_states if register.posted(replace(POST, state=state))]
    assert not [name for name in set(Operation) - {Operation.POST} if register.posted(replace(POST, operation=name))]
    assert not register.posted(replace(POST, finished=None))


def test_what_was_done_hangs_below_its_post_answers_included():
    edit = act("a.2", Operation.EDIT, minutes=2)
    reply = act("a.3", Operation.REPLY, minutes=1)
    gone = act("a.4", Operation.DELETE, target="a.3", minutes=5)
    planned = act("a.5", Operation.DELETE, state=State.PENDING)
    other = act("a.6", Operation.EDIT, target="a.9")
    assert register.later(POST, [gone, edit, POST, other, reply, planned]) == (reply, edit, gone)
    assert not register.withdrawn(POST, (reply, edit, gone))
    assert register.withdrawn(POST, [act("a.7", Operation.DELETE)])


def test_news_that_is_gone_while_its_post_stays():
    stayed = Event(NOW, "leave", note="item_deleted")
    assert register.left(replace(POST, log=(Event(NOW, "deliver"), stayed))) == (stayed,)


@pytest.mark.parametrize(
    ("trusted", "at", "told"), [(False, NOW, "Flood"), (True, NOW, ""), (False, NOW - timedelta(1), "")]
)
def test_an_approval_has_the_reason_of_whoever_was_alone(trusted, at, told):
    log = (Event(NOW, "approve", "camille", "Flood"),)
    given = Approval("camille", at, "", trusted=trusted)
    assert register.reason(replace(POST, log=log), given) == told


@pytest.mark.parametrize("words", ["ecole", "FÊTE samedi", "mairie", "manege", "neuf"])
def test_words_are_found_wherever_they_were_said(words):
    after = [act("a.2", Operation.EDIT, rendition=Rendition("Samedi à neuf heures"), before="Samedi à 8 h")]
    assert register.says(POST, after, words)


@pytest.mark.parametrize("words", ["dimanche", "samedi dimanche", "bluesky"])
def test_each_word_must_be_there(words):
    assert not register.says(POST, [], words)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), True),
        (Search(accounts={"town", "sports"}, networks={"bluesky"}), True),
        (Search(accounts={"sports"}), False),
        (Search(networks={"mastodon"}), False),
        (Search(since=NOW), True),
        (Search(since=NOW + timedelta(seconds=1)), False),
        (Search(until=NOW), False),
        (Search(until=NOW + timedelta(seconds=1)), True),
    ],
)
def test_accounts_networks_and_time(search, found):
    assert register.chosen(POST, search) is found


def test_a_batch_tells_where_to_go_on():
    posts = [replace(POST, id=f"a.{number}", edition=number) for number in range(10)]
    even = lambda delivery: delivery.edition % 2 == 0
    found, after = register.batch(posts, even, 2, 100)
    assert ([delivery.edition for delivery in found], after) == ([0, 2], 4)
    assert register.batch(posts, even, 5, 100)[1] is None
    assert register.batch(posts, even, 5, 3) == ([posts[0], posts[2]], 3)
    assert register.batch(posts, even, 5, 10)[1] is None
    assert register.batch([], even, 5, 10) == ([], None)


def test_no_more_records_are_read_than_a_batch_needs():
    posts = iter([POST] * 10)
    register.batch(posts, lambda delivery: True, 3, 100)
    assert len(list(posts)) == 6
    posts = iter([POST] * 10)
    register.batch(posts, lambda delivery: False, 3, 4)
    assert len(list(posts)) == 5


def test_days():
    assert register.day("") is None
    assert register.day("2026-03-12") == date(2026, 3, 12)


@pytest.mark.parametrize("text", ["12/03/2026", "hier", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_what_is_no_day(text):
    with pytest.raises(ValueError):
        register.day(text)


def test_a_period_is_whole_days_there():
    paris = ZoneInfo("Europe/Paris")
    since, until = register.period(date(2026, 3, 12), date(2026, 3, 29), paris)
    assert since.astimezone(UTC) == datetime(2026, 3, 11, 23, 0, tzinfo=UTC)
    assert until.astimezone(UTC) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)  # the night when clocks change is over
    assert register.period(None, None, paris) == (None, None)
    assert register.period(None, register.LAST, paris)[1].year == 2500
