"""Texts as people write them in French town halls, and worse, drawn by Hypothesis."""

from hypothesis import strategies as st
from itertools import product

import sys
import unicodedata


FRENCH = "L'été œuvre aujourd’hui Réunion à 20 h « » – — … 12,50 € n° e\u0301te\u0301 “ ” 1er 5 % & * ½ M. etc.".split()
OTHERS = "مرحبا بلدية ٢٠٢٦ שלום שָׁלוֹם 日本語 हिन्दी क्षि ไทย 한국어 ру́сский".split()
EMOJI = (
    *"👍 👍🏽 ✌🏿 ✌️🏿 👨‍👩‍👧 👩🏽‍🚒 🏃🏿‍♀️ 🏳️‍🌈 🏴‍☠️ 🇫🇷 🇪🇺 1️⃣ ☀ ☀️ ☀︎ ❤️ ✅ ✅️ ⭐️ 🚉️ 🎉🎉 🧑 © ™ ☎🏽 🚉🏽".split(),
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # England: X knows it
    "\U0001f3f4\U000e0066\U000e0072\U000e0062\U000e0072\U000e0065\U000e007f",  # Brittany: it does not
)
SPACES = [" ", "\n", "\n\n", "\xa0", "\u202f"]
CLOSING = ["", *".,;:!?"]

_HOSTS = [
    "a.fr",
    "ville.fr",
    "www.ville-de-truc.fr",
    "agenda.ville.bzh",
    "exämple.fr",
    "t.co",
    "localhost",
    "a.b.co.uk",
]
_PATHS = ["", "/", "/x", "/été/fête", "/wiki/Maire_(France)", "/a-b_c~d.html", "/@bob/x", "/%C3%A9", "/a,b;c"]
_QUERIES = ["", "?a=1", "?q=été&r=b%20c", "?a#b", "#h"]
LINKS = ["".join(parts) for parts in product(["https://", "http://"], _HOSTS, ["", ":8080"], _PATHS, _QUERIES)]
NAMES = ["@bob", "@ville.bsky.social", "@a.test", "@ville-de-truc.fr", "@mairie@mastodon.social"]

# What makes one emoji or syllable with its neighbours comes in whole ones alone: codes differ on halves.
_JOINING = "\u200d\u20e2\u20e3\ufe0e\ufe0f" + "".join(
    char
    for char in map(chr, range(sys.maxunicode + 1))
    if unicodedata.combining(char) == 9 or "\U0001f1e6" <= char <= "\U0001f1ff" or "\U0001f3fb" <= char <= "\U0001f3ff"
)
_WORD = st.text(st.characters(categories=["L", "M"], exclude_characters=_JOINING), min_size=1, max_size=12)
HASHTAGS = st.sampled_from(["#Été2026", "#vie_locale", "＃été", "#日本", "#مرحبا"]) | _WORD.map("#{}".format)

_PIECES = st.one_of(
    *map(
        st.sampled_from,
        (FRENCH, OTHERS, EMOJI, LINKS, NAMES, SPACES, _HOSTS, _PATHS, "#42 #Saint-Brieuc a@b.fr".split()),
    ),
    HASHTAGS,
    st.text("()[]«»\"'“”.,;:!?…/-_@#&$%*", max_size=4),
    st.text(st.characters(exclude_categories=["Cn", "Cs"], exclude_characters=_JOINING), max_size=9),
)
GLUED = st.lists(_PIECES, max_size=16).map("".join)
"""Anything next to anything"""

_ADDRESSES = [address + end for address in (*LINKS, *NAMES) for end in CLOSING]
_BRACKETED = [f"({address}){end}" for address in (*LINKS, *NAMES) if "(" not in address for end in CLOSING]
_TOKENS = st.one_of(
    *map(st.sampled_from, (FRENCH, OTHERS, EMOJI, _ADDRESSES, _BRACKETED)),
    *(_WORD, st.builds("{}{}".format, HASHTAGS, st.sampled_from([*CLOSING, "…", "»", "?!", ")."]))),
)
SPACED = st.lists(st.builds("{}{}".format, _TOKENS, st.sampled_from(SPACES)), max_size=12).map("".join)
"""Words, links, names and hashtags with spaces between them, bracketed, before punctuation"""
