"""What waits for a moderator, and deciding it: all that a desk of another front end needs."""

from AccessControl import getSecurityManager
from collective.socialterritory import clock
from collective.socialterritory.comments import acting
from collective.socialterritory.comments.catalogue import moderated
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.filters import search
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.services.told import Told
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.doors import BadInput
from collective.socialterritory.doors import Door
from collective.socialterritory.plain import whole
from plone.restapi.deserializer import json_body
from plone.restapi.exceptions import DeserializationError
from typing import Any
from urllib.parse import urlencode
from zExceptions import NotFound


BATCH = 25
LARGEST_BATCH = 100
FARTHEST = 1_000_000
MOST = 500
"""Comments that one request decides"""
LONGEST = 50_000
"""Characters of a text"""
LONGEST_ID = 100
REPORTED = "reported"
FILTERS = ("state", "source", "q", "section", "reason", "author")
TEXTS = ("reason", "note", "text", "to")
STATUS = {
    acting.Result.DONE: 200,
    acting.Result.REFUSED: 400,
    acting.Result.NOT_ALLOWED: 403,
    acting.Result.GONE: 404,
    acting.Result.DECIDED: 409,
}


class Moderation(Door):
    def reply(self) -> Any:
        if not active():
            raise NotFound("@moderation")
        return super().reply()


class ModerationGet(Moderation):
    """GET <site>/@moderation: comments that I moderate, newest first. Those that wait, by themselves, oldest first."""

    def answer(self) -> Any:
        start = self.number("b_start", 0, 0, FARTHEST)
        size = self.number("b_size", BATCH, 1, LARGEST_BATCH)
        query = self.query()
        waiting = query.get("review_state") == [str(State.WAITING)]
        order = {"sort_on": "getId", "sort_order": "ascending" if waiting else "descending"}
        found = [] if query.get("SearchableText") == "" else moderated(**query, **order, sort_limit=start + size)
        total = getattr(found, "actual_result_count", len(found))
        told = Told(self.request, clock.now())
        comments = (brain._unrestrictedGetObject() for brain in found[start : start + size])
        language = told.words.language
        return {
            "@id": self.url(),
            "items": [told.comment(comment) for comment in comments],
            "items_total": total,
            "batching": self.links(start, size, total),
            "reasons": [{"id": id, "title": one.said(language)} for id, one in reasons(settings().reasons).items()],
        }

    def query(self) -> dict[str, Any]:
        """Of several values of one filter, any will do. Raises BadInput."""
        states = self.values("state")
        known = [str(state) for state in State]
        if set(states) - {*known, REPORTED}:
            raise BadInput(f"state must be one of {', '.join([*known, REPORTED])}.")
        words = [REPORTED] if REPORTED in states else []
        words += [f"{name}:{self.one(name)}" for name in ("source", "reason", "author") if self.one(name)]
        query: dict[str, Any] = {"words": words} if words else {}
        if set(states) - {REPORTED}:
            query["review_state"] = [state for state in states if state != REPORTED]
        if self.one("q"):
            query["SearchableText"] = search(self.one("q"))
        if self.one("section"):
            query["path"] = f"{'/'.join(self.context.getPhysicalPath())}/{self.one('section').strip('/')}"
        return query

    def one(self, name: str) -> str:
        """A parameter that is given once. Raises BadInput."""
        values = self.values(name)
        if len(values) > 1 or any(len(value) > 2 * LONGEST_ID for value in values):
            raise BadInput(f"{name} must be given once, with {2 * LONGEST_ID} characters at most.")
        return values[0].strip() if values else ""

    def url(self, **batch: int) -> str:
        asked = [(name, value) for name in FILTERS for value in self.values(name)]
        query = urlencode([*asked, *batch.items()])
        return f"{self.context.absolute_url()}/@moderation" + (f"?{query}" if query else "")

    def links(self, start: int, size: int, total: int) -> dict[str, str]:
        links = {"@id": self.url(b_start=start, b_size=size), "first": self.url(b_start=0, b_size=size)}
        if start:
            links["prev"] = self.url(b_start=max(start - size, 0), b_size=size)
        if start + size < total:
            links["next"] = self.url(b_start=start + size, b_size=size)
        return links


class ModerationPost(Moderation):
    """POST <site>/@moderation: {"ids", "action", "reason", "note", "text", "to", "tell", "revisions"}.

    The answer's status is that of all outcomes, where they have one in common; 200 where they differ.
    """

    def answer(self) -> Any:
        self.protect()
        said = self.body()
        ids, now = said.pop("ids"), clock.now()
        outcomes = acting.act(self.context, ids, said.pop("action"), now, **said)
        told = Told(self.request, now)
        shown = [self.outcome(one, told) for one in outcomes]
        statuses = {one["status"] for one in shown}
        self.request.response.setStatus(statuses.pop() if len(statuses) == 1 else 200)
        return {"@id": f"{self.context.absolute_url()}/@moderation", "outcomes": shown}

    def outcome(self, one: acting.Outcome, told: Told) -> dict[str, Any]:
        comment = find(one.key)
        seen = comment is not None and getSecurityManager().checkPermission("View", comment)
        result = one.result
        if result is acting.Result.NOT_ALLOWED and not seen:
            result = acting.Result.GONE  # whether it exists is nobody's business
        said: dict[str, Any] = {"id": one.key, "status": STATUS[result], "outcome": str(result)}
        if result is acting.Result.DONE:
            said["item"] = told.comment(comment) if comment is not None else None
            return said
        said["message"] = self.message(result, one, told)
        if result is acting.Result.REFUSED:
            return {**said, "code": one.code, "field": one.field or None}
        if result is acting.Result.DECIDED:
            return {
                **said,
                "last": told.line(one.event),
                "item": told.comment(comment) if comment is not None else None,
            }
        return said

    def message(self, result: acting.Result, one: acting.Outcome, told: Told) -> str:
        if result is acting.Result.DECIDED:
            return told.words.first(one.event)
        codes = {acting.Result.GONE: "comment_gone", acting.Result.NOT_ALLOWED: "comment_not_yours"}
        return told.words.sentence(codes.get(result, one.code))

    def body(self) -> dict[str, Any]:
        """Raises BadInput."""
        try:
            data = json_body(self.request)
        except DeserializationError:
            raise BadInput("The body must be a JSON object.") from None
        known = {str(action) for action in acting.DOING}
        if not isinstance(data.get("action"), str) or data["action"] not in known:
            raise BadInput(f"action must be one of {', '.join(sorted(known))}.")
        said = {"ids": _ids(data.get("ids")), "action": Action(data["action"]), "tell": data.get("tell", True)}
        if not isinstance(said["tell"], bool):
            raise BadInput("tell must be true or false.")
        for name in TEXTS:
            said[name] = data.get(name) or ""
            if not isinstance(said[name], str) or len(said[name]) > LONGEST or whole(said[name]) != said[name]:
                raise BadInput(f"{name} must be a text of {LONGEST} whole characters at most.")
        return {**said, "revisions": _revisions(data.get("revisions"))}


def _ids(given: Any) -> list[str]:
    good = isinstance(given, list) and 0 < len(given) <= MOST
    if not good or not all(isinstance(id, str) and 0 < len(id) <= LONGEST_ID for id in given):
        raise BadInput(f"ids must be a list of 1 to {MOST} ids, as the list gives them.")
    return list(given)


def _revisions(given: Any) -> dict[str, int]:
    if given is None:
        return {}
    if not isinstance(given, dict) or not all(type(value) is int for value in given.values()):
        raise BadInput("revisions must be an object with a whole number for each id.")
    return given
