"""Meta's Graph, for the networks that stand on it: how it is asked, which version answers, what a refusal means.

Facts: https://developers.facebook.com/docs/graph-api/guides/error-handling, /guides/secure-requests, /guides/versioning
and /overview/rate-limiting.
"""

from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.http.wire import multipart
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import wait
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.model import Picture
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.parse import urlsplit

import hashlib
import hmac
import json
import re
import time


HOST = "https://graph.facebook.com"
VERSION = "v26.0"
PAGES = 5
LONGEST_WAIT = 86400.0
BLOCKED = 6 * 3600.0
"""Seconds to leave a page alone that Facebook has blocked for a while: it does not say how long"""

_VERSION = re.compile(r"v(\d+)\.(\d+)")
_LONG = re.compile(r"[\w|-]{24,}")
"""What may be a token, or a part of one, that Facebook quotes"""


@dataclass(frozen=True, slots=True)
class Key:
    """What calls are signed with: a person's or a page's token, and the secret of the app that it was given to."""

    token: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def proof(self) -> str:
        return hmac.new(self.secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()

    @property
    def hidden(self) -> tuple[str, str, str]:
        return self.token, self.secret, self.proof


def base() -> str:
    """SOCIALTERRITORY_GRAPH is asked instead, for tests."""
    return setting("SOCIALTERRITORY_GRAPH") or HOST


def host() -> str:
    return urlsplit(base()).hostname or ""


def version() -> str:
    """SOCIALTERRITORY_GRAPH_VERSION, because each version is served for about two years."""
    return setting("SOCIALTERRITORY_GRAPH_VERSION") or VERSION


def overtaken(answer: Answer) -> str:
    """The newer version that answered in place of ours, which has ended; "" when ours did, or nobody said.

    https://developers.facebook.com/docs/graph-api/guides/versioning: calls to an ended version go to the oldest one.
    """
    ours, theirs = version(), answer.headers.get("facebook-api-version", "").strip()
    return theirs if _VERSION.fullmatch(theirs) and _number(theirs) > _number(ours) else ""


def _number(version: str) -> tuple[int, ...]:
    match = _VERSION.fullmatch(version)
    return tuple(map(int, match.groups())) if match else ()


def ask(
    http: Http,
    key: Key,
    path: str,
    query: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    picture: Picture | None = None,
    writes: bool = False,
    signed: bool = True,
    method: str = "",
    **options: Any,
) -> Answer:
    """A `form` has the `picture` as its "source". No token goes into an address, which is logged.

    `writes`: only where readers may see a difference is a lost answer a doubt. `method`: POST by default where there
    is a `form`, else GET. Raises the errors of `Http` and of `refusal`.
    """
    headers = {"Authorization": f"Bearer {key.token}"} if signed else {}
    asked = {**(form or query or {}), **({"appsecret_proof": key.proof} if signed else {})}
    url = f"{base()}/{version()}{path}"
    body: bytes | dict[str, str] | None = asked
    if form is None:
        url, body = f"{url}?{urlencode(asked)}", None
    elif picture:
        name = f"image.{picture.mime.removeprefix('image/')}"
        body, headers["Content-Type"] = multipart(asked, "source", name, picture.mime, picture.data)
    try:
        method = method or ("GET" if form is None else "POST")
        answer = http.request(method, url, data=body, headers=headers, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refused := refusal(answer, writes, key.hidden):
        raise refused
    return answer


def call(http: Http, key: Key, path: str, writes: bool = False, **options: Any) -> dict[str, Any]:
    return content(ask(http, key, path, writes=writes, **options), dict, writes, (), key.hidden)


def listed(http: Http, key: Key, path: str, query: Mapping[str, str]) -> Iterator[list[Any]]:
    """Page after page. The address of the next one is not followed, because there is a token in it: only its cursor.

    Raises Transient("too_many_posts") when there are more than PAGES.
    """
    asked = dict(query)
    for _ in range(PAGES):
        said = call(http, key, path, query=asked)
        rows, paging = said.get("data"), said.get("paging")
        if not isinstance(rows, list):
            raise Transient("not_json", host=host())
        yield rows
        if not part(paging, "next"):
            return
        after = word(part(part(paging, "cursors"), "after"))
        if not after or after == asked.get("after"):
            raise Transient("not_json", host=host())
        asked["after"] = after
    raise Transient("too_many_posts", host=host())


def lasting(http: Http, app: str, key: Key) -> Key:
    """For a person's token of an hour one of 60 days; those of pages that come of it have no end.

    https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived
    """
    form = {"grant_type": "fb_exchange_token", "client_id": app, "client_secret": key.secret}
    said = call(http, key, "/oauth/access_token", form={**form, "fb_exchange_token": key.token}, signed=False)
    token = word(said.get("access_token"))
    if not token or not token.isascii():
        raise Transient("not_json", host=host())
    return Key(token, key.secret)


def lacking(http: Http, key: Key, scopes: Sequence[str]) -> list[str]:
    """The rights that the person did not give, or has taken back."""
    pages = listed(http, key, "/me/permissions", {})
    given = {word(part(row, "permission")) for rows in pages for row in rows if part(row, "status") == "granted"}
    return [scope for scope in scopes if scope not in given]


class _Meaning(NamedTuple):
    kind: type[NetworkError]
    """OutcomeUnknown where nothing may have been published is Transient"""
    code: str
    codes: Collection[int] = ()
    subcodes: Collection[int] = ()
    words: str = ""
    """What the refusal must say too"""


_LOGIN = (102, 190)
_RIGHTS = (10, *range(200, 300))
_MEANINGS = (
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


def refusal(answer: Answer, writes: bool, secrets: Sequence[str]) -> NetworkError | None:
    """An "error" in the answer, whatever the status below 500; None: leave it to `content`.

    Codes: those of `_MEANINGS`, rejected, and not_json for an error in a 200 that is none of Graph's.
    """
    error, doubt = part(_json(answer), "error"), OutcomeUnknown if writes else Transient
    if answer.status >= 500 or not error:
        return None
    params: dict[str, Any] = {"host": urlsplit(answer.url).hostname or "", "status": answer.status}
    if not isinstance(error, dict):
        return doubt("not_json", **params) if answer.status < 400 else None
    words = {name: str(error.get(name) or "") for name in ("error_user_msg", "message")}
    params["reason"] = quoted(_LONG.sub("…", words["error_user_msg"] or words["message"]), secrets)
    kind, code, *_ = _meaning(error, " ".join(words.values()), answer.status)
    if code == "graph_version":
        params["version"] = version()
    if issubclass(kind, RateLimited):
        return RateLimited(code, BLOCKED if code == "blocked" else _wait(answer.headers), **params)
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


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


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
