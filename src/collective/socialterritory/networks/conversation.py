"""What others answered to a post at Threads: its whole conversation, with what is hidden.

Facts: https://developers.facebook.com/docs/threads/retrieve-and-manage-replies/replies-and-conversations. Errors:
those of `graph.call`.
"""

from collective.socialterritory.http import Http
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import oldest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.plain import whole
from typing import Any
from urllib.parse import quote


PAGE = "https://www.threads.com"
MOST = 100
"""Replies that are listed at once"""
FIELDS = (
    "id,text,timestamp,permalink,username,media_type,replied_to,hide_status,is_reply_owned_by_me,profile_picture_url"
)
SEEN = ("", "NOT_HUSHED", "UNHUSHED")
"""What `hide_status` says of a reply that everybody sees"""


def hear(http: Http, key: graph.Key, post: str) -> Hearing:
    """Newest first, so of a conversation that is too long for graph.PAGES what is new is told."""
    query = {"fields": FIELDS, "reverse": "true", "limit": str(MOST)}
    listed, complete = graph.gathered(http, key, graph.node(post, "conversation"), query)
    replies = [reply for row in listed if (reply := _reply(row, post))]
    return Hearing(oldest(replies), complete=complete and len(replies) == len(listed))


def _reply(row: Any, post: str) -> Reply | None:
    """Of people who are not public no name is told. A picture may be without words."""
    id, published = word(part(row, "id")), moment(part(row, "timestamp"))
    said = "" if part(row, "text") is None else part(row, "text")
    if not id or published is None or not isinstance(said, str):
        return None
    name = word(part(row, "username"))
    there = f"{PAGE}/@{quote(name, safe='')}" if name else PAGE
    return Reply(
        id=id,
        url=address(part(row, "permalink"), LONGEST_ADDRESS) or there,
        published=published,
        text=whole(said).strip(),
        author=Author(
            id=name,
            name=name,
            handle=f"@{name}" if name else "",
            url=there if name else "",
            avatar=address(part(row, "profile_picture_url"), LONGEST_ADDRESS),
        ),
        parent=word(part(part(row, "replied_to"), "id")) or post,
        attached=part(row, "media_type") not in (None, "TEXT_POST"),
        ours=part(row, "is_reply_owned_by_me") is True,
        barred=word(part(row, "hide_status")) not in SEEN,
    )
