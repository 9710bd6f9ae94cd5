"""What others answered to a post on Bluesky, and how far posts got, as the index knows it that its server asks.

It is asked with our session, through that server, so that the index tells whom our account has blocked or muted. Of
people who ask to be shown to nobody who is not logged in nothing is told, since a web page shows it to everybody.

Facts: https://docs.bsky.app/docs/api/app-bsky-feed-get-post-thread, /app-bsky-feed-get-posts and
https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/defs.json. Errors: those of `xrpc.ask`.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import xrpc
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import line
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import oldest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.repository import MEMBERS_ONLY
from collective.socialterritory.networks.repository import PAGE
from collective.socialterritory.networks.repository import words
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import re


DEPTH = 100
"""Answers to answers that are asked for; the index knows 1000, our JSON reader does not"""
AT_ONCE = 25
"""Posts that can be asked for by their ids in one question"""
QUESTIONS = 8
"""How many such questions one look asks"""

_POST = re.compile(r"at://(did:[a-z]+:[\w.:%-]+)/app\.bsky\.feed\.post/([\w.~:-]+)")
_TURNED_AWAY = ("blocking", "blockedBy", "blockingByList", "muted", "mutedByList")


def hear(http: Http, credentials: Credentials, id: str, known: Sequence[str]) -> Hearing | None:
    """None where the index knows no such post: it may be gone, or not be there yet.

    An index cuts long threads, and counts answers that it does not show: what was heard before is asked for by its id.
    """
    query = {"uri": id, "depth": str(DEPTH), "parentHeight": "0"}
    try:
        said = xrpc.ask(http, credentials, "app.bsky.feed.getPostThread", query, signed=True)
    except Rejected as error:
        if error.params.get("name") == "NotFound":
            return None
        raise
    top = said.get("thread")
    if part(top, "notFound") is True:
        return None
    if part(part(top, "post"), "uri") != id:
        raise _senseless(credentials)
    hidden = {str(one) for one in rows(part(part(part(said, "threadgate"), "record"), "hiddenReplies"))}
    posts, whole = _posts(top)
    listed = {word(part(post, "uri")) for post in posts}
    asked = [] if whole else [one for one in known if one not in listed and _POST.fullmatch(one)]
    posts += _by_id(http, credentials, asked[: AT_ONCE * QUESTIONS])
    shown = [post for post in posts if not _members_only(post)]
    replies = [reply for post in shown if (reply := _reply(credentials, post))]
    complete = len(replies) == len(shown) and len(asked) <= AT_ONCE * QUESTIONS
    return Hearing(oldest(replace(one, barred=one.barred or one.id in hidden) for one in replies), complete)


def measure(http: Http, credentials: Credentials, ids: Sequence[str]) -> dict[str, Counts]:
    """Of those that the index knows."""
    posts = {word(part(post, "uri")): post for post in _by_id(http, credentials, ids)}
    return {id: _counts(posts[id]) for id in ids if id in posts}


def _counts(post: Any) -> Counts:
    likes, replies = (count(part(post, name)) for name in ("likeCount", "replyCount"))
    return Counts(likes, total(count(part(post, "repostCount")), count(part(post, "quoteCount"))), replies)


def _senseless(credentials: Credentials) -> Transient:
    return Transient("not_json", host=urlsplit(credentials["pds"]).hostname or "")


def _posts(top: Any) -> tuple[list[Any], bool]:
    """All below `top`, and whether nothing was cut off."""
    found, whole, rest = [], True, [top]
    while rest:
        node = rest.pop()
        below = rows(part(node, "replies"))
        replies = count(part(part(node, "post"), "replyCount"))
        whole = whole and not (replies is not None and replies > len(below))
        for one in below:
            if part(one, "post") is not None:  # else it is gone, or between people who have blocked each other
                found.append(part(one, "post"))
                rest.append(one)
    return found, whole


def _by_id(http: Http, credentials: Credentials, ids: Sequence[str]) -> Iterator[Any]:
    for start in range(0, len(ids), AT_ONCE):
        query = [("uris", id) for id in ids[start : start + AT_ONCE]]
        said = xrpc.ask(http, credentials, "app.bsky.feed.getPosts", query, signed=True).get("posts")
        if not isinstance(said, list):
            raise _senseless(credentials)
        yield from said


def _members_only(post: Any) -> bool:
    return MEMBERS_ONLY in _labels(part(post, "author"))


def _labels(said: Any) -> list[Any]:
    return [part(label, "val") for label in rows(part(said, "labels")) if part(label, "neg") is not True]


def _reply(credentials: Credentials, post: Any) -> Reply | None:
    """`createdAt` is what the author's program says; nobody answers later than the index has seen it."""
    record, author = part(post, "record"), part(post, "author")
    id, did, text = _POST.fullmatch(word(part(post, "uri"))), word(part(author, "did")), part(record, "text")
    times = [at for at in (moment(part(record, "createdAt")), moment(part(post, "indexedAt"))) if at]
    parent = word(part(part(part(record, "reply"), "parent"), "uri"))
    if not id or id[1] != did or not times or not isinstance(text, str) or not parent:
        return None
    handle = word(part(author, "handle"))
    viewer, labels = part(author, "viewer"), [*_labels(author), *_labels(post)]
    return Reply(
        id=id[0],
        url=f"{PAGE}/{did}/post/{id[2]}",
        published=min(times),
        text=words(record),
        author=Author(
            id=did,
            name=line(part(author, "displayName")),
            handle=f"@{handle}" if handle and handle != "handle.invalid" else "",
            url=f"{PAGE}/{did}",
            avatar=address(part(author, "avatar"), LONGEST_ADDRESS),
        ),
        parent=parent,
        attached=part(record, "embed") is not None,
        ours=did == credentials["did"],
        barred="!hide" in labels or any(part(viewer, name) for name in _TURNED_AWAY),
    )
