"""What a JSON service's answer means: its content, or the error that says who must act."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Reply
from collective.socialterritory.plain import whole
from datetime import datetime
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from typing import TypeVar
from urllib.parse import urlsplit

import re
import time


Kind = TypeVar("Kind")

LONGEST_ADDRESS = 2000
"""Characters of an address that leads to a page or a picture elsewhere"""

_LONGEST_WAIT = 86400.0


def content(
    answer: Answer,
    kind: type[Kind],
    writes: bool,
    expired: Collection[str] = (),
    secrets: Collection[str] = (),
) -> Kind:
    """The JSON of a 2xx answer, which must be of a `kind`, dict or list; else raises.

    `writes`: something may have been published by this call, so a 5xx or an answer that is not JSON is a doubt.
    `expired`: values of the answer's "error" that mean what 401 means. `secrets` never get into an error's reason.
    """
    said = parsed(answer)
    if isinstance(said, kind) and 200 <= answer.status < 300:
        return said
    raise _error(answer, said if isinstance(said, dict) else None, writes, expired, secrets)


def parsed(answer: Answer) -> Any:
    """Its JSON; None when it is none."""
    try:
        return answer.json()
    except ValueError:
        return None


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
    said = said or {}
    return quoted(f"{said.get('error', '')}: {said.get('message', '')}", secrets)


def quoted(words: str, secrets: Collection[str]) -> str:
    """The network's own words, one line of 200 characters at most; "" when they quote a secret."""
    words = " ".join(words.split())
    if any(secret and secret in words for secret in secrets):
        return ""
    return words.strip(": ")[:200]


def wait(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait: Retry-After (seconds or date), else (X-)RateLimit-Reset (since 1970 or ISO); None if unsaid."""
    after = headers.get("retry-after", "").strip()
    reset = (headers.get("ratelimit-reset") or headers.get("x-ratelimit-reset") or "").strip()
    if after.isdecimal():
        seconds = float(after)
    elif when := _date(after):
        seconds = when.timestamp() - now
    elif reset.isdecimal():
        seconds = float(reset) - now
    elif when := moment(reset):
        seconds = when.timestamp() - now
    else:
        return None
    return min(max(seconds, 1.0), _LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def moment(text: object) -> datetime | None:
    """A time as ISO 8601 writes it, in UTC when nothing else is said; None when it is something else."""
    try:
        when = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def part(said: object, name: str) -> Any:
    """A value of a JSON object; None when there is neither."""
    return said.get(name) if isinstance(said, dict) else None


def newest(entries: Iterable[Entry], limit: int) -> tuple[Entry, ...]:
    """In that order, whichever they were listed in."""
    return tuple(sorted(entries, key=lambda entry: entry.published, reverse=True)[:limit])


def oldest(replies: Iterable[Reply]) -> tuple[Reply, ...]:
    """In that order, each once."""
    found: dict[str, Reply] = {}
    for reply in sorted(replies, key=lambda reply: reply.published):
        found.setdefault(reply.id, reply)
    return tuple(found.values())


def rows(said: object) -> list[Any]:
    """A JSON list; an empty one when it is something else."""
    return said if isinstance(said, list) else []


def size(said: object) -> int:
    """A number of pixels; 0 when it is none."""
    return said if type(said) is int and 0 < said < 10**6 else 0


def count(said: object) -> int | None:
    """How often something was done; None when it is no such number."""
    return said if type(said) is int and 0 <= said < 10**12 else None


def total(*counts: int | None) -> int | None:
    """Of those that were told; None when none was."""
    told = [number for number in counts if number is not None]
    return sum(told) if told else None


def word(value: object, longest: int = 300) -> str:
    """An id, a name or the like; "" when it is none."""
    said = str(value).strip() if isinstance(value, str | int) else ""
    return said if said.isprintable() and len(said) <= longest else ""


def line(value: object, longest: int = 300) -> str:
    """Words that people chose, in one line; "" when it is none."""
    return " ".join(whole(value).split())[:longest] if isinstance(value, str) else ""


def address(value: object, longest: int = 300) -> str:
    """An address of the web; "" when it is none."""
    said = word(value, longest)
    return said if re.match(r"https?://[^/]", said) else ""
