"""The index of the scripted server, which knows threads: the part of app.bsky.* that a bare server passes on to one.

https://docs.bsky.app/docs/api/app-bsky-feed-get-post-thread and /app-bsky-feed-get-posts
"""

from scripted_records import check
from typing import Any


Place = tuple[str, str]
BLOCKS = ("blocking", "blockedBy", "blockingByList")


class Index:
    """What of the methods has to do with threads; the others are in scripted_methods.py."""

    state: Any
    query: dict[str, str]
    uris: list[str]
    bearer: Any
    reference: Any

    def thread(self) -> Any:
        self.bearer("access")
        check({"uri"} <= set(self.query) <= {"uri", "depth", "parentHeight"}, "unknown parameter")
        depth = int(self.query.get("depth", "6"))
        check(0 <= depth <= 1000 and 0 <= int(self.query.get("parentHeight", "80")) <= 1000, "out of range")
        place = self._place(self.query["uri"])
        if place not in self._known():
            raise self._missing()
        said = {"thread": self._node(place, depth)}
        return said | ({"threadgate": self.state.threadgate} if self.state.threadgate else {})

    def posts_by_id(self) -> Any:
        """Those that are there, and not between people who have blocked each other."""
        self.bearer("access")
        check(set(self.query) == {"uris"} and 1 <= len(self.uris) <= 25, "1 to 25 uris")
        places = [place for place in map(self._place, self.uris) if place in self._known()]
        return {"posts": [self._post(place) for place in places if not self._blocked(place)]}

    def _missing(self) -> Exception:
        from scripted_methods import Reply

        return Reply(400, {"error": "NotFound", "message": f"Post not found: {self.query['uri']}"})

    def _place(self, uri: str) -> Place:
        _, _, did, _, key = uri.split("/")
        return did, key

    def _uri(self, place: Place) -> str:
        return f"at://{place[0]}/app.bsky.feed.post/{place[1]}"

    def _known(self) -> list[Place]:
        """Of people who are still there."""
        there = {account.did for account in self.state.accounts.values()}
        return [
            place for place in self.state.records if place[0] in there and self._uri(place) not in self.state.unindexed
        ]

    def _below(self, uri: str) -> list[Place]:
        records = self.state.records
        return [one for one in self._known() if records[one].get("reply", {}).get("parent", {}).get("uri") == uri]

    def _blocked(self, place: Place) -> bool:
        return any(self.state.viewers.get(place[0], {}).get(name) for name in BLOCKS)

    def _node(self, place: Place, depth: int) -> Any:
        uri = self._uri(place)
        if self._blocked(place):
            viewer = self.state.viewers[place[0]]
            named = {"$type": "app.bsky.feed.defs#blockedPost", "uri": uri, "blocked": True}
            return {**named, "author": {"did": place[0], "viewer": viewer}}
        node = {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._post(place)}
        if depth:
            node["replies"] = [self._node(one, depth - 1) for one in self._below(uri)[: self.state.widest]]
        return node

    def _post(self, place: Place) -> dict[str, Any]:
        record, uri = self.state.records[place], self._uri(place)
        account = next(one for one in self.state.accounts.values() if one.did == place[0])
        profile = self.state.profiles.get(place[0], {})
        author = {
            "did": place[0],
            "handle": account.handle,
            "viewer": self.state.viewers.get(place[0], {"muted": False}),
        }
        author |= {"displayName": profile.get("displayName", ""), "labels": profile.get("seen_labels", [])}
        author["avatar"] = f"https://cdn.bsky.app/img/avatar/plain/{place[0]}/bafkrei@jpeg"
        post = {"uri": uri, "cid": self.reference(place)["cid"], "author": author, "record": record, "labels": []}
        counts = {"replyCount": len(self._below(uri)), "repostCount": 0, "likeCount": 0, "quoteCount": 0}
        counts |= self.state.counts.get(uri, {})
        return {**post, **counts, "indexedAt": record["createdAt"], "viewer": {}}
