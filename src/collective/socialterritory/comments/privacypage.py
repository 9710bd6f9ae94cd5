"""The webmaster's page of personal data: what is known of one person, and the record of processing."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.comments import notice
from collective.socialterritory.comments import persons
from collective.socialterritory.comments.checklist import PANEL
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import me
from collective.socialterritory.plain import as_json
from functools import cached_property
from typing import Any
from zope.interface import implementer


LANGUAGES = {"fr": "Français", "en": "English"}


@implementer(INamedPage)
class PrivacyPage(Page):
    """What was typed comes by POST alone, so that no address stands in a log or a history."""

    page_title = _("Personal data in comments")
    problem: Any = None
    person: persons.Person | None = None

    def get(self) -> Any:
        language = self.given("register")
        if language in LANGUAGES and self.request.method != "POST":
            return self.file(notice.as_text(language), "text/plain", f"register-comments-{language}.txt")
        return self.index()

    def post(self) -> Any:
        if not self.who:
            self.problem = _("Type an e-mail address or the id of a member.")
            return self.index()
        self.person = persons.of(self.site, self.who)
        do = self.given("do")
        if do == "download":
            return self.file(as_json(persons.gathered(self.site, self.person)), "application/json", "person.json")
        if do == "erase" and self.given("sure"):
            persons.erase(self.site, self.person, clock.now(), me())
            return self.leave(_("Erased. Decisions stay on record without texts; backups forget when they expire."))
        if do == "erase":
            self.problem = _("Tick the box, so that nothing is erased by accident.")
        return self.index()

    @property
    def who(self) -> str:
        return self.given("who").strip()

    @cached_property
    def counts(self) -> list[tuple[Any, int]]:
        known = persons.count(self.site, self.person)
        return [(words, known[name]) for name, words in TOLD.items()]

    @property
    def registers(self) -> list[dict[str, Any]]:
        return [{"code": code, "title": LANGUAGES[code], "text": notice.as_text(code)} for code in notice.LANGUAGES]

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@social-comments-privacy"

    @property
    def back(self) -> str:
        return self.here

    @property
    def panel(self) -> str:
        return f"{self.site.absolute_url()}/{PANEL}"


TOLD = {
    "comments": _("Comments that they wrote"),
    "reports": _("Reports that they sent"),
    "subscriptions": _("Pages whose answers they are told of"),
}
