from collective.socialterritory.address import tracked
from collective.socialterritory.dates import date_words
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
