"""What the scripted Facebook makes of a post and lists of a page, and which fields it knows:
https://developers.facebook.com/docs/graph-api/reference/pagepost and /reference/story-attachment
"""

from datetime import datetime
from datetime import timedelta
from io import BytesIO
from PIL import Image
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import quote

import re


MOST_TEXT = 63_206
Fields = dict[str, Any]
"""Names -> those in their braces"""
_ATTACHMENT: Fields = dict.fromkeys(
    ("description", "media_type", "target", "title", "type", "unshimmed_url", "url"), {}
)
_ATTACHMENT |= {"media": {"image": {}, "source": {}}, "subattachments": _ATTACHMENT | {"media": {}}}
_POST: Fields = dict.fromkeys(("id", "message", "created_time", "permalink_url"), {})
FIELDS: Fields = {
    "me": dict.fromkeys(("id", "name", "link", "category"), {}),
    "accounts": dict.fromkeys(("id", "name", "link", "access_token", "tasks", "category"), {})
    | {"instagram_business_account": {"id": {}, "username": {}}},
    "posts": _POST
    | {"parent_id": {}, "status_type": {}, "story": {}, "full_picture": {}, "from": {"id": {}, "name": {}}}
    | {"attachments": _ATTACHMENT},
    "node": _POST,
    "by_ids": _POST | {"shares": {}, "reactions": {}, "comments": {}},
    "comments": dict.fromkeys(
        ("id", "message", "created_time", "permalink_url", "is_hidden", "is_private", "like_count", "comment_count"), {}
    )
    | {"parent": {"id": {}}, "attachment": {"type": {}, "url": {}, "media": {}}}
    | {"from": {"id": {}, "name": {}, "picture": {"url": {}}}},
}


SUMMARIES = {
    "reactions": [["limit(0)", "summary(total_count)"]],
    "comments": [["limit(0)", "summary(total_count)"], ["filter(stream)", "limit(0)", "summary(total_count)"]],
}
"""What may stand behind these names"""


class Posts:
    """What of the methods has to do with posts; the other parts are in scripted_facebook_methods.py."""

    known_fields = FIELDS
    state: Any
    path: str
    headers: Any
    sent: bytes
    check: Any
    signed: Any
    page: Any
    missing: Any

    def fields(self, name: str, query: dict[str, str], *more: str) -> Fields:
        """The fields that are asked for, with those in braces."""
        self.check(set(query) <= {"fields", "appsecret_proof", *more}, "Unknown parameter")
        tokens = re.findall(r"\w+(?:\.\w+\(\w+\))+|\w+|[{},]", query["fields"])
        self.check("".join(tokens) == query["fields"], "Syntax error in fields")
        asked = self._within(tokens, self.known_fields[name])
        self.check(not tokens, "Syntax error in fields")
        return asked

    def _within(self, tokens: list[str], known: Fields) -> Fields:
        asked: Fields = {}
        while tokens and tokens[0] != "}":
            name, *options = tokens.pop(0).split(".")
            self.check(not options or sorted(options) in SUMMARIES.get(name, ()), f"{options} of {name}")
            self.check(name in known, f"Tried accessing nonexisting field ({name})")
            asked[name] = {}
            if tokens[:1] == ["{"]:
                tokens.pop(0)
                asked[name] = self._within(tokens, known[name])
                self.check(tokens[:1] == ["}"], "Syntax error in fields")
                tokens.pop(0)
            if tokens[:1] == [","]:
                tokens.pop(0)
        return asked

    def paged(self, rows: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        """The address of the next page has a token in it, as Graph's has."""
        most = int(query.get("limit", "25"))
        self.check(1 <= most <= 100, "limit must be at most 100")
        most = min(most, self.state.most)
        start = int(query.get("after", "c0").removeprefix("c"))
        shown = rows[start : start + most]
        if not shown:
            return {"data": []}
        paging: dict[str, Any] = {"cursors": {"before": f"c{start}", "after": f"c{start + len(shown)}"}}
        if start + most < len(rows):
            paging["next"] = f"{self.state.url}{self.path}?access_token={self.headers['authorization'][7:]}&after=x"
        return {"data": shown, "paging": paging}

    def post_of(
        self, page: Any, text: str, link: str = "", at: datetime | None = None, media: Any = (), parent: str = ""
    ) -> dict[str, Any]:
        id = f"{page.id}_{self.state.number()}"
        where = f"https://www.facebook.com/{page.id}"
        known = {"id": id, "created_time": f"{at or self.state.now():%Y-%m-%dT%H:%M:%S}+0000", "media": list(media)}
        known |= {"permalink_url": f"{where}/posts/{id.partition('_')[2]}", "link": link}
        known |= {"parent_id": parent, "from": {"id": page.id, "name": page.name}}
        photos = [self._photo(photo, where) for photo in media]
        attached = (
            photos if len(photos) < 2 else [{**photos[0], "media_type": "album", "subattachments": {"data": photos}}]
        )
        if link:
            attached = [self._card(link)]
        return {**known, "message": text.strip(), "said": text, "attachments": {"data": attached} if attached else {}}

    def _card(self, link: str) -> dict[str, Any]:
        """Facebook draws it with a picture of the page behind the link."""
        there = quote(link, safe=":/?&=#%+,;@()")
        picture = {"image": {"src": "https://external.xx.fbcdn.net/card.jpg", "width": 500, "height": 261}}
        shim = f"https://l.facebook.com/l.php?u={quote(link, safe='')}"
        return {"media_type": "link", "type": "share", "url": shim, "unshimmed_url": there, "media": picture}

    def _photo(self, photo: dict[str, Any], where: str) -> dict[str, Any]:
        """Its address is signed, long, and good for some days."""
        with Image.open(BytesIO(photo["data"])) as image:
            size = {"width": image.width, "height": image.height}
        src = f"https://scontent.xx.fbcdn.net/v/{self.state.number()}_n.jpg?oh={'0' * 400}&oe=6A00"
        there = f"{where}/photos/1"
        media = {"image": {"src": src, **size}}
        return {"media_type": "photo", "type": "photo", "url": there, "unshimmed_url": there, "media": media}

    def posts(self, query: dict[str, str]) -> Any:
        token = self.signed("posts", query)
        page = self.page(token, "posts")
        asked = self.fields("posts", query, "limit", "since", "until", "after")
        return self.paged(self.listed(page.posts, query, asked), query)

    def listed(self, posts: Any, query: dict[str, str], asked: Fields) -> list[dict[str, Any]]:
        """What of these is to be seen by now, newest first."""
        since, until = int(query.get("since", "0")), self.state.now() - timedelta(seconds=self.state.lag)
        rows = []
        for post in sorted(posts, key=lambda post: post.get("created_time") or post["timestamp"])[::-1]:
            at = datetime.strptime(post.get("created_time") or post["timestamp"], "%Y-%m-%dT%H:%M:%S%z")
            if since <= at.timestamp() <= until.timestamp():
                rows.append(self.shown(post, {**asked, "id": {}}))
        return rows

    def comments(self, query: dict[str, str]) -> Any:
        """https://developers.facebook.com/docs/graph-api/reference/object/comments"""
        token = self.signed("comments", query)
        self.page(token, "comments")
        post = self._post()
        asked = self.fields("comments", query, "filter", "order", "limit", "after", "since", "live_filter", "summary")
        self.check(query.get("filter") in ("stream", "toplevel"), "filter must be stream or toplevel")
        self.check(query.get("order") in ("chronological", "reverse_chronological"), "order must be one of these")
        rows = sorted(post.get("comments", []), key=lambda row: row["created_time"])
        if query["order"] == "reverse_chronological":
            rows = rows[::-1]
        if query["filter"] == "toplevel":
            rows = [row for row in rows if "parent" not in row]
        return self.paged([self.shown(row, {**asked, "id": {}}) for row in rows], query)

    def shown(self, known: Any, asked: Fields) -> Any:
        """Without what is empty, as Graph does. Lists lie in "data"."""
        if not asked:
            return known
        if isinstance(known.get("data"), dict):
            return {"data": self.shown(known["data"], asked)}
        if "data" in known:
            return {"data": [self.shown(one, asked) for one in known["data"]]}
        return {name: self.shown(known[name], inner) for name, inner in asked.items() if known.get(name)}

    def by_ids(self, query: dict[str, str]) -> Any:
        """Several at once; one that is not there spoils all: https://developers.facebook.com/docs/graph-api/overview"""
        token = self.signed("by_ids", query)
        asked = self.fields("by_ids", query, "ids")
        ids = query["ids"].split(",")
        self.check(1 <= len(ids) <= 50, "Too many IDs")
        rights = self.state.person.granted[token.app.id]
        self.check("comments" not in asked or "pages_read_user_content" in rights, "Missing permission", code=200)
        posts = {post["id"]: post for page in self.state.pages.values() for post in page.posts}
        for id in ids:
            if id not in posts:
                raise self.missing()
        return {id: self._summed(posts[id], asked) for id in ids}

    def _summed(self, post: dict[str, Any], asked: Fields) -> dict[str, Any]:
        told, comments = self.state.counts.get(post["id"], {}), len(post.get("comments", []))
        totals = {"reactions": told.get("reactions", 0), "comments": told.get("comments", comments)}
        known = {**post, **{name: {"data": [], "summary": {"total_count": n}} for name, n in totals.items()}}
        known["shares"] = {"count": told["shares"]} if told.get("shares") else None
        return {name: known[name] for name in {**asked, "id": {}} if known.get(name)}

    def node(self, query: dict[str, str]) -> Any:
        self.signed("node", query)
        asked = self.fields("node", query)
        return self.shown(self._post(), {**asked, "id": {}})

    def _post(self) -> dict[str, Any]:
        """The one in the path."""
        id = self.path.split("/")[2]
        found = [post for page in self.state.pages.values() for post in page.posts if post["id"] == id]
        if not found:
            raise self.missing()
        return found[0]

    def edit(self, query: dict[str, str]) -> Any:
        """Of what can be changed, the message alone is of use: https://developers.facebook.com/docs/pages-api/posts"""
        form = dict(parse_qsl(self.sent.decode(), keep_blank_values=True, strict_parsing=True))
        token = self.signed("edit", form)
        self.page(token, "edit")
        post = self._post()
        self.check(set(form) == {"message", "appsecret_proof"} and not query, "Unknown or missing parameter")
        self.check(form["message"].strip() or post["media"], "Missing message")
        self.check(len(form["message"]) <= MOST_TEXT, "The message is too long")
        self.check(post.get("app") == token.app.id, "App cannot edit non-app posts", code=200)
        post |= {"said": form["message"], "message": form["message"].strip()}
        return {"success": True}

    def delete(self, query: dict[str, str]) -> Any:
        token = self.signed("delete", query)
        page, post = self.page(token, "delete"), self._post()
        self.check(set(query) == {"appsecret_proof"} and not self.sent, "Unknown parameter")
        page.posts.remove(post)
        return {"success": True}
