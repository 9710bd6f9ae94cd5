"""The methods of the scripted server: AT protocol's, and a plain JSON API's, with their strictness."""

from scripted_index import Index
from scripted_records import check
from scripted_records import check_put
from typing import Any
from typing import TYPE_CHECKING
from urllib.parse import unquote

import hashlib
import json


if TYPE_CHECKING:
    from scripted import Scripted
    from scripted import ScriptedAccount


class Reply(Exception):
    def __init__(self, status: int, body: Any, **headers: str) -> None:
        self.status, self.body, self.headers = status, body, headers


class Methods(Index):
    """The methods of both protocols, one call each."""

    def __init__(
        self, state: "Scripted", headers: Any, verb: str, sent: bytes, query: dict[str, str], uris: list[str]
    ) -> None:
        self.state, self.headers, self.verb, self.sent, self.query = state, headers, verb, sent, query
        self.uris = uris

    def run(self, method: str) -> Any:
        if unquote(method).startswith("/did:plc:"):
            return self.document(unquote(method)[1:])
        known = {
            "resolveHandle": ("GET", self.resolve),
            "createSession": ("POST", self.log_in),
            "refreshSession": ("POST", self.refresh),
            "getSession": ("GET", self.whoami),
            "uploadBlob": ("POST", self.upload),
            "putRecord": ("POST", self.put),
            "getRecord": ("GET", self.get),
            "listRecords": ("GET", self.listed),
            "getBlob": ("GET", self.blob),
            "deleteRecord": ("POST", self.delete),
            "getPostThread": ("GET", self.thread),
            "getPosts": ("GET", self.posts_by_id),
            "posts.create": ("POST", self.create),
            "posts.find": ("GET", self.find),
        }
        verb, run = known.get(method, ("", None))
        if run is None or verb != self.verb:
            raise Reply(404, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})
        return run()

    def body(self) -> Any:
        check(self.headers.get("content-type", "").startswith("application/json"), "Wrong request encoding")
        return json.loads(self.sent)

    def bearer(self, kind: str) -> "ScriptedAccount":
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        did, found = self.state.tokens.get(token, ("", ""))
        if not token:
            raise Reply(401, {"error": "AuthMissing", "message": "Authentication Required"})
        if found != kind:
            raise Reply(400, {"error": "ExpiredToken", "message": "Token has expired"})
        return next(account for account in self.state.accounts.values() if account.did == did)

    def resolve(self) -> Any:
        account = self.state.accounts.get(self.query["handle"])
        check(account, "Unable to resolve handle")
        return {"did": account.did}

    def document(self, did: str) -> Any:
        for account in self.state.accounts.values():
            if account.did == did:
                service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.state.url}
                return {"id": did, "alsoKnownAs": [f"at://{account.handle}"], "service": [service]}
        raise Reply(404, {"message": f"DID not registered: {did}"})

    def _session(self, account: "ScriptedAccount") -> Any:
        made = self.state.session(account)
        who = {"did": account.did, "handle": account.handle}
        return {**who, "accessJwt": made["access"], "refreshJwt": made["refresh"]}

    def log_in(self) -> Any:
        body = self.body()
        for account in self.state.accounts.values():
            if body["identifier"] in (account.did, account.handle) and body["password"] == account.password:
                return self._session(account)
        raise Reply(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})

    def refresh(self) -> Any:
        check(not self.sent, "refreshSession takes no body")
        account = self.bearer("refresh")
        self.state.tokens.pop(self.headers["authorization"].removeprefix("Bearer "))
        return self._session(account)

    def whoami(self) -> Any:
        account = self.bearer("access")
        return {"did": account.did, "handle": account.handle, "active": True}

    def upload(self) -> Any:
        self.bearer("access")
        mime = self.headers.get("content-type", "")
        check(mime.startswith("image/") and self.sent, "not an image")
        check(len(self.sent) <= 2_000_000, "File too large")
        cid = "bafkrei" + hashlib.sha256(self.sent).hexdigest()[:52]
        self.state.blobs[cid] = self.sent
        return {"blob": {"$type": "blob", "ref": {"$link": cid}, "mimeType": mime, "size": len(self.sent)}}

    def put(self) -> Any:
        account, body = self.bearer("access"), self.body()
        check_put(body, account.did, set(self.state.blobs))
        for said in body["record"].get("reply", {}).values():
            _, _, repo, _, rkey = said["uri"].split("/")
            known = (repo, rkey) in self.state.records
            check(not known or said == self.reference((repo, rkey)), "another version was answered")
        place = (account.did, body["rkey"])
        if self.state.records.get(place) != body["record"]:
            self.state.commits += 1
            self.state.records[place] = body["record"]
        return self.reference(place)

    def reference(self, place: tuple[str, str]) -> dict[str, str]:
        written = json.dumps(self.state.records[place], sort_keys=True).encode()
        cid = "bafyrei" + hashlib.sha256(written).hexdigest()[:52]
        return {"uri": f"at://{place[0]}/app.bsky.feed.post/{place[1]}", "cid": cid}

    def get(self) -> Any:
        place = (self.query["repo"], self.query["rkey"])
        if self.query["collection"] == "app.bsky.actor.profile" and place[0] in self.state.profiles:
            return {"uri": f"at://{place[0]}/{self.query['collection']}/self", "value": self.state.profiles[place[0]]}
        if place not in self.state.records:
            raise Reply(400, {"error": "RecordNotFound", "message": "Could not locate record"})
        return {**self.reference(place), "value": self.state.records[place]}

    def listed(self) -> Any:
        check({"repo", "collection"} <= set(self.query) <= {"repo", "collection", "limit"}, "unknown parameter")
        check(self.query["collection"] == "app.bsky.feed.post", "unknown collection")
        limit = int(self.query.get("limit", 50))
        check(1 <= limit <= 100, "limit is at most 100")
        check(self.query["repo"] in [account.did for account in self.state.accounts.values()], "Could not find repo")
        places = sorted((place for place in self.state.records if place[0] == self.query["repo"]), reverse=True)
        return {"records": [{**self.reference(place), "value": self.state.records[place]} for place in places[:limit]]}

    def blob(self) -> Any:
        check(set(self.query) == {"did", "cid"}, "unknown or missing parameter")
        check(self.query["cid"] in self.state.blobs, "Blob not found")
        return self.state.blobs[self.query["cid"]]

    def delete(self) -> Any:
        account, body = self.bearer("access"), self.body()
        check(set(body) == {"repo", "collection", "rkey"}, "unknown or missing parameter")
        check(body["collection"] == "app.bsky.feed.post", "unknown collection")
        if body["repo"] != account.did:
            raise Reply(401, {"error": "AuthenticationRequired", "message": "Authentication Required"})
        if self.state.records.pop((account.did, body["rkey"]), None) is None:
            return {}
        self.state.commits += 1
        return {"commit": {"cid": "bafyrei", "rev": "3"}}

    def create(self) -> Any:
        self.bearer("access")
        body = self.body()
        check(set(body) <= {"key", "text"} and isinstance(body["text"], str), "unknown field")
        post = {"id": str(len(self.state.plain) + 1), **body}
        self.state.plain.append(post)
        return {"id": post["id"]}

    def find(self) -> Any:
        self.bearer("access")
        return {"posts": [post for post in self.state.plain if post.get("key") == self.query["key"]]}
