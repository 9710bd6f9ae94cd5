"""Why an account says nothing of a news item."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules.absence import why
from collective.socialterritory.crosspost.rules.plan import plan
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
ITEM = Item(uid="i", path="/Plone/n", url="", portal_type="News Item", title="News", effective=NOW)
ACCOUNT = Account(uid="a", title="Town", network="sandbox", link=Link.CONNECTED, connected_at=NOW - HOUR)


@pytest.mark.parametrize(
    "item, account, code",
    [
        ({}, {}, ""),
        ({"effective": None}, {}, ""),
        ({"working_copy": True}, {}, "working_copy"),
        ({"choice": Choice(post=False)}, {}, "not_wanted"),
        ({"choice": Choice(accounts=("b",))}, {}, "not_chosen"),
        ({}, {"types": ("Event",)}, "other_scope"),
        ({}, {"link": Link.NEW}, "not_connected"),
        ({}, {"link": Link.RECONNECT}, ""),
        ({"expires": NOW}, {}, "item_expired"),
        ({"effective": NOW - timedelta(days=8)}, {}, "too_old"),
        ({"effective": NOW - 2 * HOUR}, {}, "linked_later"),
        ({"effective": NOW - 2 * HOUR}, {"connected_at": None}, ""),
    ],
)
def test_the_reason_and_the_plan_agree(item, account, code):
    item, account = replace(ITEM, **item), replace(ACCOUNT, **account)
    assert why(item, account, NOW, WEEK) == code
    assert bool(plan(item, [account], frozenset(), NOW, WEEK)) is (code == "")


@pytest.mark.parametrize(
    "item, account, code",
    [
        ({"effective": NOW - timedelta(days=800)}, {}, ""),
        ({"effective": NOW - 2 * HOUR}, {}, ""),
        ({"expires": NOW}, {}, "item_expired"),
        ({}, {"link": Link.NEW}, "not_connected"),
    ],
)
def test_age_is_no_reason_for_what_a_person_chose(item, account, code):
    item, account = replace(ITEM, **item), replace(ACCOUNT, **account)
    assert why(item, account, NOW, None) == code
    assert bool(plan(item, [account], frozenset(), NOW, None)) is (code == "")
