"""The page on which members find their own comments, in whichever state."""

from collective.socialterritory import _
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.authorpage import ICONS
from collective.socialterritory.comments.authorpage import WORDS
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.outside import Outside
from collective.socialterritory.comments.private import PAGE
from collective.socialterritory.comments.rules.author import standing
from collective.socialterritory.comments.visible import visible
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import me
from collective.socialterritory.local import written
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.i18n import translate
from zope.interface import implementer


SIZE = 20
LENGTH = 200
"""Characters of a comment that are shown"""


@implementer(INamedPage)
class MyComments(Outside):
    page_title = _("Your comments")
    index = ViewPageTemplateFile("templates/my_comments.pt")

    @property
    def login(self) -> str:
        """Where to log in, "" for who is."""
        return "" if me() else f"{self.site.absolute_url()}/login?came_from={self.here}"

    @cached_property
    def brains(self) -> Any:
        """Newest first."""
        known = [f"author:user:{me()}"]
        return found(known, sort_on="created", sort_order="descending") if me() else []

    @cached_property
    def start(self) -> int:
        said = self.given("b_start")
        return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else 0

    @property
    def previous(self) -> str:
        return f"{self.here}?b_start={max(0, self.start - SIZE)}" if self.start else ""

    @property
    def next(self) -> str:
        return f"{self.here}?b_start={self.start + SIZE}" if len(self.brains) > self.start + SIZE else ""

    def rows(self) -> list[dict[str, Any]]:
        return [self._row(brain._unrestrictedGetObject()) for brain in self.brains[self.start : self.start + SIZE]]

    def _row(self, comment: Any) -> dict[str, Any]:
        item = facts.page(comment)
        seen = api.user.has_permission("View", obj=item)
        stands = standing(facts.state(comment), facts.facts(comment), visible(comment))
        return {
            "title": item.Title() if seen else translate(_("A page that you may not see"), context=self.request),
            "url": f"{self.site.absolute_url()}/{PAGE}?comment={facts.key(comment)}",
            "text": cut(" ".join(comment.text.split()), LENGTH, codepoints),
            "when": written(comment.creation_date),
            "word": WORDS[stands],
            "icon": self.icon(ICONS[stands]),
        }
