"""Mastodon and its kin (GoToSocial, Pleroma, Akkoma): linked by consent on their own page, looked up by what was said.

Facts: https://docs.joinmastodon.org/methods/apps, /accounts, /instance, /media, /statuses and
https://docs.gotosocial.org/en/latest/api/swagger. Servers that ignore the Idempotency-Key post a repeat again, so none
is sent blindly. Errors of all calls: those of `Http` and `content`, and Unauthorized("scopes").
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Answer
from collective.socialterritory.http import Http
from collective.socialterritory.http.wire import multipart
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import Kind
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import quoted
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.instance import facts_of
from collective.socialterritory.networks.instance import limits_of
from collective.socialterritory.networks.instance import origin_of
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.plain import shown
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re
import time
import unicodedata


WAITS = (0.5, 1, 2, 3, 5, 8, 10, 15, 15)
"""Seconds between questions whether a picture is ready"""
PAGES = 5
CLOCKS = timedelta(minutes=10)
"""How far a server's clock may be from ours"""

_NO_SUCH_THING = frozenset({*range(200, 400), 404, 405, 410})
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?")
_MENTION = re.compile(r"(?<![=/\w])(@\w(?:[\w.-]*\w)?)@\w(?:[\w.-]*\w)?")
_TOKEN = re.compile(r"\btokens?\b", re.IGNORECASE)
_SCOPES = re.compile(r"\bscopes?\b|insufficient permissions", re.IGNORECASE)
_CREDENTIALS = re.compile(r"invalid credentials", re.IGNORECASE)


class Mastodon(Network):
    """Credentials: origin, client_id, client_secret, token, account (its id there)."""

    id = "mastodon"
    title = "Mastodon"
    limits = limits_of({})
    settle = 10.0
    app_fields = (Field("server"),)
    scopes = ("read:accounts", "read:statuses", "write:statuses", "write:media")

    def limits_of(self, facts: Mapping[str, str]) -> Limits:
        return limits_of(facts)

    def origins(self, credentials: Credentials) -> list[str]:
        return [credentials["origin"]] if credentials.get("origin") else []

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        """Registers this site there. Codes: server_invalid, not_mastodon, forbidden_port."""
        origin = origin_of(http, answers.get("server", ""))
        here = urlsplit(redirect_uri)
        form = {
            "client_name": "collective.socialterritory",
            "redirect_uris": redirect_uri,
            "scopes": " ".join(self.scopes),
            "website": f"{here.scheme}://{here.netloc}",
        }
        try:
            said = _call(http, {"origin": origin}, "/api/v1/apps", dict, data=form)
        except NetworkError as error:
            if not isinstance(error, Unauthorized) and error.params.get("status") not in _NO_SUCH_THING:
                raise
            said = {}
        id, secret = word(said.get("client_id")), word(said.get("client_secret"))
        if not id or not secret:
            raise Rejected("not_mastodon", host=_host({"origin": origin}))
        return Client(id, secret, f"{origin}/oauth/authorize", f"{origin}/oauth/token")

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        origin = client.authorize.removesuffix("/oauth/authorize")
        known = {"origin": origin, "client_id": client.id, "client_secret": client.secret}
        known["token"] = tokens["access_token"]
        account, identity = _identity(http, known)
        return [Connection(identity, {**known, "account": account})]

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        return _identity(http, credentials)[1]

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        """Codes of its own: media_slow."""
        body: dict[str, Any] = {"status": post.text, "visibility": "public"}
        if post.language:
            body["language"] = post.language
        if post.picture:
            body["media_ids"] = [_upload(http, credentials, post.picture)]
        said = _call(
            http, credentials, "/api/v1/statuses", dict, writes=True, json=body, headers={"Idempotency-Key": key}
        )
        receipt = _receipt(credentials, said)
        if receipt is None:
            raise OutcomeUnknown("not_json", host=_host(credentials))
        return receipt

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """By text or link among what the account said lately. Codes of its own: too_many_posts."""
        since = post.created - CLOCKS
        query = {"limit": "40", "exclude_reblogs": "true"}
        path = f"/api/v1/accounts/{quote(credentials['account'], safe='')}/statuses"
        for _ in range(PAGES):
            page = _call(http, credentials, f"{path}?{urlencode(query)}", list)
            for status in page:
                receipt, at = _dated(credentials, status)
                if at >= since and not status.get("reblog") and _same(status["content"], post):
                    return receipt
            if not page or at < since:
                return None
            query["max_id"] = receipt.id
        raise Transient("too_many_posts", host=_host(credentials))


def _host(credentials: Credentials) -> str:
    return urlsplit(credentials["origin"]).hostname or ""


def _ask(http: Http, credentials: Credentials, path: str, writes: bool = False, **options: Any) -> Answer:
    """`writes`: only where a status may appear is a lost answer a doubt."""
    headers = dict(options.pop("headers", {}))
    if token := credentials.get("token"):
        headers["Authorization"] = f"Bearer {token}"
    method = "POST" if "json" in options or "data" in options else "GET"
    try:
        answer = http.request(method, f"{credentials['origin']}{path}", headers=headers, **options)
    except OutcomeUnknown as error:
        if writes:
            raise
        raise Transient(error.code, **error.params) from error
    if refusal := _refusal(answer, _secrets(credentials)):
        raise refusal
    return answer


def _call(http: Http, credentials: Credentials, path: str, kind: type[Kind], writes: bool = False, **how: Any) -> Kind:
    answer = _ask(http, credentials, path, writes, **how)
    return content(answer, kind, writes, ("invalid_token",), _secrets(credentials))


def _secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in ("token", "client_secret")]


def _refusal(answer: Answer, secrets: Sequence[str]) -> NetworkError | None:
    """What servers say with words more than with a status, in JSON, plain text or HTML; None: leave it to `content`."""
    status = answer.status
    if status not in (400, 403, 413, 422):
        return None
    try:
        said = answer.json()
    except ValueError:
        said = None
    json = isinstance(said, dict)
    words = str(said.get("error", "")) if json else shown(answer.body[:50_000].decode("utf-8", "replace"))[0]
    params = {"host": urlsplit(answer.url).hostname or "", "status": status, "reason": quoted(words, secrets)}
    if status == 403 and _SCOPES.search(words):
        return Unauthorized("scopes", **params)
    if (status == 403 and _CREDENTIALS.search(words)) or (status == 400 and not json and _TOKEN.search(words)):
        return Unauthorized("unauthorized", **params)
    return Rejected("rejected", name="", **params) if status in (413, 422) and not json else None


def _known(http: Http, credentials: Credentials, path: str) -> dict[str, Any]:
    """What a server that has such a page tells there, else {}."""
    try:
        return _call(http, credentials, path, dict)
    except (Rejected, Unauthorized):
        return {}
    except Transient as error:
        if error.code == "not_json":
            return {}
        raise


def _identity(http: Http, credentials: Credentials) -> tuple[str, Identity]:
    """Our id there, and who that is. All questions together have the time of one."""
    http = http.within(http.deadline)
    said = _call(http, credentials, "/api/v1/accounts/verify_credentials", dict)
    account, name = word(said.get("id")), word(said.get("acct"))
    if not account or not name:
        raise Transient("not_json", host=_host(credentials))
    origin = credentials["origin"]
    instance = _known(http, credentials, "/api/v2/instance") or _known(http, credentials, "/api/v1/instance")
    told = word(instance.get("domain")) or word(instance.get("uri")).rpartition("://")[2].rstrip("/")
    domain = told if _DOMAIN.fullmatch(told) else urlsplit(origin).netloc
    facts = {**facts_of(instance), "software": _software(http, credentials)}
    url = address(said.get("url")) or f"{origin}/@{quote(name)}"
    return account, Identity(f"{account}@{urlsplit(origin).netloc}", f"@{name}@{domain}", url, facts)


def _software(http: Http, credentials: Credentials) -> str:
    """https://nodeinfo.diaspora.software/protocol. Whatever address is given, only this server is asked."""
    there = {"origin": credentials["origin"]}
    links = _known(http, there, "/.well-known/nodeinfo").get("links")
    link = links[-1] if isinstance(links, list) and links else {}
    found = re.fullmatch(r"https?://[^/]+(/[!-~]+)", str(part(link, "href")))
    name = part(part(_known(http, there, found[1]), "software"), "name") if found else ""
    return word(name).lower()


def _upload(http: Http, credentials: Credentials, picture: Picture) -> str:
    """The id of a picture that is ready. Without a status nobody sees it, so no failure of it is a doubt."""
    fields = {"description": picture.alt} if picture.alt else {}
    name = f"image.{picture.mime.removeprefix('image/')}"
    body, mime = multipart(fields, "file", name, picture.mime, picture.data)
    answer = _ask(http, credentials, "/api/v2/media", data=body, headers={"Content-Type": mime})
    id = word(content(answer, dict, False, (), _secrets(credentials)).get("id"))
    if not id:
        raise Transient("not_json", host=_host(credentials))
    if answer.status == 200:
        return id
    for wait in WAITS:
        time.sleep(wait)
        if _ready(http, credentials, id):
            return id
    raise Transient("media_slow", host=_host(credentials))


def _ready(http: Http, credentials: Credentials, id: str) -> bool:
    """False as well when nobody answered: the picture is there, and the next question may do better."""
    try:
        answer = _ask(http, credentials, f"/api/v1/media/{quote(id, safe='')}", timeout=5)
        content(answer, dict, False, (), _secrets(credentials))
    except RateLimited:
        raise
    except Transient:
        return False
    return answer.status == 200


def _receipt(credentials: Credentials, said: Any) -> Receipt | None:
    id = word(part(said, "id"))
    if not id:
        return None
    name = word(part(part(said, "account"), "acct")) or credentials["account"]
    url = address(part(said, "url")) or address(part(said, "uri"))
    return Receipt(id, url or f"{credentials['origin']}/@{quote(name)}/{quote(id, safe='')}")


def _dated(credentials: Credentials, status: Any) -> tuple[Receipt, datetime]:
    receipt, at = _receipt(credentials, status), moment(part(status, "created_at"))
    if receipt is None or at is None or not isinstance(part(status, "content"), str):
        raise Transient("not_json", host=_host(credentials))
    return receipt, at


def _same(html: str, post: Post) -> bool:
    """Spaces are lost on the way, and of @name@domain readers see @name."""
    text, links = shown(html)
    return _bare(text) == _bare(post.text) or (bool(post.link) and unquote(post.link) in map(unquote, links))


def _bare(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(_MENTION.sub(r"\1", text).split()))


network = Mastodon()
