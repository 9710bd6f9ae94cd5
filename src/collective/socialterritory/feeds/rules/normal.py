"""What every format comes down to: a feed's entries as they were told, made clean, few and recognisable."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from collective.socialterritory.feeds.rules import clean
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import UNDATED
from collective.socialterritory.plain import whole
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime

import hashlib
import re


MOST = 50
"""Entries that are kept of a feed"""
IMAGES = 4
"""Pictures that are kept of an entry"""
TAGS = 20

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
_MAIL = re.compile(r"[^\s@<>()]{1,64}+@[^\s@<>()]+")
# Services that make feeds of X write "RT by @town: " and "R to @town: " in front.
_REPOST = re.compile(r"RT (?:by )?@")
_REPLY = re.compile(r"R to @")


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as its feed has it, nothing of it clean; `base`: what its relative addresses begin with."""

    base: str
    link: str = ""
    title: str = ""
    title_is_html: bool = False
    html: str = ""
    text: str = ""
    """In place of `html`"""
    published: datetime | None = None
    author: str = ""
    avatar: str = ""
    language: str = ""
    tags: Sequence[object] = ()
    images: Sequence[Image] = ()
    thumbnail: Image = Image("")
    """Shown where there is no other picture"""
    is_reply: bool = False
    is_repost: bool = False


def feed(told: Iterable[Told], title: str, url: str, page: str, avatar: str = "") -> Feed:
    """`url`: where the feed was read; `page`: of the site it belongs to, as it was told."""
    rows = list(told)
    if all(row.published for row in rows):
        rows.sort(key=lambda row: row.published or UNDATED, reverse=True)
    where = clean.address(page, url) or url
    found = dict.fromkeys(_entry(row, where) for row in rows[:MOST])
    # A link is what stays the same of an entry, unless it leads several of them to one page.
    known = Counter(entry.id for entry in found)
    entries: dict[str, Entry] = {}
    for entry in found:
        id = entry.id if entry.id and known[entry.id] == 1 else _digest(entry)
        entries.setdefault(id, replace(entry, id=id))
    return Feed(clean.line(title), where, tuple(entries.values()), clean.address(avatar, url))


def _entry(row: Told, page: str) -> Entry:
    cleaned = clean.cleaned(row.html, row.base)
    text = cleaned.text or clean.paragraphs(row.text)
    title = _own(clean.title(row.title, row.title_is_html), text)
    link = clean.address(row.link, row.base)
    return Entry(
        id=link,
        url=link or page,
        published=row.published or UNDATED,
        text=text,
        author=_name(clean.line(row.author)),
        language=_language(row.language),
        link="" if title else next((url for url in cleaned.links if url != link), ""),
        images=_images(row, cleaned.images),
        is_reply=row.is_reply or bool(_REPLY.match(title or text)),
        is_repost=row.is_repost or bool(_REPOST.match(title or text)),
        title=title,
        html=cleaned.html,
        avatar=clean.address(row.avatar, row.base),
        tags=_tags(row.tags),
    )


def _digest(entry: Entry) -> str:
    said = "\n".join((entry.id, entry.title, entry.text, *(image.url for image in entry.images)))
    return hashlib.sha256(whole(said).encode()).hexdigest()


def _own(title: str, text: str) -> str:
    """The title; "" where it is the text once more, or its beginning, as services without titles write it."""
    said = clean.line(text, clean.LONGEST)
    start = title.rstrip("….").rstrip()
    return "" if said == title or start != title and said.startswith(start) else title


def _name(author: str) -> str:
    """Without the mail address, which is for nobody else."""
    bare = _MAIL.sub("", author)
    return author if bare == author else bare.strip("()<> ")


def _images(row: Told, shown: Sequence[Image]) -> tuple[Image, ...]:
    """Those told beside the text come first. One beside it and one in it are the same, in two sizes."""
    alts = {image.url: image.alt for image in shown}
    if len(row.images) == len(shown) == 1:
        alts, shown = {clean.address(row.images[0].url, row.base): shown[0].alt}, ()
    found: dict[str, Image] = {}
    for image in (*row.images, *shown) or (row.thumbnail,):
        if url := clean.address(image.url, row.base):
            found.setdefault(url, replace(image, url=url, alt=clean.line(image.alt, clean.ALT) or alts.get(url, "")))
    return tuple(found.values())[:IMAGES]


def _language(told: str) -> str:
    """As in fr or fr-be; "" when it is none."""
    language = told.strip().lower().replace("_", "-")
    return language if _LANGUAGE.fullmatch(language) else ""


def _tags(told: Sequence[object]) -> tuple[str, ...]:
    """Each once, whatever its capitals; addresses that stand for categories are none."""
    words = (clean.line(one, 100).lstrip("#") for one in told[: 5 * TAGS])
    tags = {word.casefold(): word for word in words if word and "://" not in word}
    return tuple(tags.values())[:TAGS]
