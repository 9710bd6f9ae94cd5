"""The icons that Plone brings along, as SVG."""

from plone import api
from plone.registry.interfaces import IRegistry
from typing import Any
from zope.component import getUtility


_drawn: dict[tuple[str, ...], str] = {}
"""By name, file and class: Plone reads and parses the file each time, and a page has a dozen of them"""


def icon(context: Any, request: Any, name: str, css: str = "me-1") -> str:
    """The Bootstrap icon as SVG; the words beside it say the same, so it is silent for screen readers."""
    key = name, getUtility(IRegistry).get(f"plone.icon.{name}", ""), css
    if key not in _drawn:
        tag = api.content.get_view("iconresolver", context, request).tag(name, tag_class=css)
        if not tag.startswith("<svg "):  # a picture, whose address is of this site alone
            return tag
        _drawn[key] = tag.replace("<svg ", '<svg aria-hidden="true" ', 1)
    return _drawn[key]
