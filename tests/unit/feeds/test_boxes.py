"""Which pasted addresses become a box, what it loads, and that rich text is left whole."""

from collective.socialterritory.feeds.boxes import rules
from collective.socialterritory.feeds.boxes.rules import box
from collective.socialterritory.feeds.boxes.rules import drawn
from collective.socialterritory.feeds.boxes.rules import marked
from feeds import MESS
from html.parser import HTMLParser
from hypothesis import given
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from time import perf_counter
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest


VIDEO = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
PLAYER = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"


@pytest.mark.parametrize(
    ("typed", "kind", "url", "frame"),
    [
        (f"{VIDEO}&t=3s", "video", VIDEO, PLAYER),
        ("https://m.youtube.com/watch?app=desktop&v=aqz-KE-bpKQ", "video", VIDEO, PLAYER),
        (" youtu.be/aqz-KE-bpKQ?si=tracker\n", "video", VIDEO, PLAYER),
        ("https://www.youtube.com/live/aqz-KE-bpKQ", "video", VIDEO, PLAYER),
        ("https://www.youtube.com/shorts/aqz-KE-bpKQ", "video", "https://www.youtube.com/shorts/aqz-KE-bpKQ", PLAYER),
        (
            "https://www.youtube.com/playlist?list=PLabc-123",
            *("playlist", "https://www.youtube.com/playlist?list=PLabc-123"),
            "https://www.youtube-nocookie.com/embed/videoseries?list=PLabc-123",
        ),
        (
            "https://www.instagram.com/p/CxYz123_-a/?igsh=tracker",
            *("post", "https://www.instagram.com/p/CxYz123_-a/", "https://www.instagram.com/p/CxYz123_-a/embed/"),
        ),
        (
            "https://www.instagram.com/ville/reel/CxYz123/",
            *("post", "https://www.instagram.com/reel/CxYz123/", "https://www.instagram.com/reel/CxYz123/embed/"),
        ),
        (
            "https://instagram.com/ville.de.x",
            *("profile", "https://www.instagram.com/ville.de.x/", "https://www.instagram.com/ville.de.x/embed/"),
        ),
        (
            "https://twitter.com/Ville/status/123?s=20",
            *("post", "https://x.com/Ville/status/123"),
            "https://platform.twitter.com/embed/Tweet.html?id=123&dnt=true",
        ),
        ("https://x.com/ville", "profile", "https://x.com/ville", ""),
        (
            "https://bsky.app/profile/ville.example/post/3lh5px6yngs26",
            *("post", "https://bsky.app/profile/ville.example/post/3lh5px6yngs26"),
            "https://embed.bsky.app/embed/ville.example/app.bsky.feed.post/3lh5px6yngs26",
        ),
    ],
)
def test_addresses_of_pages(typed, kind, url, frame):
    known = box(typed)
    assert (known.kind, known.url, known.frame) == (kind, url, frame)


@pytest.mark.parametrize(
    ("typed", "kind", "plugin", "href"),
    [
        ("/ville?locale=fr_FR", "page", "page", "/ville"),
        ("/paris", "page", "page", "/paris"),
        ("/profile.php?id=100064&sk=about", "page", "page", "/profile.php?id=100064"),
        ("/p/Ville-de-Saint-%C3%89tienne-100064/", "page", "page", "/p/Ville-de-Saint-%C3%89tienne-100064"),
        ("/pages/Ville/123", "page", "page", "/pages/Ville/123"),
        ("/people/Ville/123", "page", "page", "/people/Ville/123"),
        ("/ville/posts/pfbid02abc?__cft__=tracker", "post", "post", "/ville/posts/pfbid02abc"),
        ("/ville/posts/la-fete/123", "post", "post", "/ville/posts/la-fete/123"),
        ("/permalink.php?id=1&story_fbid=pf2", "post", "post", "/permalink.php?story_fbid=pf2&id=1"),
        ("/photo/?fbid=123&set=a.1", "post", "post", "/photo/?fbid=123"),
        ("/ville/photos/a.1/22", "post", "post", "/ville/photos/a.1/22"),
        ("/ville/videos/22/", "video", "video", "/ville/videos/22"),
        ("/watch/?v=22&ref=x", "video", "video", "/watch/?v=22"),
        ("/reel/22", "video", "video", "/reel/22"),
    ],
)
def test_facebook_s_plugins_get_the_address_they_show(typed, kind, plugin, href):
    known = box(f"https://m.facebook.com{typed}")
    frame = urlsplit(known.frame)
    assert (known.kind, frame.netloc, frame.path) == (kind, "www.facebook.com", f"/plugins/{plugin}.php")
    assert parse_qs(frame.query)["href"] == [known.url] == [f"https://www.facebook.com{href}"]
    assert parse_qs(frame.query)["width"] == ["{width}"]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "ville", "https://www.facebook.com/", "https://www.facebook.com/login.php?next=x"),
        *("https://www.facebook.com/sharer/sharer.php?u=x", "https://www.facebook.com/share/p/1abc/"),
        *("https://www.facebook.com/groups/123", "https://www.facebook.com/ville/about", "https://x.com/home"),
        *(
            "https://x.com/intent/post?text=x",
            "https://www.instagram.com/accounts/login/",
            "https://bsky.app/profile/x",
        ),
        *("https://www.youtube.com/@ville", "https://www.youtube.com/watch?list=x", "https://youtu.be/short"),
        # They look alike.
        *("https://www.facebook.com.evil.example/ville", "https://www.facebook.com@evil.example/ville"),
        *("https://evil.example/https://youtu.be/aqz-KE-bpKQ", "https://evil.example/?x.com/ville"),
        *("https://notfacebook.com/ville", "https://xx.com/ville", "https://faceb00k.com/ville"),
        *("https://www.facebook.com:8080/ville", "https://fаcebook.com/ville", "https://user@youtu.be/aqz-KE-bpKQ"),
        *("javascript:alert(1)//youtu.be/aqz-KE-bpKQ", "data:text/html,https://youtu.be/aqz-KE-bpKQ"),
        *('https://youtu.be/aqz-KE-bpKQ"onload="x', "https://youtu.be/aqz-KE-bpKQ?<script>", "ftp://x.com/ville"),
        *("https://youtu.be/aqz-KE-bpKQ https://x.com/ville", "https://youtu.be/aqz-KE-bpKQ?" + "x" * 1000),
    ],
)
def test_other_addresses_are_no_box(typed):
    assert box(typed) is None
    assert marked(f"<p>{typed}</p>") == f"<p>{typed}</p>"


PIECES = st.sampled_from(
    [
        *(
            "https://",
            "www.",
            "youtube.com/",
            "youtu.be/",
            "facebook.com/",
            "x.com/",
            "bsky.app/profile/",
            "instagram.com/",
        ),
        *(
            "watch?v=",
            "aqz-KE-bpKQ",
            "p/",
            "post/",
            "status/123",
            "posts/",
            "profile.php?id=1",
            "ville",
            "a.b",
            "%22",
            "..",
        ),
        *('"', "'", "<", ">", "&", "#", "@evil.example/", "\\", " ", "javascript:", "{url}", "{0}", "é"),
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no failure
@given(st.lists(PIECES | st.text(max_size=3), max_size=9).map("".join))
def test_whatever_is_typed_a_box_loads_its_vendor_alone(typed):
    known = box(typed)
    if known:
        for url, host in ((known.url, known.service.host), (known.frame, known.service.frames)):
            parts = urlsplit(url)
            assert not url or (parts.scheme == "https" and (parts.netloc == host or parts.netloc == f"www.{host}"))
            assert not set("\"'<> \\") & set(url) and not parts.username


@pytest.mark.parametrize(
    "paragraph",
    [
        f"<p>{VIDEO}</p>",
        f'<p class="x" dir="ltr">\n {VIDEO}&nbsp;<br /></p>',
        f"<P>{VIDEO}&amp;t=3s</P>",
        f'<p><a href="{VIDEO}" target="_blank">{VIDEO}</a></p>',
        f"<p><a rel='x' href='{VIDEO}&amp;t=3s'>youtu.be/aqz-KE-bpKQ</a></p>",
    ],
)
def test_a_paragraph_that_is_an_address_alone_is_marked(paragraph):
    plain = f'<p class="social-pasted"><a href="{VIDEO}">{VIDEO}</a></p>'
    assert marked(f"<p>a</p>{paragraph}<p>b</p>") == f"<p>a</p>{plain}<p>b</p>"
    assert marked(plain) == plain
    assert drawn(f"<p>a</p>{plain}<p>b</p>", lambda there: there.frame) == f"<p>a</p>{PLAYER}<p>b</p>"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>See {VIDEO}</p>",
        f"<p>{VIDEO} {VIDEO}</p>",
        f"<li>{VIDEO}</li>",
        f'<p><a href="{VIDEO}">Our film</a></p>',
        f'<p><a href="https://evil.example/">{VIDEO}</a></p>',
        f'<p><a data-href="{VIDEO}">{VIDEO}</a></p>',
        f'<p><a href="{VIDEO}"><b>{VIDEO}</b></a></p>',
        '<p class="social-pasted"><a href="https://evil.example/">x</a></p>',
        '<p><a href="https://x.com/ville">https://x.com/ville</a></p>',
    ],
)
def test_other_paragraphs_stay(html):
    assert marked(html) == html
    assert drawn(html, lambda there: "box") == html


CHANNEL = "UCabcdefghijklmnopqrstuv"
CODES = {
    f'<iframe width="560" height="315" src="{PLAYER}?si=x&amp;start=3" allowfullscreen></iframe>': VIDEO,
    f'<p class="x"><iframe src="//www.youtube.com/embed/{VIDEO[-11:]}"></iframe>&nbsp;</p>': VIDEO,
    "<iframe src='https://www.youtube.com/embed/videoseries?list=PL123'>x</iframe>": (
        "https://www.youtube.com/playlist?list=PL123"
    ),
    '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fville&amp;tabs=timeline">'
    "</iframe>": "https://www.facebook.com/ville",
    f'<iframe src="https://www.youtube.com/embed/live_stream?channel={CHANNEL}"></iframe>': (
        f"https://www.youtube.com/channel/{CHANNEL}/live"
    ),
    # As text, which is what an editor makes of a code that is pasted.
    f'<p>&lt;iframe width="560" src="{PLAYER}?si=x&amp;amp;start=3" allowfullscreen&gt;&lt;/iframe&gt;</p>': VIDEO,
    f"<p>&lt;iframe src=&quot;{PLAYER}&quot;&gt;&lt;/iframe&gt;&nbsp;</p>": VIDEO,
}


@pytest.mark.parametrize(
    "src",
    [
        "https://www.youtube.com/embed/../../x",
        "//youtube-nocookie.com/x",
        "http://m.facebook.com:80/plugins/like.php?href=x",
    ],
)
def test_a_frame_of_theirs_whose_form_nobody_knows_is_a_link(src):
    link = f"https:{src}" if src.startswith("//") else src
    assert marked(f'<iframe src="{src}"></iframe>') == f'<p><a href="{link}">{link}</a></p>'


@pytest.mark.parametrize("code", CODES)
def test_what_services_give_to_embed_loads_nothing_either(code):
    plain = f'<p class="social-pasted"><a href="{CODES[code]}">{CODES[code]}</a></p>'
    assert marked(f"<p>a</p>{code}<p>b</p>") == f"<p>a</p>{plain}<p>b</p>"


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://maps.example/?href=https://www.youtube.com/watch?v=aqz-KE-bpKQ"></iframe>',
        f'<iframe data-src="{PLAYER}"></iframe>',
        '<iframe src="https://www.youtube.com.evil.example/embed/x"></iframe>',
        '<iframe src="https://evilyoutube.com/embed/x"></iframe>',
        f'<iframe src="https://evil.example/" title="{VIDEO}"></iframe>',
        '<p>&lt;iframe src="https://maps.example/?u=https://youtu.be/"&gt;&lt;/iframe&gt;</p>',
        f'<p>To embed: &lt;iframe src="{PLAYER}"&gt;&lt;/iframe&gt;</p>',
    ],
)
def test_other_frames_are_left_as_they_are(html):
    assert marked(html) == html


def test_what_has_no_box_becomes_a_link():
    link = '<p><a href="https://x.com/ville">https://x.com/ville</a></p>'
    assert marked("<p>https://twitter.com/ville?s=20</p>") == link
    assert drawn(link, lambda there: "box") == link


class Shape(HTMLParser):
    """What of a text is not a paragraph, link or address."""

    def of(self, html):
        self.seen = []
        self.feed(html)
        self.close()
        return self.seen

    def handle_starttag(self, tag, attributes):
        if tag not in ("p", "a", "br"):
            self.seen.append((tag, attributes))

    def handle_endtag(self, tag):
        if tag not in ("p", "a", "br"):
            self.seen.append(tag)


@given(MESS, MESS)
def test_marking_breaks_no_html(before, after):
    html = f"{before}<p>{VIDEO}</p>{after}"
    assert (
        marked(html).replace(f'<p class="social-pasted"><a href="{VIDEO}">{VIDEO}</a></p>', f"<p>{VIDEO}</p>") == html
    )
    outer = f"<div>{before}</div>"
    assert Shape().of(marked(outer)) == Shape().of(outer)


@pytest.mark.parametrize(
    "html",
    [
        *("<p>" + " " * 200_000, "<p " * 60_000, "<p><a href=" * 40_000, "<p>https://youtu.be/" + "a" * 200_000),
        *("<p><iframe " * 20_000, "<iframe src=" * 20_000, f"<p><iframe src='{VIDEO}'>" * 4_000),
        *("<p>&nbsp;" * 40_000, f"<p>{VIDEO}?" * 4_000, '<p><a href="' + 'href="' * 40_000, "<p" + " x" * 100_000),
    ],
)
def test_long_texts_take_no_time(html):
    start = perf_counter()
    assert marked(f"{html} youtu.be/")
    assert perf_counter() - start < 1


def test_each_service_says_who_receives_what():
    assert [service.id for service in rules.SERVICES] == ["facebook", "instagram", "x", "youtube", "bluesky"]
    for service in rules.SERVICES:
        assert service.title in service.receiver and service.privacy.startswith("https://")
