"""Mastodon's length, written after its own rules: what is a link here is one there, never the other way round."""

from collective.socialterritory.text import cut
from collective.socialterritory.text import graphemes
from collective.socialterritory.text import tooted
from hypothesis import given
from hypothesis import strategies as st

import pytest
import time


FAMILY = "👨‍👩‍👧"
LONG = "https://www.mairie.example.fr/actualites/une-reunion-publique-au-sujet-de-la-cantine"


@pytest.mark.parametrize(
    "text, length",
    [
        ("", 0),
        ("Été à 20\u202fh : « œuvres » – l’éco-quartier…", 41),
        ("e\u0301te\u0301", 3),
        (f"{FAMILY}🇫🇷👍🏽", 3),
        ("a\r\nb", 3),
    ],
)
def test_graphemes_count(text, length):
    assert tooted(text) == length


@pytest.mark.parametrize(
    "link",
    [
        LONG,
        "http://a.fr",
        "HTTPS://A.FR/x",
        "https://a.fr:8443/x?y=1&z=(2)#h",
        "https://fr.wikipedia.org/wiki/Maire_(France)",
        "https://fr.wikipedia.org/wiki/A_(b_(c)_d)",
        "https://www.ville.example.fr/é/œuvre-«x»-👍",
        "https://xn--fort-ipa.fr/x",
        "https://forêt.fr/x",
        "https://a.fr/?q=été",
        "https://a.fr/x/",
    ],
)
def test_links_are_23(link):
    assert tooted(link) == 23
    assert tooted(link, 30) == 30
    assert tooted(f"Voir {link} là") == 23 + 8
    assert tooted(f"« {link} »") == 23 + 4
    assert tooted(f"{link}\n{link}") == 47


@pytest.mark.parametrize(
    "text, length",
    [
        ("https://a.fr/x.", 24),
        ("https://a.fr/x…!", 24),
        ("https://a.fr/x?!", 25),
        ("https://a.fr/x?y=1).", 25),
        ("(https://a.fr/x)", 25),
        ("https://a.fr/x.?y=1", 28),
        ("https://a.fr/x(yyyyyy", 30),
        ("https://a.fr/x)", 24),
        ("https://a.fr/x((a)b(c))", 32),
        ("https://a.fr#ancre", 29),
        ("https://a.fr?x=1", 23),
        ("https://a.fr/x<b>", 26),
    ],
)
def test_what_follows_a_link_counts(text, length):
    assert tooted(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "http://localhost:8080/Plone/actualites/une-reunion",
        "https://intranet/actualites/une-reunion-publique",
        "https://10.1.2.3/actualites/une-reunion-publique",
        "https://a.zz/actualites/une-reunion-publique-longue",
        "https://user@www.mairie.example.fr/une-reunion-publique",
        "xhttps://a.fr/actualites-une-reunion-publique-longue",
        "@https://a.fr/actualites-une-reunion-publique-longue",
        "www.mairie.example.fr/actualites-une-reunion-publique",
        "ftp://a.fr/actualites-une-reunion-publique-longue-et",
        "https:// a.fr",
    ],
)
def test_what_is_no_link_counts_in_full(text):
    assert tooted(text) == graphemes(text)


@pytest.mark.parametrize(
    "text, length",
    [
        ("@mairie@mastodon.social", 7),
        ("Merci @mairie@mastodon.social, @a.b_c@x-y.example.", 22),
        ("(@mairie@mastodon.social)", 9),
        ("@mairie", 7),
        ("mairie@mastodon.social", 22),
        ("https://mastodon.social/@mairie@other.example", 23),
        ("a/@mairie@mastodon.social", 25),
        ("@mairie@localhost", 17),
        ("@mairie@a.fr@b.fr", 17),
        ("@mairie@a.fr://x", 16),
        ("@mairie@évil.example", 20),
    ],
)
def test_mentions_count_without_their_server(text, length):
    assert tooted(text) == length


PIECES = st.sampled_from(
    [
        LONG,
        "https://a.fr/(b)",
        "@a@b.fr",
        "#été",
        FAMILY,
        "é",
        " ",
        "\n",
        ".",
        "(",
        ")",
        "?",
        "@",
        "http://",
        "…",
        "x" * 30,
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=20).map("".join))


@given(TEXTS, st.integers(1, 80), st.integers(1, 40), st.sampled_from(["", " https://b.fr/1", "\n\n@a@b.fr"]))
def test_cut_fits(text, limit, link, keep):
    shown = cut(text, limit, lambda part: tooted(part, link), 0, keep)
    assert tooted(shown, link) <= limit


@pytest.mark.parametrize(
    "piece", ["https://a.fr/(", "@a@b.", "https://", "a.", "(a)", "?.", "@a", "https://a-", f"{LONG}..? ", "\u0301"]
)
def test_hostile_texts_take_no_time(piece):
    begun = time.thread_time()
    tooted(piece * 5000)
    tooted("https://a.fr/" + piece * 5000)
    assert time.thread_time() - begun < 2
