"""What of several sources is shown, in what order, and once."""

from collective.socialterritory.feeds.model import Filters
from collective.socialterritory.feeds.rules.mix import mixed
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCHOOL = "https://town.example/news/school"


def said(number, text="", **more):
    return Entry(f"{number}", f"https://there.example/{number}", NOON + timedelta(minutes=number), text, **more)


def texts(told, **filters):
    return [entry.text for _source, entry in mixed(told, Filters(**filters))]


def test_the_newest_is_first():
    assert texts([("a", said(1, "one")), ("b", said(3, "three")), ("a", said(2, "two"))]) == ["three", "two", "one"]


def test_what_two_sources_link_to_is_shown_once_as_it_was_said_first():
    told = [("x", said(5, "School opens", link=f"{SCHOOL}?utm_source=x")), ("site", said(1, "The school", link=SCHOOL))]
    assert texts(told) == ["The school"]


def test_a_post_about_an_entry_is_that_entry():
    entry = Entry("1", f"{SCHOOL}/", NOON, "The school opens its doors")
    assert texts([("site", entry), ("x", said(5, "School!", link=SCHOOL))]) == ["The school opens its doors"]


def test_the_same_words_at_two_networks_are_one_whatever_the_links():
    told = [
        ("x", said(1, "Fête de la musique ce soir https://t.co/abc")),
        ("m", said(2, "Fete de la musique ce soir https://town.example/x")),
    ]
    assert len(texts(told)) == 1


def test_short_words_can_be_said_twice():
    assert len(texts([("x", said(1, "Merci !")), ("m", said(2, "Merci !"))])) == 2


def test_one_source_may_repeat_itself():
    told = [("x", said(1, "Reminder: the council meets", link=SCHOOL)), ("x", said(2, "Tomorrow!", link=SCHOOL))]
    assert len(texts(told)) == 2


def test_links_to_the_front_page_are_no_duplicates():
    told = [("x", said(1, "one", link="https://town.example/")), ("m", said(2, "two", link="https://town.example"))]
    assert len(texts(told)) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"words": ("ecole",)}, ["L'École ouvre"]),
        ({"tags": ("#Fete",)}, ["#fête ce soir"]),
        ({"tags": ("culture",)}, ["Concert"]),
        ({"languages": ("fr",)}, ["plain", "Concert", "#fête ce soir", "L'École ouvre"]),
        ({"images": True}, ["Concert"]),
        ({"replies": False, "reposts": False, "languages": ("de",)}, ["plain", "Konzert", "#fête ce soir"]),
    ],
)
def test_filters(filters, expected):
    told = [
        ("a", said(1, "L'École ouvre", language="fr-FR")),
        ("a", said(2, "#fête ce soir")),
        ("a", said(3, "Concert", language="fr", tags=("Culture",), images=(Image("https://x.example/a.png"),))),
        ("a", said(4, "Konzert", language="de")),
        ("a", said(5, "plain")),
        ("a", said(6, "an answer", language="en", is_reply=True)),
        ("a", said(7, "said by others", language="en", is_repost=True)),
    ]
    assert texts(told, **filters) == expected
