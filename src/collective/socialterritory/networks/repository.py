"""What an account of the AT protocol says, read from the repository that it keeps itself, as anybody may.

The records lie on the author's own server, which every account has, the one at Bluesky and the one on a server of a
town's own; getAuthorFeed asks Bluesky's index instead, which knows of others only what it indexed. A repository holds
what its owner wrote: of reposts only where the original lies, so they are left out.

Facts: https://atproto.com/specs/repository, https://docs.bsky.app/docs/advanced-guides/post-richtext and
https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky (feed/post, actor/profile, embed). Errors of all
calls: those of `handles`, and Rejected: profile_gone, anonymous_refused, members_only.
"""

from collections.abc import Iterator
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import handles
from collective.socialterritory.networks import xrpc
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import line
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import size
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.plain import linked
from collective.socialterritory.plain import whole
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re


COLLECTION = "app.bsky.feed.post"
PAGE = "https://bsky.app/profile"
MOST = 100
"""Records that a server lists at once"""
MEMBERS_ONLY = "!no-unauthenticated"
"""The label of those who ask to be shown to nobody who is not logged in: https://docs.bsky.app/docs/advanced-guides/moderation"""

_PROFILE = re.compile(r"/profile/([^/]+)/?")
_POST = re.compile(r"at://(did:[^/]+)/app\.bsky\.feed\.post/(\w+)")


def subject(url: str) -> str:
    """https://bsky.app/profile/ and a handle or DID; "" for another form of address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    found = _PROFILE.fullmatch(parts.path)
    if parts.scheme not in ("http", "https") or parts.netloc.lower() != "bsky.app" or not found:
        return ""
    who = unquote(found[1])
    if handles.HANDLE.fullmatch(who.lower()):
        return f"{PAGE}/{who.lower()}"
    return f"{PAGE}/{who}" if handles.DID.fullmatch(who) else ""


def read(http: Http, subject: str, limit: int) -> Feed:
    """All questions together have the time of one."""
    http, who = http.within(http.deadline), subject.rpartition("/")[2]
    try:
        return _read(http, who, limit)
    except (Rejected, Unauthorized) as error:
        if error.code in ("members_only", "handle_mismatch", "pds_insecure"):
            raise
        code = "anonymous_refused" if error.params.get("status") in (401, 403) else "profile_gone"
        raise Rejected(code, host=error.params.get("host") or "bsky.app", name=who) from error


def _read(http: Http, who: str, limit: int) -> Feed:
    did, name, server = handles.home(http, who)
    profile = _profile(http, did, server)
    if MEMBERS_ONLY in _labels(profile):
        raise Rejected("members_only", host="bsky.app", name=who)
    query = {"repo": did, "collection": COLLECTION, "limit": str(min(limit, MOST))}
    said = xrpc.ask(http, {"pds": server}, "com.atproto.repo.listRecords", query).get("records")
    if not isinstance(said, list):
        raise Transient("not_json", host=urlsplit(server).hostname or "")
    author, avatar = f"@{name}" if name else "", _blob(server, did, profile.get("avatar"))
    entries = newest((_entry(server, did, row, author, avatar) for row in said), limit)
    return Feed(line(profile.get("displayName")) or author or did, f"{PAGE}/{name or did}", entries, avatar)


def _profile(http: Http, did: str, server: str) -> dict[str, Any]:
    """{} of those who never said who they are."""
    place = {"repo": did, "collection": "app.bsky.actor.profile", "rkey": "self"}
    try:
        value = xrpc.ask(http, {"pds": server}, "com.atproto.repo.getRecord", place).get("value")
    except Rejected as error:
        if error.params.get("name") == "RecordNotFound":
            return {}
        raise
    return value if isinstance(value, dict) else {}


def _labels(record: object) -> list[Any]:
    """Those that an author gave: com.atproto.label.defs#selfLabels"""
    return [part(label, "val") for label in rows(part(part(record, "labels"), "values"))]


def _entry(server: str, did: str, row: Any, author: str, avatar: str) -> Entry:
    """`link`: of its card, else the first in the text, else of the post that is quoted."""
    id, record = word(part(row, "uri")), part(row, "value")
    published, text = moment(part(record, "createdAt")), part(record, "text")
    if not id or published is None or not isinstance(text, str):
        raise Transient("not_json", host=urlsplit(server).hostname or "")
    embed = part(record, "embed")
    facets = list(_facets(record))
    links = [part(part(embed, "external"), "uri"), *(uri for _, _, uri, _ in facets), _quoted(embed)]
    tags = [*rows(part(record, "tags")), *(tag for _, _, _, tag in facets)]
    pictures = rows(part(part(embed, "media") or embed, "images"))
    return Entry(
        id=id,
        url=f"{PAGE}/{did}/post/{id.rpartition('/')[2]}",
        published=published,
        text=_in_full(whole(text), facets).strip(),
        author=author,
        language=next(filter(None, map(word, rows(part(record, "langs")))), ""),
        link=next(filter(None, (address(link, LONGEST_ADDRESS) for link in links)), ""),
        images=() if _labels(record) else tuple(filter(None, (_image(server, did, one) for one in pictures))),
        is_reply=bool(part(record, "reply")),
        avatar=avatar,
        tags=tuple(dict.fromkeys(filter(None, map(word, tags)))),
    )


def words(record: Any) -> str:
    """What a post says, which must have a text, with its links in full."""
    return _in_full(whole(record["text"]), list(_facets(record))).strip()


def _facets(record: Any) -> Iterator[tuple[int, int, str, str]]:
    """Start and end in bytes of UTF-8, link and hashtag, one of them "" or both; in order."""
    found = []
    for facet in rows(part(record, "facets")):
        start, end = part(part(facet, "index"), "byteStart"), part(part(facet, "index"), "byteEnd")
        if type(start) is int and type(end) is int:
            features = rows(part(facet, "features"))
            uri = next(filter(None, (address(part(one, "uri"), LONGEST_ADDRESS) for one in features)), "")
            found.append((start, end, uri, next(filter(None, (word(part(one, "tag")) for one in features)), "")))
    yield from sorted(found)


def _in_full(text: str, facets: list[tuple[int, int, str, str]]) -> str:
    """Servers keep facets that lie outside of the text or over each other: those are no links."""
    written, parts, position = text.encode(), [], 0
    for start, end, uri, _ in facets:
        if uri and position <= start < end <= len(written):
            parts += [written[position:start], linked(written[start:end].decode("utf-8", "replace"), uri).encode()]
            position = end
    return b"".join([*parts, written[position:]]).decode("utf-8", "replace")


def _quoted(embed: Any) -> str:
    record = part(embed, "record")
    found = _POST.fullmatch(str(part(part(record, "record") or record, "uri")))
    return f"{PAGE}/{found[1]}/post/{found[2]}" if found else ""


def _blob(server: str, did: str, blob: Any) -> str:
    """Where a picture can be had, as it was sent."""
    cid = word(part(part(blob, "ref"), "$link"))
    return f"{server}/xrpc/com.atproto.sync.getBlob?{urlencode({'did': did, 'cid': cid})}" if cid else ""


def _image(server: str, did: str, one: Any) -> Image | None:
    where, alt, ratio = _blob(server, did, part(one, "image")), part(one, "alt"), part(one, "aspectRatio")
    if not where:
        return None
    alt = whole(alt) if isinstance(alt, str) else ""
    return Image(where, alt, size(part(ratio, "width")), size(part(ratio, "height")))
