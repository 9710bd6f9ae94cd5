"""Lists that webmasters write one entry a line, and the words of the catalogue's index."""

from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import known
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.rules.lines import answers
from collective.socialterritory.comments.rules.lines import reason
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.rules.tokens import tokens
from collective.socialterritory.comments.settings import REASONS

import pytest


def test_a_reason_is_said_in_the_language_of_who_reads():
    found = reason("insult | fr: Injure | en: Insult")
    assert [found.said(language) for language in ("fr", "fr-be", "en", "de")] == [
        "Injure",
        "Injure",
        "Insult",
        "Injure",
    ]


@pytest.mark.parametrize(
    "line", ["", "insult", "insult |", "| fr: x", "a b | fr: x", "insult | fr:", "insult | Injure"]
)
def test_what_is_no_reason_is_none(line):
    assert reason(line) is None


def test_reasons_keep_their_order_and_the_defaults_are_good():
    assert list(reasons(["b | fr: B", "nothing", "a | fr: A"])) == ["b", "a"]
    assert len(reasons(REASONS)) == len(REASONS)
    assert all({"fr", "en"} == set(found.words) for found in reasons(REASONS).values())


def test_ready_answers_have_a_title_and_a_text():
    assert answers(["Merci: Merci de votre avis : il est transmis.", "nothing", ": x", "y:"]) == {
        "Merci": "Merci de votre avis : il est transmis."
    }


def test_the_index_holds_a_word_for_each_thing_the_desk_filters_by():
    known_of_it = Facts(
        author="user:jeanne",
        origin="2026-11-23:abc",
        digest="d1",
        rules=("links",),
        reason="insult",
        reports=({"reason": "spam"},),
        hidden=True,
    )
    assert set(tokens(known_of_it, "u1", " Jeanne  D")) == {
        "name:jeanne d",
        "item:u1",
        "source:site",
        "author:user:jeanne",
        "text:d1",
        "origin:2026-11-23:abc",
        "reason:insult",
        "reason:spam",
        "rule:links",
        "reported",
        "hidden",
    }
    settled = Facts(source="mastodon", reports=({"settled": "x"},), remote={"id": "7"}, official=True, gone="source")
    assert set(tokens(settled, "u1")) == {
        "item:u1",
        "source:mastodon",
        "remote:mastodon:7",
        "official",
        "gone",
    }


def test_facts_of_a_later_version_are_read_without_what_is_not_known():
    assert known({"source": "bluesky", "mood": "fine"}) == Facts(source="bluesky")


def test_a_refusal_tells_what_to_mend():
    refused = Refusal("too_long", "text", most=5000)
    assert (refused.code, refused.field, refused.facts) == ("too_long", "text", {"most": 5000})
