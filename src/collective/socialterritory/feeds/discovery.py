"""What a pasted address is: asked of networks and servers under one deadline, with a handful of calls at most."""

from collections.abc import Callable
from collections.abc import Mapping
from collective.socialterritory.errors import ContentError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.feeds.files import door
from collective.socialterritory.feeds.files import fetch
from collective.socialterritory.feeds.rules.recognise import alternates
from collective.socialterritory.feeds.rules.recognise import Candidate
from collective.socialterritory.feeds.rules.recognise import candidates
from collective.socialterritory.feeds.rules.recognise import is_page
from collective.socialterritory.http import Http
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.reading import Follows
from dataclasses import dataclass
from urllib.parse import urlsplit


Parse = Callable[[bytes, Mapping[str, str], str], Feed]
"""Bytes, headers with names in lower case, address; raises ContentError("not_a_feed")"""

DEADLINE = 20.0
"""Seconds for all calls together"""
ENTRIES = 10
"""Of a network, for a first look"""

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

    ContentError: address_missing, address_invalid, account_needed, no_feed_found, no_channel_found, and those of
    `parse`. Rejected: feed_gone, feed_forbidden, and those of `Follows`. Transient: youtube_404, and those of `Http`.
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
            return _read(door(http, candidate.where, where), Candidate("feed", where), parse)
        except SocialError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    code = "no_channel_found" if f".{host}".endswith(".youtube.com") else "no_feed_found"
    raise ContentError(code, host=host)


def _most_helpful(failures: list[SocialError]) -> SocialError:
    """What was tried last is what the person typed; a network knows better why it shows nothing.

    That an account is not there it tells of other things too: it is believed where there is no page either.
    """
    last = failures[-1]
    telling = (*_REFUSED, "profile_gone") if last.code in ("feed_gone", "feed_forbidden") else _REFUSED
    return next((error for error in failures if error.code in telling), last)
