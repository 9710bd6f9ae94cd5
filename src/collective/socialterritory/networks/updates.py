"""The posts of an organisation as LinkedIn lists them: what they say, which pictures they have, how far they got.

Facts: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api and /images-api,
/organizations/share-statistics. Errors of all calls: those of `restli.ask` and `content`, and Transient("not_json")
where a post lacks what is needed.
"""

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import little
from collective.socialterritory.networks import organisations
from collective.socialterritory.networks import restli
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.plain import whole
from collective.socialterritory.text import spans
from datetime import datetime
from datetime import UTC
from itertools import islice
from typing import Any
from typing import NamedTuple
from urllib.parse import urlencode


PAGES, MOST = 5, 100
"""How often a list is turned, and posts that LinkedIn lists at once"""
MEASURED = 20
"""Posts whose numbers are asked for at once"""

_UNSEEN = frozenset({"DRAFT", "PUBLISH_FAILED", "DELETED"})
"""`lifecycleState` of what readers do not see"""


class Update(NamedTuple):
    id: str
    author: str
    """URN"""
    at: datetime
    text: str
    """As people read it"""
    links: list[str]
    seen: bool
    """Whether readers see it"""
    row: Any
    """All that LinkedIn said of it"""


def author(credentials: Credentials) -> str:
    return f"{organisations.URN}{credentials['account']}"


def path(id: str) -> str:
    return f"/rest/posts/{restli.key(id)}"


def url(id: str) -> str:
    """Where people read it."""
    return f"{restli.PAGE}/feed/update/{id}/"


def listed(http: Http, credentials: Credentials, size: int = MOST) -> Iterator[list[Update]]:
    """What the organisation said, newest first, page after page. Raises Transient("too_many_posts") after PAGES.

    A page may hold less than was asked for, so the list is over where LinkedIn says so, or at an empty page.
    """
    known: set[str] = set()
    for start in range(0, PAGES * size, size):
        query = {"author": author(credentials), "q": "author", "count": size, "start": start, "sortBy": "CREATED"}
        said = restli.call(http, credentials, f"/rest/posts?{urlencode(query)}", rest="FINDER")
        found = said.get("elements")
        if not isinstance(found, list):
            raise Transient("not_json", host=restli.host())
        page = [update for update in map(_update, found) if update.id not in known]  # a list moves on as posts come in
        known |= {update.id for update in page}
        yield [update for update in page if update.seen]
        total = part(said.get("paging"), "total")
        if not page or (type(total) is int and start + size >= total):
            return
    raise Transient("too_many_posts", host=restli.host())


def look(http: Http, credentials: Credentials, id: str) -> Update | None:
    """A post, None where readers see none of that id."""
    try:
        update = _update(restli.call(http, credentials, path(id)))
    except NetworkError as error:
        if restli.gone(error):
            return None
        raise
    return update if update.seen else None


def read(http: Http, credentials: Credentials, limit: int, since: str) -> Reading:
    """`since`: milliseconds since 1970."""
    found: list[Update] = []
    oldest = int(since or 0)
    for page in islice(listed(http, credentials, min(limit, MOST)), PAGES):
        found += page
        if len(found) >= limit or any(_stamp(update) < oldest for update in page):
            break
    found = [update for update in found if _stamp(update) >= oldest]
    pictures = _pictures(http, credentials, {id for update in found for id, _alt in _media(update)})
    entries = newest((_entry(credentials, update, pictures) for update in found), limit)
    return Reading(entries, str(max(map(_stamp, found))) if found else since)


def measure(http: Http, credentials: Credentials, ids: Sequence[str]) -> dict[str, Counts]:
    """Of a post that nobody has seen yet LinkedIn tells no numbers, so the others are looked at."""
    kinds = {"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"}
    named = {name: [id for id in ids if id.startswith(kind)] for name, kind in kinds.items()}
    lists = "".join(f"&{name}={restli.listing(some)}" for name, some in named.items() if some)
    query = f"q=organizationalEntity&organizationalEntity={restli.key(author(credentials))}{lists}"
    said = restli.call(http, credentials, f"/rest/organizationalEntityShareStatistics?{query}", rest="FINDER")
    if not isinstance(said.get("elements"), list):
        raise Transient("not_json", host=restli.host())
    told = {word(part(row, "share") or part(row, "ugcPost")): _counts(row) for row in said["elements"]}
    rest = [id for id in ids if id not in told]
    there = _several(http, credentials, "/rest/posts", rest)
    return {id: told.get(id) or Counts(0, 0, 0, 0) for id in ids if id in told or id in there}


def _counts(row: Any) -> Counts:
    said = part(row, "totalShareStatistics")
    return Counts(*(count(part(said, name)) for name in ("likeCount", "shareCount", "commentCount", "impressionCount")))


def _several(http: Http, credentials: Credentials, path: str, ids: Iterable[str]) -> Mapping[str, Any]:
    """By id, what is there of these."""
    if not (wanted := sorted(ids)):
        return {}
    said = restli.call(http, credentials, f"{path}?ids={restli.listing(wanted)}", rest="BATCH_GET").get("results")
    if not isinstance(said, dict):
        raise Transient("not_json", host=restli.host())
    return said


def _update(row: Any) -> Update:
    id, said, created = word(part(row, "id")), part(row, "commentary"), part(row, "createdAt")
    if not id or not isinstance(said, str | None) or type(created) is not int or not 0 <= created < 10**14:
        raise Transient("not_json", host=restli.host())
    text = little.shown(said or "")
    article = address(part(part(part(row, "content"), "article"), "source"), LONGEST_ADDRESS)
    links = [span.value for span in spans(text) if span.kind == "link"]
    at = datetime.fromtimestamp(created / 1000, UTC)
    seen = part(row, "lifecycleState") not in _UNSEEN
    return Update(id, word(part(row, "author")), at, text, [*links, *([article] if article else [])], seen, row)


def _stamp(update: Update) -> int:
    return int(update.row["createdAt"])


def _media(update: Update) -> Iterator[tuple[str, str]]:
    """Ids and alternative texts of its pictures; that of an article is not the organisation's."""
    content = part(update.row, "content")
    for one in (part(content, "media"), *rows(part(part(content, "multiImage"), "images"))):
        id, alt = word(part(one, "id")), part(one, "altText")
        if id.startswith("urn:li:image:"):
            yield id, whole(alt) if isinstance(alt, str) else ""


def _pictures(http: Http, credentials: Credentials, ids: set[str]) -> dict[str, str]:
    """Addresses, which are good for some weeks."""
    found = _several(http, credentials, "/rest/images", ids)
    return {id: address(part(one, "downloadUrl"), LONGEST_ADDRESS) for id, one in found.items()}


def _entry(credentials: Credentials, update: Update, pictures: Mapping[str, str]) -> Entry:
    return Entry(
        id=update.id,
        url=url(update.id),
        published=update.at,
        text=whole(update.text).strip(),
        author=credentials.get("handle", ""),
        link=next(iter(update.links), ""),
        images=tuple(Image(pictures[id], alt) for id, alt in _media(update) if pictures.get(id)),
        is_repost=bool(part(update.row, "reshareContext")),
        tags=tuple(span.value for span in spans(update.text) if span.kind == "hashtag"),
    )
