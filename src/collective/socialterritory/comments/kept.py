"""What somebody typed outlives an error: the page is gone or not public any more, or too many wrote at one time."""

from collective.socialterritory import _
from collective.socialterritory import logger
from collective.socialterritory.assets import asset
from collective.socialterritory.comments.settings import active
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.plain import whole
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized


DOOR = "social-comment"
FIELDS = ("name", "email", "answer", "token", "notify", "anyway", "fragment", "_authenticator")
"""Of the form, beside the text"""


def failing(event: Any) -> None:
    """In place of the page of errors, or of the log-in, where a comment was sent."""
    request = event.request
    door = request.get("ACTUAL_URL", "").rstrip("/").rpartition("/")[2].removeprefix("@@")
    if event.retry or request.method != "POST" or door != DOOR or not request.form.get("text"):
        return
    if not IBrowserLayer.providedBy(request) or not active():
        return
    try:
        Kept(api.portal.get(), request).answer(event.exc_info[0])
    except Exception:
        logger.exception("What was typed could not be shown again")


class Kept(BrowserView):
    """Drawn without the site around, of which it asks as little as can be: something is wrong with it."""

    index = ViewPageTemplateFile("templates/commentkept.pt")
    asset = staticmethod(asset)
    gone = False
    """There is nothing any more that it could be sent to"""

    def answer(self, problem: type) -> None:
        self.gone = issubclass(problem, NotFound | Unauthorized)
        response = self.request.response
        response._locked_status = 0  # by the way to the log-in
        response.setStatus(404 if self.gone else 503)
        response.headers.pop("location", None)
        for name, value in {
            "Cache-Control": "private, no-store",
            "Content-Type": "text/html; charset=utf-8",
            "X-Robots-Tag": "noindex",
            "X-Theme-Disabled": "True",
        }.items():
            response.setHeader(name, value)
        response.setBody(self.index())

    @property
    def language(self) -> str:
        return str(api.portal.get_current_language())

    @property
    def said(self) -> Any:
        return refusal_sentence("item_gone" if self.gone else "not_now")

    @property
    def label(self) -> Any:
        return _("What you wrote, to copy") if self.gone else _("Comment")

    @property
    def text(self) -> str:
        return self._typed("text")

    @property
    def fields(self) -> list[dict[str, str]]:
        """As they came, to be sent once more."""
        return [{"name": name, "value": self._typed(name)} for name in FIELDS if self._typed(name)]

    @property
    def action(self) -> str:
        return str(self.request["ACTUAL_URL"])

    def _typed(self, name: str) -> str:
        return whole(str(self.request.form.get(name) or ""))
