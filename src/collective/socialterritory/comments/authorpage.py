"""The page where people see what became of their comment, change it, withdraw it, or ask for another look."""

from collective.socialterritory import _
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import own
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import private
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.outside import Outside
from collective.socialterritory.comments.rules import author as rules
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.author import Standing
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.showing import page_address
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import me
from collective.socialterritory.local import written
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.messages import rules_told
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode
from zope.component import queryMultiAdapter
from zope.interface import implementer


DATA, LIST = "social-my-data", "social-my-comments"
"""Names of other pages"""
FORM = "author-form"
"""Purpose of the token of its forms"""
WORDS = {
    Standing.WAITING: _("Waits for a moderator"),
    Standing.APPEALED: _("Waits for another look by a moderator"),
    Standing.SHOWN: _("On the page"),
    Standing.HIDDEN: _("Hidden: it was reported, and waits until a moderator has looked at it"),
    Standing.BELOW: _("Approved, but not shown: what it answers is not shown at the moment"),
    Standing.REFUSED: _("Refused by a moderator"),
    Standing.GONE: _("Withdrawn"),
}
ICONS = {
    Standing.WAITING: "hourglass-split",
    Standing.APPEALED: "hourglass-split",
    Standing.SHOWN: "check-circle",
    Standing.HIDDEN: "eye-slash",
    Standing.BELOW: "eye-slash",
    Standing.REFUSED: "x-circle",
    Standing.GONE: "trash",
}
DONE = {
    "changed": _("Changed."),
    "waits": _("Changed. It waits for a moderator again."),
    "same": _("Nothing was changed: the text is the same."),
    "withdrawn": _("Withdrawn. Nothing of it is shown any more."),
    "appealed": _("Sent. A moderator will look at your comment again."),
}


@implementer(INamedPage)
class MyComment(Outside):
    """With ?key=, the private link; for members also ?comment=. Without both they come to the list of theirs."""

    page_title = _("Your comment")
    index = ViewPageTemplateFile("templates/my_comment.pt")
    appeal_html = ViewPageTemplateFile("templates/my_comment_appeal.pt")
    trouble: Any = None
    """The sentence of what keeps it from being done"""
    field = ""
    """What is to be mended: text or words; "" for nothing of it"""
    warned = False
    """Nothing is wrong: it may be sent anyway"""
    meant = False
    """Nothing is wrong: it is gone as its author wanted"""
    holds: Any = ()
    """Sentences: what would make it wait"""

    @cached_property
    def key(self) -> str:
        return self.given("key")

    @cached_property
    def name(self) -> str:
        """Of the comment, as facts.key gives it. Raises signing.BadToken."""
        return private.read(self.key, self.now) if self.key else self.given("comment")

    @cached_property
    def comment(self) -> Any:
        """None where it is gone, or not theirs who ask."""
        return deciding.find(self.name) if self.key else private.mine(self.name)

    def get(self) -> Any:
        if not self.key and not self.given("comment"):
            return self._without()
        return self._problem() or self.page()

    def _without(self) -> Any:
        if me():
            self.request.response.redirect(f"{self.site.absolute_url()}/@@{LIST}")
            return ""
        return self._said("key_missing", 404)

    def _problem(self) -> Any:
        """The page that says why there is nothing to see; None where there is."""
        try:
            gone = self.comment is None
        except signing.BadToken as bad:
            expired = bad.code == "token_expired"
            return self._said("key_expired" if expired else "key_forged", 410 if expired else 404)
        return self._said(self._how_gone(), 410 if self.key else 404) if gone else None

    def _how_gone(self) -> str:
        event = deciding.last_of(self.name) if self.key else None
        if event is None:
            return "own_gone"
        return {Action.WITHDRAW: "own_withdrawn", Action.DELETE: "own_removed"}.get(event.action, "own_gone")

    def _said(self, code: str, status: int) -> Any:
        self.trouble, self.meant = self.sentence(code), code == "own_withdrawn"
        self.comment = None
        return self.page(status)

    def post(self) -> Any:
        problem = self._problem() if self.key or self.given("comment") else self._without()
        if problem is not None:
            return problem
        if minutes := self.wait():
            return self._refused(Refusal("wait", minutes=minutes))
        try:
            signing.read(self.secret, FORM, self.given("token"), self.now)
        except signing.BadToken:
            return self._refused(Refusal("form_old"))
        try:
            return self._act()
        except Decided:
            return self._refused(Refusal("own_stale"), 409)
        except Refusal as refusal:
            return self._refused(refusal)

    def _act(self) -> Any:
        if self.given("withdraw"):
            own.withdraw(self.comment, self.now)
            return self._done("" if self.key else "withdrawn", there=bool(self.key))
        if self.given("appeal"):
            own.appeal(self.comment, self.given("words"), self.now)
            return self._done("appealed")
        return self._change()

    def _change(self) -> Any:
        was, before = facts.state(self.comment), self.comment.text
        seen = self.given("revision")
        revision = int(seen) if seen.isdecimal() and len(seen) < 10 else -1
        network = posting.place(self.request).network
        own.change(self.comment, self.given("text"), network, self.now, revision, bool(self.given("anyway")))
        if self.comment.text == before:
            return self._done("same")
        return self._done("waits" if was == State.APPROVED else "changed")

    def _done(self, what: str, there: bool = True) -> Any:
        """Say it on the page that comes next, so that reloading it does nothing again. `there`: on that of the comment.

        What the page of a withdrawn one says itself is not said twice.
        """
        if what:
            api.portal.show_message(DONE[what], self.request)
        self.request.response.redirect(self.address() if there else f"{self.site.absolute_url()}/@@{LIST}")
        return ""

    def _refused(self, refusal: Refusal, status: int = 200) -> Any:
        """Shown again with all that was typed."""
        self.trouble = refusal_sentence(refusal.code, refusal.facts)
        self.holds = rules_told(refusal.rules)
        self.field = refusal.field
        self.warned = refusal.code == "would_wait"
        return self.page(status)

    def address(self, **more: str) -> str:
        """This page, with what opens it."""
        opens = {"key": self.key} if self.key else {"comment": self.name}
        return f"{self.here}?{urlencode({**opens, **more})}"

    @property
    def form_token(self) -> str:
        parts = (self.name, token_urlsafe(6))
        return signing.sign(self.secret, FORM, parts, self.now + signing.OLD)

    @property
    def asks(self) -> bool:
        """Whether it asks if the comment is really to be withdrawn."""
        return bool(self.given("ask")) and rules.Door.WITHDRAW in self.doors

    @cached_property
    def doors(self) -> frozenset[rules.Door]:
        return own.open_doors(self.comment, self.now)

    @cached_property
    def standing(self) -> Standing:
        seen = visible.visible(self.comment)
        return rules.standing(facts.state(self.comment), facts.facts(self.comment), seen)

    @property
    def word(self) -> Any:
        return WORDS[self.standing]

    @property
    def standing_icon(self) -> str:
        return self.icon(ICONS[self.standing])

    @property
    def refused(self) -> dict[str, Any]:
        """Of a refusal: the article of the charter and the moderator's words, "" for none; when it was."""
        state, comment = facts.state(self.comment), self.comment
        article = reasons(settings().reasons).get(facts.facts(comment).reason)
        told = state == State.REJECTED
        return {
            "article": article.said(api.portal.get_current_language()) if article and told else "",
            "note": facts.facts(comment).words if told else "",
            "charter": settings().charter_url or "",
        }

    @property
    def revision(self) -> int:
        return facts.facts(self.comment).revision

    @property
    def text(self) -> str:
        """What was typed, or what is there."""
        return self._typed("text") or self.comment.text

    @property
    def lost(self) -> str:
        """What was typed and has no field any more: to be copied; "" for nothing."""
        fields = {rules.Door.EDIT: "text", rules.Door.APPEAL: "words"}
        return "\n\n".join(filter(None, (self._typed(name) for door, name in fields.items() if door not in self.doors)))

    def _typed(self, name: str) -> str:
        return self.given(name) if self.request.method == "POST" else ""

    @property
    def until(self) -> str:
        """When its text becomes fixed."""
        return written(rules.until(self.comment.creation_date, settings().grace))

    @property
    def paused(self) -> bool:
        return bool(frozen(self.now))

    @property
    def item(self) -> dict[str, str] | None:
        """The page it is on; None where who looks may not see that any more."""
        item = facts.page(self.comment)
        seen = api.user.has_permission("View", obj=item)
        return {"title": item.Title(), "url": page_address(item)} if seen else None

    @property
    def there(self) -> str:
        """Where visitors read it."""
        return address(page_address(facts.page(self.comment)), int(self.comment.id))

    @property
    def said(self) -> dict[str, str]:
        """Whose it is, and since when."""
        edited = facts.facts(self.comment).edited
        return {
            "name": self.comment.author_name or "",
            "when": written(self.comment.creation_date),
            "edited": written(edited) if edited else "",
        }

    @property
    def data_url(self) -> str:
        """Where people ask for what is kept about them; "" where the site has no such page."""
        known = queryMultiAdapter((self.site, self.request), name=DATA)
        return f"{self.site.absolute_url()}/@@{DATA}" if known is not None else ""
