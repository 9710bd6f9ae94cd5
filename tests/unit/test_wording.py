from collective.socialterritory.address import tracked
from collective.socialterritory.dates import date_words
from collective.socialterritory.dates import month_words
from collective.socialterritory.dates import weekday_words
from datetime import date

import pytest


DAY = date(2026, 3, 12)
URL = "https://www.town.example/fete"


@pytest.mark.parametrize(("day", "language", "words"), [
    (DAY, "fr", "12 mars 2026"),
    (DAY, "fr-be", "12 mars 2026"),
    (date(2026, 8, 1), "fr", "1er août 2026"),
    (DAY, "en", "12 March 2026"),
    (date(2026, 8, 1), "en-gb", "1 August 2026"),
    (DAY, "nl", "2026-03-12"),
    (DAY, "", "2026-03-12"),
])  # fmt: skip
def test_dates(day, language, words):
    assert date_words(day, language) == words


@pytest.mark.parametrize(("language", "weekday", "month"), [
    ("fr-be", "dimanche 1er mars", "mars 2026"),
    ("en-gb", "Sunday 1 March", "March 2026"),
    ("nl", "2026-03-01", "2026-03"),
])  # fmt: skip
def test_days_and_months_of_a_calendar(language, weekday, month):
    assert (weekday_words(date(2026, 3, 1), language, 2026), month_words(DAY, language)) == (weekday, month)


def test_a_day_of_another_year_tells_which():
    assert weekday_words(date(2027, 3, 28), "fr", 2026) == "dimanche 28 mars 2027"


@pytest.mark.parametrize(("url", "campaign", "link"), [
    (URL, "", URL),
    (URL, "utm_source=bluesky", f"{URL}?utm_source=bluesky"),
    (URL, " ?utm_source=bluesky& ", f"{URL}?utm_source=bluesky"),
    (f"{URL}?a=1", "utm_source=b&utm_medium=s", f"{URL}?a=1&utm_source=b&utm_medium=s"),
    (f"{URL}#top", "utm_source=b", f"{URL}?utm_source=b#top"),
    (f"{URL}?a=1#top", "utm_source=b", f"{URL}?a=1&utm_source=b#top"),
    (URL, "utm_campaign=fête 2026", f"{URL}?utm_campaign=f%C3%AAte%202026"),
    ("", "utm_source=b", ""),
])  # fmt: skip
def test_campaign(url, campaign, link):
    assert tracked(url, campaign) == link
