"""Images that people upload; a control panel keeps the name and bytes of one in one value of the registry."""

from collective.socialterritory import images
from collective.socialterritory.errors import ContentError
from functools import lru_cache
from html import escape
from io import BytesIO
from plone.formwidget.namedfile.converter import b64decode_file
from plone.formwidget.namedfile.widget import NamedImageWidget
from plone.namedfile.file import NamedImage
from typing import Any
from z3c.form.interfaces import IFieldWidget
from z3c.form.widget import FieldWidget
from zope.i18n import translate
from zope.interface import implementer


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


class ImageWidget(NamedImageWidget):
    """Plone's label points to no control: for who cannot see it, the one for the file gets a name of its own."""

    def render(self) -> str:
        name = escape(translate(self.label, context=self.request))
        file = f'id="{self.id}-input"'
        return super().render().replace(file, f'{file} aria-label="{name}"')


@implementer(IFieldWidget)
def ImageFieldWidget(field: Any, request: Any) -> Any:
    return FieldWidget(field, ImageWidget(request))
