"""What a pasted address may lead to, and what a page says of its feeds."""

from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds.rules.recognise import address
from collective.socialterritory.feeds.rules.recognise import alternates
from collective.socialterritory.feeds.rules.recognise import Candidate
from collective.socialterritory.feeds.rules.recognise import candidates
from collective.socialterritory.feeds.rules.recognise import is_page
from collective.socialterritory.networks import bluesky
from collective.socialterritory.networks import mastodon
from hypothesis import given
from hypothesis import strategies as st

import pytest
import time


FOLLOWS = {"bluesky": bluesky.network, "mastodon": mastodon.network}
CHANNEL = "UC" + "a1-_" * 5 + "zz"
VIDEOS = "https://www.youtube.com/feeds/videos.xml"
FLICKR = "https://www.flickr.com/services/feeds/photos_public.gne?id=12345678%40N00&format=atom"


def told(typed):
    return [(candidate.kind, candidate.where) for candidate in candidates(typed, FOLLOWS)]


@pytest.mark.parametrize(
    "typed, where",
    [
        ("https://ville.example/feed", "https://ville.example/feed"),
        (" http://ville.example/feed \n", "http://ville.example/feed"),
        ("\u202ahttps://ville.example/\u202c\u200b", "https://ville.example/"),
        ("ville.example", "https://ville.example"),
        ("ville.example:8443/a?b", "https://ville.example:8443/a?b"),
        ("localhost:8080", "https://localhost:8080"),
        ("http://localhost:8080/x", "http://localhost:8080/x"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("HTTPS://Ville.example/A", "HTTPS://Ville.example/A"),
        ("feed://ville.example/rss", "https://ville.example/rss"),
        ("feed:https://ville.example/rss", "https://ville.example/rss"),
        ("@mairie@m.example", "https://m.example/@mairie"),
        ("mairie@m.example", "https://m.example/@mairie"),
        ("@mairie@m.example:3000", "https://m.example:3000/@mairie"),
        ("#fête@m.example", "https://m.example/tags/f%C3%AAte"),
        ("@mairie.bsky.social", "https://bsky.app/profile/mairie.bsky.social"),
        ("Mairie.bsky.social", "https://bsky.app/profile/Mairie.bsky.social"),
        ("@ville.example", "https://bsky.app/profile/ville.example"),
    ],
)
def test_the_address_that_is_meant(typed, where):
    assert address(typed) == where


@pytest.mark.parametrize(
    "typed",
    [
        *("mairie", "@mairie", "#fête", "https://", "https:///x", "https://mairie/x", "//x"),
        *("javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.example", "ftp://ville.example", "data:text/xml,x"),
        *("https://me:pw@ville.example/", "https://[ville.example/", "https://ville.example:x/", "http://a.fr:99999/"),
        f"https://ville.example/{'x' * 2000}",
    ],
)
def test_what_is_no_address(typed):
    with pytest.raises(ContentError) as caught:
        candidates(typed, FOLLOWS)
    assert (caught.value.code, caught.value.params["typed"]) == ("address_invalid", typed[:100])


def test_nothing_was_pasted():
    for typed in ("", " ", "\u200b"):
        with pytest.raises(ContentError) as caught:
            candidates(typed, FOLLOWS)
        assert caught.value.code == "address_missing"


@pytest.mark.parametrize(
    "host", ["www.facebook.com", "x.com", "mobile.twitter.com", "fr.linkedin.com", "www.threads.net"]
)
def test_who_shows_strangers_nothing(host):
    with pytest.raises(ContentError) as caught:
        candidates(f"https://{host}/mairie", FOLLOWS)
    assert (caught.value.code, caught.value.params["host"]) == ("account_needed", host)


@pytest.mark.parametrize(
    "typed, first, rest",
    [
        ("@mairie@m.example", ("mastodon", "https://m.example/@mairie"), True),
        ("https://m.example/tags/x", ("mastodon", "https://m.example/tags/x"), True),
        ("mairie.bsky.social", ("bluesky", "https://bsky.app/profile/mairie.bsky.social"), False),
        ("https://bsky.app/about", ("page", "https://bsky.app/about"), False),
        ("https://notx.com/feed", ("page", "https://notx.com/feed"), False),
    ],
)
def test_networks_come_first_and_the_page_last(typed, first, rest):
    found = told(typed)
    assert found[0] == first
    assert (found[-1] == ("page", address(typed))) is (rest or first[0] == "page")
    assert len(found) <= 3


@pytest.mark.parametrize(
    "typed, found",
    [
        (f"https://www.youtube.com/channel/{CHANNEL}", ("feed", f"{VIDEOS}?channel_id={CHANNEL}")),
        (f"https://m.youtube.com/channel/{CHANNEL}/videos?view=0", ("feed", f"{VIDEOS}?channel_id={CHANNEL}")),
        ("https://youtube.com/playlist?list=PL1&si=x", ("feed", f"{VIDEOS}?playlist_id=PL1")),
        ("https://www.youtube.com/user/ville", ("feed", f"{VIDEOS}?user=ville")),
        (f"{VIDEOS}?channel_id=x", ("feed", f"{VIDEOS}?channel_id=x")),
        ("https://www.youtube.com/@ville", ("page", "https://www.youtube.com/@ville")),
        ("https://www.youtube.com/c/ville/videos", ("page", "https://www.youtube.com/c/ville/videos")),
        ("https://www.youtube.com/channel/UCshort", ("page", "https://www.youtube.com/channel/UCshort")),
        ("https://www.youtube.com/playlist", ("page", "https://www.youtube.com/playlist")),
        ("https://www.flickr.com/photos/12345678@N00/", ("feed", FLICKR)),
        ("https://flickr.com/people/12345678@N00", ("feed", FLICKR)),
        ("https://www.flickr.com/photos/ville", ("page", "https://www.flickr.com/photos/ville")),
        ("https://www.dailymotion.com/video/x8", ("page", "https://www.dailymotion.com/video/x8")),
        ("https://www.dailymotion.com/video", ("page", "https://www.dailymotion.com/video")),
        ("https://api.dailymotion.com/user/ville/videos", ("feed", "https://api.dailymotion.com/user/ville/videos")),
    ],
)
def test_services_whose_feeds_are_known(typed, found):
    assert told(typed) == [found]


@pytest.mark.parametrize(
    "path, listed", [("ville", "user/ville"), ("user/ville/videos", "user/ville"), ("playlist/x5", "playlist/x5")]
)
def test_dailymotion_is_asked_for_the_fields_that_are_shown(path, listed):
    ((kind, where),) = told(f"https://www.dailymotion.com/{path}")
    assert kind == "feed"
    assert where.startswith(f"https://api.dailymotion.com/{listed}/videos?fields=id,title,")
    assert where.endswith("&limit=50")


@pytest.mark.parametrize(
    "path, query",
    [
        ("c/ville", "videoChannelName=ville"),
        ("c/ville/videos", "videoChannelName=ville"),
        ("video-channels/ville@autre.example", "videoChannelName=ville@autre.example"),
        ("a/ville", "accountName=ville"),
        ("accounts/ville", "accountName=ville"),
        ("@ville", "accountName=ville"),
    ],
)
def test_peertube_has_a_feed_at_any_host(path, query):
    found = told(f"https://tube.example/{path}")
    assert ("feed", f"https://tube.example/feeds/videos.xml?{query}") in found
    assert found[-1] == ("page", f"https://tube.example/{path}")


def test_other_addresses_are_pages_alone():
    assert candidates("https://ville.example/actualites", FOLLOWS) == [
        Candidate("page", "https://ville.example/actualites")
    ]


@pytest.mark.parametrize(
    "body, page",
    [
        (b"<!DOCTYPE html><title>x", True),
        (b"\xef\xbb\xbf\n <!doctype HTML PUBLIC>", True),
        (b"<html lang=fr>", True),
        (b'<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE html>', True),
        (b'<?xml version="1.0"?><rss><title>&lt;html&gt; <html></title>', False),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">', False),
        (b"<Rss>", False),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', False),
        (b"", False),
    ],
)
def test_what_is_a_page(body, page):
    assert is_page(body) is page


def link(href, kind="application/rss+xml", rel="alternate"):
    return f'<link rel="{rel}" type="{kind}" href="{href}">'


@pytest.mark.parametrize(
    "page, found",
    [
        ("<title>x</title>", []),
        (link("/rss"), ["https://ville.example/rss"]),
        (link("rss?a=1&amp;b"), ["https://ville.example/a/rss?a=1&b"]),
        ("<LINK REL='feed alternate' TYPE=application/atom+xml HREF=//b.example/atom>", ["https://b.example/atom"]),
        (link("x.json", "application/feed+json; charset=utf-8"), ["https://ville.example/a/x.json"]),
        (link("a.json", "application/json") + link("b", "application/rdf+xml"), ["https://ville.example/a/b"]),
        (link("a.json", "application/json"), ["https://ville.example/a/a.json"]),
        ("".join(map(link, "abbcd")), [f"https://ville.example/a/{name}" for name in "abc"]),
        (link("x", "text/css", "alternate stylesheet") + link("y", rel="icon") + link("z", "text/html"), []),
        (link("x", "application/json+oembed") + link("") + link("javascript:alert(1)") + link("https://["), []),
        (
            f"<!-- {link('x')} --><script>'{link('y')}'</script><style></style>{link('z')}",
            ["https://ville.example/a/z"],
        ),
        (f"<script>--></style>{link('x')}", []),
        (link("x" * 2001), []),
        (f'"channelId":"{CHANNEL}"', []),
    ],
)
def test_the_feeds_that_a_page_names(page, found):
    assert alternates(page.encode(), "https://ville.example/a/") == found


@pytest.mark.parametrize(
    "page",
    [
        f'<link rel="canonical" href="https://www.youtube.com/channel/{CHANNEL}">',
        f'<script>{{"channelId" : "{CHANNEL}"}}</script>',
        f'<script>{{"externalId":"{CHANNEL}"}}</script>{link(f"{VIDEOS}?channel_id={CHANNEL}")}',
    ],
)
def test_the_channel_that_a_page_of_youtube_names(page):
    assert alternates(page.encode(), "https://www.youtube.com/@ville") == [f"{VIDEOS}?channel_id={CHANNEL}"]


HOSTILE = ["<link ", "<link rel=", "<!--", "-->", "<script", "</script", "<link a='", '<link a="x" ', "<", "<link x>"]


@pytest.mark.parametrize("piece", [*HOSTILE, "a=b ", "<?xml ", " ", "<!-- -->"])
def test_hostile_pages_take_no_time(piece):
    begun = time.thread_time()
    alternates(piece.encode() * 200_000, "https://www.youtube.com/")
    is_page(piece.encode() * 200_000)
    assert time.thread_time() - begun < 3


@given(st.lists(st.one_of(st.sampled_from([*HOSTILE, "rel=alternate", "href=x", ">", "@", "#", ":", "."]), st.text())))
def test_nothing_breaks_the_rules(pieces):
    said = "".join(pieces)
    assert all(where.startswith(("http://", "https://")) for where in alternates(said.encode(), "https://a.example/"))
    try:
        found = candidates(said, FOLLOWS)
    except ContentError:
        return
    assert all(candidate.where.lower().startswith(("http://", "https://")) for candidate in found)
