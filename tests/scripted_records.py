"""What the scripted server takes for a post: as strict as the real one, and stricter about facets."""

from datetime import datetime
from typing import Any

import re
import regex


TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
DID = re.compile(r"did:plc:[a-z2-7]{24}")
_FEATURES = {
    "app.bsky.richtext.facet#link": "uri",
    "app.bsky.richtext.facet#tag": "tag",
    "app.bsky.richtext.facet#mention": "did",
}


class Invalid(Exception):
    """What is wrong with a request, in the network's words."""


def check(right: object, problem: str) -> None:
    if not right:
        raise Invalid(problem)


def check_put(body: dict[str, Any], did: str, blobs: set[str]) -> None:
    check(set(body) == {"repo", "collection", "rkey", "record"}, "unknown or missing parameter")
    check(body["repo"] == did, "repo is not yours")
    check(body["collection"] == "app.bsky.feed.post", "unknown collection")
    check(TID.fullmatch(str(body["rkey"])), "rkey is not a TID")
    record = body["record"]
    known = {"$type", "text", "createdAt", "langs", "facets", "embed", "reply"}
    check(isinstance(record, dict) and set(record) <= known, "unknown field in the record")
    check(record.get("$type") == "app.bsky.feed.post", "wrong $type")
    text = record.get("text")
    check(isinstance(text, str), "text is missing")
    check(len(regex.findall(r"\X", text)) <= 300, "Record/text must not be longer than 300 graphemes")
    check(len(text.encode()) <= 3000, "Record/text must not be longer than 3000 characters")
    created = str(record.get("createdAt", ""))
    check(created.endswith("Z") and datetime.fromisoformat(created), "createdAt is not a datetime")
    check(len(record.get("langs", [])) <= 3, "too many langs")
    for facet in record.get("facets", []):
        _check_facet(facet, text.encode())
    if "embed" in record:
        _check_embed(record["embed"], blobs)
    if "reply" in record:
        check(set(record["reply"]) == {"root", "parent"}, "Record/reply must have root and parent")
        for reference in record["reply"].values():
            check(set(reference) == {"uri", "cid"}, "not a reference")
            check(reference["uri"].startswith("at://") and reference["cid"].startswith("bafyrei"), "not a reference")


def _check_facet(facet: dict[str, Any], text: bytes) -> None:
    start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
    check(0 <= start < end <= len(text), "facet outside of the text")
    try:
        text[:start].decode()
        covered = text[start:end].decode()
    except UnicodeDecodeError:
        raise Invalid("facet inside a character") from None
    for feature in facet["features"]:
        name = _FEATURES.get(feature["$type"])
        check(name and set(feature) == {"$type", name}, "unknown facet feature")
        if name == "tag":
            check(covered == f"#{feature['tag']}", "a tag's facet covers something else")
        if name == "uri":
            shown, hidden = covered.removesuffix("…"), covered.endswith("…")
            same = covered == feature["uri"] or (hidden and feature["uri"].partition("://")[2].startswith(shown))
            check(same, "a link's facet covers something else")
        if name == "did":
            check(DID.fullmatch(feature["did"]) and covered.startswith("@"), "not a mention")


def _check_embed(embed: dict[str, Any], blobs: set[str]) -> None:
    kind = embed.get("$type")
    if kind == "app.bsky.embed.external":
        check(set(embed["external"]) >= {"uri", "title", "description"}, "incomplete card")
        return
    check(kind == "app.bsky.embed.images", "unknown embed")
    check(1 <= len(embed["images"]) <= 4, "1 to 4 images")
    for image in embed["images"]:
        check(isinstance(image.get("alt"), str), "an image without alt")
        check(image["image"]["ref"]["$link"] in blobs, "Could not find blob")
