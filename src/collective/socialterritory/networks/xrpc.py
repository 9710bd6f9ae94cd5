"""How servers of the AT protocol are asked, and what they answer: https://atproto.com/specs/xrpc"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.model import Credentials
from typing import Any
from urllib.parse import urlencode


_EXPIRED = ("ExpiredToken", "InvalidToken", "AccountTakedown", "AccountDeactivated", "AccountSuspended")


def secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in ("app_password", "access", "refresh")]


def get(http: Http, url: str, credentials: Credentials | None = None, timeout: float | None = None) -> dict[str, Any]:
    """A question: whatever goes wrong, nothing was published."""
    headers = {"Authorization": f"Bearer {credentials['access']}"} if credentials else {}
    try:
        answer = http.get(url, headers=headers, timeout=timeout)
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    return content(answer, dict, False, _EXPIRED, secrets(credentials or {}))


def ask(
    http: Http,
    credentials: Credentials,
    method: str,
    query: Mapping[str, str] | Sequence[tuple[str, str]],
    signed: bool = False,
) -> dict[str, Any]:
    url = f"{credentials['pds']}/xrpc/{method}"
    return get(http, f"{url}?{urlencode(query)}" if query else url, credentials if signed else None)


def call(
    http: Http,
    credentials: Credentials,
    method: str,
    json: Any = None,
    data: bytes | None = None,
    mime: str = "",
    token: str = "access",
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {credentials[token]}"} if token else {}
    if mime:
        headers["Content-Type"] = mime
    answer = http.post(f"{credentials['pds']}/xrpc/{method}", json=json, data=data, headers=headers)
    return content(answer, dict, True, _EXPIRED, secrets(credentials))
