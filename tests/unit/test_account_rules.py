from collective.socialterritory import address
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Hours
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from hypothesis import given
from hypothesis import strategies

import pytest


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
WEEK = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    "line, hours",
    [
        ("lun-ven 8:00-18:00", Hours(480, 1080, (0, 1, 2, 3, 4))),
        ("mon-fri 8:00-18:00", Hours(480, 1080, (0, 1, 2, 3, 4))),
        ("Lundi - Vendredi 8h - 18h30", Hours(480, 1110, (0, 1, 2, 3, 4))),
        ("sam, dim 9:00-12:00", Hours(540, 720, (5, 6))),
        ("fri-mon 9-12", Hours(540, 720, (0, 4, 5, 6))),
        ("mer. 14h00–24h00", Hours(840, 1440, (2,))),
        ("7:05-7:06", Hours(425, 426, WEEK)),
    ],
)
def test_hours(line, hours):
    assert rules.hours([line, " "]) == (hours,)


@pytest.mark.parametrize(
    "line, code",
    [
        ("whenever", "bad_hours"),
        ("mon 8:60-9:00", "bad_hours"),
        ("mon 8:00-24:01", "bad_hours"),
        ("moon 8:00-9:00", "bad_hours"),
        ("mon-fri", "bad_hours"),
        ("8:00", "bad_hours"),
        ("mon- 8:00-9:00 x", "bad_hours"),
        ("22:00-6:00", "hours_order"),
        ("9:00-9:00", "hours_order"),
    ],
)
def test_hours_that_are_not_understood_name_the_line(line, code):
    with pytest.raises(ContentError) as caught:
        rules.hours([line])
    assert (caught.value.code, caught.value.params) == (code, {"line": line})


@given(strategies.text(alphabet="monlunfri-–,. 0123456789:h", max_size=25))
def test_any_line_is_hours_or_a_content_error(line):
    try:
        for hours in rules.hours([line]):
            assert 0 <= hours.start < hours.end <= 1440 and hours.days
    except ContentError:
        pass


@pytest.mark.parametrize("campaign, good", [
    ("", True), ("utm_source=bluesky&utm_medium=social", True), ("a=", True), ("a=b#x", False), ("?a=b", False),
    ("a=b c", False), ("a=b&", False), ("news", False),
])  # fmt: skip
def test_campaign(campaign, good):
    assert bool(address.campaign_problem(campaign)) is not good


def test_standing_is_the_link_unless_a_pause_is_in_force():
    account = Account("u", "t", "n", link=Link.CONNECTED)
    assert rules.standing(account, NOW) == "connected"
    paused = Account("u", "t", "n", link=Link.RECONNECT, pause=Pause("crisis", "x", NOW, NOW + timedelta(hours=1)))
    assert rules.standing(paused, NOW) == "paused"
    assert rules.standing(paused, NOW + timedelta(hours=1)) == "reconnect"


def test_reconnecting_the_same_identity_keeps_the_first_day_and_another_one_does_not():
    first = rules.linked({}, "bluesky", Identity("did:1", "town.example", "https://x"), NOW)
    assert (first["link"], first["connected_at"], first["session"]) == ("connected", NOW.isoformat(), "ok")
    later = NOW + timedelta(days=9)
    again = rules.linked(first, "bluesky", Identity("did:1", "new.example", "https://x"), later)
    assert (again["connected_at"], again["identity"]) == (NOW.isoformat(), "new.example")
    other = rules.linked(first, "bluesky", Identity("did:2", "town.example", "https://x"), later)
    assert other["connected_at"] == later.isoformat()


def test_connecting_anew_forgets_what_the_network_asked_for():
    record = {"rests": (NOW + timedelta(hours=6)).isoformat()}
    assert rules.resting(record, NOW) and not rules.resting(record, NOW + timedelta(hours=6))
    again = rules.linked(record, "bluesky", Identity("d", "n", "u"), NOW)
    assert not rules.resting({**record, **again}, NOW)
    assert not rules.resting({**record, **rules.DISCONNECTED}, NOW)


def test_connecting_ends_the_right_of_a_refresh_that_is_under_way():
    assert rules.linked({"lease_token": "t"}, "bluesky", Identity("d", "n", "u"), NOW)["lease_token"] == ""


@pytest.mark.parametrize(
    "ceiling, paid, price, set_aside, dear",
    [
        (0, "100", "5", False, False),
        (1, "0.8", "0.2", False, False),
        (1, "0.801", "0.2", False, True),
        (1, "1", "0.2", True, False),
        (1, "1.001", "0.2", True, True),
        (1, "2", "0", False, False),
    ],
)
def test_the_ceiling_of_the_month(ceiling, paid, price, set_aside, dear):
    account = Account("a", "Ville", "x", ceiling=ceiling, paid={f"{NOW:%Y-%m}": Decimal(paid)})
    assert rules.dear(account, Decimal(price), NOW, set_aside) == dear
    assert not rules.dear(account, Decimal(price), NOW + timedelta(days=31), set_aside)


def test_abilities_are_read_from_what_the_network_can_do():
    class Bare:
        def publish(self): ...

        def find(self): ...

    assert rules.abilities(Bare()) == ("publishes", "finds")


@pytest.mark.parametrize(
    "reason, start, until, problems",
    [
        ("crisis", NOW, None, {}),
        ("crisis", NOW, NOW + timedelta(days=1), {}),
        (" ", NOW, None, {"reason": "pause_reason_needed"}),
        ("crisis", None, None, {"start": "bad_date"}),
        ("crisis", NOW, NOW, {"until": "pause_order"}),
        ("crisis", NOW - timedelta(hours=2), NOW, {"until": "pause_past"}),
        ("crisis", NOW - timedelta(hours=2), NOW + timedelta(hours=2), {}),
    ],
)
def test_pause_problems(reason, start, until, problems):
    assert rules.pause_problems(reason, start, until, NOW) == problems
