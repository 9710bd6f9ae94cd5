"""Bluesky: linked by handle and app password, posted under keys fixed beforehand, so that a repeat is no second post.

Facts: https://atproto.com/specs/handle, /did, /xrpc, /tid and
https://github.com/bluesky-social/atproto/tree/main/lexicons/com/atproto
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import handles
from collective.socialterritory.networks import repository
from collective.socialterritory.networks import thread
from collective.socialterritory.networks import xrpc
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.facets import facets
from collective.socialterritory.networks.facets import SHOWN
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.reading import Free
from collective.socialterritory.text import graphemes
from datetime import datetime
from datetime import UTC
from functools import partial
from typing import Any
from urllib.parse import urlencode
from urllib.parse import urlsplit

import base64
import hashlib
import json
import re


COLLECTION = "app.bsky.feed.post"

_BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
_AROUND_HANDLE = re.compile(r"^(?:https://bsky\.app/profile/|@)|/$|[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_REACHED = ("dns", "refused_connection", "unreachable", "connect_timeout", "tls", "proxy", "read_timeout", "reset")


class Bluesky(Free, Network):
    """Credentials: did, handle, pds (origin), app_password, access, refresh."""

    id = "bluesky"
    title = "Bluesky"
    icon = "bluesky"
    # https://docs.bsky.app/docs/advanced-guides/intent-links
    share_template = "https://bsky.app/intent/compose?text={text}"
    permalink = r"https://bsky\.app/profile/[^/\s]+/post/(?P<post>\w+)([/?#]\S*)?"
    limits = Limits(text=300, measure=graphemes, text_bytes=3000, link=SHOWN, images=4, alt=2000, chain=True)
    replays = float("inf")
    fields = (Field("handle"), Field("app_password", secret=True))
    at_once = thread.AT_ONCE

    def origins(self, credentials: Credentials) -> list[str]:
        return [handles.resolver(), handles.directory(), *filter(None, [credentials.get("pds")])]

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
        if not handles.HANDLE.fullmatch(handle) or len(handle) > 253:
            raise Rejected("handle_invalid", handle=typed[:100])
        did = handles.did_of(http, handle)
        credentials = {"did": did, "handle": handle, "app_password": answers.get("app_password", "").strip()}
        credentials["pds"] = handles.server_of(http, did, handle)
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
            said = xrpc.call(http, credentials, "com.atproto.server.refreshSession", token="refresh")
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
        said = xrpc.ask(http, credentials, "com.atproto.server.getSession", {}, signed=True)
        return _identity(str(said.get("did", "")), str(said.get("handle", "")))

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return _put(http, credentials, _record(http, credentials, post), key)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        receipt = _receipt(credentials, key)
        return None if _found(http, credentials, receipt.id) is None else receipt

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        """Its server says nothing against a record that is gone already."""
        xrpc.call(http, credentials, "com.atproto.repo.deleteRecord", _place(id))

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        """https://docs.bsky.app/docs/advanced-guides/posts#replies: `root` is where the conversation began.

        What others said lies on their own servers, which are asked as strangers.
        """
        found = _said(http, credentials, to)
        if found is None:
            raise Rejected("post_gone", host=_host(credentials))
        parent = {"uri": to, "cid": word(found.get("cid"))}
        if not parent["cid"]:
            raise Transient("not_json", host=_host(credentials))
        begun = part(part(found.get("value"), "reply"), "root")
        root = {name: word(part(begun, name)) for name in parent}
        refs = {"root": root if all(root.values()) else parent, "parent": parent}
        return _put(http, credentials, {**_record(http, credentials, post), "reply": refs}, key)

    def hear(self, http: Http, credentials: Credentials, id: str, known: Sequence[str] = ()) -> Hearing:
        """What the index does not know is gone when our own server does not have it either."""
        http = http.within(http.deadline)
        heard = thread.hear(http, credentials, id, known)
        if heard is not None:
            return heard
        return Hearing(complete=False) if _found(http, credentials, id) else Hearing(gone=True)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        """Of what the index does not know nothing is told, as long as our own server has it."""
        http = http.within(http.deadline)
        counted = thread.measure(http, credentials, ids)
        return {id: counted.get(id, Counts()) for id in ids if id in counted or _found(http, credentials, id)}

    def subject(self, url: str) -> str:
        return repository.subject(url)

    def follow(self, http: Http, subject: str, limit: int) -> Feed:
        return repository.read(http, subject, limit)


def _identity(did: str, handle: str) -> Identity:
    return Identity(did, f"@{handle}", f"https://bsky.app/profile/{handle}")


def _receipt(credentials: Credentials, key: str) -> Receipt:
    """The address names the DID, which stays when the handle changes."""
    did = credentials["did"]
    return Receipt(f"at://{did}/{COLLECTION}/{key}", f"https://bsky.app/profile/{did}/post/{key}")


def _session(http: Http, credentials: Credentials) -> dict[str, str]:
    """Logs in. A log-in publishes nothing, so no failure of it is a doubt."""
    login = {"identifier": credentials["did"], "password": credentials["app_password"]}
    try:
        said = xrpc.call(http, credentials, "com.atproto.server.createSession", login, token="")
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
        raise Transient("not_json", host=_host(credentials))
    return {"access": access, "refresh": refresh}


def _host(credentials: Credentials) -> str:
    return urlsplit(credentials["pds"]).hostname or ""


def _place(id: str) -> dict[str, str]:
    """Of at://did/collection/key, as methods name it."""
    return dict(zip(("repo", "collection", "rkey"), id.removeprefix("at://").split("/"), strict=True))


def _said(http: Http, credentials: Credentials, id: str) -> dict[str, Any] | None:
    """As `_found`, of what others said as well: None where it or its author is gone."""
    who = id.removeprefix("at://").partition("/")[0]
    if who == credentials["did"]:
        return _found(http, credentials, id)
    try:
        return _found(http, {"pds": handles.server(http, who)}, id)
    except Rejected as error:
        if error.code != "rejected":
            raise
        return None


def _found(http: Http, credentials: Credentials, id: str) -> dict[str, Any] | None:
    """`value` and `cid` of a record; None when the server says surely that there is none."""
    try:
        return xrpc.ask(http, credentials, "com.atproto.repo.getRecord", _place(id))
    except Rejected as error:
        if error.params.get("name") == "RecordNotFound":
            return None
        raise


def _record(http: Http, credentials: Credentials, post: Post) -> dict[str, Any]:
    record: dict[str, Any] = {
        "$type": COLLECTION,
        "text": post.text,
        "createdAt": post.created.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if post.language:
        record["langs"] = [post.language]
    if found := facets(post.text, partial(_asked, http, credentials), post.link):
        record["facets"] = found
    if post.pictures:
        images = [_image(picture, _upload(http, credentials, picture)) for picture in post.pictures]
        record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    elif post.card:
        external = {"uri": post.card.url, "title": post.card.title, "description": post.card.description}
        record["embed"] = {"$type": "app.bsky.embed.external", "external": external}
    return record


def _put(http: Http, credentials: Credentials, record: Mapping[str, Any], key: str) -> Receipt:
    receipt = _receipt(credentials, key)
    xrpc.call(http, credentials, "com.atproto.repo.putRecord", {**_place(receipt.id), "record": record})
    return receipt


def _upload(http: Http, credentials: Credentials, picture: Picture) -> Any:
    """A blob without a record is seen by nobody, so no failure of it is a doubt."""
    try:
        said = xrpc.call(http, credentials, "com.atproto.repo.uploadBlob", data=picture.data, mime=picture.mime)
    except OutcomeUnknown as error:
        raise Transient(error.code, **error.params) from error
    return said.get("blob")


def _image(picture: Picture, blob: Any) -> dict[str, Any]:
    return {"alt": picture.alt, "image": blob, "aspectRatio": {"width": picture.width, "height": picture.height}}


def _asked(http: Http, credentials: Credentials, handle: str, timeout: float) -> str:
    """The DID, "" when nobody answers for the handle."""
    if not handles.HANDLE.fullmatch(handle):
        return ""
    query = urlencode({"handle": handle})
    try:
        said = xrpc.get(http, f"{credentials['pds']}/xrpc/com.atproto.identity.resolveHandle?{query}", timeout=timeout)
    except NetworkError:
        return ""
    did = str(said.get("did", ""))
    return did if handles.DID.fullmatch(did) else ""


network = Bluesky()
