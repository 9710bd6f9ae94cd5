"""The API half of the scripted Mastodon server: https://docs.joinmastodon.org/methods"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from email.parser import BytesParser
from email.policy import HTTP
from faults import Said
from io import BytesIO
from PIL import Image
from scripted_mastodon_texts import hashtags
from scripted_mastodon_texts import length
from scripted_mastodon_texts import rendered
from typing import Any
from typing import TYPE_CHECKING
from urllib.parse import unquote

import json
import re


if TYPE_CHECKING:
    from scripted_mastodon import ScriptedMastodon


DOCUMENTED = frozenset(
    {
        *("status", "media_ids", "poll", "in_reply_to_id", "sensitive", "spoiler_text", "visibility", "language"),
        *("scheduled_at", "quoted_status_id", "quote_approval_policy"),
    }
)
EDITED = DOCUMENTED - {"in_reply_to_id", "visibility", "scheduled_at", "quoted_status_id"} | {"media_attributes"}
LISTED = frozenset(
    {
        *("max_id", "since_id", "min_id", "limit", "only_media"),
        *("exclude_replies", "exclude_reblogs", "pinned", "tagged"),
    }
)
ALT = 1500
KEYS_KEPT = 3600
DELETIONS, WITHIN = 30, 1800
MOST_BYTES = 16_777_216


@dataclass
class MastodonAccount:
    id: str
    name: str
    statuses: list[dict[str, Any]] = field(default_factory=list)
    """Oldest first"""
    about: dict[str, Any] = field(default_factory=dict)
    """What else is told of it"""


class Refusal(Exception):
    def __init__(self, status: int, words: str, token: bool = False, **more: str) -> None:
        super().__init__(words)
        self.status, self.token, self.more = status, token, more


class Methods:
    """One call each."""

    def __init__(self, state: "ScriptedMastodon", verb: str, path: str, headers: Any, sent: bytes) -> None:
        self.state, self.verb, self.path, self.headers, self.sent = state, verb, path, headers, sent

    def check(self, right: object, words: str, status: int = 422) -> None:
        if not right:
            raise Refusal(status, words)

    def entity(self, said: dict[str, Any]) -> dict[str, Any]:
        """Servers tell more than is documented."""
        return {**said, "unheard_of": [{"deep": None}], "Größe": 10**20}

    def bearer(self, scope: str, needed: bool = True) -> MastodonAccount | None:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        grant = self.state.tokens.get(token) if scheme == "Bearer" else None
        if grant is None and (token or needed):
            raise Refusal(401, "The access token is invalid", token=True)
        if grant and not {scope, scope.partition(":")[0]} & set(grant.scopes):
            raise Refusal(403, "This action is outside the authorized scopes")
        return grant.account if grant else None

    def account_of(self, account: MastodonAccount) -> dict[str, Any]:
        address = f"{self.state.url}/@{account.name}"
        known = {"id": account.id, "username": account.name, "acct": account.name, "url": address, "display_name": ""}
        pictures = {"avatar": f"{address}.gif", "avatar_static": f"{address}.png"}
        return self.entity({**known, **pictures, **account.about})

    def lookup(self, query: dict[str, str]) -> Any:
        self.bearer("read:accounts", needed=not self.state.anonymous_reads)
        self.check(set(query) == {"acct"}, "Unknown parameter")
        name = query["acct"].lower().removesuffix(f"@{self.state.domain}")
        account = next((one for one in self.state.accounts if self.account_of(one)["acct"] == name), None)
        self.check(account, "Record not found", 404)
        return self.account_of(account)

    def hashtag(self, query: dict[str, str]) -> Any:
        self.bearer("read:statuses", needed=not self.state.anonymous_reads)
        name = unquote(self.path.rpartition("/")[2]).lower()
        every = sorted(self.every().values(), key=lambda one: one["id"], reverse=True)
        return self.listed([one for one in every if name in [tag["name"] for tag in one["tags"]]], query)

    def picture(self, query: dict[str, str]) -> Any:
        made = self.state.media.get(self.path.rpartition("/")[2].removesuffix(".jpg"))
        self.check(made, "Record not found", 404)
        return Said(200, made["data"], "image/jpeg")

    def verify_credentials(self, query: dict[str, str]) -> Any:
        return self.account_of(self.bearer("read:accounts"))

    def configuration(self) -> dict[str, Any]:
        statuses = {"max_characters": self.state.chars, "max_media_attachments": 4, "characters_reserved_per_url": 23}
        media = {
            "supported_mime_types": ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"],
            "description_limit": ALT,
            "image_size_limit": MOST_BYTES,
            "image_matrix_limit": 33177600,
        }
        return {"statuses": statuses, "media_attachments": media}

    def instance_v2(self, query: dict[str, str]) -> Any:
        self.check(self.state.software != "plain", "Not Found", 404)
        known = {"domain": self.state.domain, "title": "Ville", "version": "4.4.8"}
        return self.entity({**known, "configuration": self.configuration(), "api_versions": {"mastodon": 6}})

    def instance_v1(self, query: dict[str, str]) -> Any:
        known: dict[str, Any] = {"uri": self.state.domain, "title": "Ville", "version": "4.4.8"}
        if self.state.software == "plain":
            known |= {"uri": f"https://{self.state.domain}", "max_toot_chars": self.state.chars}
            return self.entity({**known, "version": "2.7.2 (compatible; Plain 1.0)", "description_limit": 900})
        return self.entity({**known, "configuration": self.configuration()})

    def nodeinfo(self, query: dict[str, str]) -> Any:
        self.check(self.state.software != "plain", "Not Found", 404)
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
        return {"links": [{"rel": rel, "href": f"https://{self.state.domain}/nodeinfo/2.0"}]}

    def nodeinfo_2(self, query: dict[str, str]) -> Any:
        software = {"name": self.state.software, "version": "4.4.8"}
        return {"version": "2.0", "software": software, "protocols": ["activitypub"], "metadata": {}}

    def media(self, query: dict[str, str]) -> Any:
        self.bearer("write:media")
        kind = self.headers.get("content-type", "")
        self.check(kind.startswith("multipart/form-data; boundary="), "No file was sent")
        message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + self.sent)
        parts = {part.get_param("name", header="content-disposition"): part for part in message.iter_parts()}
        self.check({"file"} <= set(parts) <= {"file", "description", "focus", "thumbnail"}, "Unknown parameter")
        self.check(len(parts) == len(list(message.iter_parts())), "A field stands twice")
        self.check(parts["file"].get_filename(), "Validation failed: File has no name")
        data = parts["file"].get_payload(decode=True)
        alt = parts["description"].get_payload(decode=True).decode() if "description" in parts else None
        self.check(len(data) <= MOST_BYTES, "Validation failed: File must be less than 16 MB")
        self.check(alt is None or len(alt) <= ALT, "Validation failed: Description is too long")
        try:
            with Image.open(BytesIO(data)) as image:
                image.load()
                mime = Image.MIME[image.format]
        except Exception:
            raise Refusal(422, "Validation failed: File content type is invalid") from None
        self.check(mime == parts["file"].get_content_type(), "Validation failed: File is not what it says")
        id = self.state.number()
        made = {"id": id, "description": alt, "data": data, "waits": self.state.slow_media, "status": None}
        made["size"] = image.size
        self.state.media[id] = made
        return self._media(made, 202)

    def _media(self, made: dict[str, Any], otherwise: int) -> Said:
        """Ready, or the status that says that it is not."""
        ready = made["waits"] <= 0
        url = f"{self.state.url}/media/{made['id']}.jpg" if ready else None
        said = self.entity({"id": made["id"], "type": "image", "url": url, "description": made["description"]})
        return Said(200 if ready else otherwise, json.dumps(said).encode())

    def media_state(self, query: dict[str, str]) -> Any:
        self.bearer("write:media")
        made = self.state.media.get(self.path.rpartition("/")[2])
        self.check(made and not made["status"], "Record not found", 404)
        said = self._media(made, 206)
        made["waits"] -= 1
        return said

    def post(self, query: dict[str, str]) -> Any:
        account, said = self.bearer("write:statuses"), self.json()
        key = self.headers.get("idempotency-key", "")
        known = self.state.keys.get((account.id, key))
        if self.state.honour_keys and known and known["created_at"] >= self.ago(KEYS_KEPT):
            return self.shown(known)
        attached = self.attached(said, DOCUMENTED)
        self.check(said.get("visibility") in ("public", "unlisted", "private", "direct"), "Visibility is not valid")
        parent = said.get("in_reply_to_id")
        self.check(parent is None or isinstance(parent, str), "Wrong type")
        if parent and parent not in self.every():
            self.check(self.state.orphans, "The post you are trying to reply to does not appear to exist.", 404)
            parent = None
        status = self.status_of(account, said["status"], self.state.now())
        status |= {"language": said.get("language"), "in_reply_to_id": parent, "visibility": said["visibility"]}
        account.statuses.append(status)
        self.attach(status, attached)
        if key:
            self.state.keys[account.id, key] = status
        return self.shown(status)

    def edit(self, query: dict[str, str]) -> Any:
        account = self.bearer("write:statuses")
        self.check(not self.state.no_edits, "Not Found", self.state.no_edits)
        status = self.own(account)
        said = self.json()
        attached = self.attached(said, EDITED, status["id"])
        status |= {"said": said["status"], "content": self.content(said["status"])}
        status |= {"language": said.get("language", status["language"]), "edited_at": self.written(self.state.now())}
        self.attach(status, attached)
        return self.shown(status)

    def delete(self, query: dict[str, str]) -> Any:
        account = self.bearer("write:statuses")
        self.check(set(query) <= {"delete_media"}, "Unknown parameter")
        status = self.own(account)
        lately = [who for who, at in self.state.deletions if at >= self.ago(WITHIN)]
        if lately.count(account.id) >= DELETIONS:
            return self.state.trouble("429")
        self.state.deletions.append((account.id, self.written(self.state.now())))
        said = {**self.shown(status), "text": status["said"]}
        self.drop(status["id"])
        if query.get("delete_media") == "true":
            for one in status["media_attachments"]:
                del self.state.media[one["id"]]
        return said

    def drop(self, id: str) -> None:
        for account in self.state.accounts:
            account.statuses[:] = [one for one in account.statuses if one["id"] != id]
        for one in self.every().values():
            if one["in_reply_to_id"] == id:
                one["in_reply_to_id"] = None
        self.state.keys = {key: one for key, one in self.state.keys.items() if one["id"] != id}

    def json(self) -> dict[str, Any]:
        self.check(self.headers.get("content-type", "").startswith("application/json"), "Not JSON")
        return json.loads(self.sent)

    def own(self, account: MastodonAccount) -> dict[str, Any]:
        id = self.path.rpartition("/")[2]
        status = next((one for one in account.statuses if one["id"] == id), None)
        self.check(status, "Record not found", 404)
        return status

    def every(self) -> dict[str, dict[str, Any]]:
        return {status["id"]: status for account in self.state.accounts for status in account.statuses}

    def attached(self, said: dict[str, Any], documented: frozenset[str], to: str | None = None) -> list[dict[str, Any]]:
        """The pictures that are to be shown, of a status whose words are fine. `to`: where they may be already."""
        self.check(set(said) <= documented, f"Unknown: {sorted(set(said) - documented)}")
        text, ids = said.setdefault("status", ""), said.get("media_ids", [])
        self.check(isinstance(text, str) and isinstance(ids, list), "Wrong type")
        self.check(text.strip() or ids, "Validation failed: Text can't be blank")
        self.check(re.fullmatch("[a-z]{2,3}(-[A-Za-z]{2,4})?", said.get("language", "fr")), "Language is not valid")
        limit = self.state.chars
        self.check(
            length(text, self.state.software) <= limit, f"Validation failed: Text character limit of {limit} exceeded"
        )
        self.check(len(ids) <= 4 and len(set(ids)) == len(ids), "Validation failed: Too many media")
        found = [self.state.media.get(id) for id in ids]
        self.check(all(found), "Media not found or not yours")
        ready = all(one["status"] in (None, to) and one["waits"] <= 0 for one in found)
        self.check(ready, "Cannot attach these files")
        return found

    def attach(self, status: dict[str, Any], media: list[dict[str, Any]]) -> None:
        for one in media:
            one["status"] = status["id"]
        status["media_attachments"] = media

    def status_of(self, account: MastodonAccount, text: str, at: datetime) -> dict[str, Any]:
        id = self.state.number()
        address = f"{self.state.url}/@{account.name}/{id}"
        known = {"id": id, "uri": address, "url": address, "said": text, "reblog": None, "media_attachments": []}
        known |= {"in_reply_to_id": None, "language": None, "edited_at": None, "card": None}
        known |= {"visibility": "public", "sensitive": False, "spoiler_text": ""}
        known["tags"] = [{"name": tag.lower(), "url": f"{self.state.url}/tags/{tag}"} for tag in hashtags(text)]
        return {**known, "created_at": self.written(at), "content": self.content(text), "by": account}

    def content(self, text: str) -> str:
        return rendered(text, self.state.url, self.state.software)

    def written(self, at: datetime) -> str:
        return f"{at:%Y-%m-%dT%H:%M:%S}.000Z"

    def ago(self, seconds: float) -> str:
        return self.written(self.state.now() - timedelta(seconds=seconds))

    def shown(self, status: dict[str, Any]) -> dict[str, Any]:
        inner = ("said", "by", "media_attachments")
        media = [self.attachment(one) for one in status["media_attachments"]]
        known = {name: value for name, value in status.items() if name not in inner}
        known["reblog"] = status["reblog"] and self.shown(status["reblog"])
        known |= {"favourites_count": 0, "reblogs_count": 0, "quotes_count": 0}
        known["replies_count"] = sum(one["in_reply_to_id"] == status["id"] for one in self.every().values())
        known |= self.state.counts.get(status["id"], {})
        return self.entity({**known, "media_attachments": media, "account": self.account_of(status["by"])})

    def attachment(self, made: dict[str, Any]) -> dict[str, Any]:
        if "data" not in made:
            return made
        width, height = made["size"]
        known = {"id": made["id"], "type": "image", "description": made["description"]}
        meta = {"original": {"width": 10 * width, "height": 10 * height}, "small": {"width": width, "height": height}}
        where = {"url": f"{self.state.url}/media/{made['id']}.jpg", "remote_url": None}
        return {**known, **where, "preview_url": f"{self.state.url}/media/small/{made['id']}.jpg", "meta": meta}

    def statuses(self, query: dict[str, str]) -> Any:
        parts = self.path.split("/")
        self.check(parts[5:] == ["statuses"], "Record not found", 404)
        self.bearer("read:statuses", needed=not self.state.anonymous_reads)
        account = next((one for one in self.state.accounts if one.id == parts[4]), None)
        self.check(account, "Record not found", 404)
        return self.listed(reversed(account.statuses), query)

    def listed(self, statuses: Iterable[dict[str, Any]], query: dict[str, str]) -> Any:
        self.check(set(query) <= LISTED, "Unknown parameter")
        limit = int(query.get("limit", "20"))
        self.check(1 <= limit <= 40, "limit is at most 40")
        found = [one for one in statuses if one["id"] < query.get("max_id", "~")]
        if self.state.lag:
            found = [one for one in found if one["created_at"] < self.ago(self.state.lag)]
        if query.get("exclude_replies") == "true":
            found = [one for one in found if not one["in_reply_to_id"]]
        if query.get("exclude_reblogs") == "true":
            found = [one for one in found if not one["reblog"]]
        return [self.shown(one) for one in found[:limit]]

    def context(self, query: dict[str, str]) -> Any:
        """https://docs.joinmastodon.org/methods/statuses/#context; all that is private is for us as well."""
        asks = self.bearer("read:statuses", needed=not self.state.anonymous_reads)
        every, id = self.every(), self.path.split("/")[-2]
        self.check(id in every and not query, "Record not found", 404)
        seen = [one for one in every.values() if asks and one["by"].id not in self.state.blocked]
        found = [id]
        for parent in found:
            found += [one["id"] for one in seen if one["in_reply_to_id"] == parent]
        shown = [self.shown(every[one]) for one in found[1 : 4097 if asks else 61]]
        return self.entity({"ancestors": [], "descendants": shown})

    def status(self, query: dict[str, str]) -> Any:
        self.bearer("read:statuses", needed=not self.state.anonymous_reads)
        status = self.every().get(self.path.rpartition("/")[2])
        self.check(status, "Record not found", 404)
        return self.shown(status)
