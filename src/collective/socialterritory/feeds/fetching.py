"""One look at a source: asks whoever has it, and fetches the pictures that are new; touches no ZODB object."""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.feeds.files import door
from collective.socialterritory.feeds.files import fetch
from collective.socialterritory.feeds.model import ACCOUNT
from collective.socialterritory.feeds.model import FEED
from collective.socialterritory.feeds.model import Kept
from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import newest
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.model import Credentials
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit


DEADLINE = 60.0
"""Seconds for a whole look, with its pictures"""
MOST = 50
"""Entries kept of a source"""
NEW_PICTURES = 20
"""Most that one look fetches; the next one goes on"""
LOST_PICTURES = 3
"""Servers of pictures that do not answer, after which a look asks no more of them"""
Parse = Callable[[bytes, Mapping[str, str], str], Feed]
Draw = Callable[[bytes, int], tuple[bytes, str, int, int]]


@dataclass(frozen=True, slots=True)
class Task:
    """What to look at. `network` and `credentials` where a network is asked; `kept` and `known`: the copy of before."""

    kind: str
    where: str
    network: Any = None
    credentials: Credentials = field(default_factory=dict, repr=False)
    etag: str = ""
    modified: str = ""
    since: str = ""
    kept: Feed | None = None
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it: the new copy, its pictures by their addresses, and those that are new by their names.

    `feed` None: nothing changed.
    """

    feed: Feed | None
    etag: str = ""
    modified: str = ""
    since: str = ""
    whole: bool = True
    """Whether it is more than what is new since an earlier look"""
    cost: Decimal = Decimal(0)
    pictures: Mapping[str, str] = field(default_factory=dict)
    new: Mapping[str, Kept] = field(default_factory=dict)


def look(http: Http, task: Task, parse: Parse, draw: Draw) -> Told:
    """Raises what the network or the parser raises. Pictures that cannot be had are no error."""
    http = http.within(DEADLINE)
    told = _asked(http, task, parse)
    if told.feed is None:
        return told
    said = pictures.elsewhere(told.feed)
    names, new, whole = _fetched(http, task.where, said, task.known, draw)
    feed = pictures.local(said, names)
    if task.kind == ACCOUNT and task.since and task.kept:
        known = {entry.id: entry for entry in (*task.kept.entries, *feed.entries)}
        feed = replace(feed, entries=newest(known.values(), MOST))
    used = pictures.used(feed)
    names = {url: name for url, name in names.items() if name in used or not name}
    told = replace(told, feed=feed, pictures=names, new=new)
    # Without the marks the whole file comes again, and with it the pictures that are missing.
    return told if whole else replace(told, etag="", modified="")


def _asked(http: Http, task: Task, parse: Parse) -> Told:
    if task.kind == FEED:
        return _file(http, task, parse)
    if task.kind == ACCOUNT:
        reading = task.network.read(http, task.credentials, MOST, task.since)
        return Told(Feed("", "", reading.entries), since=reading.since, whole=not task.since, cost=reading.cost)
    feed = task.network.follow(http, task.where, MOST)
    return Told(replace(feed, entries=feed.entries[:MOST]))


def _file(http: Http, task: Task, parse: Parse) -> Told:
    asked = {"If-None-Match": task.etag, "If-Modified-Since": task.modified}
    answer = fetch(http, task.where, {name: value for name, value in asked.items() if value})
    if answer.status == 304:
        return Told(None, task.etag, task.modified)
    feed = parse(answer.body, answer.headers, answer.url)
    if not feed.entries and task.kept and task.kept.entries:  # half a file has none either
        raise ContentError("feed_empty", host=urlsplit(answer.url).hostname or "")
    return Told(replace(feed, entries=feed.entries[:MOST]), _mark(answer, "etag"), _mark(answer, "last-modified"))


def _mark(answer: Answer, name: str) -> str:
    said = answer.headers.get(name, "")
    return said if said.isascii() and said.isprintable() and len(said) <= 300 else ""


def _fetched(
    http: Http, where: str, feed: Feed, known: Mapping[str, str], draw: Draw
) -> tuple[dict[str, str], dict[str, Kept], bool]:
    """Names by address, "" for what is no picture; the new ones by name; whether all were asked for."""
    names, new, lost = dict(known), dict[str, Kept](), 0
    asked = [(url, side) for url, side in pictures.wanted(feed) if url not in known]
    for url, side in asked[:NEW_PICTURES]:
        if lost == LOST_PICTURES:
            break
        try:
            picture = _picture(door(http, where, url), url, side, draw)
        except NetworkError as error:
            lost += not isinstance(error, Rejected)
            names |= {url: ""} if isinstance(error, Rejected) else {}
        except ContentError:
            names[url] = ""
        else:
            names[url] = pictures.name(picture)
            new[names[url]] = picture
    return names, new, all(url in names for url, _side in asked)


def _picture(http: Http, url: str, side: int, draw: Draw) -> Kept:
    answer = fetch(http, url)
    return Kept(*draw(answer.body, side))
