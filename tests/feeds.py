"""Feeds for tests, and what holds for whatever is made of any feed."""

from collective.socialterritory.feeds import frames
from collective.socialterritory.feeds.rules.clean import LONGEST
from collective.socialterritory.feeds.rules.clean import TAGS
from collective.socialterritory.feeds.rules.normal import MOST
from collective.socialterritory.feeds.rules.parse import parse
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from html.parser import HTMLParser
from hypothesis import strategies as st
from urllib.parse import urlsplit

import json
import re


URL = "https://town.example/news/feed"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def rss(items: str, head: str = "<title>Ville</title><link>https://town.example/</link>") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def told(body: bytes | str, url: str = URL, **headers: str) -> Feed:
    return parse(body.encode() if isinstance(body, str) else body, headers, url)


def one(body: bytes | str, url: str = URL, **headers: str) -> Entry:
    (entry,) = told(body, url, **headers).entries
    return entry


def described(html: str) -> Entry:
    """What becomes of a piece of HTML."""
    return one(rss(f"<item><link>/1</link><description><![CDATA[{html}]]></description></item>"))


def check(feed: Feed) -> None:
    """Fails where a visitor could come to harm, or the store would choke."""
    assert len(feed.entries) <= MOST
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert frames.told(json.loads(json.dumps(frames.record(feed)))) == feed
    _address(feed.url, feed.avatar)
    _plain(feed.title)
    for entry in feed.entries:
        assert entry.id and entry.published.tzinfo
        assert len(entry.html) <= LONGEST and len(entry.text) <= LONGEST
        assert len(entry.images) <= 4
        _address(entry.url, entry.link, entry.avatar, *(image.url for image in entry.images))
        _plain(entry.title, entry.author, entry.language, *entry.tags, *(image.alt for image in entry.images))
        assert not CONTROLS.search(entry.text + entry.html)
        Strict().read(entry.html)


def _address(*urls: str) -> None:
    for url in filter(None, urls):
        parts = urlsplit(url)
        assert parts.scheme in ("http", "https") and parts.hostname and not parts.username, url
        assert not re.search(r'[\s<>"\\]', url), url


def _plain(*texts: str) -> None:
    for text in texts:
        assert not CONTROLS.search(text) and "\n" not in text
        assert len(text) <= 1500
        text.encode()


class Strict(HTMLParser):
    """Reads HTML as written; fails at what is not allowed, or not closed."""

    def read(self, html: str) -> None:
        html.encode()
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open, html

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        if tag == "a":
            assert sorted(name for name, _ in attrs) == ["href", "rel"], attrs
            assert dict(attrs)["rel"] == "nofollow noopener"
            _address(dict(attrs)["href"] or "")
        else:
            assert not attrs
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<b>", "</i>", "<ul><li>", "</blockquote>", "<h2>", "</h2>", "<br/>"),
        *("<script>alert(1)</script>", "<style>", "<svg><script>", "<math><mtext>", "<!--", "-->", "<![CDATA[", "]]>"),
        *("<img src=x onerror=alert(1)>", '<img src="/a.png" alt="<b>">', "<img alt='\"><script>' src='//h/x'>"),
        *('<a href="javascript:alert(1)">', '<a href="/x">', "<a href='https://u:p@h/'>", '<a href="https://h/<img">'),
        *('<a href="java&#10;script:x">', "<a href=data:text/html,x>", "<a ", "</a>", "<iframe src=//h>", "<template>"),
        *("&lt;script&gt;", "&#60;img src=x&#62;", "&amp;", "&", "<", ">", '"', "'", "&#8238;", "\u202e", "\x00", "é"),
        *("<media:description>", "<item>", "</item>", "<entry>", "<title>", "</title>", "<link>", "<guid>", "\ud800"),
        *("<noscript><p title='</noscript><img src=x onerror=x>'>", "<form><math><mtext></form><form><mglyph><style>"),
    ]
)
MESS = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """Bodies that look like feeds as far as parsers go into them, and hold anything."""
    kind = draw(st.sampled_from(["cdata", "escaped", "raw", "atom", "json", "bytes", "torn"]))
    words = [draw(MESS) for _ in range(4)]
    if kind == "bytes":
        return draw(st.binary(max_size=300))
    if kind == "json":
        anything = st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | MESS,
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MESS, inner, max_size=3),
            max_leaves=6,
        )
        names = "id url external_url title content_html content_text summary image date_published authors tags language"
        item = {name: draw(MESS | anything) for name in names.split() if draw(st.booleans())}
        said = {"version": "https://jsonfeed.org/version/1.1", "title": words[0], "items": [item, draw(anything)]}
        return json.dumps(said | {"home_page_url": draw(MESS), "author": draw(anything)}).encode()
    if kind == "atom":
        page = (
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{_escaped(words[3])}"><title>t</title><entry>'
            f'<title type="html">{_escaped(words[0])}</title><link href="{_escaped(words[1])}"/>'
            f'<content type="html">{_escaped(words[2])}</content><updated>{_escaped(words[3])}</updated></entry></feed>'
        )
        return page.encode("utf-8", "surrogatepass")
    if kind == "escaped":
        words = list(map(_escaped, words))
    if kind == "cdata":
        words = [f"<![CDATA[{word}]]>" for word in words]
    item = f"<item><title>{words[0]}</title><link>{words[1]}</link><description>{words[2]}</description>"
    body = rss(f"{item}<pubDate>{words[3]}</pubDate></item>".encode("utf-8", "replace").decode())
    return body[: draw(st.integers(0, len(body)))] if kind == "torn" else body


def _escaped(word: str) -> str:
    return word.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
