"""The API half of the scripted X: https://docs.x.com/x-api"""

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from email.parser import BytesParser
from email.policy import HTTP
from faults import Said
from io import BytesIO
from PIL import Image
from scripted_x_posts import Posts
from typing import Any
from typing import TYPE_CHECKING

import json


if TYPE_CHECKING:
    from scripted_x import ScriptedX


DOCUMENTED = frozenset(
    {
        *("text", "media", "poll", "reply", "reply_settings", "quote_tweet_id", "geo", "for_super_followers_only"),
        *("direct_message_deep_link", "card_uri", "nullcast", "community_id", "share_with_followers"),
        *("edit_options", "made_with_ai", "paid_partnership"),
    }
)
REPLY = frozenset({"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"})
PARTS = frozenset({"media", "media_category", "media_type", "additional_owners", "shared"})
ALT = 1000
MOST_BYTES = 5_242_880
NEEDS = {
    "tweet": "tweet.write",
    "delete": "tweet.write",
    "tweets": "tweet.read",
    "look": "tweet.read",
    "looks": "tweet.read",
    "me": "users.read",
}
"""Scopes; media.write where none is named"""


@dataclass
class XAccount:
    id: str
    name: str
    tweets: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first"""


class Refusal(Exception):
    """`code`: an error of the old kind. `error`: one of OAuth 2."""

    def __init__(self, status: int, detail: str, kind: str = "about:blank", code: int = 0, **more: str) -> None:
        super().__init__(detail)
        titles = {400: "Invalid Request", 401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests"}
        body: dict[str, Any] = {"title": titles.get(status, "Error"), "detail": detail, "type": kind, "status": status}
        if code:
            body = {"errors": [{"code": code, "message": detail}]}
        elif "error" in more:
            body = {"error": more.pop("error"), "error_description": detail}
        self.said = Said(status, json.dumps({**body, **more}).encode(), "application/problem+json")


class Methods(Posts):
    """One call each. `told`: headers of the answer, whatever comes of it."""

    def __init__(self, state: "ScriptedX", verb: str, path: str, query: str, headers: Any, sent: bytes) -> None:
        self.state, self.verb, self.path, self.query = state, verb, path, query
        self.headers, self.sent = headers, sent
        self.told: dict[str, str] = {}

    def check(self, right: object, words: str, status: int = 400) -> None:
        if not right:
            raise Refusal(status, words, "https://api.twitter.com/2/problems/invalid-request")

    def entity(self, said: dict[str, Any]) -> dict[str, Any]:
        """Servers tell more than is documented."""
        return {**said, "unheard_of": [{"deep": None}], "Größe": 10**20}

    def account(self, name: str) -> XAccount:
        """Whose credentials came along, if they are good for this call and neither limits nor money are used up."""
        account = self._signed(name)
        self._counted(name, account)
        if self.state.broke == "credits":
            kind = "https://api.twitter.com/2/problems/credits"
            words = "Your enrolled account does not have any credits to fulfill this request."
            raise Refusal(402, words, kind, title="CreditsDepleted")
        if self.state.broke:
            kind = "https://api.twitter.com/2/problems/usage-capped"
            status = 403 if self.state.broke == "usage_403" else 429
            raise Refusal(status, "Usage cap exceeded: Monthly product cap", kind, title="UsageCapExceeded")
        return account

    def _signed(self, name: str) -> XAccount:
        from scripted_x_oauth import signer

        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme == "OAuth":
            uri = f"{self.state.url}{self.path}" + (f"?{self.query}" if self.query else "")
            keys = signer(self.state, self.verb, uri, self.headers, self.sent)
            self.told["x-access-level"] = keys.level
            if self.verb != "GET" and keys.level == "read":
                kind = "https://api.twitter.com/2/problems/oauth1-permissions"
                raise Refusal(403, "Your client app is not configured with the appropriate permissions.", kind)
            return keys.account
        grant = self.state.access.get(token) if scheme == "Bearer" else None
        if grant is None or self.state.now() - grant.made > timedelta(hours=2):
            raise Refusal(401, "Unauthorized")
        if NEEDS.get(name, "media.write") not in grant.scopes:
            raise Refusal(403, "You are not permitted to perform this action.")
        return grant.account

    def _counted(self, name: str, account: XAccount) -> None:
        from scripted_x import WINDOW

        window = int(self.state.now().timestamp()) // WINDOW
        self.state.used[name, account.id, window] += 1
        limit = self.state.limits[name]
        left = limit - self.state.used[name, account.id, window]
        self.told["x-rate-limit-limit"] = str(limit)
        self.told["x-rate-limit-remaining"] = str(max(left, 0))
        self.told["x-rate-limit-reset"] = str((window + 1) * WINDOW)
        if left < 0:
            raise Refusal(429, "Too Many Requests")

    def me(self, query: dict[str, str]) -> Any:
        account = self.account("me")
        self.check(set(query) <= {"user.fields", "expansions", "tweet.fields"}, "Unknown parameter")
        return self.entity({"data": self.entity({"id": account.id, "name": "Ville", "username": account.name})})

    def json(self) -> dict[str, Any]:
        self.check(self.headers.get("content-type", "").startswith("application/json"), "Not JSON")
        said = json.loads(self.sent)
        self.check(isinstance(said, dict), "Not an object")
        return dict(said)

    def media(self, query: dict[str, str]) -> Any:
        account = self.account("media")
        kind = self.headers.get("content-type", "")
        self.check(kind.startswith("multipart/form-data; boundary="), "No file was sent")
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.sent)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        self.check({"media", "media_category"} <= set(parts) <= PARTS, "Unknown or missing parameter")
        self.check(len(parts) == len(list(message.iter_parts())), "A field stands twice")
        self.check(parts["media_category"].get_payload(decode=True) == b"tweet_image", "media_category is invalid")
        data = parts["media"].get_payload(decode=True)
        self.check(len(data) <= MOST_BYTES, "media file size exceeds limit", 413)
        try:
            with Image.open(BytesIO(data)) as image:
                image.load()
                mime = Image.MIME[image.format]
        except Exception:
            raise Refusal(400, "media type unrecognized.") from None
        self.check(mime in ("image/jpeg", "image/png", "image/webp"), "media type unrecognized.")
        self.check(mime == parts["media"].get_content_type(), "The file is not what it says")
        id = self.state.number()
        made = {"id": id, "owner": account.id, "alt": "", "data": data, "made": self.state.now()}
        self.state.media[id] = made
        said = {"id": id, "media_key": f"3_{id}", "size": len(data), "expires_after_secs": 86400}
        return {"data": self.entity(said)}

    def _mine(self, account: XAccount, id: object) -> dict[str, Any]:
        made = self.state.media.get(str(id))
        fresh = made and self.state.now() - made["made"] < timedelta(days=1)
        self.check(made and fresh and made["owner"] == account.id, "Your media IDs are invalid.")
        return made

    def metadata(self, query: dict[str, str]) -> Any:
        account, said = self.account("metadata"), self.json()
        self.check(set(said) == {"id", "metadata"} and set(said["metadata"]) == {"alt_text"}, "Unknown parameter")
        text = said["metadata"]["alt_text"]
        self.check(set(text) == {"text"} and 0 < len(text["text"]) <= ALT, "alt_text is invalid")
        self._mine(account, said["id"])["alt"] = text["text"]
        return {"data": {"id": said["id"], "associated_metadata": {"alt_text": text}}}

    def _answered(self, said: dict[str, Any]) -> str:
        """The id of the post that is to be answered, "" when none."""
        if "reply" not in said:
            return ""
        self.check(set(said["reply"]) <= REPLY, "Unknown parameter")
        id = said["reply"]["in_reply_to_tweet_id"]
        self.check(isinstance(id, str) and id.isdecimal(), "$.reply.in_reply_to_tweet_id: is not a valid Tweet Id")
        known = any(tweet["id"] == id for one in self.state.accounts for tweet in one.tweets)
        self.check(known, "You attempted to reply to a Tweet that is deleted or not visible to you.", 403)
        return id

    def tweet(self, query: dict[str, str]) -> Any:
        account, said = self.account("tweet"), self.json()
        unknown = sorted(set(said) - DOCUMENTED)
        self.check(not unknown and not query, f"{unknown}: is not defined in the schema")
        text, media = said.get("text", ""), said.get("media", {})
        self.check(isinstance(text, str) and set(media) <= {"media_ids", "tagged_user_ids"}, "Wrong type")
        ids = media.get("media_ids", [])
        self.check(text.strip() or ids, "text is missing")
        self.check(len(ids) <= 4 and len(set(ids)) == len(ids) and all(isinstance(id, str) for id in ids), "media_ids")
        attached = [self._mine(account, id) for id in ids]
        self.check(self.length(text) <= 280, "Your Tweet text is too long.")
        bare = " ".join(text.split())
        if self.state.refuse_duplicates and bare in [" ".join(one["said"].split()) for one in account.tweets]:
            raise Refusal(403, "You are not allowed to create a Tweet with duplicate content.")
        tweet = {**self.tweet_of(account, text, self.state.now(), attached), "reply": self._answered(said)}
        account.tweets.append(tweet)
        data = {"id": tweet["id"], "text": tweet["text"], "edit_history_tweet_ids": [tweet["id"]]}
        return Said(201, json.dumps({"data": self.entity(data)}).encode())
