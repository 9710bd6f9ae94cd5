"""What our accounts posted from here, as feeds show it: out of the record, asking no network."""

from collections.abc import Iterator
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.content import is_public
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import ISpoken
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from itertools import chain
from itertools import islice
from typing import Any
from zope.interface import implementer


LOOKED = 2000
"""Records of the history that are looked at: an account that has been silent for so long shows what it said since"""


@implementer(ISpoken)
class Spoken:
    def __init__(self, context: Any) -> None:
        self.site = context

    def entries(self, account: str, most: int) -> list[Entry]:
        outbox = Outbox(self.site)
        recent = sorted(filter(register.posted, outbox.live()), key=lambda post: post.finished, reverse=True)
        posts = (post for post in chain(recent, outbox.history(0, LOOKED)) if post.account == account)
        return list(islice(self._shown(outbox, filter(register.posted, posts)), most))

    def _shown(self, outbox: Outbox, posts: Iterator[Delivery]) -> Iterator[Entry]:
        """What is still out, of news that visitors may see."""
        for post in posts:
            item = find(post.content, post.item_path)
            out = outbox.post(post.content, post.id) if item is not None and is_public(item) else None
            if out is not None:
                yield self._entry(post, out.said, item)

    def _entry(self, post: Delivery, said: Any, item: Any) -> Entry:
        root = self.site.absolute_url()
        images = [(pictures.url(item, image).removeprefix(root), image.alt) for image in said.images]
        url = post.receipt_url
        return Entry(
            id=post.id,
            url=url if ":" in url else f"/{url}",
            published=post.finished,
            text=said.text,
            author=post.identity_name or post.account_title,
            language=said.language,
            link=said.link,
            images=tuple(Image(url, alt) for url, alt in images if url),
        )
