"""The order of comments, how far they are indented, and the pages they come in."""

from collective.socialterritory.comments.rules.threads import ordered
from collective.socialterritory.comments.rules.threads import page
from collective.socialterritory.comments.rules.threads import page_of
from collective.socialterritory.comments.rules.threads import starts
from hypothesis import given
from hypothesis import strategies as st

import pytest


def talk(parents):
    """The children of a conversation: `parents` has for each id what it answers."""
    children = {}
    for id, parent in sorted(parents.items()):
        children.setdefault(parent, []).append(id)
    return lambda id: children.get(id, ())


def rows(parents, depth=3, seen=None):
    return ordered(talk(parents), set(parents) if seen is None else seen, depth)


def test_answers_stand_below_what_they_answer():
    found = rows({1: 0, 2: 0, 3: 1, 4: 3, 5: 1})
    assert [(row.id, row.level, row.parent) for row in found] == [(1, 0, 0), (3, 1, 1), (4, 2, 3), (5, 1, 1), (2, 0, 0)]
    assert not any(row.flat for row in found)


def test_what_is_deeper_stands_level_and_in_the_order_it_was_written():
    found = rows({1: 0, 2: 1, 3: 2, 5: 3, 4: 2, 6: 4}, depth=1)
    assert [(row.id, row.level, row.flat) for row in found] == [
        (1, 0, False),
        (2, 1, False),
        (3, 1, True),
        (4, 1, True),
        (5, 1, True),
        (6, 1, True),
    ]
    assert {row.id: row.parent for row in found}[6] == 4


def test_an_answer_below_what_is_hidden_stands_nowhere():
    assert [row.id for row in rows({1: 0, 2: 1, 3: 2, 4: 0}, seen={1, 3, 4})] == [1, 4]
    assert [row.id for row in rows({1: 0, 2: 1, 3: 2, 4: 3}, depth=1, seen={1, 2, 4})] == [1, 2]


def test_a_page_ends_between_conversations():
    found = rows({1: 0, 2: 0, 3: 0, 4: 3, 5: 0, 6: 0})
    assert [row.id for row in found] == [1, 2, 3, 4, 5, 6]
    begins = starts(found, 3)
    assert begins == [0, 4]
    assert [row.id for row in page(found, begins, 1)] == [1, 2, 3, 4]
    assert [row.id for row in page(found, begins, 2)] == [5, 6]


def test_a_long_conversation_goes_on_on_the_next_page_and_says_what_it_answers():
    found = rows({1: 0, **dict.fromkeys(range(2, 12), 1)})
    begins = starts(found, 2)
    assert begins == [0, 4, 8]
    assert not any(row.flat for row in page(found, begins, 1))
    assert [(row.id, row.parent, row.flat) for row in page(found, begins, 3)] == [
        (9, 1, True),
        (10, 1, True),
        (11, 1, True),
    ]


@pytest.mark.parametrize(("id", "number"), [(1, 1), (4, 1), (5, 2), (6, 2), (7, 0)])
def test_each_comment_has_its_page(id, number):
    found = rows({1: 0, 2: 0, 3: 0, 4: 3, 5: 0, 6: 0})
    assert page_of(found, starts(found, 3), id) == number


def test_nothing_is_one_page():
    assert starts([], 20) == [0] and page([], [0], 1) == []


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(0, 4), st.integers(1, 6))
def test_each_comment_stands_on_one_page_below_what_it_answers(answered, depth, size):
    parents = {id: min(parent, id - 1) for id, parent in enumerate(answered, start=1)}
    found = rows(parents, depth)
    begins = starts(found, size)
    pages = [page(found, begins, number) for number in range(1, len(begins) + 1)]
    assert sorted(row.id for one in pages for row in one) == sorted(parents)
    assert max(map(len, pages)) <= 2 * size
    places = {row.id: number for number, row in enumerate(found)}
    for one in pages:
        level = -1
        for row in one:
            assert row.level <= max(depth, 0) and (row.flat or row.level <= level + 1)
            assert not row.parent or places[row.parent] < places[row.id]
            level = row.level


def test_a_conversation_of_thousands_is_no_deep_recursion():
    assert len(rows({id: id - 1 for id in range(1, 5001)}, depth=10)) == 5000
