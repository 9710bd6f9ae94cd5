"""Which accounts post what, from when, after whose yes."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.plan import plan
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.rules.plan import speaks_for
from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def account(uid="a", **changes):
    return Account(uid, uid, "sandbox", **{"link": Link.CONNECTED, "connected_at": NOW - 30 * DAY, **changes})


def item(choice=None, **changes):
    given = {
        "uid": "i",
        "path": "/Plone/actualites/cantine",
        "url": "https://www.ville.example/actualites/cantine",
        "portal_type": "News Item",
        "title": "Le menu",
        "subjects": ("école",),
        "language": "fr",
        "effective": NOW,
        "public": True,
        "choice": Choice(**(choice or {})),
    }
    return Item(**{**given, **changes})


def planned(news=None, accounts=None, roles=frozenset(), max_age=7 * DAY, **more):
    return plan(news or item(), accounts or [account()], roles, NOW, max_age, **more)


def test_one_for_each_account_in_their_order():
    first, second = account("b"), account("a", validation=Validation.NONE)
    assert planned(accounts=[first, second]) == (
        Planned(first, State.PENDING, NOW, 1, False),
        Planned(second, State.QUEUED, NOW, 0, False),
    )


@pytest.mark.parametrize(("effective", "at", "due"), [
    (NOW - HOUR, None, NOW),
    (None, None, NOW),
    (NOW + HOUR, None, NOW + HOUR),
    (NOW, NOW + HOUR, NOW + HOUR),
    (NOW + 2 * HOUR, NOW + HOUR, NOW + 2 * HOUR),
    (NOW + HOUR, NOW + 2 * HOUR, NOW + 2 * HOUR),
    (NOW - HOUR, NOW - DAY, NOW),
])  # fmt: skip
def test_due_is_the_latest_of_now_publication_and_schedule(effective, at, due):
    assert planned(item({"at": at}, effective=effective))[0].due == due


def test_urgent_changes_neither_date_nor_validation():
    urgent = item({"urgent": True, "at": NOW + HOUR})
    assert planned(urgent) == planned(item({"at": NOW + HOUR}))


@pytest.mark.parametrize("news", [
    item({"post": False}),
    item(working_copy=True),
    item(effective=NOW - 7 * DAY - HOUR),
    item(expires=NOW),
    item(expires=NOW + HOUR, effective=NOW + HOUR),
    item({"at": NOW + 2 * HOUR}, expires=NOW + HOUR),
])  # fmt: skip
def test_nothing_for(news):
    assert planned(news) == ()


def test_just_young_enough_and_not_expired_yet():
    assert planned(item(effective=NOW - 7 * DAY, expires=NOW + HOUR))


def test_news_from_before_the_account_was_linked_is_not_its_own():
    assert planned(accounts=[account(connected_at=NOW + HOUR)]) == ()
    assert planned(accounts=[account(connected_at=NOW)])
    later = item({"at": NOW + 2 * HOUR})
    assert planned(later, [account(connected_at=NOW + HOUR)]) == ()
    assert planned(accounts=[account(connected_at=None)])


def test_a_post_waits_for_an_account_to_reconnect_or_paused_but_not_for_a_new_one():
    broken = account("b", link=Link.RECONNECT)
    paused = account("p", pause=Pause("elections", "w", NOW - DAY))
    posts = planned(accounts=[broken, paused, account("n", link=Link.NEW)])
    assert [post.account.uid for post in posts] == ["b", "p"]


@pytest.mark.parametrize("mode", Validation)
def test_trusted_roles_skip_validation(mode):
    one = account(validation=mode, trusted=("Reviewer",))
    needed, apart = validation.needed(one)
    assert planned(accounts=[one], roles={"Reviewer", "Member"}) == (Planned(one, State.QUEUED, NOW, needed, apart),)
    assert planned(accounts=[one], roles={"Editor"})[0].state is (
        State.QUEUED if mode is Validation.NONE else State.PENDING
    )


def test_each_account_has_trusted_roles_of_its_own():
    light, strict = account("a"), account("b", trusted=(), validation=Validation.TWO)
    states = [p.state for p in planned(accounts=[light, strict], roles={"Reviewer"})]
    assert states == [State.QUEUED, State.PENDING]


@pytest.mark.parametrize(("scope", "speaks"), [
    ({}, True),
    ({"types": ("News Item",)}, True),
    ({"types": ("Event",)}, False),
    ({"sections": ("/Plone/actualites",)}, True),
    ({"sections": ("/Plone/actualites/",)}, True),
    ({"sections": ("/Plone/actualites/cantine",)}, True),
    ({"sections": ("/Plone/actu",)}, False),
    ({"sections": ("/Plone/actualites/cantine/menu",)}, False),
    ({"sections": ("/Plone/agenda", "/Plone")}, True),
    ({"subjects": ("école", "sport")}, True),
    ({"subjects": ("sport",)}, False),
    ({"languages": ("fr",)}, True),
    ({"languages": ("en", "nl")}, False),
    ({"types": ("News Item",), "subjects": ("sport",)}, False),
])  # fmt: skip
def test_what_an_account_speaks_for(scope, speaks):
    assert speaks_for(item(), account(**scope)) is speaks
    assert bool(planned(accounts=[account(**scope)])) is speaks


def test_languages_with_a_region_and_items_without_one():
    assert speaks_for(item(language="fr-be"), account(languages=("fr",)))
    assert speaks_for(item(language="fr-be"), account(languages=("fr-be",)))
    assert not speaks_for(item(language="fr"), account(languages=("fr-be",)))
    assert speaks_for(item(language=""), account(languages=("fr",)))
    assert not speaks_for(item(subjects=()), account(subjects=("sport",)))


def test_the_editors_choice_narrows_and_never_widens():
    assert speaks_for(item({"accounts": ("a", "b")}), account("a"))
    assert not speaks_for(item({"accounts": ("b",)}), account("a"))
    assert not speaks_for(item({"accounts": ()}), account("a"))
    assert not speaks_for(item({"accounts": ("a",)}), account("a", types=("Event",)))


def test_an_account_may_wait_to_be_asked():
    silent = account(by_itself=False)
    assert planned(accounts=[silent]) == ()
    assert [made.account for made in planned(accounts=[silent], on_request=True)] == [silent]


def test_what_a_person_chose_may_be_old_and_from_before_the_account():
    old = item(effective=NOW - 400 * DAY)
    assert planned(old) == ()
    (made,) = planned(old, max_age=None)
    assert made.due == NOW
    assert planned(old, accounts=[account(link=Link.NEW)], max_age=None) == ()
    assert planned(item(effective=NOW - 400 * DAY, expires=NOW), max_age=None) == ()
    assert planned(item({"post": False}), max_age=None) == ()
