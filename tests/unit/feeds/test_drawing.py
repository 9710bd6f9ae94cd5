"""How an entry is drawn: every word of others is text, every address is of this site or the web."""

from collective.socialterritory.feeds.rules.drawing import address
from collective.socialterritory.feeds.rules.drawing import drawn
from collective.socialterritory.feeds.rules.drawing import Place
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import UNDATED
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from html.parser import HTMLParser

import pytest


SITE, SOURCE = "https://town.example", "https://town.example/feeds/news"
PLACE = Place(SITE, SOURCE, "News", "Mastodon", "<svg></svg>", "Read the original", "list")
PICTURE = f"{'0' * 32}-640x480"
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
ENTRY = Entry("1", "https://m.example/1", WHEN, "Text", "@town", "fr", title="Title", avatar=PICTURE)
ENTRY = replace(ENTRY, images=(Image(PICTURE, "A fair"),))


class Seen(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def test_an_entry():
    seen = Seen(drawn(ENTRY, PLACE, "<p>Text</p>", "2 h ago", "22 November"))
    assert "".join(seen.words).split() == "@town Mastodon 2 h ago Read the originalTitleText".split()
    assert seen.all("article") == [{"class": "social-entry", "lang": "fr"}]
    assert [link["href"] for link in seen.all("a")] == ["https://m.example/1"] * 2
    assert seen.all("time") == [{"datetime": WHEN.isoformat(), "title": "22 November"}]
    avatar, image = seen.all("img")
    assert avatar["alt"] == "" and image["alt"] == "A fair"
    assert {avatar["src"], image["src"]} == {f"{SOURCE}/@@social-media/{PICTURE}"}
    assert (image["width"], image["height"]) == ("640", "480")


def test_what_an_entry_lacks_is_not_drawn():
    bare = Entry("1", "https://m.example/1", UNDATED, "")
    seen = Seen(drawn(bare, PLACE, "", "", ""))
    assert "".join(seen.words).split() == ["News", "Mastodon", "Read", "the", "original"]
    assert not seen.all("time") + seen.all("img") + seen.all("p") + seen.all("div")
    assert {"class": ""} in seen.all("span"), "without a date the link needs its words"
    assert "lang" not in seen.all("article")[0]


def test_the_compact_layout_has_no_pictures_but_faces():
    assert len(Seen(drawn(ENTRY, PLACE._replace(layout="compact"), "", "now", "now")).all("img")) == 1


def test_a_picture_of_this_site_tells_no_size():
    (_avatar, image) = Seen(drawn(replace(ENTRY, images=(Image("/a.jpg"),)), PLACE, "", "now", "now")).all("img")
    assert image["src"] == f"{SITE}/a.jpg" and "width" not in image


def test_no_picture_is_asked_of_another_host():
    there = "https://tracker.example/a.gif"
    entry = replace(ENTRY, avatar=there, images=(Image(there),))
    assert not Seen(drawn(entry, PLACE, "", "now", "now")).all("img")


EVIL = "\"><script>alert(1)</script>'<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("name", ["url", "author", "language", "title", "avatar", "alt", "image", "network", "when"])
def test_nothing_that_others_say_is_markup(name):
    entry, place, when = ENTRY, PLACE, "now"
    if name in ("alt", "image"):
        entry = replace(entry, images=(Image(f"/{EVIL}" if name == "image" else PICTURE, EVIL),))
    elif name == "network":
        place = place._replace(network=EVIL, title=EVIL, original=EVIL)
    elif name == "when":
        when = EVIL
    else:
        entry = replace(entry, **{name: f"/{EVIL}" if name in ("url", "avatar") else EVIL})
    seen = Seen(drawn(entry, place, "", when, when))
    assert len(seen.tags) == len(Seen(drawn(ENTRY, PLACE, "", "now", "now")).tags)
    assert not any(attribute.startswith("on") for _tag, attributes in seen.tags for attribute in attributes)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "mailto:a@b"])
def test_other_addresses_lead_nowhere(url):
    assert address(SITE, SOURCE, url) == ""
