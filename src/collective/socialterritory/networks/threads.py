"""Threads: linked by consent, published in two steps, with a token that is renewed long before its sixty days are over.

Facts: https://developers.facebook.com/docs/threads, get-started/long-lived-tokens, posts, reply-management and insights
there. Nothing that is out can be changed. Errors of all calls: those of `Http`, `meanings.refusal` and `content`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory import clock
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import album
from collective.socialterritory.networks import containers
from collective.socialterritory.networks import conversation
from collective.socialterritory.networks import graph
from collective.socialterritory.networks import login
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.conversation import PAGE
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.entries import Hearing
from collective.socialterritory.networks.entries import Reading
from collective.socialterritory.networks.model import Client
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Credentials
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.networks.model import Picture
from collective.socialterritory.networks.model import Post
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.reading import Free
from collective.socialterritory.text import threaded
from datetime import datetime
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import re


HOST = "https://graph.threads.net"
DIALOG = "https://threads.net"
VERSION = "v1.0"
EARLY = timedelta(days=21)
"""Before a token of sixty days is over: a site may be stopped so long, and it still lives"""
YOUNG = timedelta(hours=24)
"""A token is renewed once it is so old"""


class Threads(Free, Network):
    """Credentials: account (its id), handle, token, with the moments it was `made` and `ends`."""

    id = "threads"
    title = "Threads"
    icon = "threads"
    home = "threads.com"
    # https://developers.facebook.com/documentation/threads/threads-web-intents
    share_template = "https://www.threads.com/intent/post?text={title}&url={url}"
    limits = Limits(
        text=500,
        measure=threaded,
        images=10,
        image_bytes=8_000_000,
        image_side=1440,
        links=5,
        shape=(0.1, 10),
        chain=True,
    )
    permalink = r"https://(www\.)?threads\.(com|net)/@[\w.]+/post/(?P<post>[\w-]+)/?([?#]\S*)?"
    fetches = True
    settle = 60.0
    app_fields = login.APP_FIELDS
    scopes = (
        *("threads_basic", "threads_content_publish", "threads_delete", "threads_manage_replies"),
        *("threads_read_replies", "threads_manage_insights"),
    )
    at_once = 1

    def origins(self, credentials: Credentials) -> list[str]:
        return [base()]

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        """Codes: app_id_invalid."""
        id, secret = login.app(answers)
        dialog = f"{setting('SOCIALTERRITORY_THREADS') or DIALOG}/oauth/authorize"
        return Client(id, secret, dialog, f"{base()}/oauth/access_token")

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """Codes of its own: scopes_missing. Threads tells no rights, but refuses what they are needed for."""
        known = _lasting(http, graph.Key(tokens["access_token"], client.secret, base()))
        identity = self.whoami(http, known)
        known |= {"account": identity.id, "handle": identity.name.removeprefix("@")}
        for kind, scope in (("", "threads_content_publish"), ("reply_", "threads_manage_replies")):
            try:
                containers.allowed(http, _account(known), kind)
            except RateLimited:
                pass  # used up, so it may be used
            except Unauthorized as error:
                if error.code != "scopes":
                    raise
                raise Rejected("scopes_missing", names=scope) from error
        return [Connection(identity, known)]

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        said = graph.call(http, _key(credentials), "/me", query={"fields": "id,username"})
        id, name = word(said.get("id")), word(said.get("username"))
        if not id or not name:
            raise Transient("not_json", host=host())
        return Identity(id, f"@{name}", _page(name))

    def ends(self, credentials: Credentials) -> datetime | None:
        """Weeks before: a token that is over cannot be renewed."""
        over = moment(credentials.get("ends"))
        return over - EARLY if over else None

    def refresh(self, http: Http, credentials: Credentials) -> Credentials:
        """A token of today cannot be renewed: Threads is asked whether it is good."""
        made = moment(credentials.get("made"))
        if made and clock.now() - made < YOUNG:
            self.whoami(http, credentials)
            return credentials
        key = graph.Key(credentials["token"], "", base())
        try:
            said = graph.call(http, key, "/refresh_access_token", query={"grant_type": "th_refresh_token"})
        except Rejected as error:
            raise Unauthorized("unauthorized", **error.params) from error
        return {**credentials, **_token(said)}

    def prepare(self, http: Http, credentials: Credentials, post: Post) -> str:
        """Codes of its own: daily_limit, picture_unfetched, post_gone."""
        account = _account(credentials)
        containers.allowed(http, account, "reply_" if post.answers else "")
        form = {"text": post.text, **({"reply_to_id": post.answers} if post.answers else {})}
        if post.pictures:
            form |= containers.pictured(http, account, [_picture(picture) for picture in post.pictures])
        else:
            form |= {"media_type": "TEXT", **({"link_attachment": post.card.url} if post.card else {})}
        try:
            return containers.make(http, account, form)
        except NetworkError as error:
            if post.answers and _is_gone(http, credentials, post.answers, error):
                raise Rejected("post_gone", host=host()) from error
            raise

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        edge = "replies" if post.answers else "threads"
        return containers.publish(http, _account(credentials), post, key, edge)

    def reply(self, http: Http, credentials: Credentials, to: str, post: Post, key: str) -> Receipt:
        return self.publish(http, credentials, post, key)

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        edge = "replies" if post.answers else "threads"
        return containers.find(http, _account(credentials), post, key, edge)

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        try:
            said = graph.call(http, _key(credentials), graph.node(id), writes=True, method="DELETE")
        except NetworkError as error:
            if _is_gone(http, credentials, id, error):
                return
            raise
        if said.get("success") is not True:
            raise OutcomeUnknown("not_json", host=host())

    def hear(self, http: Http, credentials: Credentials, id: str, known: Sequence[str] = ()) -> Hearing:
        http = http.within(http.deadline)
        try:
            return conversation.hear(http, _key(credentials), id)
        except NetworkError as error:
            if _is_gone(http, credentials, id, error):
                return Hearing(gone=True)
            raise

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        author = f"@{credentials['handle']}"
        return album.read(http, _account(credentials), "threads", author, limit, since, ",link_attachment_url")

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        """Who quotes a post passes it on as well."""
        found = {}
        for id in ids:
            try:
                said = album.insights(http, _key(credentials), id, "likes,reposts,quotes,replies,views")
            except NetworkError as error:
                if _is_gone(http, credentials, id, error):
                    continue
                raise
            passed = total(said.get("reposts"), said.get("quotes"))
            found[id] = Counts(said.get("likes"), passed, said.get("replies"), said.get("views"))
        return found


def base() -> str:
    """SOCIALTERRITORY_THREADS is asked instead, for tests."""
    return setting("SOCIALTERRITORY_THREADS") or HOST


def host() -> str:
    return graph.Key("", "", base()).host


def _key(credentials: Credentials) -> graph.Key:
    return graph.Key(credentials["token"], "", f"{base()}/{VERSION}")


def _page(name: str) -> str:
    return f"{PAGE}/@{quote(name, safe='')}"


def _account(credentials: Credentials) -> containers.Account:
    return containers.Account(
        key=_key(credentials),
        id=credentials["account"],
        page=_page(credentials["handle"]),
        made="threads",
        published="threads_publish",
        quota="threads_publishing_limit",
        status="status",
        why="error_message",
        text="text",
    )


def _picture(picture: Picture) -> dict[str, str]:
    told = {"alt_text": picture.alt} if picture.alt else {}
    return {"media_type": "IMAGE", "image_url": picture.url, **told}


def _is_gone(http: Http, credentials: Credentials, id: str, error: NetworkError) -> bool:
    return graph.is_gone(http, _key(credentials), id, _account(credentials).path("threads"), error)


def _lasting(http: Http, key: graph.Key) -> dict[str, str]:
    """For a token of an hour one of sixty days. Documented is a GET with both secrets in the address: that is done
    only where Threads takes no form.
    """
    form = {"grant_type": "th_exchange_token", "client_secret": key.secret, "access_token": key.token}
    try:
        said = graph.call(http, key, "/access_token", form=form, signed=False)
    except Rejected as error:
        if not re.search("unsupported (post )?request", error.params.get("reason", ""), re.IGNORECASE):
            raise
        said = graph.call(http, key, "/access_token", query=form, signed=False)
    return _token(said)


def _token(said: Mapping[str, Any]) -> dict[str, str]:
    """Of one whose end is not told the documented sixty days are taken."""
    token, seconds = word(said.get("access_token"), 1000), word(said.get("expires_in"))
    if not token or not token.isascii():
        raise Transient("not_json", host=host())
    lasts = timedelta(seconds=int(seconds)) if re.fullmatch("[0-9]{1,9}", seconds) else timedelta(days=60)
    now = clock.now()
    return {"token": token, "made": now.isoformat(), "ends": (now + lasts).isoformat()}


network = Threads()
