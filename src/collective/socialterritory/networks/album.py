"""What an account of Instagram or Threads said, and how far it got.

Facts: https://developers.facebook.com/docs/instagram-platform/reference/instagram-media,
https://developers.facebook.com/docs/threads/threads-media and, on numbers, .../instagram-media/insights and
.../threads/insights. Errors of all calls: those of `graph.call`.
"""

from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import graph
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.containers import Account
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.plain import whole
from itertools import islice
from typing import Any


MOST = 100
"""Posts that are listed at once"""
_PICTURE = "media_type,media_url,thumbnail_url,alt_text"


def read(http: Http, account: Account, edge: str, author: str, limit: int, since: str, more: str = "") -> Reading:
    """`edge`: the list of it. `more`: fields that one of both networks has. `since`: seconds since 1970."""
    fields = f"id,{account.text},permalink,timestamp,{_PICTURE},children{{{_PICTURE}}}{more}"
    query = {"fields": fields, "limit": str(min(limit, MOST))} | ({"since": since} if since else {})
    found: list[Entry] = []
    for page in islice(graph.listed(http, account.key, account.path(edge), query), graph.PAGES):
        found += (_entry(account, row, author) for row in page)
        if len(found) >= limit:
            break
    later = [entry for entry in found if not since or entry.published.timestamp() >= int(since)]
    entries = newest(later, limit)
    return Reading(entries, str(int(entries[0].published.timestamp())) if entries else since)


def _entry(account: Account, row: Any, author: str) -> Entry:
    id, published, said = word(part(row, "id")), moment(part(row, "timestamp")), part(row, account.text)
    if not id or published is None:
        raise Transient("not_json", host=account.key.host)
    pictures = rows(part(part(row, "children"), "data")) or [row]
    return Entry(
        id=id,
        url=address(part(row, "permalink"), LONGEST_ADDRESS) or account.page,
        published=published,
        text=whole(said).strip() if isinstance(said, str) else "",
        author=author,
        link=address(part(row, "link_attachment_url"), LONGEST_ADDRESS),
        images=tuple(filter(None, map(_image, pictures))),
        is_repost=part(row, "media_type") == "REPOST_FACADE",
    )


def _image(one: Any) -> Image | None:
    """A picture, or of a film its first one. How large it is nobody tells."""
    film = part(one, "media_type") == "VIDEO"
    where = address(part(one, "thumbnail_url" if film else "media_url"), LONGEST_ADDRESS)
    alt = part(one, "alt_text")
    return Image(where, whole(alt) if isinstance(alt, str) else "") if where else None


def insights(http: Http, key: graph.Key, id: str, metrics: str) -> dict[str, int | None]:
    """By the name of each of the `metrics`, comma-separated, that is told."""
    said = graph.call(http, key, graph.node(id, "insights"), query={"metric": metrics})
    if not isinstance(said.get("data"), list):
        raise Transient("not_json", host=key.host)
    firsts = [(row, next(iter(rows(part(row, "values"))), part(row, "total_value"))) for row in said["data"]]
    return {word(part(row, "name")): count(part(first, "value")) for row, first in firsts}
