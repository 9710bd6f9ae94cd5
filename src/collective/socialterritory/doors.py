"""The JSON doors for people at work: what all of them ask for, understand and refuse."""

from collective.socialterritory.plain import whole
from plone import api
from plone.protect.authenticator import check
from plone.protect.interfaces import IDisableCSRFProtection
from plone.restapi.services import Service
from typing import Any
from zExceptions import Forbidden
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


class BadInput(Exception):
    """The request is not understood. Raised before anything is written."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@implementer(IPublishTraverse)
class Door(Service):
    """For whoever is logged in; what is behind it is judged row by row. Answers are for one person and never kept."""

    segments = 0
    """Most path segments after the service's name"""

    def __init__(self, context: Any, request: Any) -> None:
        self.context, self.request = context, request
        self.path: tuple[str, ...] = ()

    def publishTraverse(self, request: Any, name: str) -> "Door":
        self.path += (name,)
        return self

    def reply(self) -> Any:
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if api.user.is_anonymous():
            raise Unauthorized("Log in first")
        if len(self.path) > self.segments:
            raise NotFound(self.path[-1])
        try:
            return self.answer()
        except BadInput as error:
            return self.refuse(error.status, {"code": "bad_request", "message": str(error)})

    def answer(self) -> Any:
        raise NotImplementedError

    def refuse(self, status: int, error: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An answer, not an exception: what the refusal had to remember is stored."""
        self.request.response.setStatus(status)
        return {"error": error, **more}

    def values(self, name: str) -> list[str]:
        """A parameter's values, however often it was given; empty ones do not count."""
        found = self.request.form.get(name, [])
        return [whole(str(value)) for value in (found if isinstance(found, list) else [found]) if value]

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """What is more than `most` is cut to it, what is less than `least` is a mistake."""
        text = (self.values(name) or [str(default)])[-1]
        if not (text.isascii() and text.isdigit()) or int(text[:10]) < least:
            raise BadInput(f"{name} must be a whole number, {least} or more.")
        return min(int(text[:10]), most)

    def protect(self) -> None:
        """A browser sends cookies from any page, so with them a form's content types need an authenticator.

        Basic or Bearer excuse from it only without cookies: a link's user:password@ makes a header, too.
        """
        request = self.request
        kind = (request.getHeader("Content-Type") or "").partition(";")[0].strip().lower()
        if kind != "application/json" and (request.cookies or not request._auth):
            try:
                check(request)
            except Forbidden:
                raise BadInput("Send application/json, or an authenticator.", 415) from None
        alsoProvides(request, IDisableCSRFProtection)
