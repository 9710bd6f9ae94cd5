"""A strict Instagram behind the scripted Facebook's login: professional accounts of pages, which publish pictures.

::

    with ScriptedInstagram() as server:
        account = server.account("ville")               # of a page that server.person may do everything on
        server.slow = 2                                 # see scripted_containers.Shelf
        account.media                                   # what was published, oldest first
"""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from scripted_containers import Containers
from scripted_containers import Shelf
from scripted_facebook import ScriptedFacebook
from scripted_facebook_methods import FbPage
from scripted_facebook_methods import Methods
from scripted_facebook_methods import NEEDS
from scripted_facebook_methods import Refusal
from scripted_facebook_methods import TASKS
from scripted_facebook_oauth import SCOPES as OF_PAGES
from scripted_facebook_posts import FIELDS
from typing import Any

import re


SCOPES = (*OF_PAGES[:1], *OF_PAGES[2:], "instagram_basic", "instagram_content_publish", "instagram_manage_insights")
_PICTURE = dict.fromkeys(("id", "media_type", "media_url", "thumbnail_url", "alt_text"), {})
_MEDIA = _PICTURE | dict.fromkeys(
    ("caption", "permalink", "timestamp", "like_count", "comments_count", "username", "media_product_type"), {}
)
FIELDS |= {
    "gram": dict.fromkeys(("id", "username", "name", "profile_picture_url", "followers_count"), {}),
    "media": _MEDIA | {"children": _PICTURE},
    "medium": _MEDIA | {"children": _PICTURE},
    "status": dict.fromkeys(("id", "status", "status_code"), {}),
    "quota": dict.fromkeys(("quota_usage", "config"), {}),
}
NEEDS |= dict.fromkeys(("create", "publish", "quota", "status"), "instagram_content_publish")
NEEDS |= dict.fromkeys(("gram", "media", "medium"), "instagram_basic")
NEEDS |= {"insights": "instagram_manage_insights"}
METRICS = frozenset({"views", "reach", "likes", "comments", "saved", "shares", "total_interactions"})
_EDGES = {
    ("POST", "media"): "create",
    ("POST", "media_publish"): "publish",
    ("GET", "media"): "media",
    ("GET", "content_publishing_limit"): "quota",
    ("GET", "insights"): "insights",
}


@dataclass
class IgAccount:
    id: str
    username: str
    page: FbPage
    media: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first"""


class InstagramMethods(Containers, Methods):
    ratios = (0.8, 1.91)
    kinds = ("JPEG",)
    most_items = 10
    keys = frozenset(
        {
            *("image_url", "video_url", "media_type", "caption", "alt_text", "is_carousel_item", "children"),
            *("location_id", "user_tags", "product_tags", "collaborators"),
        }
    )

    def _mine(self, token: Any) -> IgAccount:
        """The account in the path, if the token is that of its page."""
        account = self.state.grams.get(self.path.split("/")[2])
        if account is None:
            raise self.missing()
        if token.page is not account.page:
            raise Refusal(403, 200, "(#200) The user does not have permission for this account")
        return account

    def gram(self, query: dict[str, str]) -> Any:
        account = self._mine(self.signed("gram", query))
        known = {"id": account.id, "username": account.username, "name": account.username.title()}
        return {name: known[name] for name in self.fields("gram", query) if name in known}

    def create(self, query: dict[str, str]) -> Any:
        form = self.form()
        token = self.signed("create", form)
        form.pop("appsecret_proof")
        caption = form.get("caption", "")
        self.check(not query and form.get("media_type", "CAROUSEL") == "CAROUSEL", "Unknown parameter")
        self.check(len(caption) <= 2200 and len(re.findall(r"#\w", caption)) <= 30, "The caption was too long")
        self.check("caption" not in form or "is_carousel_item" not in form, "The caption is that of the carousel")
        self.check("image_url" in form or "children" in form, "The parameter image_url is required")
        return self.contained(self._mine(token), form)

    def publish(self, query: dict[str, str]) -> Any:
        form = self.form()
        account = self._mine(self.signed("publish", form))
        self.check(set(form) == {"creation_id", "appsecret_proof"} and not query, "Unknown or missing parameter")
        made = self.taken(account, form["creation_id"], len(account.media))
        media = self.media_of(account, made.form.get("caption", ""), pictures=made.pictures)
        account.media.append(media)
        return {"id": media["id"]}

    def media_of(self, account: IgAccount, caption: str, at: datetime | None = None, pictures: Any = ()) -> Any:
        id = self.state.number()
        shown = [{"id": self.state.number(), "media_type": "IMAGE", **self._shown(one)} for one in pictures]
        known = {"id": id, "media_type": "CAROUSEL_ALBUM", "children": {"data": shown}, "said": caption}
        if len(shown) < 2:
            known = {**(shown or [{"media_type": "IMAGE"}])[0], "id": id, "said": caption}
        known |= {"caption": caption.strip(), "timestamp": f"{at or self.state.now():%Y-%m-%dT%H:%M:%S}+0000"}
        known |= {"permalink": f"https://www.instagram.com/p/C{id[-9:]}/", "pictures": list(pictures)}
        return known | {"username": account.username, "like_count": 0, "comments_count": 0, "views": 0}

    def _shown(self, picture: dict[str, Any]) -> dict[str, Any]:
        url = f"https://scontent.cdninstagram.com/v/{self.state.number()}_n.jpg?oh={'0' * 400}&oe=6A00"
        return {"media_url": url, "alt_text": picture["alt"]}

    def media(self, query: dict[str, str]) -> Any:
        account = self._mine(self.signed("media", query))
        asked = self.fields("media", query, "limit", "since", "until", "after")
        return self.paged(self.listed(account.media, query, asked), query)

    def quota(self, query: dict[str, str]) -> Any:
        account = self._mine(self.signed("quota", query))
        self.fields("quota", query)
        config = {"quota_total": self.state.quota, "quota_duration": 86400}
        return {"data": [{"quota_usage": len(account.media), "config": config}]}

    def status(self, query: dict[str, str]) -> Any:
        self.signed("status", query)
        made = self.state.containers[self.path.split("/")[2]]
        stands = self.standing(made)
        known = {"id": made.id, "status_code": stands, "status": f"{stands.title()}: {made.broken or 'as it is'}"}
        return {name: known[name] for name in self.fields("status", query)}

    def _medium(self) -> dict[str, Any]:
        id = self.path.split("/")[2]
        media = (one for account in self.state.grams.values() for one in account.media)
        found = next((one for one in media if one["id"] == id), None)
        if found is None:
            raise self.missing()
        return found

    def medium(self, query: dict[str, str]) -> Any:
        self.signed("medium", query)
        known = self._medium()
        asked = self.fields("medium", query)
        return {name: known[name] for name in ("id", *asked) if name in known}

    def insights(self, query: dict[str, str]) -> Any:
        self.signed("insights", query)
        self.check(set(query) == {"metric", "appsecret_proof"}, "Unknown parameter")
        names = query["metric"].split(",")
        self.check(set(names) <= METRICS, "metric[0] must be one of the following values")
        known = self._medium()
        return {"data": [{"name": one, "period": "lifetime", "values": [{"value": known[one]}]} for one in names]}


class ScriptedInstagram(Shelf, ScriptedFacebook):
    """`lag`: seconds until a post is listed."""

    Methods = InstagramMethods

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.grams: dict[str, IgAccount] = {}

    def account(self, name: str, tasks: tuple[str, ...] = TASKS) -> IgAccount:  # type: ignore[override]
        page = super().account(f"Page {name}", tasks)
        made = IgAccount(f"1784{self.number()[-11:]}", name, page)
        page.gram = {"id": made.id, "username": made.username}
        self.grams[made.id] = made
        return made

    def credentials(self, account: IgAccount, scopes: tuple[str, ...] = SCOPES) -> dict[str, str]:  # type: ignore[override]
        known = super().credentials(account.page, scopes)
        return {**known, "account": account.id, "handle": account.username}

    def posts(self) -> list[str]:
        with self.lock:
            return [one["said"] for account in self.grams.values() for one in account.media]

    def say(self, account: IgAccount, text: str, at: datetime | None = None) -> dict[str, Any]:  # type: ignore[override]
        """A post from elsewhere."""
        with self.lock:
            made = InstagramMethods(self, "GET", "", "", {}, b"").media_of(account, text, at)
            account.media.append(made)
            return made

    def method(self, verb: str, path: str) -> str:
        node, _, edge = "/".join(path.split("/")[2:]).partition("/")
        if known := _EDGES.get((verb, edge)):
            return known
        if verb == "GET" and not edge and node and node != "me":
            return "status" if node in self.containers else "gram" if node in self.grams else "medium"
        return super().method(verb, path)
