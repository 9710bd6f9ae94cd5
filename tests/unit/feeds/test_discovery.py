"""What a pasted address is, asked of servers on this machine."""

from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Transient
from collective.socialterritory.feeds.discovery import recognise
from collective.socialterritory.feeds.files import refusal
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks import bluesky
from collective.socialterritory.networks import mastodon
from collective.socialterritory.networks.entries import Feed
from faults import Faulty
from faults import Said
from scripted import Scripted
from scripted_mastodon import ScriptedMastodon
from urllib.parse import urlsplit

import pytest
import time


RSS = Said(200, b'<?xml version="1.0"?><rss><title>Ville</title></rss>', "application/rss+xml")
FOLLOWS = {"bluesky": bluesky.network, "mastodon": mastodon.network}


class Site(Faulty):
    """Pages and feeds by path and query; everything else is not there, as a page says."""

    def __init__(self, **pages):
        super().__init__()
        self.pages = pages

    def method(self, verb, path):
        return path

    def carry_out(self, verb, path, query, headers, sent):
        assert (verb, sent) == ("GET", b"")
        assert headers["user-agent"] == "collective.socialterritory"
        assert "authorization" not in headers and "cookie" not in headers
        return self.pages.get(f"{path}?{query}" if query else path, Said(404, b"<!DOCTYPE html>404", "text/html"))

    def trouble(self, fault):
        return Said(429 if fault == "429" else 500, b"", headers={"Retry-After": "7"} if fault == "429" else {})


@pytest.fixture
def site():
    with Site() as site:
        yield site


@pytest.fixture
def http(site):
    return Http(allow=frozenset({site.host}))


def parse(body, headers, url):
    """As strict as the real one about what is no feed."""
    assert all(name == name.lower() for name in headers)
    if b"<rss>" not in body:
        raise ContentError("not_a_feed", host=urlsplit(url).hostname)
    return Feed(body.partition(b"<title>")[2].partition(b"<")[0].decode(), url, ())


def page(*links):
    named = "".join(f'<link rel="alternate" type="application/rss+xml" href="{one}">' for one in links)
    return Said(200, f"<!DOCTYPE html><html><head>{named}</head><p>Bonjour".encode(), "text/html")


@pytest.fixture
def look(http):
    return lambda typed: recognise(http, typed, FOLLOWS, parse)


def caught(look, typed):
    with pytest.raises(SocialError) as info:
        look(typed)
    return info.value


def test_a_feed(site, look):
    site.pages["/rss?a=1"] = RSS
    found = look(f"{site.url}/rss?a=1")
    assert (found.kind, found.where, found.feed.title) == ("feed", f"{site.url}/rss?a=1", "Ville")
    assert site.calls.total() == 1


def test_a_page_that_names_its_feed(site, look):
    site.pages |= {"/actualites": page("/gone", "feeds/rss"), "/feeds/rss": RSS}
    found = look(f"{site.url}/actualites")
    assert (found.kind, found.where, found.feed.title) == ("feed", f"{site.url}/feeds/rss", "Ville")


def test_a_feed_that_calls_itself_a_page(site, look):
    site.pages["/rss"] = Said(200, RSS.body, "text/html")
    assert look(f"{site.url}/rss").kind == "feed"


def test_a_page_that_has_moved(site, look):
    site.pages |= {"/": Said(301, b"", headers={"Location": "/fr/"}), "/fr/": page("rss"), "/fr/rss": RSS}
    assert look(site.url).where == f"{site.url}/fr/rss"


def test_a_page_without_a_feed(site, look):
    site.pages["/"] = page()
    error = caught(look, f"{site.url}/")
    assert (type(error), error.code) == (ContentError, "no_feed_found")
    assert error.params == {"host": "127.0.0.1", "tried": f"{site.url}/"}


def test_no_page_and_no_feed(site, look):
    site.pages["/carte.pdf"] = Said(200, b"%PDF-1.7", "application/pdf")
    assert caught(look, f"{site.url}/carte.pdf").code == "not_a_feed"


def test_a_page_whose_feeds_are_pages_again_ends(site, look):
    site.pages["/"] = page(*(f"/{number}" for number in range(50)))
    site.pages |= {f"/{number}": page("/", "/0") for number in range(50)}
    assert caught(look, f"{site.url}/").code == "no_feed_found"
    assert site.calls.total() == 4


def test_a_page_does_not_lead_to_what_only_people_may_ask_for(site, look):
    """Allowed is what a person types, not what a page elsewhere names."""
    with Site() as elsewhere:
        site.pages["/"] = page(f"{elsewhere.url}/rss")
        elsewhere.pages["/rss"] = RSS
        http = Http(allow=frozenset({site.host, elsewhere.host}))
        error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), site.url)
        assert error.code in ("forbidden_port", "forbidden_address")
        assert elsewhere.calls.total() == 0
        assert recognise(http, f"{elsewhere.url}/rss", FOLLOWS, parse).kind == "feed"


@pytest.mark.parametrize(
    "where", ["http://127.0.0.1:9/", "http://169.254.169.254/x", "http://[::1]/", "http://10.0.0.1"]
)
def test_a_private_host_is_told(look, where):
    assert caught(look, where).code in ("forbidden_address", "forbidden_port")


@pytest.mark.parametrize(
    "status, kind, code",
    [
        (401, Rejected, "feed_forbidden"),
        (403, Rejected, "feed_forbidden"),
        (404, Rejected, "feed_gone"),
        (410, Rejected, "feed_gone"),
        (304, Transient, "server_error"),
        (429, RateLimited, "rate_limited"),
        (503, Transient, "server_error"),
    ],
)
def test_what_a_server_says_instead(site, look, status, kind, code):
    site.pages["/rss"] = Said(status, b"", headers={"Retry-After": "7"})
    error = caught(look, f"{site.url}/rss")
    assert (type(error), error.code) == (kind, code)
    assert getattr(error, "retry_after", 7) == 7


def test_youtube_is_known_to_forget_channels_for_a_while():
    said = Answer(404, {}, b"", "https://www.youtube.com/feeds/videos.xml?channel_id=x")
    assert refusal(said).code == "youtube_404"
    assert refusal(Answer(404, {}, b"", "https://notyoutube.com/")).code == "feed_gone"


def test_all_calls_share_one_deadline(site, http, monkeypatch):
    monkeypatch.setattr("collective.socialterritory.feeds.discovery.DEADLINE", 0.6)
    site.pages["/@mairie"] = page("/rss")
    site.delay = 0.25
    begun = time.monotonic()
    error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), f"{site.url}/@mairie")
    assert (type(error), error.code) == (Transient, "read_timeout")
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("fault", ["reset_before", "html_502", "drip", "timeout_before"])
def test_nothing_is_a_doubt(site, http, look, fault):
    http.deadline = 0.5
    site.pages["/rss"] = Said(200, RSS.body, "application/rss+xml")
    site.script("/rss", fault)
    assert isinstance(caught(look, f"{site.url}/rss"), Transient)
    assert look(f"{site.url}/rss").kind == "feed"


# Networks


@pytest.fixture
def town(monkeypatch):
    with ScriptedMastodon() as server:
        account = server.account("mairie")
        server.say(account, "Bonjour #fête")
        yield server


def test_an_account_and_a_hashtag_of_mastodon(town):
    http = Http(allow=frozenset({town.host}))
    found = recognise(http, f"{town.url}/@Mairie/with_replies", FOLLOWS, parse)
    assert (found.kind, found.where) == ("mastodon", f"{town.url}/@mairie")
    assert [entry.text for entry in found.feed.entries] == ["Bonjour #fête"]
    assert recognise(http, f"{town.url}/tags/fête", FOLLOWS, parse).feed.title == "#fête"


def test_an_account_of_bluesky(monkeypatch):
    with Scripted() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        account = server.account("mairie.example")
        server.say(account, "Bonjour")
        http = Http.from_environment()
        found = recognise(http, "@mairie.example", FOLLOWS, parse)
        assert (found.kind, found.where) == ("bluesky", "https://bsky.app/profile/mairie.example")
        assert [entry.text for entry in found.feed.entries] == ["Bonjour"]
        server.leave(account)
        error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), "@mairie.example")
        assert (error.code, error.params["name"]) == ("profile_gone", "mairie.example")


def test_an_account_that_is_gone(town):
    http = Http(allow=frozenset({town.host}))
    error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), f"{town.url}/@personne")
    assert (error.code, error.params["name"]) == ("profile_gone", "@personne")


def test_a_server_that_shows_strangers_nothing(town):
    town.anonymous_reads = False
    http = Http(allow=frozenset({town.host}))
    error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), f"{town.url}/@mairie")
    assert error.code == "anonymous_refused"


def test_a_server_that_shows_strangers_nothing_but_a_feed(site, look):
    site.pages["/api/v1/accounts/lookup?acct=mairie"] = Said(401, b'{"error": "Unauthorized"}')
    site.pages |= {"/@mairie": page("/@mairie/feed.rss"), "/@mairie/feed.rss": RSS}
    found = look(f"{site.url}/@mairie")
    assert (found.kind, found.where) == ("feed", f"{site.url}/@mairie/feed.rss")


def test_a_channel_of_peertube(site, look):
    site.pages["/feeds/videos.xml?videoChannelName=ville"] = RSS
    found = look(f"{site.url}/c/ville/videos")
    assert (found.kind, found.where) == ("feed", f"{site.url}/feeds/videos.xml?videoChannelName=ville")


def test_a_blog_that_only_looks_like_an_account(site, look):
    site.pages |= {"/@mairie": page("/rss"), "/rss": RSS}
    assert look(f"{site.url}/@mairie").where == f"{site.url}/rss"


def test_a_page_that_is_there_is_no_account_that_is_gone(site, look):
    site.pages["/api/v1/accounts/lookup?acct=mairie"] = Said(404, b'{"error": "no such route"}')
    site.pages["/@mairie"] = page()
    error = caught(look, f"{site.url}/@mairie")
    assert error.code == "no_feed_found"
    assert error.params["tried"].split(", ") == [
        f"{site.url}/@mairie",
        f"{site.url}/feeds/videos.xml?accountName=mairie",
        f"{site.url}/@mairie",
    ]


def test_a_host_that_is_not_there_is_asked_once(site, look):
    site.down()
    assert caught(look, f"{site.url}/@mairie").code == "refused_connection"


def test_who_asks_us_to_slow_down_is_asked_no_more(site, look):
    site.script("/api/v1/accounts/lookup", "429")
    assert isinstance(caught(look, f"{site.url}/@mairie"), RateLimited)
    assert site.calls.total() == 1


def test_youtube_names_no_channel(monkeypatch):
    """The name is YouTube's, the machine ours: what is asked is a page without a channel."""
    with Site() as site:
        site.pages["/@ville"] = page()
        port = int(site.host.partition(":")[2])
        resolve = lambda host, at, **how: [(2, 1, 6, "", ("127.0.0.1", at))]
        http = Http(allow=frozenset({f"www.youtube.com:{port}"}), resolve=resolve)
        error = caught(lambda typed: recognise(http, typed, FOLLOWS, parse), f"http://www.youtube.com:{port}/@ville")
        assert error.code == "no_channel_found"
