"""One look at a source over real HTTP: what is asked, what is kept, and what a fault costs."""

from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.feeds import fetching
from collective.socialterritory.feeds.fetching import look
from collective.socialterritory.feeds.fetching import Task
from collective.socialterritory.feeds.model import ACCOUNT
from collective.socialterritory.feeds.model import FEED
from collective.socialterritory.http import Http
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import Reading
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from feeding import Feeding
from feeding import picture

import json
import pytest


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def parse(body, headers, url):
    """Of a list of [id, image address]."""
    try:
        rows = json.loads(body)
    except ValueError:
        raise ContentError("not_a_feed") from None
    entries = [
        Entry(id, f"{url}#{id}", NOON + timedelta(minutes=number), id, images=(Image(image, "alt"),) if image else ())
        for number, (id, image) in enumerate(rows)
    ]
    return Feed("Town", url, tuple(reversed(entries)))


def draw(data, side):
    if not data.startswith(b"\xff\xd8"):
        raise ContentError("image_unfit")
    return data[:100] + str(side).encode(), "image/jpeg", side, side // 2


@pytest.fixture
def server():
    with Feeding() as server:
        yield server


@pytest.fixture
def http(server):
    return Http(allow=frozenset({server.host}), deadline=1.0)


def put(server, *rows):
    return server.put("/feed.json", json.dumps(rows))


def test_a_feed_is_asked_for_again_only_when_it_changed(server, http):
    task = Task(FEED, put(server, ["a", ""]))
    told = look(http, task, parse, draw)
    again = look(http, replace(task, etag=told.etag, modified=told.modified), parse, draw)
    assert [entry.id for entry in told.feed.entries] == ["a"] and told.etag
    assert again.feed is None and again.etag == told.etag and server.spared["/feed.json"] == 1


def test_pictures_are_fetched_once_and_named_by_what_they_are(server, http):
    url = server.put("/a.jpg", picture(), "image/jpeg")
    task = Task(FEED, put(server, ["a", url], ["b", url]))
    told = look(http, task, parse, draw)
    name = told.pictures[url]
    assert server.calls["/a.jpg"] == 1 and list(told.new) == [name] and name.endswith("-640x320")
    assert {entry.images[0].url for entry in told.feed.entries} == {name}
    again = look(http, replace(task, known=told.pictures), parse, draw)
    assert server.calls["/a.jpg"] == 1 and again.new == {} and again.feed == told.feed


def test_what_is_no_picture_is_left_out_and_not_asked_for_again(server, http):
    urls = [server.put("/page.jpg", "<html>", "text/html"), f"{server.url}/missing.jpg"]
    told = look(http, Task(FEED, put(server, ["a", urls[0]], ["b", urls[1]])), parse, draw)
    assert [entry.images for entry in told.feed.entries] == [(), ()] and told.pictures == dict.fromkeys(urls, "")
    assert told.etag


def test_a_picture_whose_server_is_down_comes_with_the_next_look(server, http):
    url = server.put("/a.jpg", picture(), "image/jpeg")
    server.script("/a.jpg", "reset_before")
    task = Task(FEED, put(server, ["a", url]))
    told = look(http, task, parse, draw)
    assert told.feed.entries[0].images == () and not told.etag
    assert look(http, replace(task, known=told.pictures), parse, draw).feed.entries[0].images[0].alt == "alt"


def test_one_look_fetches_a_bounded_number_of_pictures(server, http):
    urls = [server.put(f"/{number}.jpg", picture(), "image/jpeg") for number in range(30)]
    told = look(http, Task(FEED, put(server, *([f"{n}", url] for n, url in enumerate(urls)))), parse, draw)
    assert len(told.pictures) == fetching.NEW_PICTURES and not told.etag


def test_dead_picture_servers_do_not_hold_the_look_up(server, http):
    for number in range(9):
        server.script(f"/{number}.jpg", "reset_before")
    look(http, Task(FEED, put(server, *([f"{n}", f"{server.url}/{n}.jpg"] for n in range(9)))), parse, draw)
    assert sum(server.calls[f"/{number}.jpg"] for number in range(9)) == fetching.LOST_PICTURES


def test_a_feed_cannot_name_pictures_of_this_site(server, http):
    name = "0" * 32 + "-640x480"
    told = look(http, Task(FEED, put(server, ["a", name], ["b", "/secret"], ["c", "data:x"])), parse, draw)
    assert [entry.images for entry in told.feed.entries] == [(), (), ()]


def test_pictures_inside_are_not_fetched(server):
    inner = f"http://127.0.0.1:{server.url.rpartition(':')[2]}"
    url = put(server, ["a", "http://169.254.169.254/latest"], ["b", "http://[::1]/"], ["c", "http://10.0.0.1/x.png"])
    told = look(Http(allow=frozenset({server.host})), Task(FEED, url), parse, draw)
    assert all(not entry.images for entry in told.feed.entries) and inner in url


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "feed_gone"), (410, "feed_gone"), (403, "feed_forbidden"), (401, "feed_forbidden"), (500, "server_error")],
)
def test_refusals_have_their_words(server, http, status, code):
    url = server.put("/feed.json", "no", status=status)
    with pytest.raises(NetworkError) as raised:
        look(http, Task(FEED, url), parse, draw)
    assert raised.value.code == code and raised.value.params["host"] == "127.0.0.1"


def test_who_asks_us_to_wait_is_heard(server, http):
    server.script("/feed.json", "429")
    with pytest.raises(RateLimited) as raised:
        look(http, Task(FEED, put(server, ["a", ""])), parse, draw)
    assert raised.value.retry_after == 1


def test_youtube_forgets_channels_for_weeks():
    class Forgetful:
        def within(self, seconds):
            return self

        def get(self, url, **options):
            from collective.socialterritory.http import Answer

            return Answer(404, {}, b"", url)

    with pytest.raises(NetworkError) as raised:
        look(Forgetful(), Task(FEED, "https://www.youtube.com/feeds/videos.xml?channel_id=UC1"), parse, draw)
    assert raised.value.code == "youtube_404"


class Paid:
    """A network that takes money for each entry."""

    def __init__(self, *entries):
        self.entries = entries
        self.asked = []

    def read(self, http, credentials, limit, since=""):
        self.asked.append(since)
        return Reading(self.entries, "2", Decimal("0.01"))


class Followed:
    def follow(self, http, subject, limit):
        return Feed(
            subject, "https://x.example/@town", tuple(Entry(f"{n}", "", NOON, f"{n}") for n in range(limit + 9))
        )


def test_a_network_that_is_followed_is_asked_by_its_own_code(http):
    told = look(http, Task("mastodon", "@town", Followed()), parse, draw)
    assert told.feed.title == "@town" and len(told.feed.entries) == fetching.MOST


def test_what_was_paid_for_once_is_kept(server, http):
    one, two = (Entry(str(n), f"https://x.example/{n}", NOON + timedelta(n), f"{n}") for n in (1, 2))
    kept = Feed("", "", (replace(one, images=(Image("0" * 32 + "-640x480", "kept"),)),))
    network = Paid(two)
    told = look(http, Task(ACCOUNT, "uid", network, since="1", kept=kept), parse, draw)
    assert [entry.id for entry in told.feed.entries] == ["2", "1"] and told.feed.entries[1].images[0].alt == "kept"
    assert (network.asked, told.cost, told.since, told.whole) == (["1"], Decimal("0.01"), "2", False)
    whole = look(http, Task(ACCOUNT, "uid", network, kept=kept), parse, draw)
    assert [entry.id for entry in whole.feed.entries] == ["2"] and whole.whole
