"""Pieces that several templates share."""

from Products.Five.browser import BrowserView
from zExceptions import NotFound


class Macros(BrowserView):
    """No page: whoever asks for it by its address finds nothing."""

    def __call__(self) -> str:
        raise NotFound("social-macros")
