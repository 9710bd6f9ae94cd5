"""RSS, Atom and RDF, read by https://feedparser.readthedocs.io/ from bytes: given a string it would open files."""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds.rules import dates
from collective.socialterritory.feeds.rules import normal
from collective.socialterritory.feeds.rules.normal import Told
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import re


_HALF = 100
_ENTRY = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_MEDIA = "{http://search.yahoo.com/mrss/}"
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w+;")


def read(body: bytes, headers: Mapping[str, str], url: str) -> Feed:
    """Raises ContentError("not_a_feed", host), and on hostile bytes nearly anything."""
    body = _shortened(body)
    told = {name.lower(): value for name, value in headers.items()} | {"content-location": url}
    found = feedparser.parse(BytesIO(body), response_headers=told, sanitize_html=False, resolve_relative_uris=False)
    if not found.version and not found.entries:
        raise ContentError("not_a_feed", host=urlsplit(url).hostname or "")
    about = found.feed
    alts = _alts(body)
    loose = not (found.version or "").startswith("atom")
    return normal.feed(
        (_told(entry, about, alts, url, loose) for entry in found.entries),
        _plain(about, "title"),
        url,
        _plain(about, "link"),
        _part(about, "image").get("href") or _plain(about, "logo") or _plain(about, "icon"),
    )


def _shortened(body: bytes) -> bytes:
    """Without the middle of an endless list: its newest entries are at one of its ends."""
    starts = [match.start() for match in _ENTRY.finditer(body)]
    return body[: starts[_HALF]] + body[starts[-_HALF] :] if len(starts) > 2 * _HALF else body


def _told(entry: Any, about: Any, alts: Mapping[str, str], url: str, loose: bool) -> Told:
    words = _words(entry, alts.values())
    said, base, language = (words.get(name) or "" for name in ("value", "base", "language"))
    is_html = _is_html(words) and (loose or bool(_MARKUP.search(said)))
    named = _plain(entry, "title")
    return Told(
        base=base or url,
        link=_plain(entry, "link"),
        title=named,
        title_is_html=_is_html(_part(entry, "title_detail")) or loose and bool(_MARKUP.search(named)),
        html=said if is_html else "",
        text="" if is_html else said,
        published=dates.published(_plain(entry, "published"), entry.get("published_parsed"))
        or dates.published(_plain(entry, "updated"), entry.get("updated_parsed")),
        author=_plain(entry, "author") or _plain(about, "author"),
        language=_plain(entry, "language") or language or _plain(about, "language"),
        tags=[tag.get("label") or tag.get("term") for tag in _parts(entry, "tags")],
        images=tuple(_images(entry, alts)),
        thumbnail=_thumbnail(entry),
        is_reply="thr_in-reply-to" in entry,
        is_repost=_plain(entry, "activity_verb").endswith("share"),
    )


def _words(entry: Any, alts: Collection[str]) -> Mapping[str, Any]:
    """The longest way it is said: its value, type, base and language. feedparser takes pictures' alts for content."""
    summary, detail = _plain(entry, "summary"), _part(entry, "summary_detail")
    contents = [
        content
        for content in _parts(entry, "content")
        if content.get("value") not in ("", *alts)
        and (content.get("type") or "").startswith(("text/", "application/xhtml"))
    ]
    contents.append(detail if detail.get("value") == summary else {"value": summary, "type": "text/html"})
    told = [content for content in contents if content.get("value")]
    return next(filter(_is_html, told), told[0] if told else {})


def _is_html(detail: Mapping[str, Any]) -> bool:
    return detail.get("type") in ("text/html", "application/xhtml+xml")


def _images(entry: Any, alts: Mapping[str, str]) -> Iterator[Image]:
    for media in (*_parts(entry, "media_content"), *_parts(entry, "enclosures")):
        where = media.get("url") or media.get("href")
        if where and _is_picture(media, where):
            yield Image(where, alts.get(where, ""), _size(media.get("width")), _size(media.get("height")))


def _is_picture(media: Mapping[str, Any], where: str) -> bool:
    kind = media.get("type") or media.get("medium") or ""
    return kind.startswith("image") if kind else bool(_PICTURE.search(where))


def _thumbnail(entry: Any) -> Image:
    told = [*_parts(entry, "media_thumbnail"), {"url": _part(entry, "image").get("href")}]
    found = (Image(one["url"], "", _size(one.get("width")), _size(one.get("height"))) for one in told if one.get("url"))
    return next(found, Image(""))


def _alts(body: bytes) -> dict[str, str]:
    """What is said of pictures: feedparser forgets which of them it was about. {} for what is no sound XML."""
    if _MEDIA[1:-2].encode() not in body or b"<!ENTITY" in body:
        return {}
    try:
        told = ElementTree.fromstring(body).iter(f"{_MEDIA}content")
    except (ElementTree.ParseError, LookupError, ValueError):
        return {}
    return {one.get("url", ""): one.findtext(f"{_MEDIA}description") or "" for one in told}


def _size(told: Any) -> int:
    return int(told) if re.fullmatch("[0-9]{1,5}", told or "") else 0


def _plain(said: Any, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _part(said: Any, name: str) -> Mapping[str, Any]:
    value = said.get(name)
    return value if isinstance(value, Mapping) else {}


def _parts(said: Any, name: str) -> list[Mapping[str, Any]]:
    value = said.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
