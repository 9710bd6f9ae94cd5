"""What the scripted X makes of a text, lists of an account, deletes and bills.

https://docs.x.com/x-api/users/get-posts, /x-api/posts/get-post-by-id, /x-api/posts/get-posts-by-ids,
/x-api/fundamentals/metrics and /x-api/posts/delete-post
"""

from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from PIL import Image
from typing import Any
from urllib.parse import quote

import html
import re
import regex
import secrets
import unicodedata


LISTED = frozenset(
    {
        *("start_time", "end_time", "since_id", "until_id", "max_results", "pagination_token", "exclude"),
        *("tweet.fields", "expansions", "media.fields", "user.fields"),
    }
)
KNOWN = {
    "exclude": {"retweets", "replies"},
    "tweet.fields": {
        *("attachments", "author_id", "context_annotations", "conversation_id", "created_at", "edit_controls"),
        *("edit_history_tweet_ids", "entities", "geo", "id", "in_reply_to_user_id", "lang", "note_tweet"),
        *("possibly_sensitive", "public_metrics", "referenced_tweets", "reply_settings", "source", "text", "withheld"),
    },
    "expansions": {"attachments.media_keys", "author_id", "referenced_tweets.id", "referenced_tweets.id.author_id"},
    "media.fields": {
        *("alt_text", "duration_ms", "height", "media_key", "preview_image_url", "public_metrics", "type", "url"),
        *("variants", "width"),
    },
}
"""What may stand in these parameters, between commas"""
BILL = {"post": Decimal("0.005"), "own": Decimal("0.001"), "media": Decimal("0.005"), "delete": Decimal("0.010")}
"""US dollars, once a day for each: https://docs.x.com/x-api/getting-started/pricing"""
_URL = re.compile(
    r"(?<![\w@/.-])(https?://)?((?:[\w-]+\.)+(?:fr|com|org|eu)\b(?::\d+)?)(/[^\s<>«»]*[\w/)=&#-]|/)?", re.IGNORECASE
)


class Posts:
    """What of the methods has to do with posts; `check`, `account` and `entity` are in scripted_x_methods.py."""

    state: Any
    path: str
    headers: Any
    sent: bytes
    check: Any
    account: Any
    entity: Any

    def length(self, text: str) -> int:
        """Counted by another way than ours."""
        text = _URL.sub("x" * 23, unicodedata.normalize("NFC", text))
        total = 0
        for cluster in regex.findall(r"\X", text):
            light = re.compile(r"[\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
            emoji = regex.search(r"\p{Emoji_Presentation}|\uFE0F", cluster)
            total += 2 if emoji else sum(1 if light.match(char) else 2 for char in cluster)
        return total

    def tweet_of(self, account: Any, text: str, at: datetime, media: Any = ()) -> dict[str, Any]:
        id, urls = self.state.number(), []

        def short(scheme: str, domain: str, path: str, **more: str) -> str:
            made = f"https://t.co/{secrets.token_hex(5)}"
            path = quote(path, safe="/?&=#%+,;:@()") or ("/" if scheme else "")
            long = f"{scheme or 'http://'}{domain}{path}"
            urls.append({"url": made, "expanded_url": long, "display_url": f"{domain}{path}"[:25], **more})
            return made

        shown = _URL.sub(lambda match: short(match[1] or "", match[2], match[3] or ""), text)
        for made in media:
            where = f"/{account.name}/status/{id}/photo/1"
            shown += " " + short("https://", "x.com", where, media_key=f"3_{made['id']}")
        known: dict[str, Any] = {"id": id, "created_at": f"{at:%Y-%m-%dT%H:%M:%S}.000Z"}
        known["text"], known["entities"] = html.escape(shown, quote=False), {"urls": urls}
        if self.length(text) > 280:
            known["note_tweet"] = {"text": known["text"], "entities": known["entities"]}
            known |= {"text": f"{html.escape(shown[:270], quote=False)}…", "entities": {}}
        if media:
            known["attachments"] = {"media_keys": [f"3_{made['id']}" for made in media]}
        known["lang"] = "fr" if text.strip() else "zxx"
        return {**known, "said": text, "retweet": False, "reply": False, "media": list(media)}

    def tweets(self, query: dict[str, str]) -> Any:
        self.account("tweets")
        self.check(set(query) <= LISTED, "Unknown parameter")
        for name, known in KNOWN.items():
            self.check(name not in query or set(query[name].split(",")) <= known, f"{name} is not known")
        account = next((one for one in self.state.accounts if one.id == self.path.split("/")[3]), None)
        if account is None:
            error = {"title": "Not Found Error", "detail": "Could not find user.", "resource_type": "user"}
            return {"errors": [{**error, "type": "https://api.twitter.com/2/problems/resource-not-found"}]}
        most = int(query.get("max_results", "10"))
        self.check(5 <= most <= 100, "max_results is between 5 and 100")
        found = self._listed(account, query)
        said: dict[str, Any] = {"meta": {"result_count": len(found[:most])}}
        if found:
            said["data"] = [self._shown(one, query) for one in found[:most]]
            said["meta"] |= {"newest_id": found[0]["id"], "oldest_id": found[:most][-1]["id"]}
        if len(found) > most:
            said["meta"]["next_token"] = f"page-{found[most - 1]['id']}"
        media = [made for one in found[:most] for made in one["media"]]
        if media and "attachments.media_keys" in query.get("expansions", ""):
            said["includes"] = {"media": [self._media(made, query) for made in media]}
        self._bill(found[:most], said.get("includes", {}).get("media", []))
        return self.entity(said)

    def _missing(self, name: str, value: str) -> dict[str, Any]:
        """What is not there is told beside no data, in a 200."""
        error = {"title": "Not Found Error", "detail": f"Could not find {name} with id: [{value}].", "value": value}
        error["type"] = "https://api.twitter.com/2/problems/resource-not-found"
        return {"errors": [{**error, "resource_type": name, "resource_id": value, "parameter": "id"}]}

    def look(self, query: dict[str, str]) -> Any:
        self.account("look")
        self.check(set(query) <= {"tweet.fields", "expansions", "media.fields"}, "Unknown parameter")
        id = self.path.split("/")[3]
        self.check(re.fullmatch(r"\d{1,19}", id), "The `id` query parameter value is not valid")
        found = [one for account in self.state.accounts for one in account.tweets if one["id"] == id]
        self._bill(found, [])
        return self.entity({"data": self._shown(found[0], query)} if found else self._missing("tweet", id))

    def looks(self, query: dict[str, str]) -> Any:
        """Posts by their ids; of what is not there an error tells, and where not one is, there is no data."""
        self.account("looks")
        self.check({"ids"} <= set(query) <= {"ids", "tweet.fields", "expansions", "media.fields"}, "Unknown parameter")
        self.check(set(query.get("tweet.fields", "id").split(",")) <= KNOWN["tweet.fields"], "tweet.fields")
        ids = query["ids"].split(",")
        self.check(1 <= len(ids) <= 100 and all(re.fullmatch(r"\d{1,19}", id) for id in ids), "ids is not valid")
        every = {one["id"]: one for account in self.state.accounts for one in account.tweets}
        found = [every[id] for id in ids if id in every]
        self._bill(found, [])
        errors = [error for id in ids if id not in every for error in self._missing("tweet", id)["errors"]]
        data = {"data": [self._shown(one, query) for one in found]} if found else {}
        return self.entity(data | ({"errors": errors} if errors else {}))

    def delete(self, query: dict[str, str]) -> Any:
        account, id = self.account("delete"), self.path.split("/")[3]
        self.check(not query and not self.sent, "Unknown parameter")
        self.check(re.fullmatch(r"\d{1,19}", id), "The `id` query parameter value is not valid")
        owner = next((one for one in self.state.accounts for tweet in one.tweets if tweet["id"] == id), None)
        self.check(owner in (account, None), "You are not authorized to delete this Tweet.", 403)
        if owner is None:
            self.check(self.state.gone != "not_found", "No status found with that ID.", 404)
            return {"data": {"deleted": self.state.gone == "deleted"}}
        account.tweets[:] = [tweet for tweet in account.tweets if tweet["id"] != id]
        self.state.bill[f"{self.state.now():%Y-%m-%d}", f"delete {id}"] = BILL["delete"]
        return self.entity({"data": {"deleted": True}})

    def _listed(self, account: Any, query: dict[str, str]) -> list[dict[str, Any]]:
        """Newest first, from where `query` says."""
        start, since = query.get("start_time", "2010-11-06T00:00:00Z"), query.get("since_id", "0")
        self.check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", start), "start_time is invalid")
        self.check(re.fullmatch(r"\d{1,19}", since), "since_id is not a valid Tweet Id")
        self.check(not {"since_id", "start_time"} <= set(query), "Invalid use of 'since_id' with 'start_time'")
        now = self.state.now()
        self.check(start < f"{now:%Y-%m-%dT%H:%M:%SZ}", "start_time must be before now")
        listed = f"{now - timedelta(seconds=self.state.lag):%Y-%m-%dT%H:%M:%S}.999Z"
        found = [one for one in reversed(account.tweets) if start[:19] <= one["created_at"] <= listed]
        for name, kind in (("retweets", "retweet"), ("replies", "reply")):
            if name in query.get("exclude", ""):
                found = [one for one in found if not one[kind]]
        before = query.get("pagination_token", "~").removeprefix("page-")
        return [one for one in found if one["id"] < before and int(one["id"]) > int(since)]

    def _shown(self, one: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        others = {"retweeted": one["retweet"], "replied_to": one["reply"]}
        known = {**one, "edit_history_tweet_ids": [one["id"]]}
        counted = ("like_count", "retweet_count", "quote_count", "reply_count", "impression_count", "bookmark_count")
        known["public_metrics"] = {**dict.fromkeys(counted, 0), **self.state.counts.get(one["id"], {})}
        if told := [{"type": kind, "id": "1" if id is True else id} for kind, id in others.items() if id]:
            known["referenced_tweets"] = told
        asked = ["id", "text", "edit_history_tweet_ids", *query.get("tweet.fields", "").split(",")]
        return dict(self.entity({name: value for name, value in known.items() if name in asked}))

    def _media(self, made: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        with Image.open(BytesIO(made["data"])) as image:
            known: dict[str, Any] = {"width": image.width, "height": image.height}
        known |= {"url": f"https://pbs.twimg.com/media/{made['id']}.jpg"} | (
            {"alt_text": made["alt"]} if made["alt"] else {}
        )
        asked = query.get("media.fields", "").split(",")
        shown = {name: value for name, value in known.items() if name in asked}
        return dict(self.entity({"media_key": f"3_{made['id']}", "type": "photo", **shown}))

    def _bill(self, tweets: list[dict[str, Any]], media: list[dict[str, Any]]) -> None:
        """Keys are made by the account itself, so its posts cost less."""
        own = self.headers["authorization"].startswith("OAuth ")
        day = f"{self.state.now():%Y-%m-%d}"
        for one in tweets:
            self.state.bill[day, one["id"]] = BILL["own" if own else "post"]
        for one in media:
            self.state.bill[day, one["media_key"]] = BILL["media"]
