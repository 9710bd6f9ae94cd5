"""Whether people can comment on a page, and a moderator's hand on that."""

from plone import api
from typing import Any
from zope.globalrequest import getRequest


def open_here(item: Any) -> bool:
    """Whether visitors find a form on it."""
    view = api.content.get_view("conversation_view", item, getRequest())
    return bool(view.enabled())


def closed_here(item: Any) -> bool:
    """Whether it is this page that says no, and not its type or the site."""
    return getattr(item.aq_base, "allow_discussion", None) is False


def allow(item: Any, open: bool) -> None:
    """What was said stays as visible as it was."""
    item.allow_discussion = open
