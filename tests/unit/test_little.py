"""LinkedIn's text format, against a reader of it that knows nothing of ours and cuts as LinkedIn does."""

from collective.socialterritory.networks.little import characters
from collective.socialterritory.networks.little import escaped
from collective.socialterritory.networks.little import shown
from collective.socialterritory.text import spans
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies

import pytest
import scripted_linkedin_texts as reader


RESERVED = "\\|{}@[]()<>#*_~"
PIECES = [*RESERVED, *"aé1 \n", "#a", "#a_b", "https://a.fr/", "👨‍👩‍👧", "\u0301", "＃a"]
TEXTS = strategies.lists(strategies.sampled_from(PIECES)).map("".join)


@given(TEXTS)
@example("#Fête_2026 (C#) https://a.fr/#b @a {hashtag|\\#|x} ＃tag #_ #1 #é\u0301")
@settings(max_examples=500, deadline=None)
def test_nothing_is_cut_and_hashtags_stay(text):
    little = escaped(text)
    parts = reader.parse(little)
    assert reader.shown(parts) == text
    tags = [text[span.start : span.end] for span in spans(text) if span.kind == "hashtag"]
    assert [word for kind, word in parts if kind == "hashtag"] == tags
    assert shown(little) == text
    assert shown(reader.written(parts)) == reader.shown(parts)
    assert characters(text) >= len(text)


@pytest.mark.parametrize("char", RESERVED)
def test_each_reserved_character_gets_its_backslash(char):
    assert escaped(f"a{char} b") == f"a\\{char} b"
    assert reader.shown(reader.parse(f"a{char} b")) == "a"


@pytest.mark.parametrize(
    "text, length",
    [
        ("", 0),
        ("Bonjour", 7),
        ("Été", 3),
        ("(a)", 5),
        ("#Fête", 5),
        ("#a_b", 17),
        ("＃a", 13),
        ("👍", 2),
        ("\ud83d", 1),
    ],
)
def test_what_is_counted_is_what_is_sent(text, length):
    assert characters(text) == length


@pytest.mark.parametrize(
    "little, text",
    [
        ("{hashtag|#|Été}", "#Été"),
        (r"{hashtag|\#|a\_b}", "#a_b"),
        ("{hashtag|＃|a}", "＃a"),
        ("@[Ville \\(officiel\\)](urn:li:organization:1), @[A] (urn:li:person:b)", "Ville (officiel), A"),
        ("#tag (a) {b} @c", "#tag (a) {b} @c"),
        ("a\\", "a\\"),
        ("", ""),
    ],
)
def test_what_others_wrote_is_read_as_people_see_it(little, text):
    assert shown(little) == text
