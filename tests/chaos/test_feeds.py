"""Scorecard row S2: no feed, however it is made, gets anything through but what is safe, or any other error out."""

from chaos.world import FULL
from collective.socialterritory.errors import ContentError
from feeds import check
from feeds import feeds
from feeds import told
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings


@settings(max_examples=10_000 if FULL else 200, deadline=None, suppress_health_check=list(HealthCheck))
@given(feeds())
def test_fuzz(body):
    try:
        feed = told(body)
    except ContentError as error:
        assert error.code == "not_a_feed"
    else:
        check(feed)
