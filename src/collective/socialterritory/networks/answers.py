"""What a JSON service's answer means: its content, or the error that says who must act."""

from collections.abc import Collection
from collections.abc import Mapping
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import time


_LONGEST_WAIT = 86400.0


def content(
    answer: Answer,
    writes: bool,
    expired: Collection[str] = (),
    secrets: Collection[str] = (),
) -> dict[str, Any]:
    """The JSON object of a 2xx answer, else raises.

    `writes`: something may have been published by this call, so a 5xx or an answer that is not JSON is a doubt.
    `expired`: values of the answer's "error" that mean what 401 means. `secrets` never get into an error's reason.
    """
    said: Any = None
    try:
        said = answer.json()
    except ValueError:
        pass
    if isinstance(said, dict) and 200 <= answer.status < 300:
        return said
    raise _error(answer, said if isinstance(said, dict) else None, writes, expired, secrets)


def _error(
    answer: Answer,
    said: Mapping[str, Any] | None,
    writes: bool,
    expired: Collection[str],
    secrets: Collection[str],
) -> NetworkError:
    status = answer.status
    params: dict[str, Any] = {"host": urlsplit(answer.url).hostname or "", "status": status}
    doubt = OutcomeUnknown if writes else Transient
    if status == 429:
        return RateLimited(retry_after=wait(answer.headers, time.time()), **params)
    if status >= 500:
        return doubt("server_error", **params)
    if status < 300:
        return doubt("not_json", **params)
    name = str((said or {}).get("error", ""))
    if status == 401 or name in expired:
        return Unauthorized("unauthorized", reason=_reason(said, secrets), **params)
    if said is None:
        return Transient("not_json", **params)  # a firewall's page, not the network's word
    return Rejected("rejected", reason=_reason(said, secrets), name=name if name.isalnum() else "", **params)


def _reason(said: Mapping[str, Any] | None, secrets: Collection[str]) -> str:
    """The network's own words, one line of 200 characters at most; "" when they quote a secret."""
    said = said or {}
    words = " ".join(f"{said.get('error', '')}: {said.get('message', '')}".split())
    if any(secret and secret in words for secret in secrets):
        return ""
    return words.strip(": ")[:200]


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait, of Retry-After (seconds or a date) or ratelimit-reset (seconds since 1970); None when unsaid."""
    after = headers.get("retry-after", "").strip()
    reset = headers.get("ratelimit-reset", "").strip()
    if after.isdecimal():
        seconds = float(after)
    elif when := _date(after):
        seconds = when.timestamp() - now
    elif reset.isdecimal():
        seconds = float(reset) - now
    else:
        return None
    return min(max(seconds, 1.0), _LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
