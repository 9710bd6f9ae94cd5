"""The posts of an account as X lists them: words with links in full, pictures, how far they got, and what that costs.

Facts: https://docs.x.com/x-api/users/get-posts, /x-api/posts/get-post-by-id, /x-api/posts/get-posts-by-ids,
/x-api/fundamentals/metrics, /x-api/fundamentals/data-dictionary and /x-api/getting-started/pricing. Errors of all
calls: those of `signed.call`, and Transient("not_json") where a post lacks what is needed.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import signed
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import LONGEST_ADDRESS
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import size
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Image
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.problem import NOT_FOUND
from collective.socialterritory.plain import whole
from decimal import Decimal
from typing import Any
from typing import NamedTuple
from urllib.parse import quote
from urllib.parse import urlencode

import html
import re


PAGE = "https://x.com"
FEWEST, MOST = 5, 100
"""Posts that X lists at once"""
READ = Decimal("0.005")
"""US dollars for each post and each picture that an answer holds, August 2026"""
READ_OWN = Decimal("0.001")
"""For each post where the app is the account's own"""
PICTURES = 4
"""Most that a post has"""

_NO_LANGUAGE = re.compile(r"q[a-z]{2}|zxx|art|und")
"""X's codes for posts of hashtags, links or pictures alone"""


class Tweet(NamedTuple):
    id: str
    text: str
    """As it was sent"""
    links: list[str]
    tags: tuple[str, ...]
    row: Any
    """All that X said of it"""


def page(http: Http, credentials: Credentials, query: Mapping[str, str]) -> dict[str, Any]:
    """One page of what the account said, newest first; its "meta" has the "next_token"."""
    path = f"/2/users/{quote(credentials['account'], safe='')}/tweets"
    return signed.call(http, credentials, f"{path}?{urlencode(query)}")


def listed(said: Mapping[str, Any]) -> list[Tweet]:
    found = said.get("data", [] if part(said.get("meta"), "result_count") == 0 else None)
    if not isinstance(found, list):
        raise Transient("not_json", host=signed.host())
    return [_tweet(row) for row in found]


def answered(tweet: Tweet) -> str:
    """The id of the post that it answers, "" when none."""
    others = rows(part(tweet.row, "referenced_tweets"))
    return next((word(part(other, "id")) for other in others if part(other, "type") == "replied_to"), "")


def path(id: str) -> str:
    return f"/2/tweets/{quote(id, safe='')}"


def is_there(http: Http, credentials: Credentials, id: str) -> bool:
    """Whether our post is out. X says of one that is not what it misses, which a firewall's 404 does not."""
    try:
        said = signed.call(http, credentials, path(id))
    except Rejected as error:
        if error.params.get("name") != NOT_FOUND:
            raise
        return False
    if word(part(said.get("data"), "id")) != id:
        raise Transient("not_json", host=signed.host())
    return True


def url(credentials: Credentials, id: str) -> str:
    """Where people read it."""
    return f"{PAGE}/{quote(credentials.get('handle') or 'i')}/status/{quote(id, safe='')}"


def fee(credentials: Credentials, limit: int) -> Decimal:
    return _asked(limit) * (_price(credentials) + PICTURES * READ)


def read(http: Http, credentials: Credentials, limit: int, since: str) -> Reading:
    """One call, for what X bills is known before. The author is not asked for: that would be billed as well.

    Errors beside posts tell of parts that X does not show, such as a picture; the posts are good.
    """
    query = {
        "max_results": str(_asked(limit)),
        "tweet.fields": "created_at,entities,note_tweet,lang,referenced_tweets,attachments",
        "expansions": "attachments.media_keys",
        "media.fields": "url,preview_image_url,alt_text,width,height",
    }
    said = page(http, credentials, query | ({"since_id": since} if since else {}))
    found, media = listed(said), rows(part(said.get("includes"), "media"))
    entries = newest((_entry(credentials, tweet, media) for tweet in found), limit)
    cost = len(found) * _price(credentials) + len(media) * READ
    return Reading(entries, entries[0].id if entries else since, cost)


def toll(credentials: Credentials, posts: int) -> Decimal:
    return posts * _price(credentials)


def measure(http: Http, credentials: Credentials, ids: Sequence[str]) -> dict[str, Counts]:
    """Where not one is there, X tells no data, which is a refusal. Of what it may not show now nothing is told."""
    try:
        query = urlencode({"ids": ",".join(ids), "tweet.fields": "public_metrics"})
        said = signed.call(http, credentials, f"/2/tweets?{query}")
    except Rejected as error:
        if error.params.get("name") != NOT_FOUND:
            raise
        return {}
    if not isinstance(said.get("data"), list):
        raise Transient("not_json", host=signed.host())
    counted = {word(part(row, "id")): _counts(part(row, "public_metrics")) for row in said["data"]}
    errors = rows(said.get("errors"))
    gone = {word(part(one, "resource_id")) for one in errors if NOT_FOUND in str(part(one, "type"))}
    return {id: counted.get(id, Counts()) for id in ids if id in counted or id not in gone}


def _counts(told: Any) -> Counts:
    likes, replies, views = (count(part(told, f"{name}_count")) for name in ("like", "reply", "impression"))
    return Counts(likes, total(count(part(told, "retweet_count")), count(part(told, "quote_count"))), replies, views)


def _price(credentials: Credentials) -> Decimal:
    return READ_OWN if signed.by_keys(credentials) else READ


def _asked(limit: int) -> int:
    return min(max(limit, FEWEST), MOST)


def _tweet(row: Any) -> Tweet:
    """A long post is whole in its note alone."""
    note = part(row, "note_tweet")
    long = part(note, "text")
    id, text = word(part(row, "id")), long if isinstance(long, str) else part(row, "text")
    if not id or not isinstance(text, str):
        raise Transient("not_json", host=signed.host())
    entities = part(note if isinstance(long, str) else row, "entities")
    tags = tuple(filter(None, (word(part(found, "tag")) for found in rows(part(entities, "hashtags")))))
    return Tweet(id, *_unshortened(html.unescape(text), rows(part(entities, "urls"))), tags, row)


def _unshortened(text: str, urls: Sequence[Any]) -> tuple[str, list[str]]:
    """X puts a short link in place of each link, and one more for a picture."""
    links = []
    for found in urls:
        short, long = part(found, "url"), part(found, "expanded_url")
        if isinstance(short, str) and isinstance(long, str) and short:
            picture = part(found, "media_key")
            text = text.replace(short, "" if picture else long)
            links += [] if picture else [long]
    return text, links


def _entry(credentials: Credentials, tweet: Tweet, media: Sequence[Any]) -> Entry:
    published = moment(part(tweet.row, "created_at"))
    if published is None:
        raise Transient("not_json", host=signed.host())
    kinds = [part(other, "type") for other in rows(part(tweet.row, "referenced_tweets"))]
    keys = [word(key) for key in rows(part(part(tweet.row, "attachments"), "media_keys"))]
    language = word(part(tweet.row, "lang"))
    links = [address(link, LONGEST_ADDRESS) for link in tweet.links]
    return Entry(
        id=tweet.id,
        url=url(credentials, tweet.id),
        published=published,
        text=whole(tweet.text).strip(),
        author=f"@{credentials['handle']}" if credentials.get("handle") else "",
        language="" if _NO_LANGUAGE.fullmatch(language) else language,
        link=next(filter(None, links), ""),
        images=tuple(filter(None, (_image(one) for key in keys for one in media if part(one, "media_key") == key))),
        is_reply="replied_to" in kinds,
        is_repost="retweeted" in kinds,
        tags=tweet.tags,
    )


def _image(one: Any) -> Image | None:
    """A picture, or of a film its first one."""
    where = address(part(one, "url"), LONGEST_ADDRESS) or address(part(one, "preview_image_url"), LONGEST_ADDRESS)
    alt = part(one, "alt_text")
    if not where:
        return None
    return Image(where, whole(alt) if isinstance(alt, str) else "", size(part(one, "width")), size(part(one, "height")))
