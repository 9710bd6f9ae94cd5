"""The posts of a page as Graph lists them: words, link and pictures of each, and how far it got.

Facts: https://developers.facebook.com/docs/graph-api/reference/page/published_posts, /reference/pagepost,
/reference/story-attachment, /reference/story-attachment-media, /reference/object/reactions and
/reference/object/comments. Errors of all calls: those of `graph.call`, and Transient("not_json") where a post lacks
what is needed.
"""

from collections.abc import Iterator
from collections.abc import Sequence
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import graph
from collective.socialterritory.networks import login
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import size
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.plain import whole
from itertools import islice
from typing import Any
from urllib.parse import quote


PAGE = login.PAGE
MOST = 100
"""Posts that Graph lists at once"""
AT_ONCE = 50
"""Posts that can be asked for by their ids: https://developers.facebook.com/docs/graph-api/batch-requests"""
REACTIONS = "id,shares,reactions.limit(0).summary(total_count)"
COMMENTS = "comments.filter(stream).limit(0).summary(total_count)"
FIELDS = (
    "id,message,created_time,permalink_url,parent_id,from{name},"
    "attachments{media_type,unshimmed_url,media,subattachments{media}}"
)


def path(page: str) -> str:
    """Where Graph lists what a page, by its id, itself said; newest first."""
    return graph.node(page, "published_posts")


def url(said: Any, id: str) -> str:
    """Where people read it."""
    return address(part(said, "permalink_url")) or f"{PAGE}/{quote(id, safe='')}"


def read(http: Http, key: graph.Key, page: str, limit: int, since: str) -> Reading:
    """A page of the list may hold less than was asked for, so more are turned. `since`: seconds since 1970."""
    query = {"fields": FIELDS, "limit": str(min(limit, MOST))} | ({"since": since} if since else {})
    found: list[Entry] = []
    for said in islice(graph.listed(http, key, path(page), query), graph.PAGES):
        found += map(_entry, said)
        if len(found) >= limit:
            break
    entries = newest(found, limit)
    return Reading(entries, str(int(entries[0].published.timestamp())) if entries else since)


def measure(http: Http, key: graph.Key, page: str, ids: Sequence[str]) -> dict[str, Counts]:
    """Without the right to comments, without those; a single post that is gone spoils all, so halves are asked.

    How often a post was shown is told with the right read_insights alone, which nobody is asked for.
    """
    refused: Unauthorized
    for fields in (f"{REACTIONS},{COMMENTS}", REACTIONS):
        try:
            return _measured(http, key, ids, fields)
        except Unauthorized as error:
            if error.code not in graph.UNSEEN:
                raise
            refused = error
    if len(ids) > 1:
        half = len(ids) // 2
        return {**measure(http, key, page, ids[:half]), **measure(http, key, page, ids[half:])}
    if graph.is_there(http, key, ids[0], path(page)):
        raise refused
    return {}


def _measured(http: Http, key: graph.Key, ids: Sequence[str], fields: str) -> dict[str, Counts]:
    said = graph.call(http, key, "/", query={"ids": ",".join(ids), "fields": fields})
    if any(word(part(said.get(id), "id")) != id for id in ids):
        raise Transient("not_json", host=graph.host())
    return {id: _counts(said[id]) for id in ids}


def _counts(said: Any) -> Counts:
    """Reactions of all kinds are likes; what nobody has shared has no "shares"."""
    likes, replies = (_summed(part(said, name)) for name in ("reactions", "comments"))
    return Counts(likes, count(part(said["shares"], "count")) if "shares" in said else 0, replies)


def _summed(edge: Any) -> int | None:
    return count(part(part(edge, "summary"), "total_count"))


def _entry(row: Any) -> Entry:
    id, published, said = word(part(row, "id")), moment(part(row, "created_time")), part(row, "message")
    if not id or published is None:
        raise Transient("not_json", host=graph.host())
    attached = rows(part(part(row, "attachments"), "data"))
    links = [address(part(one, "unshimmed_url"), LONGEST_ADDRESS) for one in attached if _leads_away(one)]
    return Entry(
        id=id,
        url=url(row, id),
        published=published,
        text=whole(said).strip() if isinstance(said, str) else "",
        author=word(part(part(row, "from"), "name")),
        link=next(filter(None, links), ""),
        images=tuple(image for one in attached if not _leads_away(one) for image in _images(one)),
        is_repost=bool(part(row, "parent_id")),
    )


def _leads_away(attached: Any) -> bool:
    """Whether it is the card of a link, whose picture is not the page's."""
    return bool(part(attached, "media_type") == "link")


def _images(attached: Any) -> Iterator[Image]:
    """An album shows its first picture twice: as its own, and among those that lie below it."""
    below = rows(part(part(attached, "subattachments"), "data"))
    for one in below or [attached]:
        image = part(part(one, "media"), "image")
        if where := address(part(image, "src"), LONGEST_ADDRESS):
            yield Image(where, width=size(part(image, "width")), height=size(part(image, "height")))
