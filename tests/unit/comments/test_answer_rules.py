"""Who is told of an answer."""

from collective.socialterritory.comments.rules.answers import Answer
from collective.socialterritory.comments.rules.answers import Subscription
from collective.socialterritory.comments.rules.answers import wants
from collective.socialterritory.comments.rules.answers import without
from dataclasses import replace


MINE = Subscription("u", "jeanne@town.example", (10, 20), "2026-11-23", author="mail:1", confirmed="2026-11-23")
THREADS = {10: 1, 20: 2}


def test_answers_of_one_s_threads_are_told():
    assert wants(MINE, Answer(30, 1, "mail:2", "paul@town.example"), THREADS)
    assert wants(MINE, Answer(15, 1), THREADS)
    assert not wants(MINE, Answer(30, 3), THREADS)


def test_what_was_said_before_is_no_answer():
    assert not wants(MINE, Answer(15, 2), THREADS)


def test_nobody_is_told_of_their_own_words_or_twice_or_before_they_said_yes():
    assert not wants(MINE, Answer(30, 1, "mail:1"), THREADS)
    assert not wants(MINE, Answer(30, 1, "", "Jeanne@Town.example "), THREADS)
    assert not wants(MINE, Answer(20, 1), {10: 1})
    assert not wants(replace(MINE, told=(30,)), Answer(30, 1), THREADS)
    assert not wants(replace(MINE, confirmed=""), Answer(30, 1), THREADS)


def test_comments_that_are_gone_ask_for_nothing():
    assert without(MINE, {10, 99}) == (20,)
