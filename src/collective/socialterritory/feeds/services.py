"""The JSON door of feeds: what visitors may read of a source or mix."""

from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.feeds.showing import Box
from collective.socialterritory.feeds.views import number
from collective.socialterritory.markup import linked
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import UNDATED
from plone import api
from plone.restapi.services import Service
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


SIZE = 20


@implementer(IPublishTraverse)
class FeedGet(Service):
    """GET <site>/@social-feed/<source>?b_start=&b_size=: stored entries of a source or mix, newest first."""

    id = ""

    def publishTraverse(self, request: Any, name: str) -> "FeedGet":
        if self.id:
            raise NotFound(name)
        self.id = name
        return self

    def reply(self) -> dict[str, Any]:
        """Raises NotFound for what is no feed, Unauthorized for one that is not the visitor's to see."""
        folder = self.context.get(content.CONTAINER)
        feed = folder.get(self.id) if folder is not None and self.id else None
        if feed is None:
            raise NotFound(self.id)
        if not api.user.has_permission("View", obj=feed):
            raise Unauthorized(self.id)
        form = self.request.form
        start, size = number(form.get("b_start"), 0), number(form.get("b_size"), SIZE)
        box = Box(self.context, self.request, feed, size=size, start=start)
        url = f"{self.context.absolute_url()}/@social-feed/{self.id}"
        onward = {"next": f"{url}?b_start={start + box.size}&b_size={box.size}"} if box.next else {}
        return {
            "@id": url,
            "title": box.title,
            "url": feed.absolute_url(),
            "paused": box.paused,
            "profiles": box.profiles,
            "items": [self._item(box, source, entry) for source, entry in box.shown],
            "items_total": box.total,
            "batching": {"@id": self.request["ACTUAL_URL"], **onward},
        }

    def _item(self, box: Box, source: Any, entry: Entry) -> dict[str, Any]:
        image = entry.images[0] if entry.images else None
        width, height = pictures.size(image.url) if image else (0, 0)
        return {
            "id": entry.id,
            "url": box.address(source, entry.url),
            "author": entry.author or source.Title(),
            "avatar": box.picture(source, entry.avatar) or None,
            "published": entry.published.isoformat() if entry.published != UNDATED else "",
            "title": entry.title,
            "text": entry.text,
            "html": entry.html or linked(entry.text),
            "image": image
            and {
                "url": box.picture(source, image.url),
                "alt": image.alt,
                "width": width or None,
                "height": height or None,
            },
            "language": entry.language or None,
            "link": entry.link or None,
            "tags": list(entry.tags),
            "network": source.network or None,
            "source": source.getId(),
        }
