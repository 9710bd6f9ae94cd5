"""LinkedIn's API: how it is asked, in which version, and what a refusal means.

Facts: https://learn.microsoft.com/linkedin/marketing/versioning, /linkedin/shared/api-guide/concepts/error-handling,
/rate-limits and /protocol-version.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import parsed
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import wait
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.model import Credentials
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from urllib.parse import urlsplit

import re


API = "https://api.linkedin.com"
PAGE = "https://www.linkedin.com"
VERSION = "202609"
SERVED = 12
"""Months for which a version is served at least"""
AFTER_MIDNIGHT = timedelta(minutes=5)
POST = re.compile(r"urn:li:(?:share|ugcPost|activity):[0-9]{1,30}")
"""Ids of posts"""

_GONE = (404, 410)
_SECRETS = ("client_secret", "access", "refresh")


def api() -> str:
    """SOCIALTERRITORY_LINKEDIN is asked instead, for tests."""
    return setting("SOCIALTERRITORY_LINKEDIN") or API


def page() -> str:
    """Where people consent, tokens are given, and pictures are put."""
    return setting("SOCIALTERRITORY_LINKEDIN") or PAGE


def host() -> str:
    return urlsplit(api()).hostname or ""


def version() -> str:
    """YYYYMM: SOCIALTERRITORY_LINKEDIN_VERSION, because each version is served for about a year."""
    return setting("SOCIALTERRITORY_LINKEDIN_VERSION") or VERSION


def outlived(now: datetime) -> bool:
    """Whether our version may be switched off any day."""
    match = re.fullmatch(r"([0-9]{4})([0-9]{2})", version())
    return match is not None and (now.year - int(match[1])) * 12 + now.month - int(match[2]) > SERVED


def key(id: str) -> str:
    """An id as it stands in an address."""
    return quote(id, safe="")


def listing(ids: Iterable[str]) -> str:
    """https://learn.microsoft.com/linkedin/shared/api-guide/concepts/protocol-version: Rest.li 2.0 writes lists so."""
    return f"List({','.join(map(key, ids))})"


def ask(
    http: Http,
    credentials: Credentials,
    path: str,
    method: str = "",
    rest: str = "",
    writes: bool = False,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Answer:
    """An answer below 400. `path`: below the API, or a whole address of LinkedIn's.

    `method`: POST by default where there is a body, else GET; `rest`: Rest.li's own. `headers`: in place of those of
    the API. `writes`: only where readers may see a difference is a lost answer a doubt. Raises the errors of `Http`
    and of `refusal`.
    """
    if headers is None:
        headers = {"Authorization": f"Bearer {credentials['access']}", "LinkedIn-Version": version()}
        headers |= {"X-Restli-Protocol-Version": "2.0.0", **({"X-RestLi-Method": rest} if rest else {})}
    verb = method or ("POST" if "json" in options or "data" in options else "GET")
    url = path if path.startswith("http") else f"{api()}{path}"
    try:
        answer = http.request(verb, url, headers=headers, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refused := refusal(answer, writes, secrets(credentials)):
        raise refused
    return answer


def call(http: Http, credentials: Credentials, path: str, **options: Any) -> dict[str, Any]:
    return content(ask(http, credentials, path, **options), dict, False, (), secrets(credentials))


def told(http: Http, credentials: Credentials, path: str, **options: Any) -> None:
    """Something of ours is changed: LinkedIn answers that without a word."""
    if ask(http, credentials, path, writes=True, **options).status != 204:
        raise OutcomeUnknown("not_json", host=host())


def secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in _SECRETS]


def gone(error: NetworkError) -> bool:
    """Whether LinkedIn says of a thing that it is not there; a firewall's 404 is another error."""
    return isinstance(error, Rejected) and error.params.get("status") in _GONE


def refusal(answer: Answer, writes: bool, hidden: list[str]) -> NetworkError | None:
    """Codes: server_error, rate_limited, linkedin_version, unauthorized, scopes, rejected, not_json.

    And duplicate: `urn` is the post that LinkedIn names, "" for none. None below 400.
    """
    status, said = answer.status, parsed(answer)
    params: dict[str, Any] = {"host": urlsplit(answer.url).hostname or "", "status": status}
    if status < 400:
        return None
    if status >= 500:
        return (OutcomeUnknown if writes else Transient)("server_error", **params)
    if status == 429:
        return RateLimited(retry_after=_wait(answer.headers), **params)
    if status != 401 and (not isinstance(said, Mapping) or (status in _GONE and said.get("status") != status)):
        return Transient("not_json", **params)  # a firewall's page, not LinkedIn's word
    words = str(part(said, "message") or part(said, "error_description") or "")
    codes = {word(part(one, "code")) for one in (said, *rows(part(part(said, "errorDetails"), "inputErrors")))}
    if status == 426 or "NONEXISTENT_VERSION" in codes:
        return Transient("linkedin_version", version=version(), **params)
    params["reason"] = quoted(words, hidden)
    if status in (401, 403):
        return Unauthorized("unauthorized" if status == 401 else "scopes", **params)
    if "DUPLICATE_POST" in codes or re.search(r"duplicate of urn:li:", words, re.IGNORECASE):
        named = POST.search(words)
        return Rejected("duplicate", urn=named[0] if named else "", **params)
    return Rejected("rejected", **params)


def _wait(headers: Mapping[str, str]) -> float:
    """Seconds. LinkedIn's limits are those of a day that begins at 00:00 UTC, and it does not say so:
    https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
    """
    now = clock.now()
    day = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return wait(headers, now.timestamp()) or (day + AFTER_MIDNIGHT - now).total_seconds()
