"""Instagram: professional accounts, linked with the page of Facebook that they belong to; pictures that Meta fetches.

Facts: https://developers.facebook.com/docs/instagram-platform/content-publishing and
https://developers.facebook.com/docs/instagram-platform/instagram-api-with-facebook-login. No app can delete a post
there or change one: a person does. Errors of all calls: those of `Http`, `meanings.refusal` and `content`.
"""

from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.http import Http
from collective.socialterritory.networks import album
from collective.socialterritory.networks import containers
from collective.socialterritory.networks import graph
from collective.socialterritory.networks import login
from collective.socialterritory.networks.answers import content
from collective.socialterritory.networks.answers import count
from collective.socialterritory.networks.answers import part
from collective.socialterritory.networks.answers import word
from collective.socialterritory.networks.entries import Counts
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
from typing import Any
from urllib.parse import quote


PAGE = "https://www.instagram.com"
NEEDED = ("pages_show_list", "pages_read_engagement", "instagram_basic", "instagram_content_publish")
"""Without the other right nobody learns how often a post was seen, and that is all"""


class Instagram(Free, Network):
    """Credentials: app_secret, account (its id), handle and token (that of the page, without end)."""

    id = "instagram"
    title = "Instagram"
    icon = "instagram"
    home = "instagram.com"
    limits = Limits(
        text=2200,
        measure=codepoints,
        images=10,
        image_bytes=8_000_000,
        image_side=1440,
        image_types=("image/jpeg",),
        card=False,
        picture=True,
        clickable=False,
        shape=(0.8, 1.91),
    )
    permalink = r"https://(www\.)?instagram\.com/([\w.]+/)?(p|reel)/(?P<post>[\w-]+)/?([?#]\S*)?"
    fetches = True
    settle = 60.0
    app_fields = login.APP_FIELDS
    scopes = (*NEEDED, "instagram_manage_insights")
    at_once = 1

    def origins(self, credentials: Credentials) -> list[str]:
        return [graph.base()]

    def client(self, http: Http, answers: Mapping[str, str], redirect_uri: str) -> Client:
        return login.client(answers)

    def identify(self, http: Http, client: Client, tokens: Mapping[str, str]) -> Sequence[Connection]:
        """One for each page with such an account, on which the person may post. Codes of its own: no_professional."""
        found = []
        fields = "id,instagram_business_account{id,username}"
        for row, known in login.pages(http, client, tokens, NEEDED, fields):
            if (there := part(row, "instagram_business_account")) is not None:
                identity = _identity(there)
                known |= {"account": identity.id, "handle": identity.name.removeprefix("@")}
                found.append(Connection(identity, known))
        if not found:
            raise Rejected("no_professional")
        return found

    def whoami(self, http: Http, credentials: Credentials) -> Identity:
        """Codes of its own: graph_version_over (posts still leave, as a newer version understands them)."""
        key = _key(credentials)
        answer = graph.ask(http, key, graph.node(credentials["account"]), {"fields": "id,username"})
        identity = _identity(content(answer, dict, False, (), key.hidden))
        if newer := graph.overtaken(answer):
            raise Transient("graph_version_over", host=graph.host(), version=graph.version(), newer=newer)
        return identity

    def prepare(self, http: Http, credentials: Credentials, post: Post) -> str:
        """Codes of its own: picture_needed, daily_limit, picture_unfetched."""
        account = _account(credentials)
        if not post.pictures:
            raise Rejected("picture_needed")
        containers.allowed(http, account)
        form = containers.pictured(http, account, [_picture(picture) for picture in post.pictures])
        return containers.make(http, account, {**form, "caption": post.text})

    def publish(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt:
        return containers.publish(http, _account(credentials), post, key, "media")

    def find(self, http: Http, credentials: Credentials, post: Post, key: str) -> Receipt | None:
        return containers.find(http, _account(credentials), post, key, "media")

    def read(self, http: Http, credentials: Credentials, limit: int, since: str = "") -> Reading:
        return album.read(http, _account(credentials), "media", f"@{credentials['handle']}", limit, since)

    def measure(self, http: Http, credentials: Credentials, ids: Sequence[str]) -> Mapping[str, Counts]:
        """How often a post was seen is told where that right was given."""
        found = {id: _counts(http, credentials, id) for id in ids}
        return {id: counts for id, counts in found.items() if counts}


def _key(credentials: Credentials) -> graph.Key:
    return graph.Key(credentials["token"], credentials["app_secret"])


def _account(credentials: Credentials) -> containers.Account:
    return containers.Account(
        key=_key(credentials),
        id=credentials["account"],
        page=f"{PAGE}/{quote(credentials['handle'], safe='')}/",
        made="media",
        published="media_publish",
        quota="content_publishing_limit",
        status="status_code",
        why="status",
        text="caption",
    )


def _identity(said: Any) -> Identity:
    id, name = word(part(said, "id")), word(part(said, "username"))
    if not id or not name:
        raise Transient("not_json", host=graph.host())
    return Identity(id, f"@{name}", f"{PAGE}/{quote(name, safe='')}/")


def _picture(picture: Picture) -> dict[str, str]:
    return {"image_url": picture.url} | ({"alt_text": picture.alt} if picture.alt else {})


def _counts(http: Http, credentials: Credentials, id: str) -> Counts | None:
    key, query = _key(credentials), {"fields": "like_count,comments_count"}
    try:
        said = graph.call(http, key, graph.node(id), query=query)
    except Unauthorized as error:
        if graph.is_gone(http, key, id, _account(credentials).path("media"), error):
            return None
        raise
    try:
        views = album.insights(http, key, id, "views").get("views")
    except Unauthorized as error:
        if error.code != "scopes":
            raise
        views = None
    return Counts(likes=count(said.get("like_count")), replies=count(said.get("comments_count")), views=views)


network = Instagram()
