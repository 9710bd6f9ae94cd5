"""The page on which webmasters try the rules out and lift bans."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.bans import Ban
from collective.socialterritory.comments.checklist import PANEL
from collective.socialterritory.comments.rules import judging
from collective.socialterritory.comments.rules.words import Fired
from collective.socialterritory.comments.rules.words import fired
from collective.socialterritory.comments.settings import active
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import full_name
from collective.socialterritory.local import me
from collective.socialterritory.local import written
from collective.socialterritory.messages import rules_told
from functools import cached_property
from typing import Any
from zExceptions import NotFound
from zope.i18nmessageid import Message
from zope.interface import implementer


LONGEST = 100_000
"""Characters that are tried"""


@implementer(INamedPage)
class RulesPage(Page):
    page_title = _("Rules and bans")
    tried: tuple[Fired, ...] | None = None

    def __call__(self) -> Any:
        if not active():
            raise NotFound(self.request.URL)
        return super().__call__()

    def post(self) -> Any:
        """Trying writes nothing: what was typed stays on the page."""
        if of := self.given("lift"):
            return self.lift(of)
        self.tried = fired(self.text, posting.known_rules().rules)
        return self.index()

    def lift(self, of: str) -> Any:
        if bans.lift(of, clock.now(), me()):
            return self.leave(_("The ban is lifted: comments are taken again."))
        return self.leave(_("This ban was over already."))

    @property
    def back(self) -> str:
        return f"{self.context.absolute_url()}/@@social-comments-rules"

    @property
    def panel(self) -> str:
        return f"{self.context.absolute_url()}/{PANEL}"

    @cached_property
    def text(self) -> str:
        return judging.readable(self.given("text")[:LONGEST])

    @property
    def held(self) -> list[Message]:
        """What would hold the text."""
        return rules_told(rule.id for rule in self.tried or ())

    @cached_property
    def rules(self) -> dict[str, int]:
        known = posting.known_rules().rules
        return {"words": len(known.words), "hosts": len(known.hosts), "links": known.links or 0}

    @cached_property
    def bans(self) -> list[dict[str, Any]]:
        """The newest first."""
        found = sorted(bans.entries(clock.now()), key=lambda one: one.at, reverse=True)
        return [self._row(one) for one in found]

    def _row(self, one: Ban) -> dict[str, Any]:
        comment = deciding.find(one.comment) if one.comment else None
        return {
            "of": one.of,
            "who": self._who(one, comment),
            "until": written(one.until),
            "at": written(one.at),
            "by": full_name(one.by),
            "note": one.note,
            "link": "" if comment is None else f"{self.context.absolute_url()}/@@social-moderated?id={one.comment}",
        }

    def _who(self, one: Ban, comment: Any) -> Message:
        """Nobody can tell an address or a network from what is kept of it; the name that was typed helps."""
        kind, _colon, id = one.of.partition(":")
        if kind == "user":
            return _("The member ${name}", mapping={"name": full_name(id)})
        name = comment.author_name if comment is not None and comment.author_name else "?"
        if one.network:
            return _("The network from which “${name}” wrote", mapping={"name": name})
        if kind == "mail":
            return _("The e-mail address of “${name}”", mapping={"name": name})
        return _("“${name}” on a social network", mapping={"name": name})
