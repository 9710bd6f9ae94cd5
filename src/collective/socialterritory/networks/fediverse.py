"""How servers of the Mastodon kind are asked, what their refusals mean, and who an account is there.

Facts: https://docs.joinmastodon.org/client/intro and https://docs.gotosocial.org/en/latest/api/swagger.
"""

from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import Kind
from collective.socialterritory.networks.answers import parsed
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.instance import facts_of
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.plain import shown
from typing import Any
from urllib.parse import quote
from urllib.parse import urlsplit

import re


GONE = frozenset({404, 410})

_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?")
_TOKEN = re.compile(r"\btokens?\b", re.IGNORECASE)
_SCOPES = re.compile(r"\bscopes?\b|insufficient permissions", re.IGNORECASE)
_CREDENTIALS = re.compile(r"invalid credentials", re.IGNORECASE)


def host(credentials: Credentials) -> str:
    return urlsplit(credentials["origin"]).hostname or ""


def status(id: str) -> str:
    return f"/api/v1/statuses/{quote(id, safe='')}"


def ask(
    http: Http, credentials: Credentials, path: str, writes: bool = False, method: str = "", **options: Any
) -> Answer:
    """`writes`: only where readers may see a difference is a lost answer a doubt.

    `method`: POST by default when something is sent, else GET.
    """
    headers = dict(options.pop("headers", {}))
    if token := credentials.get("token"):
        headers["Authorization"] = f"Bearer {token}"
    method = method or ("POST" if "json" in options or "data" in options else "GET")
    try:
        answer = http.request(method, f"{credentials['origin']}{path}", headers=headers, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refusal := _refusal(answer, secrets(credentials)):
        raise refusal
    return answer


def call(http: Http, credentials: Credentials, path: str, kind: type[Kind], writes: bool = False, **how: Any) -> Kind:
    return understood(credentials, ask(http, credentials, path, writes, **how), kind, writes)


def understood(credentials: Credentials, answer: Answer, kind: type[Kind], writes: bool = False) -> Kind:
    return content(answer, kind, writes, ("invalid_token",), secrets(credentials))


def is_there(http: Http, credentials: Credentials, id: str) -> bool:
    """Whether our status is out. A page that is not found may be a firewall's: a no counts from who knows our token."""
    answer = ask(http, credentials, status(id))
    if answer.status not in GONE:
        understood(credentials, answer, dict)
        return True
    call(http, credentials, "/api/v1/accounts/verify_credentials", dict)
    return False


def secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in ("token", "client_secret")]


def _refusal(answer: Answer, secrets: Sequence[str]) -> NetworkError | None:
    """What servers say with words more than with a status, in JSON, plain text or HTML; None: leave it to `content`."""
    status = answer.status
    if status not in (400, 403, 413, 422):
        return None
    said = parsed(answer)
    json = isinstance(said, dict)
    words = str(said.get("error", "")) if json else shown(answer.body[:50_000].decode("utf-8", "replace"))[0]
    params = {"host": urlsplit(answer.url).hostname or "", "status": status, "reason": quoted(words, secrets)}
    if status == 403 and _SCOPES.search(words):
        return Unauthorized("scopes", **params)
    if (status == 403 and _CREDENTIALS.search(words)) or (status == 400 and not json and _TOKEN.search(words)):
        return Unauthorized("unauthorized", **params)
    return Rejected("rejected", name="", **params) if status in (413, 422) and not json else None


def known(http: Http, credentials: Credentials, path: str) -> dict[str, Any]:
    """What a server that has such a page tells there, else {}."""
    try:
        return call(http, credentials, path, dict)
    except (Rejected, Unauthorized):
        return {}
    except Transient as error:
        if error.code == "not_json":
            return {}
        raise


def identity(http: Http, credentials: Credentials) -> tuple[str, Identity]:
    """Our id there, and who that is. All questions together have the time of one."""
    http = http.within(http.deadline)
    said = call(http, credentials, "/api/v1/accounts/verify_credentials", dict)
    account, name = word(said.get("id")), word(said.get("acct"))
    if not account or not name:
        raise Transient("not_json", host=host(credentials))
    origin = credentials["origin"]
    instance = known(http, credentials, "/api/v2/instance") or known(http, credentials, "/api/v1/instance")
    told = word(instance.get("domain")) or word(instance.get("uri")).rpartition("://")[2].rstrip("/")
    domain = told if _DOMAIN.fullmatch(told) else urlsplit(origin).netloc
    facts = {**facts_of(instance), "software": _software(http, credentials)}
    url = address(said.get("url")) or f"{origin}/@{quote(name)}"
    return account, Identity(f"{account}@{urlsplit(origin).netloc}", f"@{name}@{domain}", url, facts)


def _software(http: Http, credentials: Credentials) -> str:
    """https://nodeinfo.diaspora.software/protocol. Whatever address is given, only this server is asked."""
    there = {"origin": credentials["origin"]}
    links = known(http, there, "/.well-known/nodeinfo").get("links")
    link = links[-1] if isinstance(links, list) and links else {}
    found = re.fullmatch(r"https?://[^/]+(/[!-~]+)", str(part(link, "href")))
    name = part(part(known(http, there, found[1]), "software"), "name") if found else ""
    return word(name).lower()
