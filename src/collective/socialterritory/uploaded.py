"""An image as a control panel keeps it: its name and bytes in one value of the registry."""

from collective.socialterritory import images
from collective.socialterritory.errors import ContentError
from functools import lru_cache
from io import BytesIO
from plone.formwidget.namedfile.converter import b64decode_file
from plone.namedfile.file import NamedImage


@lru_cache(maxsize=8)
def describe(stored: bytes | None) -> tuple[str, str, int, int] | None:
    """Name, type, width and height; None of what networks would not show in a link card."""
    if not stored:
        return None
    try:
        name, data = b64decode_file(stored)
        mime, width, height = images.describe(BytesIO(data))
    except (ContentError, ValueError):
        return None
    return (name, mime, width, height) if mime in images.IN_CARDS else None


def picture(stored: bytes) -> NamedImage:
    name, data = b64decode_file(stored)
    return NamedImage(data=data, filename=name)
