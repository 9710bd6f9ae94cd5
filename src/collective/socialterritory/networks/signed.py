"""How X is asked: signed by the four keys of an app (OAuth 1.0a) or with a token (OAuth 2).

Facts: https://docs.x.com/fundamentals/authentication. Errors of all calls: those of `Http`, `refusal` and `content`.
"""

from collections.abc import Mapping
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.http.sessions import answered
from collective.socialterritory.http.sessions import oauth1
from collective.socialterritory.http.wire import packed
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.problem import refusal
from typing import Any
from urllib.parse import urlsplit


BASE = "https://api.x.com"
KEYS = ("api_key", "api_secret", "access_token", "access_secret")

_SECRETS = (*KEYS, "client_secret", "access", "refresh")


def base() -> str:
    """SOCIALTERRITORY_X is asked instead, for tests."""
    return setting("SOCIALTERRITORY_X") or BASE


def host() -> str:
    return urlsplit(base()).hostname or ""


def by_keys(credentials: Credentials) -> bool:
    """Keys are made in X's console by the account's owner; by consent, the app may be anybody's."""
    return "api_key" in credentials


def ask(http: Http, credentials: Credentials, path: str, writes: bool = False, **options: Any) -> Answer:
    """`writes`: only where readers may see a difference is a lost answer a doubt."""
    try:
        answer = _signed(http, credentials, path, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refused := refusal(answer, secrets(credentials)):
        raise refused
    return answer


def call(http: Http, credentials: Credentials, path: str, writes: bool = False, **options: Any) -> dict[str, Any]:
    return content(ask(http, credentials, path, writes, **options), dict, writes, (), secrets(credentials))


def secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in _SECRETS]


def _signed(
    http: Http,
    credentials: Credentials,
    path: str,
    method: str = "",
    json: Any = None,
    data: bytes | Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """In either of the two ways, unless `headers` have an Authorization of their own.

    `method`: POST by default where there is a body, else GET.
    """
    sent = dict(headers or {})
    body = packed(json, data, sent)
    verb = method or ("GET" if body is None else "POST")
    url = f"{base()}{path}"
    if by_keys(credentials):
        session = oauth1(http, *(credentials[name] for name in KEYS))
        return answered(session.request(verb, url, data=body, headers=sent))
    sent.setdefault("Authorization", f"Bearer {credentials['access']}")
    return http.request(verb, url, data=body, headers=sent)
