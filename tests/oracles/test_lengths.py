"""Are texts as long as X and Bluesky themselves find them? Thousands are asked; where we differ, it stands here."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules.compose import compose
from collective.socialterritory.networks.bluesky import network as bluesky
from collective.socialterritory.networks.x import network as x
from collective.socialterritory.plain import plain
from collective.socialterritory.text import graphemes
from collective.socialterritory.text import weighted
from datetime import date
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st
from oracles.texts import GLUED
from pathlib import Path

import json
import pytest


CORNERS = json.loads(Path(__file__).with_name("corners.json").read_text(encoding="utf-8"))
LONG = st.lists(GLUED, min_size=2, max_size=5).map(" ".join)


@settings(max_examples=3000, derandomize=True, deadline=None)
@given(GLUED)
def test_texts_are_as_long_as_there(oracle, text):
    said = oracle(text)
    assert weighted(text) == said["weightedLength"]
    assert graphemes(text) == said["graphemes"]


@pytest.mark.parametrize("text", CORNERS)
def test_corners(oracle, text):
    assert weighted(text) == oracle(text)["weightedLength"]


@pytest.mark.parametrize("char", "\ufeff\ufffe\uffff")
def test_what_x_refuses_is_taken_out(oracle, char):
    assert not oracle(f"a{char}")["valid"]
    assert oracle(plain(f"a{char}"))["valid"]


@settings(max_examples=500, derandomize=True, deadline=None)
@given(LONG)
def test_x_takes_what_fits(oracle, text):
    text = plain(text)
    assert oracle(text)["valid"] == (0 < weighted(text) <= x.limits.text)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(LONG, LONG, st.lists(GLUED, max_size=3))
def test_posts_fit_there(oracle, title, description, subjects):
    news = Item("i", "/Plone/menu", "https://ville.fr/menu", "News Item", title, description, tuple(subjects), "fr")
    account = Account("a", "A", "n", template="{title}\n\n{description}\n\n{link}\n{subjects}")
    at_x, at_bluesky = (compose(news, account, known.limits, date(2026, 3, 12)) for known in (x, bluesky))
    assert oracle(at_x.text)["valid"]
    assert oracle(at_x.text)["weightedLength"] == at_x.used
    assert oracle(at_bluesky.text)["graphemes"] == at_bluesky.used <= 300


@pytest.mark.parametrize(
    "text, ours, theirs",
    [
        # Newer than X's table
        ("🧑🏿\u200d🚒", 2, 5),
        ("🫶🏿", 2, 4),
        # No emoji that is in use
        ("👁\u200d🗨", 5, 2),
        ("👁️\u200d🗨️", 2, 5),
        ("🇫🇫", 2, 4),
        # No domain that is in use
        (f"https://{'a.' * 12}fr", 34, 23),
        (f"👍{'a' * 55}é.fr", 25, 61),
    ],
)
def test_what_x_counts_otherwise(oracle, text, ours, theirs):
    assert (weighted(text), oracle(text)["weightedLength"]) == (ours, theirs)


def test_what_bluesky_counts_otherwise(oracle):
    """A sign that joins two consonants, where the first is missing."""
    assert (graphemes("a\u094d\u0928"), oracle("a\u094d\u0928")["graphemes"]) == (1, 2)
