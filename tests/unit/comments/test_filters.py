"""What a moderator wants to see, as an address says it."""

from collective.socialterritory.comments.rules.filters import Filters
from collective.socialterritory.comments.rules.filters import filters
from collective.socialterritory.comments.rules.filters import search
from collective.socialterritory.comments.rules.filters import Show
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read(**said):
    return filters(lambda name: said.get(name, ""), ["/sport"])


def test_what_an_address_says():
    found = read(show="spam", q=" bancs ", source="mastodon", section="/sport", reason="hate", age="day", author="Luc")
    assert found == Filters(Show.SPAM, "bancs", "mastodon", "/sport", "hate", "day", "Luc")
    assert found.narrowed and not Filters(Show.SPAM).narrowed


def test_what_means_nothing_is_left_out():
    assert read(show="all", section="/secret", age="1 day") == Filters()


@pytest.mark.parametrize(
    "wanted,tokens",
    [
        (Filters(), []),
        (Filters(Show.REPORTED), ["reported"]),
        (Filters(source="site", reason="hate"), ["source:site", "reason:hate"]),
        (Filters(author="mail:1f"), ["author:mail:1f"]),
        (Filters(author=" Jean  Luc"), ["name:jean luc"]),
    ],
)
def test_the_words_that_the_index_is_asked_for(wanted, tokens):
    assert wanted.tokens() == tokens


def test_ages():
    assert Filters().between(NOW) == (None, None)
    assert Filters(age="week").between(NOW) == (NOW - timedelta(days=7), None)
    assert Filters(age="old").between(NOW) == (None, NOW - timedelta(days=7))


@pytest.mark.parametrize(
    "typed,asked",
    [("", ""), ("banc", "banc*"), ("Le banc !", "Le* AND banc*"), ('a AND ("b* or not', "a* AND b*"), ("(*", "")],
)
def test_words_for_the_text_index(typed, asked):
    assert search(typed) == asked
