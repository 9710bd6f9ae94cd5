"""The page where staff say what they follow."""

from collective.socialterritory import _
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening import letters
from collective.socialterritory.feeds.listening import rules
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.wake import wake
from functools import cached_property
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.interface import implementer

import transaction


PROBLEMS = {
    "title_missing": _("Give it a name."),
    "terms_missing": _("Write at least one word, hashtag or mention."),
    "terms_many": _("Fifty lines at most. Follow the others under another name."),
    "term_long": _("A line has 100 characters at most."),
    "term_empty": _("Each line needs a letter or a number."),
}
"""Sentences for codes of rules.terms"""


@implementer(INamedPage)
class WatchPage(Page):
    """?id= one that there is; without, a new one."""

    problems: dict[str, Any]

    @cached_property
    def listening(self) -> Listening:
        return Listening(self.site)

    @cached_property
    def watch(self) -> Watch | None:
        return self.listening.watch(self.given("id"))

    @property
    def page_title(self) -> Any:
        return _("Change what is followed") if self.watch else _("Follow something")

    @property
    def back(self) -> str:
        return f"{self.site.absolute_url()}/@@social-listening"

    def get(self) -> str:
        self.problems = {}
        if self.given("id") and self.watch is None:
            return str(self.leave(_("It is not there any more."), "warning"))
        return str(self.index())

    def several(self, name: str) -> list[str]:
        """What is ticked in the form, or in the watch while nothing is sent."""
        if self.request.method != "POST":
            return list(getattr(self.watch, name, ()))
        said = self.request.form.get(name, [])
        return [str(value) for value in (said if isinstance(said, list) else [said])]

    @property
    def title(self) -> str:
        return self.given("title") if self.request.method == "POST" else getattr(self.watch, "title", "")

    @property
    def terms(self) -> str:
        return self.given("terms") if self.request.method == "POST" else "\n".join(getattr(self.watch, "terms", ()))

    def source_options(self) -> list[dict[str, Any]]:
        chosen, known = self.several("sources"), content.feeds(self.site)
        sources = [(IUUID(obj), obj.Title()) for obj in known if obj.portal_type == content.SOURCE]
        return [{"value": uid, "title": title, "chosen": uid in chosen} for uid, title in sources]

    def department_options(self) -> list[dict[str, Any]]:
        chosen = self.several("departments")
        return [{"value": name, "title": name, "chosen": name in chosen} for name in letters.known()]

    def post(self) -> str:
        if self.given("id") and self.watch is None:
            return str(self.leave(_("It is not there any more."), "warning"))
        if self.given("delete"):
            self.listening.unfollow(self.given("id"))
            return str(self.leave(_("It is not followed any more.")))
        title = one_line(self.given("title"))[: rules.LONGEST]
        terms, wrong = rules.terms(plain(self.given("terms")))
        codes = {"title": "" if title else "title_missing", "terms": wrong}
        self.problems = {name: PROBLEMS[code] for name, code in codes.items() if code}
        if self.problems:
            return str(self.index())
        sources, departments = (
            [option["value"] for option in options if option["chosen"]]
            for options in (self.source_options(), self.department_options())
        )
        self.listening.follow(self.given("id"), title, terms, sources, departments)
        transaction.get().addAfterCommitHook(lambda stored: stored and wake())
        return str(self.leave(_("Saved. What the sources hold is looked through within a minute.")))
