"""Who is behind a handle of the AT protocol, and which server holds what they said.

Facts: https://atproto.com/specs/handle and /did. Errors of all calls: those of `xrpc.get`.
"""

from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.http import Http
from collective.socialterritory.networks import xrpc
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from typing import Any
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re


RESOLVER = "https://public.api.bsky.app"
DIRECTORY = "https://plc.directory"
HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-zA-Z0-9.-]+(?:%3A[0-9]{1,5})?)")


def resolver() -> str:
    return setting("SOCIALTERRITORY_RESOLVER") or RESOLVER


def directory() -> str:
    return setting("SOCIALTERRITORY_PLC") or DIRECTORY


def did_of(http: Http, handle: str) -> str:
    """Asks the resolver, which knows DNS too, then the handle's own web server. Raises Rejected (handle_unknown)."""
    failed: Transient | None = None
    try:
        said = xrpc.get(http, f"{resolver()}/xrpc/com.atproto.identity.resolveHandle?{urlencode({'handle': handle})}")
        did = str(said.get("did", ""))
    except Transient as error:
        did, failed = "", error
    except NetworkError:
        did = ""
    if not DID.fullmatch(did):
        try:
            answer = http.get(f"https://{handle}/.well-known/atproto-did")
            did = answer.body[:300].decode("ascii", "replace").strip() if answer.status == 200 else ""
        except NetworkError:
            did = ""
    if DID.fullmatch(did):
        return did
    raise failed or Rejected("handle_unknown", handle=handle)


def server_of(http: Http, did: str, handle: str) -> str:
    """The origin of the server that holds the repository, from the DID's document, which must name the handle.

    Raises Rejected (handle_mismatch, pds_missing, pds_insecure).
    """
    document = _document(http, did)
    if document.get("id") != did or handle not in _names(document):
        raise Rejected("handle_mismatch", handle=handle, did=did)
    return _server(http, document, handle)


def server(http: Http, did: str) -> str:
    """The origin of the server that holds the repository of a DID. Raises as server_of()."""
    if not DID.fullmatch(did):
        raise Rejected("pds_missing", handle=did, did=did)
    return _server(http, _document(http, did), did)


def home(http: Http, who: str) -> tuple[str, str, str]:
    """DID, handle and server of `who`, a handle or a DID; of a DID the handle that leads back to it, else ""."""
    if not DID.fullmatch(who):
        did = did_of(http, who)
        return did, who, server_of(http, did, who)
    document = _document(http, who)
    handle = next(filter(HANDLE.fullmatch, _names(document)), "")
    try:
        name = handle if handle and did_of(http, handle) == who else ""
    except NetworkError:
        name = ""
    return who, name, _server(http, document, who)


def _document(http: Http, did: str) -> dict[str, Any]:
    if did.startswith("did:plc:"):
        return xrpc.get(http, f"{directory()}/{did}")
    host = unquote(did.removeprefix("did:web:")).lower()
    return xrpc.get(http, f"{'http' if host in http.allow else 'https'}://{host}/.well-known/did.json")


def _names(document: dict[str, Any]) -> list[str]:
    return [str(name).lower().removeprefix("at://") for name in rows(document.get("alsoKnownAs"))]


def _server(http: Http, document: dict[str, Any], who: str) -> str:
    for service in rows(document.get("service")):
        if str(part(service, "id")).removeprefix(str(document.get("id"))) == "#atproto_pds":
            return _origin(http, str(part(service, "serviceEndpoint")))
    raise Rejected("pds_missing", handle=who, did=document.get("id"))


def _origin(http: Http, endpoint: str) -> str:
    """Passwords may go there: only under TLS, or where the person who runs our server allows it."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        raise Rejected("pds_insecure") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.netloc.lower() in http.allow):
        raise Rejected("pds_insecure", host=parts.hostname or "")
    return f"{parts.scheme}://{parts.netloc}"
