"""What the scripted LinkedIn makes of a post and lists of a page:
https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api
"""

from datetime import datetime
from datetime import timedelta
from faults import Said
from scripted_linkedin_texts import parse
from scripted_linkedin_texts import shown
from scripted_linkedin_texts import written
from typing import Any
from urllib.parse import unquote

import re


MOST_TEXT = 3000
BODY = ("author", "commentary", "visibility", "distribution", "lifecycleState", "isReshareDisabledByAuthor")
DISTRIBUTION = {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []}
ALT = 4086


class Posts:
    """What of the methods has to do with posts; the other parts are in scripted_linkedin_methods.py."""

    state: Any
    path: str
    query: str
    check: Any
    signed: Any
    page: Any
    json: Any
    ids: Any

    def post(self, query: dict[str, str]) -> Any:
        self.signed("post")
        body = self.json(*BODY, maybe="content")
        page = self.page(body["author"])
        right = body["visibility"] == "PUBLIC" and body["lifecycleState"] == "PUBLISHED"
        self.check(right and body["distribution"] == DISTRIBUTION and not query, "Not as documented", 422)
        self.check(body["isReshareDisabledByAuthor"] is False, "Not as documented", 422)
        content = self._content(body.get("content", {}), page)
        self._short(body["commentary"])
        self._new(page, body["commentary"], content)
        post = self.post_of(page, body["commentary"], None, content)
        page.posts.append(post)
        return Said(201, b"", headers={"x-restli-id": post["id"]})

    def _short(self, commentary: Any) -> None:
        right = isinstance(commentary, str) and len(commentary.encode("utf-16-le")) // 2 <= MOST_TEXT
        self.check(right, "ShareCommentary text length exceeds the maximum", 422)

    def _new(self, page: Any, commentary: str, content: dict[str, Any]) -> None:
        """Of a post that is gone LinkedIn remembers that it was said, and names it by an id that nobody knows."""
        from scripted_linkedin_methods import Refusal

        if not self.state.refuse_duplicates:
            return
        same = (page.id, shown(parse(commentary)), content.get("article", {}).get("source", ""))
        there = [post["id"] for post in page.posts if post["same"] == same]
        if there or same in self.state.said:
            urn = there[-1] if there else f"urn:li:share:{self.state.number()}"
            errors = [{"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}]
            words = "com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of "
            raise Refusal(422, f"{words}{urn}", errorDetails={"inputErrors": errors})
        self.state.said.add(same)

    def _content(self, content: dict[str, Any], page: Any) -> dict[str, Any]:
        self.check(len(content) <= 1 and set(content) <= {"article", "media", "multiImage"}, "Unknown content", 422)
        if article := content.get("article"):
            known = {"source", "title", "description", "thumbnail"}
            self.check({"source", "title"} <= set(article) <= known, "Unpermitted fields in article", 422)
            self.check(article["title"] and len(article["title"]) <= 400, "The title is missing or too long", 422)
            self.check(0 < len(article.get("description", "-")) <= 4086, "The description is empty or too long", 422)
            self._picture({"id": article["thumbnail"]} if "thumbnail" in article else None, page)
        self._picture(content.get("media"), page)
        if several := content.get("multiImage"):
            self.check(set(several) == {"images"} and 2 <= len(several["images"]) <= 20, "2 to 20 images", 422)
            for one in several["images"]:
                self._picture(one, page)
        return content

    def _picture(self, one: Any, page: Any) -> None:
        if one is not None:
            self.check({"id"} <= set(one) <= {"id", "altText"}, "Unpermitted fields", 422)
            image = self.state.images.get(one["id"])
            self.check(image and image["data"] and image["owner"] == page.urn, "The image is not there", 422)
            self.check(0 < len(one.get("altText", "-")) <= ALT, "The alternative text is empty or too long", 422)

    def post_of(
        self, page: Any, little: str, at: datetime | None = None, content: Any = None, **more: Any
    ) -> dict[str, Any]:
        at, parts = at or self.state.now(), parse(little)
        article = (content or {}).get("article", {}).get("source", "")
        post = {"id": f"urn:li:share:{self.state.number()}", "author": page.urn, "visibility": "PUBLIC", "at": at}
        post |= {"commentary": written(parts), "said": shown(parts), "createdAt": int(at.timestamp() * 1000)}
        post |= {"lifecycleState": "PUBLISHED", "same": (page.id, shown(parts), article), **more}
        return post | ({"content": content} if content else {})

    def _told(self, post: dict[str, Any]) -> dict[str, Any]:
        """Without what only this server knows."""
        return {name: value for name, value in post.items() if name not in ("at", "said", "same", "stats")}

    def _there(self, id: str) -> tuple[Any, dict[str, Any]]:
        from scripted_linkedin_methods import Refusal

        for page in self.state.pages.values():
            for post in page.posts:
                if post["id"] == id:
                    return page, post
        raise Refusal(404, f"Could not find entity {id}", "NOT_FOUND")

    def _id(self) -> str:
        found = re.fullmatch(r"/rest/posts/(urn%3Ali%3A(?:share|ugcPost)%3A[0-9]+)", self.path)
        self.check(found, "Invalid id: it stands encoded in the path")
        return unquote(found[1]) if found else ""

    def posts(self, query: dict[str, str]) -> Any:
        """Those of a page, or some by id."""
        self.signed("posts")
        if "ids" in query:
            self.check(set(query) == {"ids"}, "Unknown parameter")
            known = [post for page in self.state.pages.values() for post in page.posts]
            wanted = self.ids(query["ids"])
            return {"results": {post["id"]: self._told(post) for post in known if post["id"] in wanted}, "errors": {}}
        self.check(set(query) <= {"q", "author", "count", "start", "sortBy", "isDsc"}, "Unknown parameter")
        self.check(query["q"] == "author" and query.get("sortBy") in ("CREATED", "LAST_MODIFIED"), "No such finder")
        start, count = int(query.get("start", "0")), int(query.get("count", "10"))
        self.check(1 <= count <= 100 and start >= 0, "count must be at most 100")
        until = self.state.now() - timedelta(seconds=self.state.lag)
        posts = sorted(self.page(query["author"]).posts, key=lambda post: post["createdAt"])[::-1]
        rows = [self._told(post) for post in posts if post["at"] <= until]
        shown = rows[start : start + min(count, self.state.most)]
        paging = {"start": start, "count": count, "links": [], "total": len(rows)}
        return {"elements": shown, "paging": paging if self.state.totals else {"start": start, "count": count}}

    def look(self, query: dict[str, str]) -> Any:
        self.signed("look")
        return self._told(self._there(self._id())[1])

    def edit(self, query: dict[str, str]) -> Any:
        self.signed("edit")
        patch = self.json("patch")["patch"]
        self.check(set(patch) == {"$set"} and set(patch["$set"]) == {"commentary"}, "Unpermitted fields", 422)
        page, post = self._there(self._id())
        self.page(page.urn)
        self._short(patch["$set"]["commentary"])
        parts = parse(patch["$set"]["commentary"])
        post |= {"commentary": written(parts), "said": shown(parts), "lifecycleState": "PUBLISHED_EDITED"}
        return Said(204, b"")

    def delete(self, query: dict[str, str]) -> Any:
        """To delete what is gone is no error."""
        self.signed("delete")
        id = self._id()
        for page in self.state.pages.values():
            page.posts = [post for post in page.posts if post["id"] != id]
        return Said(204, b"")

    def stats(self, query: dict[str, str]) -> Any:
        """Of what nobody has seen there is no row."""
        self.signed("stats")
        self.check(set(query) <= {"q", "organizationalEntity", "shares", "ugcPosts"}, "Unknown parameter")
        self.check(query["q"] == "organizationalEntity", "No such finder")
        page = self.page(query["organizationalEntity"])
        rows = []
        for name, kind in (("shares", "share"), ("ugcPosts", "ugcPost")):
            wanted = self.ids(query[name]) if name in query else []
            self.check(all(id.startswith(f"urn:li:{kind}:") for id in wanted), f"Not a {kind}")
            for post in page.posts:
                if post["id"] in wanted and post.get("stats"):
                    told = {"organizationalEntity": page.urn, kind: post["id"], "totalShareStatistics": post["stats"]}
                    rows.append(told)
        return {"elements": rows, "paging": {"start": 0, "count": 10, "links": []}}
