"""The card that a network draws of a shared link, and what would make it look poor.

Networks tell little of how they draw cards and change it at will: sizes of images are documented, lengths of texts
are what fits the lines they give.
"""

from collective.socialterritory.share.rules.described import Described
from collective.socialterritory.share.rules.described import Picture
from collective.socialterritory.text import cut
from collective.socialterritory.text import graphemes
from dataclasses import dataclass
from typing import Any


LARGE = (600, 315)
"""Smaller ones are blown up, or shown as thumbnails: https://developers.facebook.com/docs/sharing/webmasters/images"""
NARROWEST, WIDEST = 1.3, 3.0
"""Width to height; of others a large card shows a part that nobody chose"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a network draws a card. `title`, `description`: characters that fit, 0 where there is none."""

    network: str
    name: str
    title: int
    description: int
    large: tuple[int, int] = LARGE
    """Least width and height of an image that is shown large"""
    small: int = 200
    """Least side of one that is shown at all"""


LOOKS = (
    Look("facebook", "Facebook", 90, 80),
    # https://developer.x.com/en/docs/x-for-websites/cards/overview/summary-card-with-large-image
    Look("x", "X", 70, 0, large=(300, 157), small=144),
    # https://www.linkedin.com/help/linkedin/answer/a521928
    Look("linkedin", "LinkedIn", 110, 0, large=(1200, 627)),
    Look("whatsapp", "WhatsApp", 65, 80, large=(300, 157), small=100),
    Look("mastodon", "Mastodon", 100, 120, large=(1, 1), small=1),
    Look("bluesky", "Bluesky", 100, 160, large=(1, 1), small=1),
)


@dataclass(frozen=True, slots=True)
class Card:
    """`image`: large, small, or "" where the network shows none."""

    look: Look
    title: str
    description: str
    image: str
    cut: bool
    """The title is shown in part"""


def large(picture: Picture) -> bool:
    """Whether a card across the whole width does it justice."""
    return _reaches(picture, LARGE) and NARROWEST <= picture.width / picture.height <= WIDEST


def card(page: Described, look: Look) -> Card:
    title, description = _shown(page.title, look.title), _shown(page.description, look.description)
    return Card(look, title, description, _image(page.picture, look), title != page.title)


def warnings(page: Described) -> tuple[tuple[str, dict[str, Any]], ...]:
    """(code, params of its sentence), worst first."""
    found: list[tuple[str, dict[str, Any]]] = []
    picture = page.picture
    size = {"width": picture.width, "height": picture.height}
    if not picture.own:
        found.append(("card_no_image", {}))
    elif not _reaches(picture, LARGE):
        found.append(("card_image_small", size))
    elif not large(picture):
        found.append(("card_image_shape", size))
    if picture.own and not picture.alt:
        found.append(("card_no_alt", {}))
    if not page.description:
        found.append(("card_no_description", {}))
    short = [look.name for look in LOOKS if card(page, look).cut]
    if short:
        found.append(("card_title_cut", {"networks": ", ".join(short)}))
    return tuple(found)


def _image(picture: Picture, look: Look) -> str:
    if min(picture.width, picture.height) < look.small:
        return ""
    upright = picture.width / picture.height < NARROWEST
    return "large" if _reaches(picture, look.large) and not upright else "small"


def _reaches(picture: Picture, size: tuple[int, int]) -> bool:
    return picture.width >= size[0] and picture.height >= size[1]


def _shown(text: str, length: int) -> str:
    return cut(text, length, graphemes) if length else ""
