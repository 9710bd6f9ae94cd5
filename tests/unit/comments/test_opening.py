"""Whether a page takes comments."""

from collective.socialterritory.comments.rules.opening import opening
from collective.socialterritory.comments.rules.opening import Page
from collective.socialterritory.comments.rules.opening import Why
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


def page(**known):
    return Page(**{"own": None, "above": (), "type": True, "since": YESTERDAY, "days": 90, **known})


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, None),
        ({"type": False}, Why.TYPE),
        ({"type": False, "own": True}, None),
        ({"own": False}, Why.HERE),
        ({"above": (False,)}, Why.SECTION),
        ({"above": (None, False)}, Why.SECTION),
        ({"above": (True, False), "type": False}, None),
        ({"above": (False, True), "own": True}, None),
        ({"above": (True,), "own": False}, Why.HERE),
        ({"site": False, "own": True}, Why.OFF),
        ({"paused": True, "own": True}, Why.PAUSED),
        ({"copy": True, "own": True}, Why.COPY),
        ({"days": 1}, Why.OVER),
        ({"days": 1, "above": (True,)}, Why.OVER),
        ({"days": 1, "own": True}, None),
        ({"days": 2}, None),
        ({"days": 0, "since": datetime(2001, 1, 1, tzinfo=UTC)}, None),
        ({"days": 1, "since": None}, None),
    ],
)
def test_who_says_so_first(known, why):
    found = opening(page(**known), NOW)
    assert (found.why, found.open) == (why, why is None)


def test_when_it_closes_by_itself():
    assert opening(page(), NOW).until == YESTERDAY + timedelta(days=90)
    assert opening(page(days=1), NOW).until == NOW
    assert opening(page(own=True), NOW).until is opening(page(days=0), NOW).until is None
