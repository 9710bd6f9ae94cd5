"""Where a comment was said, for whoever shows it; and the pictures of authors, from this site alone."""

from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.kept import given
from dataclasses import dataclass
from plone import api
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


PAGE = "@@social-avatar"


@dataclass(frozen=True, slots=True)
class Origin:
    """`network`: what people call it, a message; `url`: where it was said; the other two may be "".

    `avatar` is an address of this site's own; it says nothing that the author's name beside it does not.
    """

    id: str
    network: Any
    url: str
    author_url: str = ""
    handle: str = ""
    avatar: str = ""


def origin(comment: Any) -> Origin | None:
    """Of a network's reply; None of what was written here, or was taken away."""
    known = facts(comment)
    said = known.remote
    if known.source == SITE or not said:
        return None
    face = said.get("avatar")
    return Origin(
        known.source,
        network_title(known.source),
        said["url"],
        said["author_url"],
        said.get("handle", ""),
        f"{api.portal.get().absolute_url()}/{PAGE}/{face}" if face else "",
    )


@implementer(IPublishTraverse)
class Avatar(BrowserView):
    """@@social-avatar/<name>: the avatar of somebody who replied at a network."""

    name = ""

    def publishTraverse(self, request: Any, name: str) -> "Avatar":
        if self.name:
            raise NotFound(name)
        self.name = name
        return self

    def __call__(self) -> bytes:
        picture = Hearsay(api.portal.get()).picture(self.name) if self.name else None
        if picture is None:
            raise NotFound(self.name)
        return given(self.request.response, picture)
