"""How long texts become numbered posts."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost.model import Choice
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules import chain
from collective.socialterritory.crosspost.rules.compose import compose
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.text import codepoints
from datetime import date
from hypothesis import given
from hypothesis import strategies as st

import pytest
import re


LINK = "https://www.ville.example/actualites/conseil-municipal"
LIMITS = Limits(text=100, measure=codepoints, chain=True)


def fits(limit=100):
    return lambda text: len(text) <= limit


def rejoined(parts):
    return " ".join(re.sub(r" \(\d+/\d+\)$", "", part) for part in parts)


@given(st.lists(st.text("aé.,!?« »\n#", min_size=1, max_size=40), max_size=30).map(" ".join))
def test_nothing_is_lost_and_every_post_fits(text):
    parts = chain.split(text, fits(60))
    assert all(len(part) <= 60 for part in parts)
    if parts:
        assert "".join(rejoined(parts).split()) == "".join(text.split())
        assert [part.rpartition("(")[2] for part in parts] == [f"{n}/{len(parts)})" for n in range(1, len(parts) + 1)]


def test_sentences_and_paragraphs_stay_whole_where_they_can():
    text = f"{'Le conseil se réunit. ' * 3}\n\n{'La séance est publique. ' * 3}"
    first, second = chain.split(text, fits(90))
    assert first.startswith("Le conseil") and first.endswith("réunit. (1/2)")
    assert second.startswith("La séance")


def test_no_link_is_torn_and_french_spaces_hold():
    text = f"{'mot ' * 18}{LINK} « bonjour\u202f! » fin {'mot ' * 10}"
    parts = chain.split(text, fits(90))
    assert sum(LINK in part for part in parts) == 1
    assert any("bonjour\u202f!" in part for part in parts)


@pytest.mark.parametrize("text", ["x" * 200, "mot " * 600])
def test_what_makes_no_thread(text):
    assert chain.split(text, fits()) == ()


def test_more_than_nine_have_numbers_of_two_digits():
    parts = chain.split("mot " * 240, fits())
    assert 9 < len(parts) <= chain.MOST
    assert parts[-1].endswith(f"({len(parts)}/{len(parts)})")


def composed(text, **choice):
    item = Item("u", "/p", LINK, "News Item", "Titre", choice=Choice(text=text, **choice))
    return compose(item, Account("a", "Ville", "n", template="{title}\n{link}"), LIMITS, date(2026, 11, 23))


def test_the_editor_chooses():
    text = "Une phrase de plus. " * 12
    cut, thread = composed(text), composed(text, chain=True)
    assert (cut.parts, "cut" in cut.warnings) == ((), True)
    assert thread.parts[-1].endswith(f"{LINK} ({len(thread.parts)}/{len(thread.parts)})")
    assert thread.text == "\n\n".join(thread.parts)
    assert {"cut", "link_missing"}.isdisjoint(thread.warnings) and thread.over == 0
    assert thread.used == max(map(len, thread.parts)) <= 100
    assert composed("Court.", chain=True) == composed("Court.")


def test_other_cuts_are_other_bytes_for_who_approves():
    thread = composed("Une phrase de plus. " * 12, chain=True)
    assert thread.fingerprint != composed("Une phrase de plus. " * 12).fingerprint


def test_what_is_too_long_even_so_is_cut_and_told():
    assert {"no_thread", "cut"} <= set(composed("mot " * 600, chain=True).warnings)
