"""What a refusal of Meta's Graph means, for the networks that stand on it.

Facts: https://developers.facebook.com/docs/graph-api/guides/error-handling and /overview/rate-limiting.
"""

from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.networks.answers import parsed
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import wait
from collective.socialterritory.networks.answers import word
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

import json
import re
import time


LONGEST_WAIT = 86400.0
BLOCKED = 6 * 3600.0
"""Seconds to leave a page alone that Facebook has blocked for a while: it does not say how long"""
QUOTA = 3600.0
"""Seconds until it is seen again whether the posts of the last 24 hours are fewer than may be published"""

_LONG = re.compile(r"[\w|-]{24,}")
"""What may be a token, or a part of one, that Facebook quotes"""


class _Meaning(NamedTuple):
    kind: type[NetworkError]
    """OutcomeUnknown where nothing may have been published is Transient"""
    code: str
    codes: Collection[int] = ()
    subcodes: Collection[int] = ()
    words: str = ""
    """What the refusal must say too"""


_RESTS = {"blocked": BLOCKED, "daily_limit": QUOTA}
_LOGIN = (102, 190)
_RIGHTS = (10, *range(200, 300))
_MEANINGS = (
    # https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
    _Meaning(Transient, "picture_unfetched", (9004,)),
    _Meaning(Transient, "picture_unfetched", (-2, -1, 1, 100), (2207003, 2207052)),
    _Meaning(Transient, "not_ready", (9007,)),
    _Meaning(Transient, "prepared_over", (-2, 24, 100), (2207006, 2207008, 2207020, 4279009)),
    _Meaning(RateLimited, "daily_limit", (9,)),
    _Meaning(RateLimited, "blocked", (4,), (2207051,)),
    _Meaning(Unauthorized, "restricted", (25,)),
    _Meaning(Rejected, "image_refused", (36000, 36001, 36003)),
    # https://developers.facebook.com/docs/threads/create-posts/text-attachments
    _Meaning(Rejected, "too_many_links", (1, 100), words=r"LINK_LIMIT"),
    _Meaning(Unauthorized, "app_secret", (1, 100), words=r"appsecret_proof|client secret"),
    _Meaning(
        Unauthorized, "app_inactive", (101, *_LOGIN), words=r"validating application|application has been deleted"
    ),
    _Meaning(Unauthorized, "app_inactive", _RIGHTS, words=r"api access|development mode|inactive|not active"),
    _Meaning(Unauthorized, "app_inactive", (3, 101)),
    _Meaning(Unauthorized, "app_removed", _LOGIN, (458,)),
    _Meaning(Unauthorized, "checkpoint", _LOGIN, (459, 464)),
    _Meaning(Unauthorized, "password_changed", _LOGIN, (460,)),
    _Meaning(Unauthorized, "expired", _LOGIN, (463, 468)),
    _Meaning(Unauthorized, "role_lost", _LOGIN, (492,)),
    _Meaning(Unauthorized, "unauthorized", _LOGIN),
    _Meaning(Rejected, "rejected", _RIGHTS, words=r"non-app posts"),
    _Meaning(Unauthorized, "scopes", _RIGHTS),
    _Meaning(Unauthorized, "page_gone", (100,), (33,)),
    _Meaning(Unauthorized, "page_gone", (803,)),
    _Meaning(RateLimited, "rate_limited", (4, 17, 32, 341, 613, *range(80000, 80015))),
    _Meaning(Rejected, "duplicate", (506,)),
    _Meaning(Rejected, "duplicate", (368,), words=r"already posted|duplicate|same content"),
    _Meaning(RateLimited, "blocked", (368,)),
    _Meaning(Transient, "graph_version", (2635,)),
    _Meaning(Transient, "graph_version", (2500,), words=r"unknown path"),
    _Meaning(Rejected, "link_refused", (1500, 1609005)),
    _Meaning(Rejected, "link_refused", (100,), (1609005,)),
    _Meaning(Rejected, "image_refused", (324,)),
    _Meaning(Rejected, "image_refused", (1, 100), (1366046,)),
    _Meaning(Rejected, "rejected", (100,)),
    _Meaning(OutcomeUnknown, "server_error", (-1, 1, 2)),
)
"""The first that fits. Of 1 and 2 some are published all the same: https://github.com/arsduo/koala/issues/699"""


def refusal(answer: Answer, writes: bool, secrets: Sequence[str], version: str) -> NetworkError | None:
    """An "error" in the answer, whatever the status below 500; None: leave it to `content`.

    Codes: those of `_MEANINGS`, rejected, and not_json for an error in a 200 that is none of Graph's.
    """
    error, doubt = part(parsed(answer), "error"), OutcomeUnknown if writes else Transient
    if answer.status >= 500 or not error:
        return None
    params: dict[str, Any] = {"host": urlsplit(answer.url).hostname or "", "status": answer.status}
    if not isinstance(error, dict):
        return doubt("not_json", **params) if answer.status < 400 else None
    words = {name: str(error.get(name) or "") for name in ("error_user_msg", "message")}
    params["reason"] = quoted(_LONG.sub("…", words["error_user_msg"] or words["message"]), secrets)
    kind, code, *_ = _meaning(error, " ".join(words.values()), answer.status)
    if code == "graph_version":
        params["version"] = version
    if issubclass(kind, RateLimited):
        return RateLimited(code, _RESTS.get(code) or _wait(answer.headers), **params)
    return (doubt if kind is OutcomeUnknown else kind)(code, **params)


def _meaning(error: Mapping[str, Any], words: str, status: int) -> _Meaning:
    code, subcode = _whole(error.get("code")), _whole(error.get("error_subcode"))
    for known in _MEANINGS:
        if code in known.codes and (not known.subcodes or subcode in known.subcodes):
            if re.search(known.words, words, re.IGNORECASE):
                return known
    if status in (401, 429):
        return _Meaning(Unauthorized, "unauthorized") if status == 401 else _Meaning(RateLimited, "rate_limited")
    if status < 400 or error.get("is_transient") is True:
        return _Meaning(OutcomeUnknown, "server_error")
    return _Meaning(Rejected, "rejected")


def _whole(value: object) -> int | None:
    text = word(value)
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds. Graph tells the minutes until access is back: "estimated_time_to_regain_access" of what was used up."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", ""))
    except (ValueError, RecursionError):
        usage = None
    lists = usage.values() if isinstance(usage, dict) else ()
    rows = [row for rows in lists if isinstance(rows, list) for row in rows]
    minutes = [part(row, "estimated_time_to_regain_access") for row in rows]
    told = [one * 60.0 for one in minutes if type(one) is int and 0 < one < 10**6]
    return min(max(told), LONGEST_WAIT) if told else wait(headers, time.time())
