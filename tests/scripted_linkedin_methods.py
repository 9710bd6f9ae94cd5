"""The API half of the scripted LinkedIn: https://learn.microsoft.com/linkedin/marketing/community-management"""

from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from faults import Said
from io import BytesIO
from PIL import Image
from scripted_linkedin_posts import Posts
from typing import Any
from typing import TYPE_CHECKING

import json
import re


if TYPE_CHECKING:
    from scripted_linkedin import ScriptedLinkedIn


OLDEST, NEWEST = "202511", "202611"
"""Versions that are served"""
NEEDS = {
    **dict.fromkeys(("acls", "stats"), "rw_organization_admin"),
    **dict.fromkeys(("posts", "look", "images"), "r_organization_social"),
    **dict.fromkeys(("image", "upload", "post", "edit", "delete"), "w_organization_social"),
}
RESTLI = {"acls": "FINDER", "stats": "FINDER", "edit": "PARTIAL_UPDATE", "delete": "DELETE", "images": "BATCH_GET"}


@dataclass
class LiPage:
    id: str
    name: str
    role: str = "ADMINISTRATOR"
    state: str = "APPROVED"
    posts: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first"""

    @property
    def urn(self) -> str:
        return f"urn:li:organization:{self.id}"


class Refusal(Exception):
    """`error`: one of OAuth 2. `code`: one of the API."""

    def __init__(self, status: int, words: str, code: str = "", error: str = "", **more: Any) -> None:
        super().__init__(words)
        body: dict[str, Any] = {"status": status, "message": words, **({"code": code} if code else {}), **more}
        if error:
            body = {"error": error, "error_description": words}
        self.said = Said(status, json.dumps(body).encode())


class Methods(Posts):
    """One call each. Without `need` no token is asked for."""

    def __init__(self, state: "ScriptedLinkedIn", verb: str, path: str, query: str, headers: Any, sent: bytes) -> None:
        self.state, self.verb, self.path, self.query = state, verb, path, query
        self.headers, self.sent = headers, sent

    def check(self, right: object, words: str, status: int = 400) -> None:
        if not right:
            raise Refusal(status, words, "ILLEGAL_ARGUMENT" if status == 400 else "")

    def signed(self, name: str) -> None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        grant = self.state.access.get(token)
        if scheme != "Bearer" or grant is None:
            raise Refusal(401, "The token used in the request has been revoked by the user", "REVOKED_ACCESS_TOKEN")
        if self.state.now() - grant.made > timedelta(days=60):
            raise Refusal(401, "The token used in the request has expired", "EXPIRED_ACCESS_TOKEN")
        if name in NEEDS and NEEDS[name] not in grant.scopes:
            raise Refusal(403, f"Not enough permissions to access: {name}.{self.verb}", "ACCESS_DENIED")
        if name == "upload":
            return
        version, protocol = (self.headers.get(h, "") for h in ("linkedin-version", "x-restli-protocol-version"))
        if not re.fullmatch(r"[0-9]{6}", version):
            raise Refusal(400, "A version must be present. Please specify it by adding the LinkedIn-Version header.")
        if not OLDEST <= version <= NEWEST:
            raise Refusal(426, f"Requested version {version}01 is not active", "NONEXISTENT_VERSION")
        self.check(protocol == "2.0.0", "Rest.li protocol version 2.0.0 is needed for this")
        told = self.headers.get("x-restli-method", "")
        self.check(told in ("", RESTLI.get(name, told)) and (told or name not in ("edit", "delete")), "Wrong method")

    def json(self, *names: str, maybe: str = "") -> dict[str, Any]:
        self.check(self.headers.get("content-type", "").startswith("application/json"), "Not JSON")
        said = json.loads(self.sent)
        right = isinstance(said, dict) and set(said) - {maybe} == set(names)
        self.check(right, f"Not as documented: {self.sent[:300]!r}", 422)
        return dict(said)

    def page(self, urn: str) -> LiPage:
        page = self.state.pages.get(urn.removeprefix("urn:li:organization:"))
        if page is None or page.role not in ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR"):
            raise Refusal(403, "Field Value validation failed in REQUEST_BODY: /author", "ACCESS_DENIED")
        return page

    def ids(self, value: str) -> list[str]:
        """In the query they stand encoded, one by one, and the list around them does not."""
        found = re.fullmatch(r"List\((.*)\)", value)
        self.check(found and "List(" in self.query and ":" not in self.query, "Not a Rest.li 2.0 list")
        return found[1].split(",") if found else []

    def acls(self, query: dict[str, str]) -> Any:
        self.signed("acls")
        self.check(set(query) <= {"q", "state", "role", "count", "start"} and query["q"] == "roleAssignee", "No finder")
        rows = [
            {"roleAssignee": "urn:li:person:a1", "role": page.role, "state": page.state, "organization": page.urn}
            for page in self.state.pages.values()
            if page.state == query.get("state", page.state)
        ]
        return {"elements": rows[: int(query.get("count", "10"))], "paging": {"start": 0, "count": 100, "links": []}}

    def lookup(self, query: dict[str, str]) -> Any:
        self.signed("lookup")
        self.check(set(query) == {"ids"}, "Unknown parameter")
        known = [self.state.pages[id] for id in self.ids(query["ids"]) if id in self.state.pages]
        found = {
            page.id: {"id": int(page.id), "localizedName": page.name, "vanityName": page.name.lower()} for page in known
        }
        return {"results": found, "statuses": {}, "errors": {}}

    def image(self, query: dict[str, str]) -> Any:
        self.signed("image")
        self.check(query == {"action": "initializeUpload"}, "Unknown action")
        asked = self.json("initializeUploadRequest")["initializeUploadRequest"]
        self.check(set(asked) == {"owner"}, "Not as documented", 422)
        id = f"urn:li:image:C4E10{self.state.number()}"
        self.state.images[id] = {"owner": self.page(asked["owner"]).urn, "data": b""}
        where = f"{self.state.url}/dms-uploads/sp/{id[13:]}/uploaded-image/0?ca=vector_ads&cn=uploads&sync=0&ut=2XWVA"
        return {"value": {"uploadUrlExpiresAt": 1689325508508, "uploadUrl": where, "image": id}}

    def upload(self, query: dict[str, str]) -> Any:
        self.signed("upload")
        image = self.state.images[f"urn:li:image:{self.path.split('/')[3]}"]
        with Image.open(BytesIO(self.sent)) as opened:
            self.check(opened.format in ("JPEG", "PNG", "GIF"), "Unsupported")
            self.check(opened.width * opened.height < 36_152_320, "Too many pixels")
            image["size"] = opened.size
        image["data"] = self.sent
        return Said(201, b"")

    def images(self, query: dict[str, str]) -> Any:
        self.signed("images")
        found = {}
        for id in self.ids(query["ids"]):
            if image := self.state.images.get(id):
                where = f"https://media.licdn.com/dms/image/{id[13:]}/feedshare?e=2147483647&v=beta&t={'A' * 40}"
                found[id] = {"id": id, "owner": image["owner"], "status": "AVAILABLE", "downloadUrl": where}
        return {"results": found, "statuses": {}, "errors": {}}
