"""What a page's head says of it: <meta> tags and linked data."""

from collections.abc import Iterator
from collective.socialterritory.share.rules import cards
from collective.socialterritory.share.rules.described import Described
from collective.socialterritory.share.rules.described import Kind
from collective.socialterritory.share.rules.described import Picture
from datetime import date
from datetime import datetime
from datetime import UTC
from typing import Any

import json


Meta = tuple[str, str, str]
"""Attribute (property or name), its value, and the content"""

# Of other languages the territory has the language's own letters, as in it_IT.
_TERRITORIES = {
    "ar": "AR", "br": "FR", "ca": "ES", "cs": "CZ", "cy": "GB", "da": "DK", "el": "GR", "en": "US", "et": "EE",
    "eu": "ES", "fa": "IR", "ga": "IE", "gl": "ES", "he": "IL", "hi": "IN", "ja": "JP", "ko": "KR", "nb": "NO",
    "nn": "NO", "sl": "SI", "sq": "AL", "sr": "RS", "sv": "SE", "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip
_UNSAFE = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def locale(language: str) -> str:
    """fr_FR of fr, fr_BE of fr-be; "" of none: https://ogp.me/#optional"""
    main, _, territory = language.partition("-")
    return f"{main}_{territory.upper() or _TERRITORIES.get(main, main.upper())}" if main else ""


def meta(page: Described) -> tuple[Meta, ...]:
    """https://ogp.me, https://developer.x.com/en/docs/x-for-websites/cards/overview/markup; nothing empty."""
    return tuple(tag for tag in _meta(page) if tag[2])


def _meta(page: Described) -> Iterator[Meta]:
    article = page.kind in (Kind.NEWS, Kind.DOCUMENT)
    yield "property", "og:type", "article" if article else "website"
    yield "property", "og:title", page.title
    yield "property", "og:description", page.description
    yield "property", "og:url", page.url
    yield "property", "og:site_name", page.site
    yield "property", "og:locale", locale(page.language)
    others = {locale(language) for language in page.translations} - {locale(page.language)}
    yield from (("property", "og:locale:alternate", other) for other in sorted(others))
    if article:
        yield "property", "article:published_time", _time(page.published)
        yield "property", "article:modified_time", _time(page.modified)
        yield "property", "article:section", page.section
        yield from (("property", "article:tag", subject) for subject in page.subjects)
    picture = page.picture
    yield "property", "og:image", picture.url
    yield "property", "og:image:type", picture.mime
    if picture.width:
        yield "property", "og:image:width", str(picture.width)
        yield "property", "og:image:height", str(picture.height)
    yield "property", "og:image:alt", picture.alt or page.title
    yield "name", "twitter:card", "summary_large_image" if cards.large(picture) else "summary"
    yield "name", "twitter:title", page.title
    yield "name", "twitter:description", page.description
    yield "name", "twitter:image", picture.url
    yield "name", "twitter:image:alt", picture.alt or page.title
    yield from (("name", name, who) for name, who in page.credits)
    yield from (("property", name, value) for name, value in page.properties)


def linked(page: Described) -> dict[str, Any]:
    """https://schema.org, as https://developers.google.com/search/docs/appearance/structured-data wants it."""
    body: dict[str, Any] = {
        "name": page.title,
        "url": page.url,
        "description": page.description,
        "inLanguage": page.language,
    }
    publisher = {"@type": "Organization", "name": page.site, "url": page.home}
    dates = {"datePublished": _time(page.published), "dateModified": _time(page.modified)}
    match page.kind:
        case Kind.NEWS:
            body = {
                "headline": page.title,
                **body,
                **dates,
                "mainEntityOfPage": page.url,
                "articleSection": page.section,
                "keywords": list(page.subjects),
                "image": _image(page.picture),
                "author": publisher,
                "publisher": publisher,
            }
        case Kind.EVENT if page.happening:
            place = page.happening.place
            body |= {
                "startDate": _day(page.happening.start),
                "endDate": _day(page.happening.end),
                "location": {"@type": "Place", "name": place, "address": place} if place else None,
                "image": _image(page.picture),
                "organizer": publisher,
            }
        case Kind.IMAGE if page.original:
            original = page.original
            body |= {
                "contentUrl": original.url,
                "encodingFormat": original.mime,
                "width": original.width,
                "height": original.height,
                "uploadDate": dates["datePublished"],
            }
        case _:
            site = {"@type": "WebSite", "name": page.site, "url": page.home}
            image = _image(page.picture) if page.picture.own else None
            body |= {**dates, "isPartOf": site, "primaryImageOfPage": image}
    kind = "WebPage" if page.kind is Kind.DOCUMENT else page.kind.value
    return {"@context": "https://schema.org", "@type": kind, **_filled(body)}


def script(data: dict[str, Any]) -> str:
    """JSON in which nothing ends a <script> or begins markup, whoever writes the page out."""
    return json.dumps(data, ensure_ascii=False).translate(_UNSAFE)


def _image(picture: Picture) -> dict[str, Any]:
    image = {"url": picture.url, "width": picture.width, "height": picture.height, "caption": picture.alt}
    return {"@type": "ImageObject", **_filled(image)}


def _filled(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value}


def _time(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def _day(moment: date | datetime | None) -> str:
    """In its own time zone, of which search engines are told as well."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat() if moment else ""
