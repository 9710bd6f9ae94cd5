"""The picture that stands for a page: one that networks can show, with what is known of it without opening it."""

from collections.abc import Mapping
from collective.socialterritory import images
from collective.socialterritory import uploaded
from collective.socialterritory.interfaces import settings
from collective.socialterritory.plain import one_line
from collective.socialterritory.share.rules.described import Picture
from dataclasses import dataclass
from plone import api
from plone.namedfile.interfaces import IAvailableSizes
from plone.scale.scale import calculate_scaled_dimensions
from typing import Any
from urllib.parse import quote
from zope.component import getUtility


WIDTH = 1200
"""Pixels that every network is content with"""
PLACES = (("share_image", "share_image_alt"), ("image", "image_caption"))
"""Fields that may hold the picture of a page and its description: what was chosen for sharing comes first."""


@dataclass(frozen=True)
class Unsaved:
    """Stands for a picture that only a form has."""

    contentType: str
    _width: int
    _height: int

    def getSize(self) -> int:
        return 1


def place(stored: Mapping[str, Any]) -> str:
    """The field whose picture stands for the page, "" when no network could show any. `stored`: the fields."""
    return next((name for name, _caption in PLACES if _shown(stored.get(name))), "")


def own(stored: Mapping[str, Any], url: str) -> Picture | None:
    """`url`: the public address of what has these fields."""
    name = place(stored)
    if not name:
        return None
    return scaled(stored[name], f"{url}/@@images/{name}", one_line(stored.get(dict(PLACES)[name]) or ""))


def _shown(picture: Any) -> bool:
    return getattr(picture, "contentType", "") in images.IN_CARDS and picture.getSize() > 0


def scaled(picture: Any, address: str, alt: str) -> Picture:
    """The scale is made when its address is first asked for, and not on the page that names it."""
    name, box = scale()
    width, height = images.size(picture)
    if name and width and height:
        width, height = calculate_scaled_dimensions(width, height, *box, "scale")
    # Networks keep what they have fetched: another picture must have another address.
    url = f"{address}/{name}" if name else address
    version = getattr(picture, "_modified", 0)
    return Picture(f"{url}?v={version}" if version else url, images.IN_CARDS[picture.contentType], width, height, alt)


def scale() -> tuple[str, tuple[int, int]]:
    """Name and size of the smallest of the site's scales that is wide enough, else of the widest; "" without any."""
    sizes = getUtility(IAvailableSizes)() or {}
    widths = {name: box for name, box in sizes.items() if box[1] >= box[0]}
    wide = {name: box for name, box in widths.items() if box[0] >= WIDTH}
    if wide:
        return min(wide.items(), key=lambda item: item[1])
    return max(widths.items(), key=lambda item: item[1], default=("", (0, 0)))


def fallback(home: str, site: str) -> Picture:
    """For pages without one: the site's for sharing, its logo where networks can show that, else a neutral one."""
    logo = api.portal.get_registry_record("plone.site_logo", default=None)
    for stored, view in ((settings().share_fallback, "social-share-image"), (logo, "site-logo")):
        if found := uploaded.describe(stored):
            name, mime, width, height = found
            return Picture(f"{home}/@@{view}/{quote(name)}", mime, width, height, site, own=False)
    return Picture(f"{home}/++plone++collective.socialterritory/card.png", "image/png", 1200, 630, site, own=False)
