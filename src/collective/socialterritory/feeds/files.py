"""A file that others have on the web: which hosts may be asked for it, and what the answer means."""

from collections.abc import Mapping
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import wait
from copy import copy
from typing import Any
from urllib.parse import urlsplit

import time


ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.8"


def door(http: Http, typed: str, where: str) -> Http:
    """What is allowed though private is so for what a person asks, not for where a page elsewhere leads."""
    if urlsplit(where).netloc == urlsplit(typed).netloc:
        return http
    door = copy(http)
    door.allow = frozenset()
    return door


def fetch(http: Http, url: str, marks: Mapping[str, str] | None = None) -> Answer:
    """An answer of 200 with a body to read; `marks`, headers of a conditional request, can make it a 304.

    Raises Rejected (feed_gone, feed_forbidden), Transient (youtube_404 among its codes).
    """
    try:
        answer = http.get(url, headers={"Accept": ACCEPT, **(marks or {})})
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    if not (marks and answer.status == 304) and (refused := refusal(answer)):
        raise refused
    return answer


def refusal(answer: Answer) -> NetworkError | None:
    """What any other status than 200 means. YouTube answers 404 for weeks at times, of channels that are there."""
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
