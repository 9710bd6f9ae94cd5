"""Dates as feeds write them."""

from collective.socialterritory.feeds.rules.dates import published
from collective.socialterritory.feeds.rules.dates import since_1970
from datetime import datetime
from feeds import one
from feeds import rss

import pytest


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "written, when",
    [
        ("Mon, 02 Nov 2026 10:00:00 +0100", "2026-11-02T09:00Z"),
        ("Tue, 03 Mar 2026 10:00:00 EST", "2026-03-03T15:00Z"),
        ("2026-11-02T10:00:00+01:00", "2026-11-02T09:00Z"),
        ("2026-11-02", "2026-11-02T00:00Z"),
        ("mar. 3 nov. 2026 à 10h30", "2026-11-03T09:30Z"),
        ("mardi 3 novembre 2026 10:30:15", "2026-11-03T09:30:15Z"),
        ("mar., 03 févr. 2026 10:30:00 +0100", "2026-02-03T09:30Z"),
        ("1er août 2026", "2026-07-31T22:00Z"),
        ("1er mai 2026, 8 h", "2026-05-01T06:00Z"),
        ("3 mars 2026 10:00 CET", "2026-03-03T09:00Z"),
        ("12 déc. 2026", "2026-12-11T23:00Z"),
        ("Le 14/07/2026 à 22h", "2026-07-14T20:00Z"),
        ("03/11/2026 09:05 -0300", "2026-11-03T12:05Z"),
        ("03.11.2026", "2026-11-02T23:00Z"),
    ],
)
def test_written(written, when):
    assert one(rss(f"<item><title>Un</title><pubDate>{written}</pubDate></item>")).published == at(when)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "hier",
            "31/02/2026",
            "32 novembre 2026",
            "3 brumaire 2026",
            "3 juin 2026 25:99",
            "3 juin 2026 10:00 +9900",
        ),
        *("0001-01-01T00:00:00", "Thu, 01 Jan 1970 00:00:00 GMT", "1 Nov 99999"),
        *("10:00", "10:26 GMT", "2026-99-99T00:00:00Z", "2026-11", "-11-02"),  # feedparser would fill in today's
    ],
)
def test_no_date(written):
    assert one(rss(f"<item><title>Un</title><pubDate>{written}</pubDate></item>")).published.year == 1970


def test_iso_without_a_format_of_its_own():
    assert published("2026-11-02T10:00:00Z") == published(" 2026-11-02T10:00:00 ") == at("2026-11-02T10:00Z")
    assert published(None) is published(12) is published("x" * 10**6) is None


def test_seconds():
    assert since_1970(1_790_000_000) == at("2026-09-21T14:13:20Z")
    assert (
        since_1970(10**400) is since_1970(float("nan")) is since_1970("x") is since_1970(0) is since_1970(None) is None
    )
