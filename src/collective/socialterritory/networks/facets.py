"""The links, hashtags and mentions of a text as Bluesky wants them: https://docs.bsky.app/docs/advanced-guides/post-richtext"""

from collections.abc import Callable
from collections.abc import Iterator
from collective.socialterritory.text import graphemes
from collective.socialterritory.text import shortened
from collective.socialterritory.text import Span
from collective.socialterritory.text import spans
from collective.socialterritory.text import utf8
from typing import Any

import time


SHOWN = 40
"""Code points of a link that is too long to be shown"""
MENTIONS = 15.0
"""Seconds for finding out who is mentioned, all of them together: less than the lease of a post that is being sent"""
MENTION = 5.0


def facets(text: str, find: Callable[[str, float], str], link: str = "") -> list[dict[str, Any]]:
    """`find`: the DID of a handle, asked for at most so many seconds; "" when nobody answers for it.

    `link`: the one that lies behind its shortened form where the text has that.
    A mention that nobody answers for in time stays plain text: it is no reason to keep a post back.
    """
    until = time.monotonic() + MENTIONS
    known: dict[str, str] = {}

    def mentioned(handle: str) -> str:
        if handle not in known:
            left = until - time.monotonic()
            known[handle] = find(handle, min(left, MENTION)) if left > 0 else ""
        return known[handle]

    found = []
    for span in (*spans(text), *_hidden(text, link)):
        if feature := _feature(span, mentioned):
            index = {"byteStart": utf8(text[: span.start]), "byteEnd": utf8(text[: span.end])}
            found.append({"index": index, "features": [feature]})
    return found


def _hidden(text: str, link: str) -> Iterator[Span]:
    shown = shortened(link, SHOWN)
    start = text.rfind(shown) if shown != link else -1
    if start >= 0:
        yield Span(start, start + len(shown), "link", link)


def _feature(span: Span, mentioned: Callable[[str], str]) -> dict[str, str] | None:
    if span.kind == "link":
        return {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
    if span.kind == "hashtag":
        fits = graphemes(span.value) <= 64 and utf8(span.value) <= 640
        return {"$type": "app.bsky.richtext.facet#tag", "tag": span.value} if fits else None
    did = mentioned(span.value.lower())
    return {"$type": "app.bsky.richtext.facet#mention", "did": did} if did else None
