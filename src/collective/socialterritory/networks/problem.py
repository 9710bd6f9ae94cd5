"""What X means by a refusal: it says so in words more than with a status.

https://docs.x.com/x-api/fundamentals/response-codes-and-errors, and for 187, 215 and the like the older
https://docs.x.com/x-api/v1-error-codes; as https://www.rfc-editor.org/rfc/rfc9457 or as a list of "errors".
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.networks.answers import parsed
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import wait
from typing import Any
from urllib.parse import urlsplit

import re
import time


NOT_FOUND = "resource-not-found"
"""Last part of X's "type" of a refusal, and the `name` of the error: there is no such post or account"""

_COUNTED = ("x-rate-limit", "x-user-limit-24hour", "x-app-limit-24hour")
_WORDS = ("detail", "message", "error_description", "error", "title", "type", "reason")
_BILLING = re.compile(r"usage-?\s?cap|problems/credits|creditsdepleted|client-not-enrolled", re.IGNORECASE)
_CLOCK = re.compile(r"timestamp", re.IGNORECASE)
_LOGIN = re.compile(r"bad authentication data|your account (?:is|has been) .*(?:locked|suspended)", re.IGNORECASE)
_DUPLICATE = re.compile(r"duplicate content|status is a duplicate", re.IGNORECASE)
_SCOPES = re.compile(r"oauth1-permissions|app permissions|unsupported-authentication", re.IGNORECASE)


def refusal(answer: Answer, secrets: Sequence[str]) -> NetworkError | None:
    """Codes: billing, rate_limited, unauthorized, clock, duplicate, scopes, rejected. None: leave it to `content`.

    "errors" beside no data are a refusal too, whatever the status.
    """
    status, said = answer.status, _problem(answer)
    if status >= 500 or (status < 400 and not said):
        return None
    words = list((said or {}).values())
    reason, all_words = quoted(words[0] if words else "", secrets), " ".join(words)
    params: dict[str, Any] = {"host": urlsplit(answer.url).hostname or "", "status": status, "reason": reason}
    if status == 402 or (status in (403, 429) and _BILLING.search(all_words)):
        return Billing("billing", **params)
    if status == 429:
        return RateLimited(retry_after=_wait(answer.headers), **params)
    if status == 401 or _LOGIN.search(all_words):
        return Unauthorized("clock" if _CLOCK.search(all_words) else "unauthorized", **params)
    if status == 403 and _DUPLICATE.search(all_words):
        return Rejected("duplicate", **params)
    if status == 403 and _SCOPES.search(all_words):
        return Unauthorized("scopes", **params)
    name = NOT_FOUND if f"problems/{NOT_FOUND}" in all_words else ""
    return Rejected("rejected", name=name, **params) if said is not None or status == 413 else None


def _problem(answer: Answer) -> dict[str, str] | None:
    """The words of a refusal, those for people first; None where nothing is refused, or not in JSON."""
    said = parsed(answer)
    errors = part(said, "errors")
    if not isinstance(said, dict) or (answer.status < 400 and (not errors or said.get("data") is not None)):
        return None
    first = errors[0] if isinstance(errors, list) and errors else None
    found = {name: said.get(name) or part(first, name) for name in _WORDS}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds until the last of the limits that are used up is counted anew."""
    now = time.time()
    used_up = [name for name in _COUNTED if headers.get(f"{name}-remaining", "0").strip() == "0"]
    waits = [wait({"ratelimit-reset": headers.get(f"{name}-reset", "")}, now) for name in used_up]
    return max((seconds for seconds in waits if seconds is not None), default=wait(headers, now))
