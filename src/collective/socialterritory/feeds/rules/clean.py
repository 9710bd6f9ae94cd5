"""What others wrote, made harmless: HTML of few elements, plain text, addresses of the web.

Everything is cut to its longest before it is looked at: https://github.com/messense/nh3 took 17 seconds for 250 kB of
nested elements.
"""

from collective.socialterritory.networks.entries import Image
from collective.socialterritory.plain import whole
from dataclasses import dataclass
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urljoin
from urllib.parse import urlsplit

import html
import nh3
import re


LONGEST = 32_000
"""Characters of an entry's HTML or text"""
LINE = 300
"""Characters of a title, a name or the like"""
ALT = 1500
ADDRESS = 2000
DECORATION = 50
"""Pixels: a picture that says it is smaller, such as an emoji or a counter, is shown as its alternative text"""

TAGS = {"p", "br", "a", "strong", "em", "b", "i", "ul", "ol", "li", "blockquote"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "width", "height"}}
_UNSEEN = set(
    "script style iframe noembed noframes object svg math template textarea title video audio canvas select".split()
)
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = set(
    "address article aside center dd details div dl dt figcaption figure footer form header hr main nav pre section "
    "summary table tr".split()
)

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>")
# These read what nh3 wrote: no < or > but in tags, because _kept() lets none of them into an attribute.
_IMAGE = re.compile(r"<img\b([^>]*)>")
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_NO_LINK = re.compile(r'<a rel="nofollow noopener">(.*?)</a>', re.DOTALL)
_EMPTY = re.compile(r"<(a|p|li|blockquote|strong|em|b|i)\b[^>]*>(?:\s|&nbsp;|<br>)*</\1>")
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_BREAKS = {"br": "\n", "li": "\n• ", "/p": "\n\n", "/blockquote": "\n\n", "/ul": "\n\n", "/ol": "\n\n", "ul": "\n"}
_ANY = re.compile(r"<(/?\w+)[^>]*>")

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_UNSAFE = re.compile(_CONTROLS.pattern[:-1] + r'\s<>"`{}|\\^]')
_HOST = re.compile(r"(?:[\w-]+\.)*[\w-]+\.?(?::\d+)?|\[[0-9a-fA-F:.]+\](?::\d+)?")


@dataclass(frozen=True, slots=True)
class Cleaned:
    html: str
    """Of TAGS alone; "" where the text says as much"""
    text: str
    images: tuple[Image, ...]
    links: tuple[str, ...]
    """Those that are no hashtags or mentions"""


def cleaned(source: str, base: str) -> Cleaned:
    """Of a piece of HTML; `base`: the address that its relative links begin with."""
    source = _TAG.sub(_simple, whole(source[:LONGEST]))

    def kept(tag: str, name: str, value: str) -> str | None:
        """nh3 lets more attributes in than it is told, such as title; `rel` is its own."""
        if name not in _ATTRIBUTES.get(tag, ()):
            return value if name == "rel" else None
        if name in ("href", "src"):
            value = address(value, base)
        return quote(value) if tag == "img" else value or None

    safe = nh3.clean(
        source,
        tags=TAGS | {"img"},
        clean_content_tags=_UNSEEN,
        attributes=_ATTRIBUTES,
        attribute_filter=kept,
        link_rel="nofollow noopener",
    )
    images: list[Image] = []

    def taken(match: re.Match[str]) -> str:
        told = {name: unquote(value) for name, value in _ATTRIBUTE.findall(match[1])}
        alt, width, height = line(told.get("alt", ""), ALT), _pixels(told.get("width")), _pixels(told.get("height"))
        if 0 < width < DECORATION or 0 < height < DECORATION:
            return html.escape(alt)
        if told.get("src"):
            images.append(Image(told["src"], alt, width, height))
        return ""

    safe = _CONTROLS.sub("", _NO_LINK.sub(r"\1", _IMAGE.sub(taken, safe)))
    safe = _EMPTY.sub("", _EMPTY.sub("", safe)).strip()
    text = _text(safe)
    # "&" alone becomes five characters, so it may have grown.
    shown = safe if text and "<" in safe and len(safe) <= LONGEST else ""
    return Cleaned(shown, text, tuple(images), _away(safe))


def _simple(tag: re.Match[str]) -> str:
    """Blocks become paragraphs, so that words do not run together, and most attributes go: many of them cost time."""
    end, name, rest = tag[1], tag[2].lower(), tag[3]
    if name in _HEADINGS:
        return "</strong></p>" if end else "<p><strong>"
    if name in _BLOCKS:
        return f"<{end}p>"
    if name in _ATTRIBUTES:
        return tag[0]
    if (end, name) == ("/", "br"):  # XHTML; in HTML it would be one more
        return ""
    return f"<{end}{name}{'/' if rest.endswith('/') else ''}>"


def _pixels(told: str | None) -> int:
    digits = re.match(r"[0-9]{1,5}(?=$|px|\.)", told or "")
    return int(digits[0]) if digits else 0


def _text(safe: str) -> str:
    spaced = re.sub(r"\s+", " ", safe)
    return paragraphs(html.unescape(_ANY.sub(lambda tag: _BREAKS.get(tag[1], ""), spaced)))


def _away(safe: str) -> tuple[str, ...]:
    links = _LINK.findall(safe)
    return tuple(html.unescape(url) for url, words in links if not _ANY.sub("", words).strip().startswith(("#", "@")))


def title(source: str, is_html: bool) -> str:
    return line(cleaned(source[: 10 * LINE], "").text if is_html else source)


def line(text: object, longest: int = LINE) -> str:
    """One line of plain text; "" when it is none."""
    return _cut(" ".join(_CONTROLS.sub("", whole(text[:LONGEST])).split()), longest) if isinstance(text, str) else ""


def paragraphs(text: str) -> str:
    """Plain text that keeps its line breaks."""
    lines = (" ".join(one.split()) for one in _CONTROLS.sub("", whole(text[:LONGEST])).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def address(value: object, base: str = "") -> str:
    """An address of the web, in full; "" when it is none, or names a user in front of its host."""
    said = whole(value).strip() if isinstance(value, str) else ""
    if not 0 < len(said) <= ADDRESS:
        return ""
    try:
        parts = urlsplit(urljoin(base, said))
        parts.port  # noqa: B018 a port that is no number raises
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc):
        return ""
    return _UNSAFE.sub(lambda char: quote(char[0]), parts.geturl())
