"""Feeds in JSON: https://www.jsonfeed.org/version/1.1/ and https://developers.dailymotion.com/api/platform-api/reference/"""

from collections.abc import Iterator
from collective.socialterritory.errors import ContentError
from collective.socialterritory.feeds.rules import dates
from collective.socialterritory.feeds.rules import normal
from collective.socialterritory.feeds.rules.normal import Told
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from typing import Any
from urllib.parse import urlsplit

import json


_VERSIONS = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")
_DAILYMOTION = "api.dailymotion.com"
_WATCH = "https://www.dailymotion.com"


def read(body: bytes, url: str) -> Feed:
    """Raises ContentError("not_a_feed", host), and on hostile bytes ValueError or RecursionError."""
    said = json.loads(body.decode("utf-8-sig", "replace"))
    host = urlsplit(url).hostname or ""
    if _word(said, "version").startswith(_VERSIONS):
        rows = [_item(row, said, url) for row in _rows(said, "items")]
        return normal.feed(rows, _word(said, "title"), url, _word(said, "home_page_url"), _icon(said))
    if host == _DAILYMOTION and isinstance(said.get("list"), list):
        return _videos(_rows(said, "list"), url)
    raise ContentError("not_a_feed", host=host)


def _item(row: dict[str, Any], about: dict[str, Any], url: str) -> Told:
    author = _author(row) or _author(about)
    return Told(
        base=url,
        link=_word(row, "url") or _word(row, "external_url"),
        title=_word(row, "title"),
        html=_word(row, "content_html"),
        text=_word(row, "content_text") or _word(row, "summary"),
        published=dates.published(row.get("date_published")) or dates.published(row.get("date_modified")),
        author=_word(author, "name"),
        avatar=_word(author, "avatar"),
        language=_word(row, "language") or _word(about, "language"),
        tags=_list(row, "tags"),
        images=tuple(_pictures(row)),
        thumbnail=Image(_word(row, "image") or _word(row, "banner_image")),
    )


def _author(said: dict[str, Any]) -> dict[str, Any]:
    """Version 1 has one, 1.1 a list of them."""
    return next(iter(_rows(said, "authors")), said["author"] if isinstance(said.get("author"), dict) else {})


def _icon(said: dict[str, Any]) -> str:
    return _word(said, "icon") or _word(_author(said), "avatar") or _word(said, "favicon")


def _pictures(row: dict[str, Any]) -> Iterator[Image]:
    for one in _rows(row, "attachments"):
        if _word(one, "mime_type").startswith("image/"):
            yield Image(_word(one, "url"), _word(one, "title"))


def _videos(rows: list[dict[str, Any]], url: str) -> Feed:
    user = urlsplit(url).path.strip("/").split("/")[1:2]
    name = next((_word(row, "owner.screenname") for row in rows), "") or "".join(user)
    avatar = next((_largest(row, "owner.avatar_") for row in rows), "")
    return normal.feed([_video(row) for row in rows], name, url, f"{_WATCH}/{''.join(user)}", avatar)


def _video(row: dict[str, Any]) -> Told:
    id = _word(row, "id")
    return Told(
        base=_WATCH,
        link=_word(row, "url") or (f"{_WATCH}/video/{id}" if id else ""),
        title=_word(row, "title"),
        html=_word(row, "description"),
        published=dates.since_1970(row.get("created_time")),
        author=_word(row, "owner.screenname"),
        avatar=_largest(row, "owner.avatar_"),
        language=_word(row, "language"),
        tags=_list(row, "tags"),
        thumbnail=Image(_largest(row, "thumbnail_")),
    )


def _largest(row: dict[str, Any], kind: str) -> str:
    """Of the addresses such as thumbnail_240_url and thumbnail_720_url; thumbnail_url is the whole picture."""
    told = {name: value for name, value in row.items() if name.startswith(kind) and isinstance(value, str)}
    sizes = {int(digits) if (digits := name[len(kind) :].partition("_")[0]).isdecimal() else 0: name for name in told}
    return told[sizes[max(sizes)]] if sizes else ""


def _word(said: Any, name: str) -> str:
    value = said.get(name) if isinstance(said, dict) else None
    return value if isinstance(value, str) else ""


def _list(said: dict[str, Any], name: str) -> list[Any]:
    value = said.get(name)
    return value if isinstance(value, list) else []


def _rows(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [row for row in _list(said, name) if isinstance(row, dict)]
