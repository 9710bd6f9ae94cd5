"""Which pasted addresses become a box of their vendor, and which address the box loads once a visitor says so.

Only forms that are an iframe of the vendor's own are used: no script of a vendor ever runs in our pages. Facts:
https://developers.facebook.com/docs/plugins/page-plugin, https://developers.facebook.com/docs/plugins/embedded-posts,
https://support.google.com/youtube/answer/171780, https://docs.bsky.app/docs/advanced-guides/oembed. Those of X and
Instagram are what their scripts load, documented nowhere.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from html import unescape
from urllib.parse import parse_qs
from urllib.parse import quote

import re


@dataclass(frozen=True, slots=True)
class Service:
    """`receiver`: who learns of the visit; `host`: as people know it; `frames`: the host that a policy must let in."""

    id: str
    title: str
    receiver: str
    host: str
    frames: str
    privacy: str
    icon: str


FACEBOOK = Service(
    *("facebook", "Facebook", "Facebook (Meta)", "facebook.com", "www.facebook.com"),
    *("https://www.facebook.com/privacy/policy/", "facebook"),
)
INSTAGRAM = Service(
    *("instagram", "Instagram", "Instagram (Meta)", "instagram.com", "www.instagram.com"),
    *("https://privacycenter.instagram.com/policy/", "instagram"),
)
X = Service("x", "X", "X", "x.com", "platform.twitter.com", "https://x.com/privacy", "twitter-x")
YOUTUBE = Service(
    *("youtube", "YouTube", "YouTube (Google)", "youtube.com", "www.youtube-nocookie.com"),
    *("https://policies.google.com/privacy", "youtube"),
)
BLUESKY = Service(
    *("bluesky", "Bluesky", "Bluesky", "bsky.app", "embed.bsky.app"),
    *("https://bsky.social/about/support/privacy-policy", "bluesky"),
)
SERVICES = (FACEBOOK, INSTAGRAM, X, YOUTUBE, BLUESKY)


@dataclass(frozen=True, slots=True)
class VendorBox:
    """`kind`: video, playlist, post, page or profile; `frame`: what is loaded, "" where the vendor has nothing to load.

    In `frame`, `{width}` stands for the pixels that there are. `shape` is the room that is reserved: wide, tall, post
    or page.
    """

    service: Service
    kind: str
    shape: str
    url: str
    frame: str


@dataclass(frozen=True, slots=True)
class _Form:
    """An address of a service; its groups fill `{0}`, `{1}` in `url`, the whole `url` fills `{url}` in `frame`."""

    service: Service
    kind: str
    shape: str
    address: re.Pattern[str]
    url: str
    frame: str


_REST = r"[^\s<>\"]*"
_NAME = r"\w[\w.%-]{0,99}"


def _form(service: Service, kind: str, shape: str, address: str, url: str, frame: str = "") -> _Form:
    pattern = rf"(?:https?://)?{address}/?(?:[?&#]{_REST})?"
    return _Form(service, kind, shape, re.compile(pattern, re.ASCII | re.IGNORECASE), url, frame)


def _not(names: str) -> str:
    """Not one of these words, which are pages of the service itself."""
    return rf"(?!(?:{'|'.join(names.split())})(?:\.php)?(?![\w.%-]))"


def _query(*names: str) -> str:
    """A query with all of these, in any order, a group each."""
    return r"/?\?" + "".join(rf"(?=(?:[^#\s]*&)?{name}=([\w-]+))" for name in names) + _REST


def _youtube() -> list[_Form]:
    host, id = r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com", r"([\w-]{11})"
    url, frame = "https://www.youtube.com/watch?v={0}", "https://www.youtube-nocookie.com/embed/{0}"
    list_url = "https://www.youtube.com/playlist?list={0}"
    list_frame = "https://www.youtube-nocookie.com/embed/videoseries?list={0}"
    live = "https://www.youtube.com/channel/{0}/live"
    live_frame = "https://www.youtube-nocookie.com/embed/live_stream?channel={0}"
    return [
        _form(YOUTUBE, "video", "wide", rf"{host}/watch{_query('v')}", url, frame),
        _form(YOUTUBE, "playlist", "wide", rf"{host}/embed/videoseries{_query('list')}", list_url, list_frame),
        _form(YOUTUBE, "video", "wide", rf"{host}/embed/live_stream{_query('channel')}", live, live_frame),
        _form(YOUTUBE, "video", "wide", rf"{host}/channel/(UC[\w-]{{22}})/live", live, live_frame),
        _form(YOUTUBE, "video", "wide", rf"{host}/(?:live|embed|v)/{_not('live_stream videoseries')}{id}", url, frame),
        _form(YOUTUBE, "video", "wide", rf"youtu\.be/{id}", url, frame),
        _form(YOUTUBE, "video", "tall", rf"{host}/shorts/{id}", "https://www.youtube.com/shorts/{0}", frame),
        _form(YOUTUBE, "playlist", "wide", rf"{host}/playlist{_query('list')}", list_url, list_frame),
    ]


def _facebook() -> list[_Form]:
    host, home = r"(?:www\.|m\.|web\.|fr-fr\.)?facebook\.com", "https://www.facebook.com"
    own = _not(
        "dialog events gaming groups hashtag help home legal login marketplace p pages people permalink photo photos "
        "plugins policies privacy profile reel reels search share sharer stories story terms watch"
    )
    name, part = rf"({_NAME})", rf"((?:{_NAME}/)?\w+)"
    page = (
        f"{home}/plugins/page.php?href={{url}}&tabs=timeline&width={{width}}&height=500&small_header=true"
        "&adapt_container_width=true"
    )
    post = f"{home}/plugins/post.php?href={{url}}&show_text=true&width={{width}}"
    video = f"{home}/plugins/video.php?href={{url}}&show_text=false&width={{width}}"
    known = [
        ("page", "page", rf"{own}{name}", "/{0}", page),
        ("page", "page", rf"p/{name}", "/p/{0}", page),
        ("page", "page", rf"(pages|people)/{name}/(\d+)", "/{0}/{1}/{2}", page),
        ("page", "page", rf"profile\.php{_query('id')}", "/profile.php?id={0}", page),
        ("post", "post", rf"{name}/posts/{part}", "/{0}/posts/{1}", post),
        ("post", "post", rf"{name}/photos/{part}", "/{0}/photos/{1}", post),
        ("post", "post", rf"photo(?:\.php)?{_query('fbid')}", "/photo/?fbid={0}", post),
        (
            *("post", "post", rf"(?:permalink|story)\.php{_query('story_fbid', 'id')}"),
            *("/permalink.php?story_fbid={0}&id={1}", post),
        ),
        ("video", "wide", rf"{name}/videos/{part}", "/{0}/videos/{1}", video),
        ("video", "wide", rf"watch{_query('v')}", "/watch/?v={0}", video),
        ("video", "tall", r"reel/(\d+)", "/reel/{0}", video),
    ]
    return [
        _form(FACEBOOK, kind, shape, f"{host}/{path}", home + url, frame) for kind, shape, path, url, frame in known
    ]


def _others() -> list[_Form]:
    gram = "https://www.instagram.com"
    gram_own = _not("about accounts developer direct explore legal p press privacy reel reels stories tv web")
    gram_post = rf"(?:www\.)?instagram\.com/(?:{_NAME}/)?(p|reel|tv)/([\w-]{{5,40}})"
    gram_user = rf"(?:www\.)?instagram\.com/{gram_own}([\w.]{{1,30}})"
    x = r"(?:www\.|mobile\.)?(?:x|twitter)\.com"
    x_own = _not("compose explore hashtag home i intent login messages privacy search settings share signup tos")
    x_post = rf"{x}/(\w{{1,15}}|i/web)/status(?:es)?/(\d{{1,20}})(?:/(?:photo|video)/\d)?"
    x_frame = "https://platform.twitter.com/embed/Tweet.html?id={1}&dnt=true"
    sky = r"bsky\.app/profile/(did:[a-z]+:[\w.:-]{1,200}|[\w-]+(?:\.[\w-]+)+)/post/([a-z0-9]{1,20})"
    sky_frame = "https://embed.bsky.app/embed/{0}/app.bsky.feed.post/{1}"
    return [
        _form(INSTAGRAM, "post", "post", gram_post, f"{gram}/{{0}}/{{1}}/", f"{gram}/{{0}}/{{1}}/embed/"),
        _form(INSTAGRAM, "profile", "post", gram_user, f"{gram}/{{0}}/", f"{gram}/{{0}}/embed/"),
        _form(X, "post", "post", x_post, "https://x.com/{0}/status/{1}", x_frame),
        # The timeline of an account shows nothing to those who are not logged in at X: no frame.
        _form(X, "profile", "page", rf"{x}/{x_own}(\w{{1,15}})", "https://x.com/{0}"),
        _form(BLUESKY, "post", "post", sky, "https://bsky.app/profile/{0}/post/{1}", sky_frame),
    ]


_FORMS = (*_youtube(), *_facebook(), *_others())
_HOSTS = "youtube.com youtube-nocookie.com youtu.be facebook.com instagram.com x.com twitter.com bsky.app".split()
LONGEST = 1000
"""Characters of an address"""


def box(address: str) -> VendorBox | None:
    """What the address of a page of a known service becomes. Its addresses are made anew: nothing typed is in them."""
    said = address.strip()
    for form in _FORMS if len(said) <= LONGEST else ():
        if found := form.address.fullmatch(said):
            url = _filled(form.url, found)
            frame = _filled(form.frame, found).replace("{url}", quote(url, safe=""))
            return VendorBox(form.service, form.kind, form.shape, url, frame)
    return None


def _filled(template: str, found: re.Match[str]) -> str:
    for number, value in enumerate(found.groups()):
        template = template.replace(f"{{{number}}}", value)
    return template


MARK = "social-pasted"
"""Class of a paragraph that becomes a box"""
_SPACE = r"(?:\s|&nbsp;|<br\s*/?>)*+"
_PARAGRAPH = re.compile(
    rf"<p(?:\s[^<>]*)?>{_SPACE}(?:<a\s([^<>]*)>([^<>]*)</a>|(https?://[^\s<>\"]++)){_SPACE}</p>", re.IGNORECASE
)
_IFRAME = r"<iframe\s([^<>]*)>[^<>]*</iframe>"
_FRAME = re.compile(rf"<p(?:\s[^<>]*)?>{_SPACE}{_IFRAME}{_SPACE}</p>|{_IFRAME}", re.IGNORECASE)
_WRITTEN = re.compile(
    rf"<p(?:\s[^<>]*)?>{_SPACE}&lt;iframe\s([^<>]*)&gt;[^<>]*&lt;/iframe&gt;{_SPACE}</p>", re.IGNORECASE
)
"""The code as text: what becomes of it when it is pasted in an editor, and not in its source"""
_PLUGIN = re.compile(r"(?:https?:)?//(?:www\.)?facebook\.com/plugins/(?:page|post|video)\.php\?(.*)", re.IGNORECASE)
_THEIRS = re.compile(
    rf"(?:https?:)?//(?:[\w-]+\.)*(?:{'|'.join(map(re.escape, _HOSTS))})(?::\d+)?(?![^/?#])", re.IGNORECASE
)
"""Frames of services that are known, of a form that is not: a link holds them back"""
_SRC = re.compile(r"""(?<!\S)src=["']([^"'<>]*)["']""", re.IGNORECASE)
_HREF = re.compile(r"""(?<!\S)href=["']([^"'<>]*)["']""", re.IGNORECASE)
_MARKED = re.compile(rf'<p class="{MARK}">\s*<a href="([^"<>]*)"[^<>]*>[^<>]*</a>\s*</p>')


def marked(html: str) -> str:
    """Rich text whose frames of services and paragraphs that are but an address are plain links, marked for a box."""
    if not any(host in html for host in _HOSTS):
        return html
    return _PARAGRAPH.sub(_mark, _WRITTEN.sub(_unwritten, _FRAME.sub(_unframed, html)))


def _unframed(frame: re.Match[str]) -> str:
    return _embedded(frame[0], frame[1] or frame[2])


def _unwritten(code: re.Match[str]) -> str:
    return _embedded(code[0], unescape(code[1]))


def _embedded(there: str, attributes: str) -> str:
    """Codes to embed something name its address, or their own, which tells it. `there`: what stands there now."""
    src = _SRC.search(attributes)
    said = unescape(src[1]) if src else ""
    plugin = _PLUGIN.fullmatch(said)
    found = box(parse_qs(plugin[1]).get("href", [""])[0] if plugin else said.removeprefix("//"))
    if found and found.frame:
        return _plain(found)
    link = escape(f"https:{said}" if said.startswith("//") else said)
    return f'<p><a href="{link}">{link}</a></p>' if _THEIRS.match(said) else there


def _mark(paragraph: re.Match[str]) -> str:
    attributes, text, bare = paragraph.groups()
    href = _HREF.search(attributes or "")
    there = box(unescape(bare or (href[1] if href else "")))
    if there is None or (href and (not there.frame or box(unescape(text)) != there)):
        return paragraph[0]
    return _plain(there)


def _plain(there: VendorBox) -> str:
    url, mark = escape(there.url), f' class="{MARK}"' if there.frame else ""
    return f'<p{mark}><a href="{url}">{url}</a></p>'


def drawn(html: str, draw: Callable[[VendorBox], str]) -> str:
    """The page with its marked paragraphs as boxes."""

    def one(paragraph: re.Match[str]) -> str:
        there = box(unescape(paragraph[1]))
        return draw(there) if there else paragraph[0]

    return _MARKED.sub(one, html)
