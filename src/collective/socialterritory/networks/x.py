"""X: linked by four keys of an app (OAuth 1.0a) or by consent (OAuth 2), paid per post, looked up by what was said.

Facts: https://docs.x.com/x-api/posts/create-post, /posts/delete-post, /media/upload-media and
/media/create-media-metadata. X knows no idempotency key, but refuses to say the same twice. Errors of all calls: those
of `signed.call`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.http.wire import multipart
from collective.socialterritory.networks import finding
from collective.socialterritory.networks import signed
from collective.socialterritory.networks import tweets
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Field
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Price
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.text import weighted
from collective.socialterritory.text import x_links
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from urllib.parse import unquote

import base64
import re


PRICE = Price(Decimal("0.015"), link=False)
PRICE_WITH_LINK = Price(Decimal("0.200"), link=True)
"""August 2026: https://docs.x.com/x-api/getting-started/pricing"""
PAGES = 5

_LOOSE = re.compile(r"https?://|/(?=\s|$)", re.IGNORECASE)


class X(Network):
    """Credentials: account (its id there) and handle; with the four KEYS or client_id, client_secret, access, refresh.

    SOCIALTERRITORY_X is asked instead of X, for tests.
    """

    id = "x"
    title = "X"
    # https://developer.x.com/en/docs/x-for-websites/cards/overview/markup
    credit = "twitter:creator"
    icon = "twitter-x"
    # https://developer.x.com/en/docs/x-for-websites/tweet-button/guides/web-intent
    share_template = "https://x.com/intent/post?text={title}&url={url}"
    limits = Limits(text=280, measure=weighted, images=4, image_bytes=5_000_000, card=False)
    permalink = r"https://(www\.|mobile\.)?(x|twitter)\.com/\w+/status/(?P<post>\d+)([/?#]\S*)?"
    deletion = "0.010"
    at_once = tweets.MOST
    settle = 15.0
    fields = tuple(Field(name, secret=True) for name in signed.KEYS)
    app_fields = (Field("client_id"), Field("client_secret", secret=True))
    scopes = ("tweet.read", "tweet.write", "users.read", "media.write", "offline.access")

    def origins(self, credentials: Credentials) -> list[str]:
        return [signed.base()]

    def price(self, text: str) -> Price:
        return PRICE_WITH_LINK if any(x_links(text)) else PRICE

    def connect(self, http: Http, answers: Mapping[str, str]) -> Connection:
        """Codes of its own: wrong_keys."""
        try:
            return _connection(http, {name: answers.get(name, "").strip() for name in signed.KEYS})
        except Unauthorized as error:
            if error.code != "unauthorized":
                raise
            raise Unauthorized("wrong_keys", **error.params) from error

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        """Codes: consent_failed."""
        id, secret = (answers.get(field.name, "").strip() for field in self.app_fields)
        if not f"{id}{secret}".isascii():
            raise Rejected("consent_failed", reason="client_id, client_secret")
        page = f"{setting('SOCIALTERRITORY_X') or tweets.PAGE}/i/oauth2/authorize"
        return Client(id, secret, page, f"{signed.base()}/2/oauth2/token", basic=True)

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """Codes of its own: scopes_missing, without a refresh token the account would be lost in two hours."""
        if "refresh_token" not in tokens:
            raise Rejected("scopes_missing", names="offline.access")
        known = {"client_id": client.id, "client_secret": client.secret}
        known |= {"access": tokens["access_token"], "refresh": tokens["refresh_token"]}
        return [_connection(http, {**known, "ends": _end(tokens.get("expires_in"))})]

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        return _connection(http, credentials).identity

    def refresh(self, http: Http, credentials: Credentials) -> Credentials:
        """Typed keys do not expire: X is asked once more whether they are good.

        A refresh token is good once. When the answer is lost, Transient: whether X has used it up, the next try shows.
        """
        if signed.by_keys(credentials):
            self.whoami(http, credentials)
            return credentials
        login = f"{credentials['client_id']}:{credentials['client_secret']}".encode()
        form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh"]}
        headers = {"Authorization": f"Basic {base64.b64encode(login).decode()}"}
        try:
            said = signed.call(http, credentials, "/2/oauth2/token", data=form, headers=headers)
        except Rejected as error:
            raise Unauthorized("unauthorized", **error.params) from error
        access, refresh = said.get("access_token"), said.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str):
            raise Transient("not_json", host=signed.host())
        return {**credentials, "access": access, "refresh": refresh, "ends": _end(said.get("expires_in"))}

    def ends(self, credentials: Credentials) -> datetime | None:
        return datetime.fromisoformat(credentials["ends"]) if credentials.get("ends") else None

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        """OutcomeUnknown("duplicate", host): X has such a post, which is not to be found, or not yet."""
        body: dict[str, Any] = {"text": post.text}
        if post.pictures:
            body["media"] = {"media_ids": [_upload(http, credentials, picture) for picture in post.pictures]}
        if post.answers:
            body["reply"] = {"in_reply_to_tweet_id": post.answers}
        try:
            said = signed.call(http, credentials, "/2/tweets", writes=True, json=body)
        except Rejected as error:
            if error.code != "duplicate":
                raise
            return self._said_before(http, credentials, post, key)
        if id := word(part(said.get("data"), "id")):
            return _receipt(credentials, id)
        raise OutcomeUnknown("not_json", host=signed.host())

    def _said_before(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        try:
            receipt = self.find(http, credentials, post, key)
        except NetworkError as error:
            raise OutcomeUnknown("duplicate", host=signed.host()) from error
        if receipt is None:
            raise OutcomeUnknown("duplicate", host=signed.host())
        return receipt

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """By text or link among what the account said lately. Codes of its own: too_many_posts."""
        since = (post.created - finding.CLOCKS).astimezone(UTC)
        query = {"start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}", "max_results": "100"}
        query |= {"exclude": "retweets", "tweet.fields": "entities,referenced_tweets"}
        for _ in range(PAGES):
            said = tweets.page(http, credentials, query)
            if said.get("errors"):
                raise Transient("not_json", host=signed.host())
            for tweet in tweets.listed(said):
                if _same(tweet, post):
                    return _receipt(credentials, tweet.id)
            token = part(said.get("meta"), "next_token")
            if not token:
                return None
            query["pagination_token"] = str(token)
        raise Transient("too_many_posts", host=signed.host())

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        """Whatever X makes of a post that is gone already: if it is not to be seen, it is deleted."""
        refused: NetworkError = OutcomeUnknown("not_json", host=signed.host())
        try:
            said = signed.call(http, credentials, tweets.path(id), writes=True, method="DELETE")
            if part(said.get("data"), "deleted") is True:
                return
        except Rejected as error:
            refused = error
        if tweets.is_there(http, credentials, id):
            raise refused

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        """As `publish`, with its doubts. X tells in many ways that there is nothing to answer, so it is looked at."""
        try:
            return self.publish(http, credentials, replace(post, answers=to), key)
        except Rejected as error:
            if tweets.is_there(http, credentials, to):
                raise
            raise Rejected("post_gone", host=signed.host()) from error

    def fee(self, credentials: Credentials, limit: int) -> Decimal:
        return tweets.fee(credentials, limit)

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        return tweets.read(http, credentials, limit, since)

    def toll(self, credentials: Credentials, count: int) -> Decimal:
        return tweets.toll(credentials, count)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        return tweets.measure(http, credentials, ids)


def _end(seconds: object) -> str:
    """Of an access token that is good for so long; "" when X did not say it."""
    known = word(seconds)
    return (clock.now() + timedelta(seconds=int(known))).isoformat() if re.fullmatch(r"[0-9]{1,9}", known) else ""


def _connection(http: Http, known: Credentials) -> Connection:
    answer = signed.ask(http, known, "/2/users/me")
    data = part(content(answer, dict, False, (), signed.secrets(known)), "data")
    account, handle = word(part(data, "id")), word(part(data, "username"))
    if not account or not handle:
        raise Transient("not_json", host=signed.host())
    if answer.headers.get("x-access-level") == "read":
        raise Unauthorized("keys_read_only", host=signed.host())
    identity = Identity(account, f"@{handle}", f"{tweets.PAGE}/{quote(handle)}")
    return Connection(identity, {**known, "account": account, "handle": handle})


def _upload(http: Http, credentials: Credentials, picture: Picture) -> str:
    """The id of a picture. Without a post nobody sees it, so no failure of it is a doubt."""
    name = f"image.{picture.mime.removeprefix('image/')}"
    body, mime = multipart({"media_category": "tweet_image"}, "media", name, picture.mime, picture.data)
    said = signed.call(http, credentials, "/2/media/upload", data=body, headers={"Content-Type": mime})
    id = word(part(said.get("data"), "id"))
    if not id:
        raise Transient("not_json", host=signed.host())
    if picture.alt:
        metadata = {"alt_text": {"text": picture.alt}}
        signed.call(http, credentials, "/2/media/metadata", json={"id": id, "metadata": metadata})
    return id


def _receipt(credentials: Credentials, id: str) -> Receipt:
    return Receipt(id, tweets.url(credentials, id))


def _same(tweet: tweets.Tweet, post: Post) -> bool:
    """A reply may say the link of what it answers, so the link alone does not do where only one of both is a reply."""
    answered = tweets.answered(tweet)
    if post.answers and answered != post.answers:
        return False
    linked = bool(post.link) and _bare(post.link) in map(_bare, tweet.links)
    return _bare(tweet.text) == _bare(post.text) or (linked and answered == post.answers)


def _bare(text: str) -> str:
    """A link gets a scheme, a slash or percent signs on the way as well."""
    return finding.bare(_LOOSE.sub("", unquote(text)))


network = X()
