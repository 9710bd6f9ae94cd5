"""The salts of days: one a day, random, and gone when their days are over."""

from collective.socialterritory.comments import salts
from commenting import NOW
from datetime import timedelta


TODAY = salts.today(NOW)


def test_a_day_has_one_salt_and_no_two_days_have_the_same(portal):
    assert salts.known(portal, TODAY) is None
    first = salts.salt(portal, TODAY)
    assert salts.salt(portal, TODAY) == salts.known(portal, TODAY) == first
    assert len(first) == salts.SIZE and salts.salt(portal, TODAY - timedelta(days=1)) != first


def test_salts_are_destroyed_after_their_days_and_not_before(portal):
    kept = salts.salt(portal, TODAY - timedelta(days=7))
    salts.salt(portal, TODAY - timedelta(days=8))
    assert salts.expire(portal, NOW, 7) == 1
    assert salts.known(portal, TODAY - timedelta(days=7)) == kept
    assert salts.known(portal, TODAY - timedelta(days=8)) is None
    assert salts.expire(portal, NOW, 7) == 0
