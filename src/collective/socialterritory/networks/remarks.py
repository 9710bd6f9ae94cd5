"""What others commented on a post of a page, as Graph lists it, the answers to comments among it.

Facts: https://developers.facebook.com/docs/graph-api/reference/object/comments and /reference/comment: `filter=stream`
lists all levels, and who said it is told with the right pages_read_user_content alone. Errors: those of `graph.call`,
and Transient("not_json").
"""

from collective.socialterritory.http import Http
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import line
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import oldest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Author
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.networks.stories import PAGE
from collective.socialterritory.plain import whole
from typing import Any
from urllib.parse import quote


FIELDS = "id,message,created_time,permalink_url,is_hidden,parent{id},from{id,name,picture{url}},attachment{type}"
MOST = 100
"""Comments that Graph lists at once"""


def hear(http: Http, key: graph.Key, page: str, post: str) -> Hearing:
    """The newest ones; of what is more than `graph.PAGES` pages, nothing is told."""
    query = {"filter": "stream", "order": "reverse_chronological", "fields": FIELDS, "limit": str(MOST)}
    listed, complete = graph.gathered(http, key, graph.node(post, "comments"), query)
    replies = [reply for row in listed if (reply := _reply(row, page, post))]
    return Hearing(oldest(replies), complete=complete and len(replies) == len(listed))


def _reply(row: Any, page: str, post: str) -> Reply | None:
    """Who has chosen to be known to no app is told without a name. A picture may be without words."""
    id, published = word(part(row, "id")), moment(part(row, "created_time"))
    said = "" if part(row, "message") is None else part(row, "message")
    if not id or published is None or not isinstance(said, str):
        return None
    author = part(row, "from")
    who = word(part(author, "id"))
    there = f"{PAGE}/{quote(who, safe='')}" if who == page else ""
    avatar = address(part(part(part(author, "picture"), "data"), "url"), LONGEST_ADDRESS)
    return Reply(
        id=id,
        url=address(part(row, "permalink_url"), LONGEST_ADDRESS) or f"{PAGE}/{quote(id, safe='')}",
        published=published,
        text=whole(said).strip(),
        author=Author(who, line(part(author, "name")), "", there, avatar),
        parent=word(part(part(row, "parent"), "id")) or post,
        attached=part(row, "attachment") is not None,
        ours=who == page,
        barred=part(row, "is_hidden") is True,
    )
