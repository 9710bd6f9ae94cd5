"""Facebook pages: linked by consent in an app of one's own, one account for each page, looked up after a doubt.

Facts: https://developers.facebook.com/docs/pages-api/posts and /docs/graph-api/reference/page/photos. Facebook knows no
idempotency key, and what it says has failed is there at times. Errors of all calls: those of `Http`, `meanings.refusal`
and `content`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import NetworkError
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import finding
from collective.socialterritory.networks import graph
from collective.socialterritory.networks import login
from collective.socialterritory.networks import remarks
from collective.socialterritory.networks import stories
from collective.socialterritory.networks.answers import address
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import moment
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import rows
from collective.socialterritory.networks.answers import word
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
from collective.socialterritory.text import codepoints
from datetime import datetime
from typing import Any
from urllib.parse import quote

import json


class Facebook(Free, Network):
    """Credentials: app_secret, account (the page's id) and token (the page's, without end).

    A page's token dies with the password, the role or the app, so there is nothing to refresh: a person reconnects.
    """

    id = "facebook"
    title = "Facebook"
    icon = "facebook"
    share_template = "https://www.facebook.com/sharer/sharer.php?u={url}"
    limits = Limits(text=63_206, measure=codepoints, images=10, image_bytes=4_000_000)
    permalink = (
        r"https://((www|m|web)\.)?facebook\.com/(?!l\.php)\S*(posts|photo|video|permalink|story|share|reel|watch)\S*"
    )
    settle = 60.0
    app_fields = login.APP_FIELDS
    scopes = ("pages_show_list", "pages_manage_posts", "pages_read_engagement")
    hearing_scopes = ("pages_read_user_content",)
    rewrites = frozenset({"text"})
    at_once = stories.AT_ONCE

    def origins(self, credentials: Credentials) -> list[str]:
        return [graph.base()]

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        return login.client(answers)

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """One for each page on which the person may post. Codes of its own: scopes_missing, no_page."""
        found = []
        for row, known in login.pages(http, client, tokens, self.scopes, "id,name,link"):
            identity = _identity(row)
            found.append(Connection(identity, {**known, "account": identity.id}))
        if not found:
            raise Rejected("no_page")
        return found

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        """Codes of its own: page_gone, graph_version_over (posts still leave, as a newer version understands them)."""
        key = _key(credentials)
        answer = graph.ask(http, key, "/me", {"fields": "id,name,link"})
        identity = _identity(content(answer, dict, False, (), key.hidden))
        if identity.id != credentials["account"]:
            raise Unauthorized("page_gone", host=graph.host())
        if newer := graph.overtaken(answer):
            raise Transient("graph_version_over", host=graph.host(), version=graph.version(), newer=newer)
        return identity

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        """OutcomeUnknown("duplicate", host): Facebook has such a post, which is not to be found, or not yet."""
        form = {"message": post.text}
        if post.pictures:
            ids = [_upload(http, credentials, picture) for picture in post.pictures]
            form["attached_media"] = json.dumps([{"media_fbid": id} for id in ids])
        elif post.link:
            form["link"] = post.link
        feed = graph.node(credentials["account"], "feed")
        try:
            said = graph.call(http, _key(credentials), feed, writes=True, form=form)
        except Rejected as error:
            if error.code != "duplicate":
                raise
            return self._said_before(http, credentials, post, key)
        if id := word(said.get("id")):
            return Receipt(id, _permalink(http, credentials, id))
        raise OutcomeUnknown("not_json", host=graph.host())

    def _said_before(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        try:
            receipt = self.find(http, credentials, post, key)
        except NetworkError as error:
            raise OutcomeUnknown("duplicate", host=graph.host()) from error
        if receipt is None:
            raise OutcomeUnknown("duplicate", host=graph.host())
        return receipt

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        """By text or link among what the page said lately. Codes of its own: not_yet_sure, too_many_posts.

        A post may be listed late, so a look that finds nothing before finding.SURE is no answer, but a Transient:
        the post is looked up `settle` after the doubt, and again at least one and a half minutes after that.
        """
        query = {"fields": "id,message,created_time,permalink_url,attachments{unshimmed_url}", "limit": "50"}
        query["since"] = str(int((post.created - finding.CLOCKS).timestamp()))
        pages = graph.listed(http, _key(credentials), stories.path(credentials["account"]), query)
        for row in finding.lately(pages, _at, post):
            if _same(row, post):
                id = word(part(row, "id"))
                return Receipt(id, stories.url(row, id))
        if not finding.sure(post):
            raise Transient("not_yet_sure", host=graph.host())
        return None

    def edit(self, http: Http, credentials: Credentials, id: str, post: Post) -> Receipt:
        """Facebook keeps the picture, and the card of the link as it was drawn."""
        if not _told(http, credentials, id, form={"message": post.text}):
            raise Rejected("post_gone", host=graph.host())
        return Receipt(id, _permalink(http, credentials, id))

    def delete(self, http: Http, credentials: Credentials, id: str) -> None:
        _told(http, credentials, id, method="DELETE")

    def hear(self, http: Http, credentials: Credentials, id: str, known: Sequence[str] = ()) -> Hearing:
        http = http.within(http.deadline)
        try:
            return remarks.hear(http, _key(credentials), credentials["account"], id)
        except Unauthorized as error:
            if graph.is_gone(http, _key(credentials), id, stories.path(credentials["account"]), error):
                return Hearing(gone=True)
            raise

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        return stories.read(http, _key(credentials), credentials["account"], limit, since)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        return stories.measure(http.within(http.deadline), _key(credentials), credentials["account"], ids)


def _key(credentials: Credentials) -> graph.Key:
    return graph.Key(credentials["token"], credentials["app_secret"])


def _identity(page: Any) -> Identity:
    id, name = word(part(page, "id")), word(part(page, "name"))
    if not id or not name:
        raise Transient("not_json", host=graph.host())
    return Identity(id, name, address(part(page, "link")) or f"{stories.PAGE}/{quote(id, safe='')}")


def _upload(http: Http, credentials: Credentials, picture: Picture) -> str:
    """The id of a picture. Without a post nobody sees it, so no failure of it is a doubt."""
    form = {"published": "false"} | ({"alt_text_custom": picture.alt} if picture.alt else {})
    photos = graph.node(credentials["account"], "photos")
    said = graph.call(http, _key(credentials), photos, form=form, picture=picture)
    if id := word(said.get("id")):
        return id
    raise Transient("not_json", host=graph.host())


def _told(http: Http, credentials: Credentials, id: str, **what: Any) -> bool:
    """Whether our post was there to be told so: https://developers.facebook.com/docs/pages-api/posts"""
    try:
        said = graph.call(http, _key(credentials), graph.node(id), writes=True, **what)
    except Unauthorized as error:
        if error.code not in graph.UNSEEN:
            raise
        if not graph.is_there(http, _key(credentials), id, stories.path(credentials["account"])):
            return False
        if error.code == "scopes":
            raise
        raise Rejected("rejected", **error.params) from error  # of this post alone: the page answers
    if said.get("success") is not True:
        raise OutcomeUnknown("not_json", host=graph.host())
    return True


def _permalink(http: Http, credentials: Credentials, id: str) -> str:
    """The post is there: whatever becomes of this question, it has an address."""
    try:
        query = {"fields": "permalink_url"}
        said = graph.call(http, _key(credentials), graph.node(id), query=query, timeout=5)
    except NetworkError:
        said = {}
    return stories.url(said, id)


def _at(row: Any) -> datetime:
    at = moment(part(row, "created_time"))
    if not word(part(row, "id")) or at is None:
        raise Transient("not_json", host=graph.host())
    return at


def _same(row: Any, post: Post) -> bool:
    said, attached = part(row, "message"), rows(part(part(row, "attachments"), "data"))
    links = [str(part(one, "unshimmed_url") or "") for one in attached]
    return finding.same(post, said if isinstance(said, str) else "", links)


network = Facebook()
