"""How a post is known again, after a doubt, in what a network lists: by when it was said, and by what."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory.networks.model import Post
from datetime import datetime
from datetime import timedelta
from typing import TypeVar
from urllib.parse import unquote

import unicodedata


Said = TypeVar("Said")

CLOCKS = timedelta(minutes=10)
"""How far a network's clock may be from ours"""
SURE = timedelta(seconds=150)
"""Since a try began, which lasts 45 seconds at most: what arrived is listed by then"""


def sure(post: Post) -> bool:
    """Whether it would be listed by now, had it arrived."""
    return clock.now() >= post.created + SURE


def lately(pages: Iterable[Sequence[Said]], at: Callable[[Said], datetime], post: Post) -> Iterator[Said]:
    """What was said since the post was made. `pages`: newest first, turned until one has nothing so late."""
    since = post.created - CLOCKS
    for page in pages:
        times = [at(said) for said in page]
        yield from (said for said, when in zip(page, times, strict=True) if when >= since)
        if times and max(times) < since:
            return


def same(post: Post, text: str, links: Iterable[str]) -> bool:
    """Whether what says `text`, with these `links`, is the post. A picture may be without words."""
    if text.strip() and bare(text) == bare(post.text):
        return True
    return bool(post.link) and _link(post.link) in map(_link, links)


def bare(text: str) -> str:
    """What is left of a text everywhere: spaces are lost on the way."""
    return unicodedata.normalize("NFC", "".join(text.split()))


def _link(url: str) -> str:
    return unquote(url).rstrip("/")
