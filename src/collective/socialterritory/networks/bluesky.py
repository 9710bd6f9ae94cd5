"""Bluesky: linked by handle and app password, posted under keys fixed beforehand, so that a repeat is no second post.

Facts: https://atproto.com/specs/handle, /did, /xrpc, /tid and
https://github.com/bluesky-social/atproto/tree/main/lexicons/com/atproto
"""

from collections.abc import Mapping
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.facets import facets
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import graphemes
from datetime import datetime
from datetime import UTC
from functools import partial
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import base64
import hashlib
import json
import re


COLLECTION = "app.bsky.feed.post"
RESOLVER = "https://public.api.bsky.app"
DIRECTORY = "https://plc.directory"

_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-zA-Z0-9.-]+(?:%3A[0-9]{1,5})?)")
_AROUND_HANDLE = re.compile(r"^(?:https://bsky\.app/profile/|@)|/$|[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_EXPIRED = ("ExpiredToken", "InvalidToken", "AccountTakedown", "AccountDeactivated", "AccountSuspended")
_NOT_REACHED = ("dns", "refused_connection", "unreachable", "connect_timeout", "tls", "proxy", "read_timeout", "reset")


class Bluesky(Network):
    """Credentials: did, handle, pds (origin), app_password, access, refresh."""

    id = "bluesky"
    title = "Bluesky"
    limits = Limits(text=300, measure=graphemes, text_bytes=3000, alt=2000, image_bytes=2_000_000)
    replays = float("inf")
    fields = (Field("handle"), Field("app_password", secret=True))

    def origins(self, credentials: Credentials) -> list[str]:
        resolver, directory = setting("SOCIALTERRITORY_RESOLVER"), setting("SOCIALTERRITORY_PLC")
        return [resolver or RESOLVER, directory or DIRECTORY, *filter(None, [credentials.get("pds")])]

    def key(self, delivery: str, now: datetime) -> str:
        """A TID of `now`, to the second; the rest is the delivery's, so that two claimed at once stay two posts."""
        mark = int.from_bytes(hashlib.sha256(delivery.encode()).digest()[:8], "big")
        micros = int(now.timestamp()) * 1_000_000 + (mark >> 10) % 1_000_000
        number = (micros & (2**53 - 1)) << 10 | mark & 0x3FF
        return "".join(_BASE32[number >> shift & 31] for shift in range(60, -1, -5))

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection:
        """Codes: handle_invalid, handle_unknown, handle_mismatch, pds_missing, pds_insecure, pds_unreachable, not_json,
        forbidden_address, forbidden_port, wrong_password, second_factor, did_mismatch.
        """
        typed = answers.get("handle", "")
        handle = _AROUND_HANDLE.sub("", _AROUND_HANDLE.sub("", typed)).lower()
        if not _HANDLE.fullmatch(handle) or len(handle) > 253:
            raise Rejected("handle_invalid", handle=typed[:100])
        did = _resolve(http, handle)
        credentials = {"did": did, "handle": handle, "app_password": answers.get("app_password", "").strip()}
        credentials["pds"] = _pds(http, did, handle)
        try:
            credentials |= _session(http, credentials)
        except Transient as error:
            if error.code not in _NOT_REACHED:
                raise
            raise Transient("pds_unreachable", why=error.code, **error.params) from error
        return Connection(_identity(did, handle), credentials)

    def refresh(self, http: Http, credentials: Credentials) -> Credentials:
        """By refresh token, else by app password: a lost answer to the first costs no more than a log-in."""
        try:
            said = _call(http, credentials, "com.atproto.server.refreshSession", token="refresh")
        except (Unauthorized, Rejected, OutcomeUnknown):
            return {**credentials, **_session(http, credentials)}
        return {**credentials, **_tokens(said, credentials)}

    def ends(self, credentials: Credentials) -> datetime | None:
        """Its access token is a JWT: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4"""
        try:
            claims = json.loads(base64.urlsafe_b64decode(credentials["access"].split(".")[1] + "=="))
            return datetime.fromtimestamp(claims["exp"], UTC)
        except (LookupError, TypeError, ValueError, OverflowError, OSError):
            return None

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        said = _ask(http, credentials, "com.atproto.server.getSession", {}, signed=True)
        return _identity(str(said.get("did", "")), str(said.get("handle", "")))

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        record: dict[str, Any] = {
            "$type": COLLECTION,
            "text": post.text,
            "createdAt": post.created.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if post.language:
            record["langs"] = [post.language]
        if found := facets(post.text, partial(_asked, http, credentials)):
            record["facets"] = found
        if post.picture:
            record["embed"] = _images(post.picture, _upload(http, credentials, post.picture))
        elif post.card:
            external = {"uri": post.card.url, "title": post.card.title, "description": post.card.description}
            record["embed"] = {"$type": "app.bsky.embed.external", "external": external}
        body = {"repo": credentials["did"], "collection": COLLECTION, "rkey": key, "record": record}
        _call(http, credentials, "com.atproto.repo.putRecord", body)
        return _receipt(credentials, key)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        query = {"repo": credentials["did"], "collection": COLLECTION, "rkey": key}
        try:
            _ask(http, credentials, "com.atproto.repo.getRecord", query)
        except Rejected as error:
            if error.params.get("name") == "RecordNotFound":
                return None
            raise
        return _receipt(credentials, key)


def _identity(did: str, handle: str) -> Identity:
    return Identity(did, f"@{handle}", f"https://bsky.app/profile/{handle}")


def _receipt(credentials: Credentials, key: str) -> Receipt:
    """The address names the DID, which stays when the handle changes."""
    did = credentials["did"]
    return Receipt(f"at://{did}/{COLLECTION}/{key}", f"https://bsky.app/profile/{did}/post/{key}")


def _secrets(credentials: Credentials) -> list[str]:
    return [credentials.get(name, "") for name in ("app_password", "access", "refresh")]


def _get(http: Http, url: str, credentials: Credentials | None = None, timeout: float | None = None) -> dict[str, Any]:
    """A question: whatever goes wrong, nothing was published."""
    headers = {"Authorization": f"Bearer {credentials['access']}"} if credentials else {}
    try:
        answer = http.get(url, headers=headers, timeout=timeout)
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    return content(answer, dict, False, _EXPIRED, _secrets(credentials or {}))


def _ask(http: Http, credentials: Credentials, method: str, query: Mapping[str, str], signed: bool = False) -> Any:
    url = f"{credentials['pds']}/xrpc/{method}"
    return _get(http, f"{url}?{urlencode(query)}" if query else url, credentials if signed else None)


def _call(
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
    return content(answer, dict, True, _EXPIRED, _secrets(credentials))


def _session(http: Http, credentials: Credentials) -> dict[str, str]:
    """Logs in. A log-in publishes nothing, so no failure of it is a doubt."""
    login = {"identifier": credentials["did"], "password": credentials["app_password"]}
    try:
        said = _call(http, credentials, "com.atproto.server.createSession", login, token="")
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    except Unauthorized as error:
        second = str(error.params.get("reason", "")).startswith("AuthFactorTokenRequired")
        code = "second_factor" if second else "wrong_password"
        raise Unauthorized(code, handle=credentials["handle"], **error.params) from error
    return _tokens(said, credentials)


def _tokens(said: Mapping[str, Any], credentials: Credentials) -> dict[str, str]:
    if said.get("did") != credentials["did"]:
        raise Rejected("did_mismatch", handle=credentials["handle"])
    access, refresh = said.get("accessJwt"), said.get("refreshJwt")
    if not isinstance(access, str) or not isinstance(refresh, str):
        raise Transient("not_json", host=urlsplit(credentials["pds"]).hostname or "")
    return {"access": access, "refresh": refresh}


def _resolve(http: Http, handle: str) -> str:
    """The handle's DID: asks SOCIALTERRITORY_RESOLVER, which knows DNS too, then the handle's own web server."""
    resolver = setting("SOCIALTERRITORY_RESOLVER") or RESOLVER
    failed: Transient | None = None
    try:
        said = _get(http, f"{resolver}/xrpc/com.atproto.identity.resolveHandle?{urlencode({'handle': handle})}")
        did = str(said.get("did", ""))
    except Transient as error:
        did, failed = "", error
    except NetworkError:
        did = ""
    if not _DID.fullmatch(did):
        try:
            answer = http.get(f"https://{handle}/.well-known/atproto-did")
            did = answer.body[:300].decode("ascii", "replace").strip() if answer.status == 200 else ""
        except NetworkError:
            did = ""
    if _DID.fullmatch(did):
        return did
    raise failed or Rejected("handle_unknown", handle=handle)


def _pds(http: Http, did: str, handle: str) -> str:
    """The origin of the server that holds the repository, from the DID's document, which must name the handle."""
    if did.startswith("did:plc:"):
        url = f"{setting('SOCIALTERRITORY_PLC') or DIRECTORY}/{did}"
    else:
        host = unquote(did.removeprefix("did:web:")).lower()
        url = f"{'http' if host in http.allow else 'https'}://{host}/.well-known/did.json"
    document = _get(http, url)
    if document.get("id") != did or f"at://{handle}" not in [str(x).lower() for x in _list(document, "alsoKnownAs")]:
        raise Rejected("handle_mismatch", handle=handle, did=did)
    for service in _list(document, "service"):
        if isinstance(service, dict) and str(service.get("id", "")).removeprefix(did) == "#atproto_pds":
            return _origin(http, str(service.get("serviceEndpoint", "")))
    raise Rejected("pds_missing", handle=handle, did=did)


def _list(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name)
    return found if isinstance(found, list) else []


def _origin(http: Http, endpoint: str) -> str:
    """Passwords go there: only under TLS, or where the person who runs the server allows it."""
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.netloc.lower() in http.allow):
        raise Rejected("pds_insecure", host=parts.hostname or "")
    return f"{parts.scheme}://{parts.netloc}"


def _upload(http: Http, credentials: Credentials, picture: Picture) -> Any:
    """A blob without a record is seen by nobody, so no failure of it is a doubt."""
    try:
        said = _call(http, credentials, "com.atproto.repo.uploadBlob", data=picture.data, mime=picture.mime)
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    return said.get("blob")


def _images(picture: Picture, blob: Any) -> dict[str, Any]:
    ratio = {"width": picture.width, "height": picture.height}
    return {"$type": "app.bsky.embed.images", "images": [{"alt": picture.alt, "image": blob, "aspectRatio": ratio}]}


def _asked(http: Http, credentials: Credentials, handle: str, timeout: float) -> str:
    """The DID, "" when nobody answers for the handle."""
    if not _HANDLE.fullmatch(handle):
        return ""
    query = urlencode({"handle": handle})
    try:
        said = _get(http, f"{credentials['pds']}/xrpc/com.atproto.identity.resolveHandle?{query}", timeout=timeout)
    except NetworkError:
        return ""
    did = str(said.get("did", ""))
    return did if _DID.fullmatch(did) else ""


network = Bluesky()
