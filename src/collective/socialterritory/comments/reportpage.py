"""The page on which visitors report a comment."""

from collective.socialterritory import _
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import reports
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.outside import Outside
from collective.socialterritory.comments.rules import lines
from collective.socialterritory.comments.rules import reports as rules
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.rules.judging import readable
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.showing import page_address
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import written
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from secrets import token_urlsafe
from typing import Any
from zope.interface import implementer


LAW = "https://eur-lex.europa.eu/eli/reg/2022/2065/oj#art_16"
LENGTH = 600
"""Characters of the comment that are shown"""
LEGAL = {
    rules.ILLEGAL: _("Illegal content: against the law, not just against the charter"),
    rules.MINORS: _("Sexual abuse of children"),
}
FIELDS = ("reason", "text", "name", "email", "sure")
"""In the order of the page"""


@implementer(INamedPage)
class ReportPage(Outside):
    """?comment=, as facts.key gives it."""

    page_title = _("Report a comment")
    index = ViewPageTemplateFile("templates/report.pt")
    trouble: Any = None
    """The sentence of what keeps it from being sent, where it is of no field"""
    sent: Report | None = None

    def __init__(self, context: Any, request: Any) -> None:
        super().__init__(context, request)
        self.problems: dict[str, Any] = {}

    @cached_property
    def key(self) -> str:
        return self.given("comment")

    @cached_property
    def comment(self) -> Any:
        """None for what visitors do not see: whether it waits or is gone is nobody's business."""
        comment = deciding.find(self.key)
        shown = comment is not None and visible.visible(comment) and not facts.facts(comment).gone
        return comment if shown and api.user.has_permission("View", obj=facts.page(comment)) else None

    def get(self) -> Any:
        return self.page() if self.comment is not None else self._gone()

    def _gone(self) -> Any:
        self.trouble = self.sentence("report_gone")
        return self.page(410)

    def post(self) -> Any:
        try:
            if self.comment is None:
                return self._gone()
            self._gate()
            if self.problems:
                return self.page()
            self.sent = reports.submit(self.comment, self.typed, posting.place(self.request).network, self.now)
        except signing.BadToken as bad:
            return self._refused(Refusal(bad.code))
        except Refusal as refusal:
            return self._refused(refusal)
        return self.page()

    def _gate(self) -> None:
        """From cheap to dear. Raises BadToken and Refusal."""
        signing.read_form(self.secret, self._form, self.given("token"), self.now)
        if self.given("website"):
            raise Refusal("trapped_report")
        found = rules.problems(self.typed, self.articles, bool(self.given("sure")))
        facts = {"longest": rules.LONGEST}
        self.problems = {name: self.sentence(found[name], **facts) for name in FIELDS if name in found}
        if not self.problems and (minutes := self.wait()):
            raise Refusal("wait", minutes=minutes)

    def _refused(self, refusal: Refusal) -> Any:
        self.trouble = refusal_sentence(refusal.code, refusal.facts)
        return self.page()

    @cached_property
    def typed(self) -> Report:
        """Without what nobody can see."""
        return Report(
            "",
            "",
            self.given("reason"),
            text=readable(self.given("text")),
            name=rules.name(self.given("name")),
            email=self.given("email").strip(),
            language=str(api.portal.get_current_language()),
        )

    @property
    def _form(self) -> str:
        return f"report {self.key}"

    @property
    def form_token(self) -> str:
        """The one that was good, so that what is mended in a moment is not too fast."""
        if self.problems:
            return self.given("token")
        return signing.form_token(self.secret, self._form, token_urlsafe(6), self.now)

    @cached_property
    def articles(self) -> dict[str, lines.Reason]:
        return lines.reasons(settings().reasons)

    def options(self) -> list[dict[str, Any]]:
        """The reasons, those of the law last."""
        language = str(api.portal.get_current_language())
        all = {**{id: one.said(language) for id, one in self.articles.items()}, **LEGAL}
        return [
            {"id": id, "words": words, "chosen": id == self.typed.reason, "legal": id in LEGAL}
            for id, words in all.items()
        ]

    @property
    def law(self) -> str:
        return LAW

    @property
    def sure(self) -> bool:
        return bool(self.given("sure"))

    @property
    def charter(self) -> str:
        return settings().charter_url or ""

    @property
    def back(self) -> str:
        """Where visitors read it, or the page it was on."""
        return address(page_address(facts.page(self.comment)), int(self.comment.id))

    @property
    def said(self) -> dict[str, str]:
        return {
            "name": self.comment.author_name or "",
            "when": written(self.comment.creation_date),
            "text": cut(self.comment.text, LENGTH, codepoints),
            "title": facts.page(self.comment).Title(),
        }

    @property
    def hidden(self) -> bool:
        """Whether this report was the one too many."""
        return bool(facts.facts(self.comment).hidden)
