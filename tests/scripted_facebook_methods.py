"""The Graph half of the scripted Facebook: https://developers.facebook.com/docs/graph-api/reference/page"""

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from email.parser import BytesParser
from email.policy import HTTP
from faults import Said
from io import BytesIO
from PIL import Image
from scripted_facebook_posts import MOST_TEXT
from scripted_facebook_posts import Posts
from typing import Any
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import hashlib
import hmac
import json
import re


if TYPE_CHECKING:
    from scripted_facebook import ScriptedFacebook
    from scripted_facebook_oauth import Token


TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
FEED = frozenset(
    {
        *("message", "link", "attached_media", "published", "scheduled_publish_time", "place", "tags", "targeting"),
        *("feed_targeting", "backdated_time", "call_to_action", "child_attachments", "appsecret_proof"),
    }
)
PHOTO = frozenset(
    {"source", "url", "caption", "published", "temporary", "alt_text_custom", "no_story", "appsecret_proof"}
)
NEEDS = {
    "accounts": "pages_show_list",
    "feed": "pages_manage_posts",
    "photos": "pages_manage_posts",
    "edit": "pages_manage_posts",
    "delete": "pages_manage_posts",
    "posts": "pages_read_engagement",
    "node": "pages_read_engagement",
    "by_ids": "pages_read_engagement",
    "comments": "pages_read_user_content",
}
MOST_BYTES = 10_000_000
REASONS = {
    458: "Error validating access token: The user has not authorized application",
    459: "The session is invalid: the user is in a checkpoint",
    460: "The session has been invalidated because the user changed their password",
    463: "Error validating access token: Session has expired",
    464: "Error validating access token: Sessions for the user are not allowed because the user is not confirmed",
    467: "Error validating access token: This may be because the user logged out",
    492: "Error validating access token: User does not have the appropriate role on the Page",
}


@dataclass
class FbPage:
    id: str
    name: str
    link: str
    posts: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first"""
    photos: dict[str, dict[str, Any]] = field(default_factory=dict)
    gram: dict[str, str] = field(default_factory=dict)
    """Id and username of its account of Instagram"""


class Refusal(Exception):
    def __init__(self, status: int, code: int, message: str, subcode: int = 0, **more: Any) -> None:
        super().__init__(message)
        kind = "GraphMethodException" if code == 100 else "OAuthException"
        error = {"message": message, "type": kind, "code": code, "fbtrace_id": "AbCdEfGhIjKlMnOp", **more}
        if subcode:
            error["error_subcode"] = subcode
        self.said = Said(status, json.dumps({"error": error}).encode(), "application/json; charset=UTF-8")


class Methods(Posts):
    """One call each. `told`: headers of the answer, whatever comes of it."""

    def __init__(self, state: "ScriptedFacebook", verb: str, path: str, query: str, headers: Any, sent: bytes) -> None:
        self.state, self.verb, self.path, self.query = state, verb, path, query
        self.headers, self.sent = headers, sent
        self.told: dict[str, str] = {}

    def check(self, right: object, words: str, subcode: int = 0, code: int = 100) -> None:
        if not right:
            raise Refusal(403 if code == 200 else 400, code, f"(#{code}) {words}", subcode)

    def known(self, token: str) -> "Token":
        """What a token stands for, if it is still good."""
        found = self.state.tokens.get(token)
        if found is None:
            raise Refusal(400, 190, "Invalid OAuth access token - Cannot parse access token")
        if self.state.over:
            raise Refusal(400, 190, REASONS.get(self.state.over, "Error validating access token"), self.state.over)
        if not found.lasting and self.state.now() - found.made > timedelta(hours=1):
            raise Refusal(400, 190, REASONS[463], 463)
        if found.page and found.page.id not in self.state.person.tasks:
            raise Refusal(400, 190, REASONS[492], 492)
        return found

    def signed(self, name: str, sent: dict[str, str]) -> "Token":
        """Whose token came along in the header, with its proof and the rights that this call needs."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise Refusal(400, 2500, "An active access token must be used to query information about the current user.")
        found = self.known(token)
        if "appsecret_proof" not in sent:
            raise Refusal(400, 100, "API calls from the server require an appsecret_proof argument")
        proof = hmac.new(found.app.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof, sent["appsecret_proof"]):
            raise Refusal(400, 100, "Invalid appsecret_proof provided in the API argument")
        right = NEEDS.get(name)
        if right and self.state.person.granted[found.app.id].get(right) != "granted":
            words = f"(#200) If posting to a page, requires {right} permission"
            raise Refusal(403, 10 if self.verb == "GET" else 200, words)
        self._counted(name, found)
        return found

    def _counted(self, name: str, token: "Token") -> None:
        who = token.page.id if token.page else self.state.person.id
        self.state.used[name, who] += 1
        over = self.state.used[name, who] > self.state.limits.get(name, 10**9)
        usage = {"type": "pages", "call_count": 100 if over else 1, "total_cputime": 1, "total_time": 1}
        usage["estimated_time_to_regain_access"] = 19 if over else 0
        self.told["X-Business-Use-Case-Usage"] = json.dumps({who: [usage]})
        if over:
            raise Refusal(400, 80001, "(#80001) There have been too many calls to this Page account.", 2446079)

    def page(self, token: "Token", name: str) -> FbPage:
        """The page in the path, or that of the post there, if the token is its own."""
        page = self.state.pages.get(self.path.split("/")[2].partition("_")[0])
        if page is None:
            raise self.missing()
        if token.page is not page:
            raise Refusal(403, 200, "(#200) Unpublished posts must be posted to a page as the page itself.")
        if name in ("feed", "photos", "edit", "delete") and "CREATE_CONTENT" not in self.state.person.tasks[page.id]:
            raise Refusal(403, 200, "(#200) The user does not have sufficient administrative permission")
        return page

    def missing(self) -> Refusal:
        """Graph does not tell what is gone from what may not be seen."""
        id = self.path.split("/")[2]
        words = f"Unsupported {self.verb.lower()} request. Object with ID '{id}' does not exist, "
        words += "cannot be loaded due to missing permissions, or does not support this operation."
        code, subcode = self.state.gone
        return Refusal(400, code, words, subcode)

    def me(self, query: dict[str, str]) -> Any:
        token = self.signed("me", query)
        asked = self.fields("me", query)
        who: Any = token.page or self.state.person
        return {name: getattr(who, name) for name in asked if hasattr(who, name)}

    def permissions(self, query: dict[str, str]) -> Any:
        token = self.signed("permissions", query)
        self.check(set(query) == {"appsecret_proof"} and token.page is None, "Unknown parameter")
        rights = self.state.person.granted[token.app.id]
        return {"data": [{"permission": name, "status": status} for name, status in rights.items()]}

    def accounts(self, query: dict[str, str]) -> Any:
        from scripted_facebook_oauth import OAuth

        token = self.signed("accounts", query)
        asked = self.fields("accounts", query, "limit", "after")
        self.check(token.page is None, "Tried accessing nonexisting field (accounts) on node type (Page)")
        mine = [page for page in self.state.pages.values() if page.id in self.state.person.tasks]
        rows = []
        for page in mine:
            known: dict[str, Any] = {"id": page.id, "name": page.name, "link": page.link, "category": "City"}
            known["tasks"] = self.state.person.tasks[page.id]
            known["access_token"] = OAuth(self.state, "", "", "", {}, b"").of_page(token, page)
            known |= {"instagram_business_account": page.gram} if page.gram else {}
            rows.append({name: known[name] for name in asked if name in known})
        return self.paged(rows, query)

    def multipart(self) -> dict[str, Any]:
        """Fields as text; the file as (type, bytes)."""
        kind = self.headers.get("content-type", "")
        self.check(kind.startswith("multipart/form-data; boundary="), "No file was sent")
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.sent)
        parts = {p.get_param("name", header="content-disposition"): p for p in message.iter_parts()}
        self.check(len(parts) == len(list(message.iter_parts())), "A field stands twice")
        data = {name: part.get_payload(decode=True) for name, part in parts.items()}
        return {
            name: (parts[name].get_content_type(), value) if parts[name].get_filename() else value.decode()
            for name, value in data.items()
        }

    def photos(self, query: dict[str, str]) -> Any:
        form = self.multipart()
        token = self.signed("photos", form)
        page = self.page(token, "photos")
        self.check({"source", "published"} <= set(form) <= PHOTO and not query, "Unknown or missing parameter")
        self.check(form["published"] == "false", "A photo of a post is published with it")
        mime, data = form["source"]
        try:
            with Image.open(BytesIO(data)) as image:
                image.load()
                self.check(Image.MIME[image.format] == mime, "The file is not what it says")
        except OSError:
            raise Refusal(400, 324, "(#324) Missing or invalid image file", 2069019) from None
        if len(data) > MOST_BYTES:
            raise Refusal(400, 1, "Your photos couldn't be uploaded. Photos should be less than 10 MB.", 1366046)
        id = self.state.number()
        page.photos[id] = {"data": data, "alt": form.get("alt_text_custom", ""), "used": False}
        return {"id": id}

    def feed(self, query: dict[str, str]) -> Any:
        form = dict(parse_qsl(self.sent.decode(), keep_blank_values=True, strict_parsing=True))
        token = self.signed("feed", form)
        page = self.page(token, "feed")
        self.check(set(form) <= FEED and not query, f"Unknown parameter {sorted(set(form) - FEED)}")
        text, link = form.get("message", ""), form.get("link", "")
        media = [page.photos[row["media_fbid"]] for row in json.loads(form.get("attached_media", "[]"))]
        self.check(text.strip() or link or media, "Missing message or attachment")
        self.check(len(text) <= MOST_TEXT, "The message is too long")
        self.check(not (link and media), "Only one of link and attached_media")
        self.check(not any(photo["used"] for photo in media), "The photo has been used already")
        self.check(not link or re.match(r"https?://[^/.]+\.[^/]", link), "The url you supplied is invalid", 1609005)
        if self.state.refuse_duplicates and (text, link) in [(post["said"], post["link"]) for post in page.posts]:
            words = "(#506) Duplicate status message"
            raise Refusal(400, 506, words, 1455006, error_user_msg="This status update is identical to the last one.")
        post = {**self.post_of(page, text, link, media=media), "app": token.app.id}
        for photo in media:
            photo["used"] = True
        page.posts.append(post)
        return {"id": post["id"]}
