"""What a pasted address is: asked of networks and servers under one deadline, with a handful of calls at most."""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import SocialError
from collective.socialterritory.errors import Transient
from collective.socialterritory.feeds.rules.recognise import alternates
from collective.socialterritory.feeds.rules.recognise import Candidate
from collective.socialterritory.feeds.rules.recognise import candidates
from collective.socialterritory.feeds.rules.recognise import is_page
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import wait
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.model import Follows
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import time


Parse = Callable[[bytes, Mapping[str, str], str], Feed]
"""Bytes, headers with names in lower case, address; raises ContentError("not_a_feed")"""

DEADLINE = 20.0
"""Seconds for all calls together"""
ENTRIES = 10
"""Of a network, for a first look"""
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"

_NOBODY_THERE = (
    *("bad_address", "forbidden_address", "forbidden_port", "dns", "refused_connection", "unreachable", "tls", "proxy"),
    *("connect_timeout", "read_timeout", "rate_limited"),
)
"""The same host would say it again"""
_REFUSED = ("anonymous_refused", "members_only", "rate_limited")


@dataclass(frozen=True, slots=True)
class Found:
    """`kind`: feed, or the id of a network; `where`: the feed's address, or the subject that the network follows."""

    kind: str
    where: str
    feed: Feed


def recognise(http: Http, typed: str, follows: Mapping[str, Follows], parse: Parse) -> Found:
    """`follows`: networks by id. Raises the error that helps the person who typed it most; its `tried`: addresses.

    ContentError: address_invalid, account_needed, no_feed_found, no_channel_found, and those of `parse`. Rejected:
    feed_gone, feed_forbidden, and those of `Follows`. Transient: youtube_404, and those of `Http`.
    """
    http, tried, failures = http.within(DEADLINE), candidates(typed, follows), []
    for candidate in tried:
        try:
            if candidate.kind in follows:
                feed = follows[candidate.kind].follow(http, candidate.where, ENTRIES)
                return Found(candidate.kind, candidate.where, feed)
            return _read(http, candidate, parse)
        except SocialError as error:
            failures.append(error)
            if error.code in _NOBODY_THERE:
                break
    failure = _most_helpful(failures)
    failure.params["tried"] = ", ".join(candidate.where for candidate in tried[: len(failures)])[:500]
    raise failure


def _read(http: Http, candidate: Candidate, parse: Parse) -> Found:
    answer = fetch(http, candidate.where)
    if not is_page(answer.body):
        return Found("feed", candidate.where, parse(answer.body, answer.headers, answer.url))
    host = urlsplit(answer.url).hostname or ""
    failures: list[SocialError] = []
    for where in alternates(answer.body, answer.url) if candidate.kind == "page" else ():
        try:
            return _read(_door(http, candidate.where, where), Candidate("feed", where), parse)
        except SocialError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    code = "no_channel_found" if f".{host}".endswith(".youtube.com") else "no_feed_found"
    raise ContentError(code, host=host)


def _door(http: Http, typed: str, where: str) -> Http:
    """What is allowed though private is so for what a person asks, not for where a page elsewhere leads."""
    if urlsplit(where).netloc == urlsplit(typed).netloc:
        return http
    door = copy(http)
    door.allow = frozenset()
    return door


def fetch(http: Http, url: str) -> Answer:
    """An answer with a body to read. Raises Rejected (feed_gone, feed_forbidden), Transient."""
    try:
        answer = http.get(url, headers={"Accept": ACCEPT})
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    if refused := refusal(answer):
        raise refused
    return answer


def refusal(answer: Answer) -> NetworkError | None:
    """What a status other than 200 means. YouTube answers 404 for weeks at times, of channels that are there."""
    status, host = answer.status, urlsplit(answer.url).hostname or ""
    params: dict[str, Any] = {"host": host, "status": status}
    if status == 200:
        return None
    if status == 429:
        return RateLimited(retry_after=wait(answer.headers, time.time()), **params)
    if status == 404 and f".{host}".endswith(".youtube.com"):
        return Transient("youtube_404", **params)
    if status in (404, 410):
        return Rejected("feed_gone", **params)
    return Rejected("feed_forbidden", **params) if 400 <= status < 500 else Transient("server_error", **params)


def _most_helpful(failures: list[SocialError]) -> SocialError:
    """What was tried last is what the person typed; a network knows better why it shows nothing.

    That an account is not there it tells of other things too: it is believed where there is no page either.
    """
    last = failures[-1]
    telling = (*_REFUSED, "profile_gone") if last.code in ("feed_gone", "feed_forbidden") else _REFUSED
    return next((error for error in failures if error.code in telling), last)
