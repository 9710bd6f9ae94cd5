"""Feeds in JSON."""

from collective.socialterritory.networks.entries import Image
from datetime import datetime
from datetime import UTC
from feeds import check
from feeds import told

import json


VIDEOS = "https://api.dailymotion.com/user/ville/videos?fields=id,title"


def as_feed(*items, **fields):
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Ville", "items": items} | fields)


def test_json_feed():
    item = {
        "id": "1",
        "url": "/un",
        "title": "Un <b>",
        "content_html": "<p>Bonjour <script>x</script></p>",
        "content_text": "Autre",
        "date_published": "2026-11-02T10:00:00+01:00",
        "authors": [{"name": "Mairie", "avatar": "/m.png"}],
        "tags": ["fête", 3, None],
        "attachments": [{"url": "/a.jpg", "mime_type": "image/jpeg", "title": "Place"}, {"url": "/a.mp3"}, 1],
        "image": "/main.jpg",
    }
    feed = told(as_feed(item, home_page_url="/", icon="/i.png", language="fr"))
    assert (feed.title, feed.url, feed.avatar) == ("Ville", "https://town.example/", "https://town.example/i.png")
    (entry,) = feed.entries
    assert (entry.title, entry.text, entry.html) == ("Un <b>", "Bonjour", "<p>Bonjour </p>")
    assert (entry.author, entry.avatar) == ("Mairie", "https://town.example/m.png")
    assert (entry.language, entry.tags) == ("fr", ("fête",))
    assert entry.published == datetime(2026, 11, 2, 9, tzinfo=UTC)
    assert entry.images == (Image("https://town.example/a.jpg", "Place"),)


def test_version_1_and_text_alone():
    item = {"content_text": "un\n\ndeux", "external_url": "https://a.example/", "banner_image": "/b.jpg"}
    feed = told(as_feed(item, version="http://jsonfeed.org/version/1", author={"name": "Mairie", "avatar": "/m.png"}))
    (entry,) = feed.entries
    assert (entry.text, entry.html, entry.author, feed.avatar) == ("un\n\ndeux", "", "Mairie", entry.avatar)
    assert (entry.url, entry.images) == ("https://a.example/", (Image("https://town.example/b.jpg"),))


def test_values_of_the_wrong_kind_are_as_good_as_absent():
    names = "url title content_html content_text date_published authors author tags attachments image language"
    wrong = [dict.fromkeys(names.split(), value) for value in (1, None, [], [1], {}, {"a": 1}, True, 1e400)]
    feed = told(as_feed(*wrong, 1, None, home_page_url=3, authors=4, author=[], icon=5))
    check(feed)
    assert told(as_feed(items="x")).entries == ()


def test_a_mark_in_front_and_halves_of_characters():
    body = b"\xef\xbb\xbf" + as_feed({"content_html": "<b>\ud800</b>", "title": "\udfff", "url": "/\ud800"}).encode()
    feed = told(body)
    check(feed)
    assert feed.entries[0].text == "?"


def test_dailymotion():
    row = {
        "id": "x1",
        "title": "Vœux",
        "description": "Le maire<br />et vous",
        "created_time": 1_790_000_000,
        "thumbnail_240_url": "https://s.example/240",
        "thumbnail_720_url": "https://s.example/720",
        "thumbnail_1080_url": None,
        "owner.screenname": "Ville TV",
        "owner.avatar_80_url": "https://s.example/80",
        "tags": ["vœux"],
        "language": "fr",
    }
    feed = told(json.dumps({"page": 1, "list": [row, {"url": "https://dai.ly/x2"}, {}]}), url=VIDEOS)
    assert (feed.title, feed.url, feed.avatar) == (
        "Ville TV",
        "https://www.dailymotion.com/ville",
        "https://s.example/80",
    )
    entry = feed.entries[0]
    assert (entry.url, entry.title, entry.text) == ("https://www.dailymotion.com/video/x1", "Vœux", "Le maire\net vous")
    assert entry.published == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)
    assert (entry.images, entry.author, entry.language) == ((Image("https://s.example/720"),), "Ville TV", "fr")
    assert feed.entries[1].url == "https://dai.ly/x2"
    check(feed)


def test_dailymotion_without_videos():
    feed = told('{"list": []}', url=VIDEOS)
    assert (feed.title, feed.url, feed.entries) == ("ville", "https://www.dailymotion.com/ville", ())
