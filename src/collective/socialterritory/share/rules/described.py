"""The nouns of a page as networks and search engines are told of it."""

from dataclasses import dataclass
from datetime import date
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    NEWS = "NewsArticle"
    DOCUMENT = "Document"
    EVENT = "Event"
    IMAGE = "ImageObject"
    OTHER = "WebPage"


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` in pixels, 0 where nobody knows them; `mime` "" where it depends on the file."""

    url: str
    mime: str = ""
    width: int = 0
    height: int = 0
    alt: str = ""
    own: bool = True
    """Of the page; else what stands in for all pages without one"""


@dataclass(frozen=True, slots=True)
class Happening:
    """When and where an event is. Days alone where it lasts for whole days; no `end` where that is open."""

    start: date | datetime
    end: date | datetime | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """All texts are plain and on one line; `url` and `home` (of the site) are those that visitors use."""

    kind: Kind
    url: str
    title: str
    description: str
    site: str
    home: str
    picture: Picture
    language: str = ""
    translations: tuple[str, ...] = ()
    """Languages, such as fr, of those that visitors may see"""
    published: datetime | None = None
    modified: datetime | None = None
    section: str = ""
    subjects: tuple[str, ...] = ()
    happening: Happening | None = None
    original: Picture | None = None
    """Of an image: the file itself"""
    credits: tuple[tuple[str, str], ...] = ()
    """Names of <meta> tags and who is named there: ("twitter:creator", "@town")"""
    properties: tuple[tuple[str, str], ...] = ()
    """Further tags that the site's settings or the file ask for: ("fb:app_id", "1")"""
