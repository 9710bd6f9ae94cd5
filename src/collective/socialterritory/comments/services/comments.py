"""plone.restapi's `@comments`, by the same way in as the form, and `@comment-form`, which tells how."""

from AccessControl import getSecurityManager
from collective.socialterritory import clock
from collective.socialterritory import doors
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import own
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.private import written_by
from collective.socialterritory.comments.rules import judging
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.serializing import may_see
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.doors import BadInput
from collective.socialterritory.local import me
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.messages import rules_told
from plone.app.discussion.interfaces import IConversation
from plone.restapi.deserializer import json_body
from plone.restapi.exceptions import DeserializationError
from plone.restapi.interfaces import ISerializeToJson
from plone.restapi.services.discussion import conversation as core
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.component import getMultiAdapter
from zope.i18n import translate


STATUS = {
    "too_many": 429,
    "queue_full": 503,
    "would_wait": 409,
    "item_gone": 404,
    **dict.fromkeys(("banned", "closed", "comments_paused", "log_in", "not_yours", "too_late"), 403),
}
"""Where it is not 400"""
TEXTS = {"text": "text", "author_name": "name", "author_email": "email", "token": "token", "trap": "trap"}
MARKS = {"user_notification": "notify", "anyway": "anyway"}


class Door(doors.Door):
    """For anybody. `core`: the service of plone.restapi, for sites where comments are not ours to look after."""

    core: Any = None
    segments = 1

    def reply(self) -> Any:
        if not active():
            return self._theirs()
        if len(self.path) > self.segments:
            raise NotFound(self.path[-1])
        if self.request.method != "GET" or me():
            self.request.response.setHeader("Cache-Control", "private, no-store")
        try:
            if self.request.method != "GET" and me():
                self.protect()
            return self.answer()
        except BadInput as error:
            return self.told(error.status, "bad_request", str(error))
        except Refusal as refusal:
            return self.refused(refusal)
        except Decided:
            return self.told(409, "already_decided", "Somebody was first: read the comment again.")

    def comment(self) -> Any:
        """The one of the path. Raises NotFound, for one that the caller may not see as well."""
        id = self.path[0] if self.path else ""
        found = IConversation(self.context).get(id) if id.isdecimal() and len(id) < 19 else None
        if found is None or not may_see(found):
            raise NotFound(id)
        return found

    def body(self) -> dict[str, Any]:
        try:
            said = json_body(self.request)
        except (DeserializationError, RecursionError, UnicodeDecodeError):
            raise BadInput("The body must be a JSON object.") from None
        if not isinstance(said, dict):
            raise BadInput("The body must be a JSON object.")
        return said

    def refused(self, refusal: Refusal) -> dict[str, Any]:
        message = translate(refusal_sentence(refusal.code, refusal.facts), context=self.request)
        rules = [
            {"id": id, "message": translate(told, context=self.request)}
            for id, told in zip(refusal.rules, rules_told(refusal.rules), strict=True)
        ]
        if refusal.code == "too_many":
            self.request.response.setHeader("Retry-After", str(int(str(refusal.facts.get("minutes", 1))) * 60))
        return self.told(STATUS.get(refusal.code, 400), refusal.code, message, field=refusal.field, rules=rules)

    def told(self, status: int, code: str, message: str, **more: Any) -> dict[str, Any]:
        return self.refuse(status, {"type": code, "code": code, "message": message, **more})

    def _theirs(self) -> Any:
        if self.core is None:
            raise NotFound(self.request.URL)
        service = self.core()
        service.context, service.request = self.context, self.request
        for name in self.path:
            service.publishTraverse(self.request, name)
        return service.reply()


class CommentsGet(Door):
    """GET <item>/@comments[/<id>]?b_start=&b_size="""

    core = core.CommentsGet

    def answer(self) -> Any:
        about = self.comment() if self.path else IConversation(self.context, None)
        if about is None:
            raise NotFound("@comments")
        return getMultiAdapter((about, self.request), ISerializeToJson)()


class CommentsPost(Door):
    """POST <item>/@comments[/<id of what it answers>]"""

    core = core.CommentsAdd

    def answer(self) -> Any:
        if IConversation(self.context, None) is None:
            raise NotFound("@comments")
        draft = self.draft(self.body())
        posted = posting.submit(self.context, draft, posting.visitor(self.request), clock.now())
        id = posted.key.rpartition(".")[2]
        url = f"{self.context.absolute_url()}/@comments/{id}"
        self.request.response.setStatus(200 if posted.again else 201)
        self.request.response.setHeader("Location", url)
        return {"@id": url, "comment_id": id, "waits": posted.waits, "link": posted.link, "again": posted.again}

    def draft(self, said: dict[str, Any]) -> Draft:
        """Raises BadInput."""
        texts = {name: said.get(key) or "" for key, name in TEXTS.items()}
        for name, value in texts.items():
            if not isinstance(value, str):
                raise BadInput(f"{name} must be a text.")
        parent = self.path[0] if self.path else str(said.get("in_reply_to") or "")
        return Draft(parent=parent, **texts, **{name: said.get(key) is True for key, name in MARKS.items()})


class CommentsPatch(Door):
    """PATCH <item>/@comments/<id>: another text, by a moderator, or by its author while that is possible."""

    core = core.CommentsUpdate

    def answer(self) -> Any:
        comment, said = self.comment(), self.body()
        text, revision = said.get("text"), said.get("revision")
        if not isinstance(text, str) or not isinstance(revision, int | None):
            raise BadInput("text must be a text, and revision a number.")
        if _may("Edit comments", comment):
            self.change(comment, text, revision)
        elif written_by(comment, me()):
            network = posting.visitor(self.request).network
            own.change(comment, text, network, clock.now(), revision, said.get("anyway") is True)
        else:
            raise Unauthorized("Edit comments")
        return self.reply_no_content()

    def change(self, comment: Any, text: str, revision: int | None) -> None:
        if len(text) > settings().longest:
            raise Refusal("text_long", "text", longest=settings().longest)
        if not (readable := judging.readable(text)):
            raise Refusal("text_empty", "text")
        try:
            deciding.edit(comment, readable, clock.now(), revision)
        except ValueError:
            raise Refusal("not_yours") from None


class CommentsDelete(Door):
    """DELETE <item>/@comments/<id>: by a moderator, with what is below it; by its author, who takes it back."""

    core = core.CommentsDelete

    def answer(self) -> Any:
        comment = self.comment()
        if _may("Delete comments", comment):
            deciding.remove(comment, clock.now())
        elif written_by(comment, me()):
            own.withdraw(comment, clock.now())
        else:
            raise Unauthorized("Delete comments")
        return self.reply_no_content()


class CommentForm(Door):
    """GET <item>/@comment-form: what a form of one's own needs. Nobody may keep the answer."""

    segments = 0

    def answer(self) -> Any:
        if IConversation(self.context, None) is None:
            raise NotFound("@comment-form")
        self.request.response.setHeader("Cache-Control", "private, no-store")
        now = clock.now()
        open = opening(self.context, now)
        token = {} if me() else {"token": posting.form_token(self.context, now)}
        return {
            "@id": f"{self.context.absolute_url()}/@comment-form",
            "open": open.open,
            "why": open.why and str(open.why),
            "until": open.until and open.until.isoformat(),
            "longest": settings().longest,
            "not_before": signing.YOUNG.seconds,
            "lasts": int(signing.OLD.total_seconds()),
            **(token if open.open else {}),
        }


def _may(permission: str, comment: Any) -> bool:
    return bool(deciding.may_moderate(comment) and getSecurityManager().checkPermission(permission, comment))
