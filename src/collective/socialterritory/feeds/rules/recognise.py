"""What a pasted address may lead to, in the order in which it is tried, and what a page says of its feeds.

Facts: https://html.spec.whatwg.org/multipage/links.html#rel-alternate, https://docs.joinpeertube.org/api-rest-reference.html
(feeds), https://www.flickr.com/services/feeds/docs/photos_public and
https://developers.dailymotion.com/api/platform-api/reference/; the feeds of YouTube are documented nowhere.
"""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.networks.reading import Follows
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs
from urllib.parse import quote
from urllib.parse import SplitResult
from urllib.parse import urlencode
from urllib.parse import urljoin
from urllib.parse import urlsplit

import re


LONGEST = 2000
"""Characters of an address"""
MOST = 3
"""Feeds of a page that are tried"""
VIDEOS = "https://www.youtube.com/feeds/videos.xml"

_FIELDS = "id,title,description,created_time,url,thumbnail_720_url,language,tags,owner.screenname,owner.avatar_240_url"
_CLOSED = (
    *("facebook.com", "instagram.com", "linkedin.com", "threads.com", "threads.net"),
    *("tiktok.com", "twitter.com", "x.com"),
)
"""They show strangers nothing, or next to nothing"""
_NETWORKS_OWN = ("bsky.app",)
"""What its network does not know there nobody does"""

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_HOST = r"[^\s/@#?:]+\.[^\s/@#?:.]+(?::\d+)?"
_PERSON = re.compile(rf"@?([\w.-]+)@({_HOST})")
_HASHTAG = re.compile(rf"#(\w+)@({_HOST})")
_HANDLE = re.compile(r"@([\w-]+(?:\.[\w-]+)+)|([\w-]+\.bsky\.social)", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))", re.IGNORECASE)

_CHANNEL = re.compile(r"UC[\w-]{22}")
_CHANNEL_NAMED = re.compile(r"(?:youtube\.com/channel/|\"(?:channelId|externalId)\"\s*:\s*\")(UC[\w-]{22})(?![\w-])")
_FLICKR = re.compile(r"/(?:photos|people)/(\d+@N\d+)(?:/.*)?")
_DAILYMOTION = re.compile(r"/(?:(user|playlist)/)?([\w.-]+)(?:/videos)?/?")
_DAILYMOTION_OWN = ("video", "playlist", "user", "search", "hashtag", "signin", "legal", "feed", "explore")
_PEERTUBE = re.compile(r"/(?:(c|video-channels|a|accounts)/|@)([\w.-]+(?:@[\w.:-]+)?)(?:/videos)?/?")

_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE
)
_PART = re.compile(r"<!--|-->|</?(?:script|style|template)\b|<link\b[^<>]{1,3000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml")
_PERHAPS = ("application/json", "application/xml")
_READ = 1_000_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """`kind`: the id of a network that may follow `where`, feed, or page: perhaps a feed, perhaps what names some."""

    kind: str
    where: str


def candidates(typed: str, follows: Mapping[str, Follows]) -> list[Candidate]:
    """`follows`: networks by id. Raises ContentError: address_missing, address_invalid, account_needed."""
    url = address(typed)
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is(host, _CLOSED):
        raise ContentError("account_needed", host=host)
    if _is(host, ("youtube.com", "flickr.com", "dailymotion.com")):
        known = _video(parts) if _is(host, ("youtube.com",)) else _gallery(parts)
        return [Candidate("feed", known) if known else Candidate("page", url)]
    subjects = {id: network.subject(url) for id, network in follows.items()}
    found = [Candidate(id, subject) for id, subject in subjects.items() if subject]
    if found and _is(host, _NETWORKS_OWN):
        return found
    return [*found, *(Candidate("feed", where) for where in _peertube(parts)), Candidate("page", url)]


def address(typed: str) -> str:
    """The address of the web that a person means. Raises ContentError: address_missing, address_invalid (typed)."""
    said = _UNSEEN.sub("", typed)
    if not said:
        raise ContentError("address_missing")
    if found := _PERSON.fullmatch(said):
        said = f"https://{found[2]}/@{found[1]}"
    elif found := _HASHTAG.fullmatch(said):
        said = f"https://{found[2]}/tags/{quote(found[1])}"
    elif found := _HANDLE.fullmatch(said):
        said = f"https://bsky.app/profile/{found[1] or found[2]}"
    said = re.sub(r"^feed:(?=https?:)", "", said)
    said = re.sub(r"^feed:(?://)?", "https://", said) if _SCHEME.match(said) else f"https://{said}"
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise ContentError("address_invalid", typed=typed[:100]) from None
    host = parts.hostname or ""
    named = "." in host or ":" in host or port is not None
    if parts.scheme not in ("http", "https") or not named or "@" in parts.netloc or len(said) > LONGEST:
        raise ContentError("address_invalid", typed=typed[:100])
    return said


def _is(host: str, names: tuple[str, ...]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def _video(parts: SplitResult) -> str:
    """The feed of an address of YouTube, "" where the page must be asked."""
    first, _, second = parts.path.strip("/").partition("/")
    second = second.partition("/")[0]
    playlist = parse_qs(parts.query).get("list", [""])[0]
    if first == "channel" and _CHANNEL.fullmatch(second):
        return f"{VIDEOS}?channel_id={second}"
    if first == "playlist" and playlist:
        return f"{VIDEOS}?{urlencode({'playlist_id': playlist})}"
    if first == "user" and second:
        return f"{VIDEOS}?{urlencode({'user': second})}"
    return parts.geturl() if parts.path == urlsplit(VIDEOS).path else ""


def _gallery(parts: SplitResult) -> str:
    """The feed of an address of Flickr or Dailymotion, "" where the page must be asked."""
    if _is(parts.hostname or "", ("flickr.com",)):
        found = _FLICKR.fullmatch(parts.path)
        query = urlencode({"id": found[1], "format": "atom"}) if found else ""
        return f"https://www.flickr.com/services/feeds/photos_public.gne?{query}" if found else ""
    if parts.hostname == "api.dailymotion.com":
        return parts.geturl()
    found = _DAILYMOTION.fullmatch(parts.path)
    if not found or (not found[1] and found[2] in _DAILYMOTION_OWN):
        return ""
    query = urlencode({"fields": _FIELDS, "limit": 50}, safe=",.")
    return f"https://api.dailymotion.com/{found[1] or 'user'}/{found[2]}/videos?{query}"


def _peertube(parts: SplitResult) -> Iterator[str]:
    if found := _PEERTUBE.fullmatch(parts.path):
        name = "videoChannelName" if found[1] in ("c", "video-channels") else "accountName"
        yield f"{parts.scheme}://{parts.netloc}/feeds/videos.xml?{urlencode({name: found[2]}, safe='@:')}"


def is_page(body: bytes) -> bool:
    """Whether it is HTML for people, however it is labelled. To let a feed's parser read it takes long."""
    return bool(_PAGE.match(body[:2000]))


def alternates(page: bytes, url: str) -> list[str]:
    """The feeds that a page at `url` names, as many as are tried."""
    text = page[:_READ].decode("utf-8", "replace")
    links = [(kind, _joined(url, where)) for kind, where in _links(text)]
    sure = [where for kind, where in links if kind in _FEEDS] or [where for kind, where in links if kind in _PERHAPS]
    if _is(urlsplit(url).hostname or "", ("youtube.com",)) and (found := _CHANNEL_NAMED.search(text)):
        sure.append(f"{VIDEOS}?channel_id={found[1]}")
    return list(dict.fromkeys(where for where in sure if re.match(r"https?://[^/]", where)))[:MOST]


def _joined(url: str, where: str) -> str:
    try:
        return urljoin(url, where)
    except ValueError:
        return ""


def _links(text: str) -> Iterator[tuple[str, str]]:
    """Type and address of each <link rel=alternate>, as they stand there; not those in comments and scripts."""
    until = ""
    for match in _PART.finditer(text):
        part = match[0].lower()
        if until:
            until = "" if part == until else until
        elif part == "<!--":
            until = "-->"
        elif part in ("<script", "<style", "<template"):
            until = f"</{part[1:]}"
        elif part.startswith("<link"):
            known = {name.lower(): unescape("".join(values)) for name, *values in _ATTRIBUTE.findall(match[0])}
            where = known.get("href", "").strip()
            if {"alternate", "feed"} & set(known.get("rel", "").lower().split()) and 0 < len(where) <= LONGEST:
                yield known.get("type", "").partition(";")[0].strip().lower(), where
