"""What the scripted Threads answers: https://developers.facebook.com/docs/threads"""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from faults import Said
from scripted_consent import hidden
from scripted_containers import Containers
from scripted_facebook_methods import REASONS
from scripted_facebook_methods import Refusal
from scripted_facebook_posts import Posts
from typing import Any
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import base64
import hashlib
import html
import re
import secrets


if TYPE_CHECKING:
    from scripted_threads import ScriptedThreads

SCOPES = (
    *("threads_basic", "threads_content_publish", "threads_delete", "threads_manage_replies"),
    *("threads_read_replies", "threads_manage_insights"),
)
LASTS = timedelta(seconds=5_183_944)
NEEDS = {
    **dict.fromkeys(("me", "posts", "node", "refresh"), "threads_basic"),
    **dict.fromkeys(("create", "publish", "quota", "status"), "threads_content_publish"),
    **dict.fromkeys(("replies", "conversation"), "threads_read_replies"),
    "delete": "threads_delete",
    "insights": "threads_manage_insights",
}
METRICS = frozenset({"views", "likes", "replies", "reposts", "quotes", "shares"})
_PICTURE = dict.fromkeys(("id", "media_type", "media_url", "thumbnail_url", "alt_text"), {})
_POST = _PICTURE | dict.fromkeys(
    *[("text", "permalink", "timestamp", "username", "is_reply", "link_attachment_url", "is_quote_post", "topic_tag")],
    {},
)
_POST |= {"children": _PICTURE, "replied_to": {"id": {}}, "root_post": {"id": {}}}
_REPLY = _POST | dict.fromkeys(("hide_status", "is_reply_owned_by_me", "profile_picture_url", "has_replies"), {})
FIELDS = {
    "me": dict.fromkeys(("id", "username", "name", "threads_profile_picture_url", "threads_biography"), {}),
    "posts": _POST,
    "node": _POST,
    "replies": _REPLY,
    "conversation": _REPLY,
    "status": dict.fromkeys(("id", "status", "error_message"), {}),
    "quota": dict.fromkeys(("quota_usage", "config", "reply_quota_usage", "reply_config"), {}),
}
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Threads</title></head>
<body><h1>{name}, continue?</h1><p>{scope}</p><form method="post">
{fields}
<button name="decision" value="continue">Continue</button><button name="decision" value="cancel">Cancel</button>
</form></body></html>"""


@dataclass
class ThAccount:
    id: str
    username: str
    posts: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first, answers too"""


@dataclass
class Token:
    account: ThAccount
    made: datetime
    scopes: tuple[str, ...]
    lasting: bool


class Methods(Containers, Posts):
    """One call each."""

    ratios = (0.1, 10.0)
    kinds = ("JPEG", "PNG")
    most_items = 20
    keys = frozenset(
        {
            *("media_type", "text", "image_url", "alt_text", "link_attachment", "reply_to_id", "is_carousel_item"),
            *("children", "reply_control", "topic_tag", "quote_post_id", "allowlisted_country_codes"),
        }
    )
    known_fields = FIELDS

    def __init__(self, state: "ScriptedThreads", verb: str, path: str, headers: Any, sent: bytes) -> None:
        self.state, self.verb, self.path, self.headers, self.sent = state, verb, path, headers, sent

    def check(self, right: object, words: str, subcode: int = 0, code: int = 100) -> None:
        if not right:
            raise Refusal(400, code, f"(#{code}) {words}", subcode)

    # Consent and tokens

    def _app(self, form: dict[str, str]) -> Any:
        app = self.state.apps.get(form["client_id"])
        self.check(app is not None, "Invalid client_id")
        self.check(form["redirect_uri"] == app.redirect_uri, "Invalid redirect_uri")
        return app

    def _asked(self, values: dict[str, str]) -> tuple[Any, tuple[str, ...]]:
        needed = {"client_id", "redirect_uri", "scope", "response_type", "state"}
        more = {"code_challenge", "code_challenge_method"}
        self.check(needed <= set(values) <= needed | more, f"Not as documented: {sorted(set(values) ^ needed)}")
        scopes = tuple(re.split("[ ,]", values["scope"]))
        self.check(set(scopes) <= set(SCOPES) and "threads_basic" in scopes, "Invalid scope")
        self.check(values["response_type"] == "code" and 0 < len(values["state"]) <= 500, "Wrong type or state")
        return self._app(values), scopes

    def dialog(self, query: dict[str, str]) -> Said:
        self._asked(query)
        page = PAGE.format(name=self.state.person, scope=html.escape(query["scope"]), fields=hidden(query))
        return Said(200, page.encode(), "text/html; charset=utf-8")

    def decide(self, query: dict[str, str]) -> Said:
        form = self.form()
        decision = form.pop("decision")
        app, scopes = self._asked(form)
        said = {"error": "access_denied", "error_code": "200", "error_reason": "user_denied"}
        if decision == "continue":
            said = {"code": f"AQ{secrets.token_urlsafe(150)}"}
            given = tuple(scope for scope in scopes if scope not in self.state.declined)
            self.state.codes[said["code"]] = (app, self.state.now(), given, form.get("code_challenge", ""))
        there = f"{app.redirect_uri}?{urlencode({**said, 'state': form['state']})}#_"
        return Said(302, b"", "text/html", {"Location": there})

    def token(self, query: dict[str, str]) -> Any:
        form = self.form()
        needed = {"client_id", "client_secret", "grant_type", "redirect_uri", "code"}
        self.check(not query and needed <= set(form) <= needed | {"code_verifier"}, "Not as documented")
        app = self._app(form)
        self.check(secrets.compare_digest(form["client_secret"], app.secret), "Error validating client secret.", code=1)
        known, made, scopes, challenge = self.state.codes.pop(form["code"], (None, None, (), ""))
        if known is not app or self.state.now() - made > timedelta(hours=1):
            raise Refusal(400, 100, "This authorization code has been used.", 36009)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        self.check(not challenge or digest.decode().rstrip("=") == challenge, "Invalid code_verifier parameter")
        account = self.state.accounts[0]
        return {"access_token": self.state.give(account, scopes, lasting=False), "user_id": int(account.id)}

    def exchange(self, query: dict[str, str]) -> Any:
        """Documented as a GET with all of it in the address."""
        self.check(self.state.takes_forms or self.verb == "GET", "Unsupported request - method type: post")
        form = self.form() if self.verb == "POST" else query
        self.check(set(form) == {"grant_type", "client_secret", "access_token"}, "Not as documented")
        self.check(form["grant_type"] == "th_exchange_token", "Unsupported grant_type")
        if form["client_secret"] not in [app.secret for app in self.state.apps.values()]:
            raise Refusal(400, 1, "Error validating client secret.")
        token = self._good(form["access_token"])
        self.check(not token.lasting, "Session key invalid")
        return self._lasting(token)

    def refresh(self, query: dict[str, str]) -> Any:
        token = self.signed("refresh", query)
        self.check(query == {"grant_type": "th_refresh_token"}, "Not as documented")
        self.check(token.lasting, "Only a long-lived token is refreshed")
        self.check(self.state.now() - token.made >= timedelta(hours=24), "The token is not 24 hours old")
        return self._lasting(token)

    def _lasting(self, token: Token) -> dict[str, Any]:
        long = self.state.give(token.account, token.scopes, lasting=True)
        return {"access_token": long, "token_type": "bearer", "expires_in": int(LASTS.total_seconds())}

    def _good(self, token: str) -> Token:
        found = self.state.tokens.get(token)
        if found is None:
            raise Refusal(400, 190, "Invalid OAuth access token - Cannot parse access token")
        if self.state.over:
            raise Refusal(400, 190, REASONS.get(self.state.over, "Error validating access token"), self.state.over)
        if self.state.now() - found.made > (LASTS if found.lasting else timedelta(hours=1)):
            raise Refusal(400, 190, REASONS[463], 463)
        return found

    def signed(self, name: str, sent: dict[str, str]) -> Token:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(400, 190, "An access token is required to request this resource.")
        found = self._good(token)
        if NEEDS[name] not in found.scopes:
            raise Refusal(403, 10, "(#10) Application does not have permission for this action")
        return found

    # Posts

    def _mine(self, token: Token) -> ThAccount:
        self.check(self.path.split("/")[2] in (token.account.id, "me"), "Not your account", code=10)
        return token.account

    def me(self, query: dict[str, str]) -> Any:
        account = self.signed("me", query).account
        known = {"id": account.id, "username": account.username, "name": account.username.title()}
        return {name: known[name] for name in self.fields("me", query) if name in known}

    def create(self, query: dict[str, str]) -> Any:
        form = self.form()
        account = self._mine(self.signed("create", form))
        text, item = form.get("text", ""), "is_carousel_item" in form
        self.check(not query and form["media_type"] in ("TEXT", "IMAGE", "CAROUSEL"), "media_type is not one of these")
        self.check((form["media_type"] == "IMAGE") == ("image_url" in form), "An image has an image_url")
        self.check("link_attachment" not in form or form["media_type"] == "TEXT", "link_attachment is for text alone")
        self.check(text.strip() or form["media_type"] != "TEXT", "The parameter text is required")
        length = sum(len(char.encode()) if ord(char) >= 0x1F000 else 1 for char in text)
        self.check(length <= 500, "Param text must be at most 500 characters long.")
        links = {*re.findall(r"https?://\S+", text), form.get("link_attachment", "")} - {""}
        self.check(len(links) <= 5, "THREADS_API__LINK_LIMIT_EXCEEDED")
        self.check(not item or not {"text", "reply_to_id"} & set(form), "An item of a carousel has no words")
        if "reply_to_id" in form and self.state.post(form["reply_to_id"]) is None:
            raise self._gone(form["reply_to_id"])
        return self.contained(account, form)

    def publish(self, query: dict[str, str]) -> Any:
        form = self.form()
        account = self._mine(self.signed("publish", form))
        self.check(set(form) == {"creation_id"} and not query, "Unknown or missing parameter")
        made = self.taken(account, form["creation_id"], self._used(account, "reply_to_id" in self._form(form)))
        post = self.state.post_of(account, made.form.get("text", ""), pictures=made.pictures, form=made.form)
        account.posts.append(post)
        return {"id": post["id"]}

    def _form(self, form: dict[str, str]) -> dict[str, str]:
        made = self.state.containers.get(form["creation_id"])
        return made.form if made else {}

    def _used(self, account: ThAccount, replies: bool) -> int:
        return sum(bool(post.get("replied_to")) == replies for post in account.posts)

    def quota(self, query: dict[str, str]) -> Any:
        token = self.signed("quota", query)
        account = self._mine(token)
        if "reply_" in query["fields"] and "threads_manage_replies" not in token.scopes:
            raise Refusal(403, 10, "(#10) Application does not have permission for this action")
        config = {"quota_total": self.state.quota, "quota_duration": 86400}
        known: dict[str, Any] = {"quota_usage": self._used(account, False), "config": config}
        known |= {"reply_quota_usage": self._used(account, True), "reply_config": config}
        return {"data": [{name: known[name] for name in self.fields("quota", query)}]}

    def status(self, query: dict[str, str]) -> Any:
        self.signed("status", query)
        made = self.state.containers[self.path.split("/")[2]]
        known = {"id": made.id, "status": self.standing(made), "error_message": made.broken}
        return {name: known[name] for name in self.fields("status", query) if known[name]}

    def posts(self, query: dict[str, str]) -> Any:
        return self._of("posts", query, False)

    def replies(self, query: dict[str, str]) -> Any:
        return self._of("replies", query, True)

    def _of(self, name: str, query: dict[str, str], replies: bool) -> Any:
        account = self._mine(self.signed(name, query))
        asked = self.fields(name, query, "limit", "since", "until", "after", "before")
        posts = [post for post in account.posts if bool(post.get("replied_to")) == replies]
        return self.paged(self.listed(posts, query, asked), query)

    def _gone(self, id: str) -> Refusal:
        words = (
            f"Unsupported {self.verb.lower()} request. Object with ID '{id}' does not exist, cannot be loaded due to"
        )
        return Refusal(400, 100, f"{words} missing permissions, or does not support this operation.", 33)

    def _post(self) -> dict[str, Any]:
        id = self.path.split("/")[2]
        found = self.state.post(id)
        if found is None:
            raise self._gone(id)
        return found

    def node(self, query: dict[str, str]) -> Any:
        self.signed("node", query)
        post = self._post()
        return self.shown(post, {**self.fields("node", query), "id": {}})

    def delete(self, query: dict[str, str]) -> Any:
        account = self.signed("delete", query).account
        post = self._post()
        self.check(not query and not self.sent, "Unknown parameter")
        self.check(post in account.posts, "Not your post", code=10)
        account.posts.remove(post)
        return {"success": True, "deleted_id": post["id"]}

    def conversation(self, query: dict[str, str]) -> Any:
        account = self.signed("conversation", query).account
        root = self._post()
        self.check(root in account.posts and not root.get("replied_to"), "Not a root post of yours", code=10)
        asked = self.fields("conversation", query, "reverse", "limit", "after", "before")
        every = [post for other in self.state.accounts for post in other.posts]
        rows = [post for post in every if self.state.root(post) == root["id"] and post is not root]
        rows = sorted(rows, key=lambda post: post["timestamp"], reverse=query.get("reverse", "true") == "true")
        told = [{**row, "is_reply_owned_by_me": row in account.posts} for row in rows]
        return self.paged([self.shown(row, {**asked, "id": {}}) for row in told], query)

    def insights(self, query: dict[str, str]) -> Any:
        self.signed("insights", query)
        names = query["metric"].split(",")
        self.check(set(query) == {"metric"} and set(names) <= METRICS, "metric must be one of the following values")
        known = self._post().get("numbers", {})
        rows = [{"name": one, "period": "lifetime", "values": [{"value": known.get(one, 0)}]} for one in names]
        return {"data": rows}
