"""Are links, hashtags and mentions where Bluesky itself finds them? Where we differ, it stands here."""

from collective.socialterritory.networks.facets import facets
from hypothesis import given
from hypothesis import settings
from oracles.texts import GLUED
from oracles.texts import SPACED

import pytest


def ours(text):
    """Here, any name with a domain is somebody's handle."""
    return facets(text, lambda name, seconds: name if "." in name and "@" not in name else "")


def values(found):
    return [next(value for key, value in facet["features"][0].items() if key != "$type") for facet in found]


@settings(max_examples=3000, derandomize=True, deadline=None)
@given(SPACED)
def test_bluesky_finds_the_same(oracle, text):
    assert ours(text) == oracle(text)["detected"]


@settings(max_examples=1000, derandomize=True, deadline=None)
@given(GLUED)
def test_bluesky_marks_what_we_found(oracle, text):
    """By our offsets, which are in bytes, whatever stands around."""
    found = ours(text)
    marked = oracle(text, found)["marked"]
    assert [words.lstrip("#＃@") for words in marked] == values(found)


@pytest.mark.parametrize(
    "text, here, there",
    [
        # A full stop without a space behind it makes no link.
        ("C'est fini.la suite sur ville.fr", [], ["https://fini.la", "https://ville.fr"]),
        # Signs may stand before and behind.
        ("“https://a.fr/x”", ["https://a.fr/x"], []),
        ("https://a.fr/x…", ["https://a.fr/x"], ["https://a.fr/x…"]),
        (
            "https://a.fr/x ?! https://a.fr/y?!",
            ["https://a.fr/x", "https://a.fr/y"],
            ["https://a.fr/x", "https://a.fr/y?"],
        ),
        ("(https://a.fr/x_(y))", ["https://a.fr/x_(y)"], ["https://a.fr/x_(y))"]),
        ("(#été) «@a.test»", ["été", "a.test"], []),
        # What is a link.
        ("HTTPS://a.fr/", ["HTTPS://a.fr/"], []),
        ("http://!", [], ["http://"]),
        # Hashtags are those of Mastodon and X.
        ("#Saint-Brieuc", ["Saint"], ["Saint-Brieuc"]),
        ("#vie_ #🎉 $ETE", ["vie_"], ["vie", "🎉", "$ETE"]),
    ],
)
def test_what_bluesky_finds_otherwise(oracle, text, here, there):
    assert values(ours(text)) == here
    assert values(oracle(text)["detected"]) == there
