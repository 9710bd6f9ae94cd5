"""Times as people say them, and plain text as HTML."""

from collective.socialterritory.feeds.rules.ago import ago
from collective.socialterritory.markup import linked
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=-200), ("now", 0)),
        (timedelta(seconds=59), ("now", 0)),
        (timedelta(seconds=61), ("minutes", 1)),
        (timedelta(minutes=59, seconds=59), ("minutes", 59)),
        (timedelta(hours=23, minutes=59), ("hours", 23)),
        (timedelta(hours=24), ("yesterday", 1)),
        (timedelta(hours=48), ("days", 2)),
        (timedelta(days=6, hours=23), ("days", 6)),
        (timedelta(days=7), None),
        (timedelta(minutes=-6), None),
    ],
)
def test_how_long_ago(past, said):
    assert ago(NOW - past, NOW) == said


def test_text_becomes_paragraphs_and_lines():
    assert linked("one\ntwo\n\n\nthree") == "<p>one<br/>two</p><p>three</p>"


def test_a_link_says_what_it_is_for_machines():
    assert 'rel="nofollow ugc"' in linked("https://x.example/", "nofollow ugc")
    assert 'rel="nofollow"' in linked("https://x.example/")


def test_addresses_become_links_that_show_their_beginning():
    url = "https://www.town.example/" + "a" * 60
    out = linked(f"See {url} now")
    assert f'href="{url}"' in out and ">town.example/aaa" in out and "…</a> now" in out


def test_hashtags_and_mentions_stay_words():
    assert linked("#fête à @ville") == "<p>#fête à @ville</p>"


def test_nothing_in_a_text_is_markup():
    out = linked('<script>alert(1)</script> https://x.example/?a="><img src=x onerror=alert(1)> javascript:alert(1)')
    assert "<script" not in out and "<img" not in out and 'href="javascript' not in out
