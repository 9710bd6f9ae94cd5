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
from collective.socialterritory.networks import context
from collective.socialterritory.networks import fediverse
from collective.socialterritory.networks import finding
from collective.socialterritory.networks import toots
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Hearing
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
from collective.socialterritory.networks.reading import Free
from collective.socialterritory.plain import shown
from datetime import datetime
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote
from urllib.parse import urlencode
from urllib.parse import urlsplit

import re
import time


WAITS = (0.5, 1, 2, 3, 5, 8, 10, 15, 15)
"""Seconds between questions whether a picture is ready"""
PAGES = 5

_NO_SUCH_THING = frozenset({*range(200, 400), 404, 405, 410})
_NO_EDITS = frozenset({404, 405, 410, 501})
"""What is answered where nothing can be edited: https://docs.joinmastodon.org/methods/statuses/#edit came with 3.5"""
_MENTION = re.compile(r"(?<![=/\w])(@\w(?:[\w.-]*\w)?)@\w(?:[\w.-]*\w)?")


class Mastodon(Free, Network):
    """Credentials: origin, client_id, client_secret, token, account (its id there)."""

    id = "mastodon"
    title = "Mastodon"
    # https://docs.joinmastodon.org/user/profile/#author-attribution
    credit = "fediverse:creator"
    icon = "mastodon"
    # https://github.com/mastodon/mastodon/blob/main/app/controllers/shares_controller.rb
    share_template = "https://{host}/share?text={text}"
    limits = limits_of({})
    settle = 10.0
    app_fields = (Field("server"),)
    scopes = ("read:accounts", "read:statuses", "write:statuses", "write:media")
    rewrites = frozenset({"text", "picture", "link"})
    at_once = 10

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
            said = fediverse.call(http, {"origin": origin}, "/api/v1/apps", dict, data=form)
        except NetworkError as error:
            if not isinstance(error, Unauthorized) and error.params.get("status") not in _NO_SUCH_THING:
                raise
            said = {}
        id, secret = word(said.get("client_id")), word(said.get("client_secret"))
        if not id or not secret:
            raise Rejected("not_mastodon", host=fediverse.host({"origin": origin}))
        return Client(id, secret, f"{origin}/oauth/authorize", f"{origin}/oauth/token")

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        origin = client.authorize.removesuffix("/oauth/authorize")
        known = {"origin": origin, "client_id": client.id, "client_secret": client.secret}
        known["token"] = tokens["access_token"]
        account, identity = fediverse.identity(http, known)
        return [Connection(identity, {**known, "account": account})]

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        return fediverse.identity(http, credentials)[1]

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        """Codes of its own: media_slow."""
        return _published(http, credentials, _status(http, credentials, post), key)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """By text or link among what the account said lately. Codes of its own: too_many_posts."""
        since = post.created - finding.CLOCKS
        query = {"limit": "40", "exclude_reblogs": "true"}
        path = f"/api/v1/accounts/{quote(credentials['account'], safe='')}/statuses"
        for _ in range(PAGES):
            page = fediverse.call(http, credentials, f"{path}?{urlencode(query)}", list)
            for status in page:
                receipt, at = _dated(credentials, status)
                if at >= since and not status.get("reblog") and _same(status, post):
                    return receipt
            if not page or at < since:
                return None
            query["max_id"] = receipt.id
        raise Transient("too_many_posts", host=fediverse.host(credentials))

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        """Codes of its own: media_slow, no_edits."""
        body = {"media_ids": [], **_status(http, credentials, post)}
        answer = fediverse.ask(http, credentials, fediverse.status(id), writes=True, method="PUT", json=body)
        if answer.status in _NO_EDITS:
            code = "no_edits" if fediverse.is_there(http, credentials, id) else "post_gone"
            raise Rejected(code, host=fediverse.host(credentials))
        return _receipt_of(credentials, answer)

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        """With its pictures, which servers since 4.4 would keep for a day: who deletes may have no right to them."""
        path = f"{fediverse.status(id)}?delete_media=true"
        answer = fediverse.ask(http, credentials, path, writes=True, method="DELETE")
        if answer.status in fediverse.GONE and not fediverse.is_there(http, credentials, id):
            return
        fediverse.understood(credentials, answer, dict, writes=True)

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        """Looks first whether there is something to answer: not every server refuses an answer to nothing.

        Codes of its own: media_slow.
        """
        if not fediverse.is_there(http, credentials, to):
            raise Rejected("post_gone", host=fediverse.host(credentials))
        try:
            return _published(http, credentials, {**_status(http, credentials, post), "in_reply_to_id": to}, key)
        except Rejected as error:
            if error.params.get("status") not in fediverse.GONE:
                raise
            raise Rejected("post_gone", host=fediverse.host(credentials)) from error

    def hear(self, http: Http, credentials: Credentials, id: str, known: Sequence[str] = ()) -> Hearing:
        return context.hear(http, credentials, id)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        return context.measure(http, credentials, ids)

    def subject(self, url: str) -> str:
        return toots.subject(url)

    def follow(self, http: Http, subject: str, limit: int) -> Feed:
        return toots.read(http, subject, limit)


def _status(http: Http, credentials: Credentials, post: Post) -> dict[str, Any]:
    status: dict[str, Any] = {"status": post.text}
    if post.language:
        status["language"] = post.language
    if post.pictures:
        status["media_ids"] = [_upload(http, credentials, picture) for picture in post.pictures]
    return status


def _published(http: Http, credentials: Credentials, status: Mapping[str, Any], key: str) -> Receipt:
    body, headers = {**status, "visibility": "public"}, {"Idempotency-Key": key}
    answer = fediverse.ask(http, credentials, "/api/v1/statuses", writes=True, json=body, headers=headers)
    return _receipt_of(credentials, answer)


def _receipt_of(credentials: Credentials, answer: Answer) -> Receipt:
    receipt = _receipt(credentials, fediverse.understood(credentials, answer, dict, writes=True))
    if receipt is None:
        raise OutcomeUnknown("not_json", host=fediverse.host(credentials))
    return receipt


def _upload(http: Http, credentials: Credentials, picture: Picture) -> str:
    """The id of a picture that is ready. Without a status nobody sees it, so no failure of it is a doubt."""
    fields = {"description": picture.alt} if picture.alt else {}
    name = f"image.{picture.mime.removeprefix('image/')}"
    body, mime = multipart(fields, "file", name, picture.mime, picture.data)
    answer = fediverse.ask(http, credentials, "/api/v2/media", data=body, headers={"Content-Type": mime})
    id = word(fediverse.understood(credentials, answer, dict).get("id"))
    if not id:
        raise Transient("not_json", host=fediverse.host(credentials))
    if answer.status == 200:
        return id
    for wait in WAITS:
        time.sleep(wait)
        if _ready(http, credentials, id):
            return id
    raise Transient("media_slow", host=fediverse.host(credentials))


def _ready(http: Http, credentials: Credentials, id: str) -> bool:
    """False as well when nobody answered: the picture is there, and the next question may do better."""
    try:
        answer = fediverse.ask(http, credentials, f"/api/v1/media/{quote(id, safe='')}", timeout=5)
        fediverse.understood(credentials, answer, dict)
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
        raise Transient("not_json", host=fediverse.host(credentials))
    return receipt, at


def _same(status: Mapping[str, Any], post: Post) -> bool:
    """Spaces are lost on the way, and of @name@domain readers see @name.

    A reply may say the link of what it answers, so the link alone does not do where one is a reply and one is not.
    """
    answered = word(status.get("in_reply_to_id"))
    if post.answers and answered != post.answers:
        return False
    text, links = shown(status["content"])
    linked = bool(post.link) and unquote(post.link) in map(unquote, links)
    return _bare(text) == _bare(post.text) or (linked and answered == post.answers)


def _bare(text: str) -> str:
    return finding.bare(_MENTION.sub(r"\1", text))


network = Mastodon()
