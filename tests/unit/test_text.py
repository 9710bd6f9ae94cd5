from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from collective.socialterritory.text import ELLIPSIS
from collective.socialterritory.text import graphemes
from collective.socialterritory.text import spans
from collective.socialterritory.text import threaded
from collective.socialterritory.text import tooted
from collective.socialterritory.text import utf8
from collective.socialterritory.text import weighted
from collective.socialterritory.text import x_links
from hypothesis import example
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

import pytest
import regex
import sys
import time


FAMILY = "👨‍👩‍👧"


def test_measures():
    text = f"e\u0301{FAMILY}🇫🇷"
    assert codepoints(text) == 9
    assert graphemes(text) == 3
    assert utf8(text) == 29


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Été à 20\u202fh…", 11),
        ("🎉", 4),
        (FAMILY, 18),
        ("🇫🇷", 8),
        ("1\ufe0f\u20e3", 7),
        ("1 #", 3),
        ("☀", 3),
        ("e\u0301", 2),
    ],
)
def test_on_threads_an_emoji_counts_its_bytes(text, length):
    assert threaded(text) == length


@pytest.mark.parametrize("char", "éœ«»–’\xa0")
def test_french_characters_that_weigh_1(char):
    assert weighted(char) == 1


@pytest.mark.parametrize("char", "…€→•\u202f")
def test_french_characters_that_weigh_2(char):
    assert weighted(char) == 2


@pytest.mark.parametrize("space", "\t\n\r \x85\xa0\u180e\u2003\u2028\u202f\u3000")
def test_any_space_parts_links_for_x(space):
    text = space.join(("ville.fr", "mot.", "(a.fr/b)", "x.bzh", "b.fr"))
    assert [text[start:end] for start, end in x_links(text)] == ["ville.fr", "a.fr/b", "x.bzh", "b.fr"]


def found(text):
    return [(span.kind, span.value) for span in spans(text)]


@pytest.mark.parametrize(
    "text, value",
    [
        ("Voir https://a.fr/x.", "https://a.fr/x"),
        ("Voir https://a.fr/x, puis", "https://a.fr/x"),
        ("(https://a.fr/x)", "https://a.fr/x"),
        ("(https://a.fr/x_(b))", "https://a.fr/x_(b)"),
        ("https://fr.wikipedia.org/wiki/Maire_(France)", "https://fr.wikipedia.org/wiki/Maire_(France)"),
        ("« https://a.fr/x »", "https://a.fr/x"),
        ("«https://a.fr/x»", "https://a.fr/x"),
        ("«\xa0https://a.fr/x\xa0»", "https://a.fr/x"),
        ("«\u202fhttps://a.fr/x\u202f»", "https://a.fr/x"),
        ("https://a.fr/x\u202f!", "https://a.fr/x"),
        ("“https://a.fr/x”", "https://a.fr/x"),
        ("https://a.fr/x…", "https://a.fr/x"),
        ("https://a.fr/été?q=1&r=à#h", "https://a.fr/été?q=1&r=à#h"),
        ("http://localhost:8080/Plone !", "http://localhost:8080/Plone"),
        ("HTTPS://A.fr/", "HTTPS://A.fr/"),
        ("[https://a.fr]", "https://a.fr"),
    ],
)
def test_where_a_link_ends(text, value):
    assert found(text) == [("link", value)]


@pytest.mark.parametrize("text", ["https://", "https://…", "xhttps://a.fr", "javascript:alert(1)", "ftp://a.fr", ""])
def test_no_link(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text, value",
    [
        ("#Été2026!", "Été2026"),
        ("#cafe\u0301s", "cafe\u0301s"),
        ("#vie_locale,", "vie_locale"),
        ("(#fête)", "fête"),
        ("#Saint-Brieuc", "Saint"),
        ("＃été", "été"),
    ],
)
def test_hashtags(text, value):
    assert found(text) == [("hashtag", value)]


@pytest.mark.parametrize("text", ["#42", "#", "a#b", "# a", "#_", "&#x27;"])
def test_no_hashtag(text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text, value",
    [
        ("@ville.bsky.social.", "ville.bsky.social"),
        ("@bob", "bob"),
        ("(@bob)", "bob"),
        ("@ville@mastodon.fr,", "ville@mastodon.fr"),
    ],
)
def test_mentions(text, value):
    assert found(text) == [("mention", value)]


@pytest.mark.parametrize("text", ["mairie@example.fr", "@", "@ bob", "https://", "a/@b"])
def test_no_mention(text):
    assert found(text) == []


def test_a_link_hides_what_lies_in_it():
    assert found("https://a.fr/@bob#tag #vrai") == [("link", "https://a.fr/@bob#tag"), ("hashtag", "vrai")]


def test_offsets_are_code_points():
    (span,) = spans(f"{FAMILY} #été")
    assert (span.start, span.end) == (6, 10)


def test_what_fits_stays():
    assert cut("Bonjour", 7, codepoints) == "Bonjour"
    assert cut("Bonjour" * 100, 0, codepoints) == "Bonjour" * 100


def test_cut_after_a_word():
    assert cut("Le conseil municipal, demain soir", 24, codepoints) == "Le conseil municipal…"
    assert cut("Réunion à 20 h (salle des fêtes)", 17, codepoints) == "Réunion à 20 h…"


def test_one_long_word_is_cut_at_a_grapheme():
    assert cut(FAMILY * 10, 3, graphemes) == FAMILY * 2 + "…"


def test_byte_limit():
    assert cut("é" * 400, 300, graphemes, 21) == "é" * 9 + "…"


def test_never_inside_a_link_hashtag_or_mention():
    assert cut("Voir https://a.fr/abcdef maintenant", 20, codepoints) == "Voir…"
    assert cut("https://a.fr/abcdef", 10, codepoints) == ""
    assert cut("#conseilmunicipal", 10, codepoints) == ""
    assert cut("@ville.bsky.social", 10, codepoints) == ""


def test_a_space_parts_a_link_from_the_ellipsis():
    assert cut("https://a.fr/abc puis la suite", 20, codepoints) == "https://a.fr/abc …"


def test_keep_stays_whole():
    keep = "\n\nhttps://a.fr/x"
    assert cut("Le conseil municipal se réunit", 30, codepoints, keep=keep) == "Le conseil…" + keep
    assert cut("Le conseil" + keep, 99, codepoints, keep=keep) == "Le conseil" + keep
    assert cut("Conseilmunicipal", 14, codepoints, keep=keep) == "https://a.fr/x"
    assert cut("Conseilmunicipal", 13, codepoints, keep=keep) == ""


def test_long_texts_take_no_time():
    started = time.thread_time()
    assert cut("mot " * 20_000, 63_206, codepoints)
    assert cut("é" * 30_000, 280, weighted)
    weighted("a." * 5_000)
    weighted("a.fr/" + "(a)" * 8_000)
    spans("(" * 20_000 + "https://a.fr/" + ")" * 20_000)
    assert time.thread_time() - started < 10


def work(function, *args):
    """The calls, and the steps of generators, that a call takes."""
    steps = []
    sys.setprofile(lambda frame, event, arg: steps.append(getattr(arg, "__name__", event)))
    try:
        function(*args)
    finally:
        sys.setprofile(None)
    return steps


@pytest.mark.parametrize("piece", ["#a ", "mot ", "- ", "https://a.fr ", "@a.fr, "])
def test_a_text_twice_as_long_takes_twice_the_work(piece):
    once, twice = (len(work(cut, piece * n, 300, codepoints)) for n in (400, 800))
    assert twice < 2.5 * once


def test_the_parentheses_of_a_link_are_counted_once():
    assert work(spans, "https://a.fr/" + ")" * 400).count("count") < 10


@pytest.mark.parametrize("piece", ["mot ", "é"])
def test_what_lies_far_beyond_the_limit_is_measured_once(piece):
    measured = []

    def measure(text):
        measured.append(len(text))
        return len(text)

    text = piece * 50_000
    assert cut(text, 300, measure).endswith("…")
    assert measured[0] == len(text)
    assert max(measured[1:]) < 1000
    assert len(measured) < 30


CHARS = "aéß\u0301\u200d \n\t.,;:!?…()«»\u202f\xa0-#@👍"
PIECES = [*CHARS, FAMILY, "🇫🇷", "1️⃣", "क्षि", "https://a.fr/x_(y)", "#Été", "#fête_42", "@a.bsky.social"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.text(max_size=80))
MEASURES = st.sampled_from([codepoints, graphemes, weighted, tooted])


@settings(max_examples=400, deadline=None)
@given(TEXTS, st.integers(1, 60), MEASURES, st.integers(0, 120), st.sampled_from(["", " https://b.fr/1", "\n\n#fin"]))
@example("é #conseil municipal", 8, graphemes, 0, "")
def test_cut_fits_and_breaks_nothing(text, limit, measure, limit_bytes, keep):
    shown = cut(text, limit, measure, limit_bytes, keep)
    assert measure(shown) <= limit
    assert not limit_bytes or utf8(shown) <= limit_bytes
    whole = text.removesuffix(keep) + keep
    if measure(whole) <= limit and (not limit_bytes or utf8(whole) <= limit_bytes):
        assert shown == whole
    elif shown and shown != keep.strip():
        assert shown.endswith(ELLIPSIS + keep)
        head = shown[: len(shown) - len(ELLIPSIS + keep)]
        if not text.startswith(head):
            head = head[:-1]
        assert text.startswith(head)
        assert len(head) in {0, *(m.end() for m in regex.finditer(r"\X", text))}
        assert not any(span.start < len(head) < span.end for span in spans(text.removesuffix(keep)))


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_spans_are_ordered_and_true(text):
    end = 0
    for span in spans(text):
        assert end <= span.start < span.end
        end = span.end
        mark = {"link": "", "hashtag": text[span.start], "mention": "@"}[span.kind]
        assert text[span.start : span.end] == mark + span.value
