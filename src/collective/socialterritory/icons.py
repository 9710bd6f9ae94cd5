"""The icons that Plone brings along, as SVG."""

from plone import api
from typing import Any


def icon(context: Any, request: Any, name: str, css: str = "me-1") -> str:
    """The Bootstrap icon as SVG; the words beside it say the same, so it is silent for screen readers."""
    tag = api.content.get_view("iconresolver", context, request).tag(name, tag_class=css)
    return tag.replace("<svg ", '<svg aria-hidden="true" ', 1)
