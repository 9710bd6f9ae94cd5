"""Word-level differences."""

from collective.socialterritory import diff
from hypothesis import given
from hypothesis import strategies as st

import time


TEXTS = st.text(alphabet="ab é\n\u202f👍🏽", max_size=60)


def test_words_that_changed():
    assert diff.words("Le menu de lundi", "Le menu de mardi") == (
        ("same", "Le menu de "),
        ("removed", "lundi"),
        ("added", "mardi"),
    )
    assert diff.words("Fermé demain", "Fermé dès demain") == (
        ("same", "Fermé "),
        ("added", "dès "),
        ("same", "demain"),
    )
    assert diff.words("a b c", "x y z") == (("removed", "a b c"), ("added", "x y z"))


def test_nothing_changed_or_nothing_there():
    assert diff.words("Le menu", "Le menu") == (("same", "Le menu"),)
    assert diff.words("", "") == ()
    assert diff.words("", "Le menu") == (("added", "Le menu"),)
    assert diff.words("Le menu", "") == (("removed", "Le menu"),)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(old, new):
    pairs = diff.words(old, new)
    assert "".join(text for op, text in pairs if op != "added") == old
    assert "".join(text for op, text in pairs if op != "removed") == new
    assert all(text for _, text in pairs)


def test_very_long_texts_are_not_compared():
    old, new = "la " * 30_000, "le la " * 30_000
    begun = time.thread_time()
    assert diff.words(old, new) == (("removed", old), ("added", new))
    assert diff.words(old, old) == (("same", old),)
    assert time.thread_time() - begun < 2


def test_few_words_said_again_and_again_are_not_compared_for_minutes():
    old, new = "a b " * 500, "b a a " * 333
    begun = time.thread_time()
    assert diff.words(old, new) == (("removed", old), ("added", new))
    assert time.thread_time() - begun < 2


def test_a_change_of_a_long_text_is_told_whatever_stands_around():
    before, behind = "la " * 2000, " le" * 2000
    assert diff.words(f"{before}lune{behind}", f"{before}dune{behind}") == (
        ("same", before),
        ("removed", "lune"),
        ("added", "dune"),
        ("same", behind),
    )
