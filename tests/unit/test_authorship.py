"""What makes somebody an author of an item's posts."""

from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import ImageSource
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules import authorship
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest


PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 3, 11, 23, 30, tzinfo=UTC)  # the 12th in Paris
ITEM = Item("i", "/s/i", "https://ville.fr/i", "News Item", "Cantine")
PICTURE = ImageSource("d1", "image/jpeg", 800, 600, 1000)


def changed(before, after, dated=True, today="2026-03-12"):
    return authorship.changed(authorship.said(before, PARIS), authorship.said(after, PARIS), today, lambda: dated)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Autre"},
        {"description": "Autre"},
        {"subjects": ("fête",)},
        {"language": "fr"},
        {"path": "/s/ailleurs/i"},
        {"images": (PICTURE,)},
        {"choice": Choice(text="À table")},
        {"choice": Choice(texts={"a": "À table"})},
    ],
)
def test_whatever_can_be_said_counts(fields):
    assert changed(ITEM, replace(ITEM, **fields))
    assert not changed(replace(ITEM, **fields), replace(ITEM, **fields))


def test_a_caption_and_other_bytes_of_the_image_count():
    with_picture = replace(ITEM, images=(PICTURE,))
    assert changed(with_picture, replace(ITEM, images=(replace(PICTURE, caption="Des pommes"),)))
    assert changed(with_picture, replace(ITEM, images=(replace(PICTURE, digest="d2"),)))


@pytest.mark.parametrize(
    "fields",
    [
        {"url": "https://www.ville.fr/i"},  # a setting of the site, changed by nobody who writes
        {"expires": NIGHT},
        {"public": True},
        {"choice": Choice(post=False, accounts=("a",), urgent=True)},
    ],
)
def test_what_is_not_said_does_not(fields):
    assert not changed(ITEM, replace(ITEM, **fields))


def test_the_date_counts_where_it_is_said():
    later = replace(ITEM, effective=datetime(2026, 4, 1, 12, tzinfo=UTC))
    planned = replace(ITEM, choice=Choice(at=datetime(2026, 4, 1, 12, tzinfo=UTC)))
    for other in (later, planned):
        assert changed(ITEM, other) and changed(other, ITEM)
        assert not changed(ITEM, other, dated=False)
    assert not changed(later, replace(planned, effective=later.effective))


def test_publishing_gives_the_day_and_changes_nothing():
    assert not changed(ITEM, replace(ITEM, effective=NIGHT))
    assert changed(ITEM, replace(ITEM, effective=NIGHT), today="2026-03-11")
    assert changed(replace(ITEM, effective=datetime(2026, 4, 1, tzinfo=UTC)), replace(ITEM, effective=NIGHT))


def test_the_day_is_that_of_publication_else_the_editor_s_else_today():
    first, second = (datetime(2026, month, 1, 12, tzinfo=UTC) for month in (4, 5))
    planned = replace(ITEM, choice=Choice(at=first))
    days = [
        authorship.said_day(item, NIGHT, PARIS).isoformat()
        for item in (ITEM, planned, replace(planned, effective=second))
    ]
    assert days == ["2026-03-12", "2026-04-01", "2026-05-01"]
