"""Which pictures of a feed are kept on this site, and how the copy names them."""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory.feeds.model import Kept
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from dataclasses import replace
from hashlib import sha256

import re


AVATAR, IMAGE = 96, 640
"""Longest side in pixels, twice what is shown"""
_NAME = re.compile(r"[0-9a-f]{32}-(\d+)x(\d+)")


def name(picture: Kept) -> str:
    """What a picture is called here, such as 0123…-640x480; its pixels are told before it is there."""
    return f"{sha256(picture.data).hexdigest()[:32]}-{picture.width}x{picture.height}"


def size(name: str) -> tuple[int, int]:
    """Width and height of a picture that is kept; (0, 0) for one of the site's own."""
    found = _NAME.fullmatch(name)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def elsewhere(feed: Feed) -> Feed:
    """The feed without addresses that only we may give."""
    return local(feed, {url: url for url in _addresses(feed) if url.startswith(("http://", "https://"))})


def wanted(feed: Feed) -> list[tuple[str, int]]:
    """Addresses, each once, and the longest side that is kept: of an entry its first picture."""
    found = {feed.avatar: AVATAR} | {entry.avatar: AVATAR for entry in feed.entries}
    found |= {image.url: IMAGE for entry in feed.entries for image in entry.images[:1]}
    return [(url, side) for url, side in found.items() if url]


def local(feed: Feed, names: Mapping[str, str]) -> Feed:
    """The feed with names in place of addresses. What could not be had is left out."""
    return replace(
        feed,
        avatar=names.get(feed.avatar, ""),
        entries=tuple(_entry(entry, names) for entry in feed.entries),
    )


def used(feed: Feed) -> set[str]:
    """Names of the pictures that it shows."""
    return {url for url in _addresses(feed) if _NAME.fullmatch(url)}


def _entry(entry: Entry, names: Mapping[str, str]) -> Entry:
    images = tuple(replace(image, url=names[image.url]) for image in entry.images[:1] if names.get(image.url))
    return replace(entry, avatar=names.get(entry.avatar, ""), images=images)


def _addresses(feed: Feed) -> Iterator[str]:
    yield feed.avatar
    for entry in feed.entries:
        yield entry.avatar
        yield from (image.url for image in entry.images)
