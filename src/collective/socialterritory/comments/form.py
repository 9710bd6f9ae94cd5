"""The page on which people comment: never kept by a cache, and what was typed is never lost."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.assets import asset
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Posted
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.notice import notice
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.judging import readable
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.showing import Thread
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.subscriptions import offered
from collective.socialterritory.comments.visible import ids
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import full_name
from collective.socialterritory.local import me
from collective.socialterritory.markup import linked
from collective.socialterritory.messages import refusal_sentence
from collective.socialterritory.messages import rules_told
from functools import cached_property
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.protect import createToken
from plone.uuid.interfaces import IUUID
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zExceptions import NotFound
from zope.component import getMultiAdapter
from zope.i18n import translate
from zope.interface import implementer


BARE = ("token_forged", "token_young", "trapped", "too_many")
"""Refusals that machines meet: they are drawn without the site around, which costs more than all the rest"""
LOST = ("parent_gone",)
"""What it was to answer is not there: it can be said to all"""
QUOTED = 300
"""Characters of what is answered"""


@implementer(INamedPage)
class CommentForm(BrowserView):
    """With `fragment` in the request, what a script puts into the page."""

    index = ViewPageTemplateFile("templates/commenting.pt")
    part = ViewPageTemplateFile("templates/commentform.pt")
    sent = ViewPageTemplateFile("templates/commentsent.pt")
    bare = ViewPageTemplateFile("templates/commentbare.pt")
    asset = staticmethod(asset)

    refusal: Refusal | None = None
    posted: Posted | None = None

    def __call__(self) -> Any:
        if not active():
            raise NotFound("social-comment")
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("X-Robots-Tag", "noindex")
        self.now = clock.now()
        self.fragment = bool(self.request.form.get("fragment"))
        if self.request.method == "POST":
            self._post()
        elif self.thread.anonymous and not self.thread.may and self.thread.opening.open:
            return response.redirect(self.thread.login)
        return "" if self.request.method == "HEAD" else self._drawn()

    def _drawn(self) -> Any:
        if not self.fragment and not self.plain:
            return self.index()
        self.request.response.setHeader("X-Theme-Disabled", "True")
        return self.part() if self.fragment else self.bare()

    @cached_property
    def plain(self) -> bool:
        """Whether what is refused came from a machine: whatever else is wrong, it has no token of ours."""
        if self.refusal is None:
            return False
        if self.refusal.code in BARE or not self.thread.anonymous:
            return self.refusal.code in BARE
        try:
            signing.read_form(Comments(api.portal.get()).secret, IUUID(self.context), self.draft.token, self.now)
        except signing.BadToken as bad:
            return bad.code == "token_forged"
        return False

    def _post(self) -> None:
        try:
            if not self.thread.anonymous and not self._genuine:
                raise Refusal("logged_in")
            self.posted = posting.submit(self.context, self.draft, posting.visitor(self.request), self.now)
        except Refusal as refusal:
            self.refusal = refusal

    @property
    def _genuine(self) -> bool:
        """No page of somebody else's made a member's browser send this."""
        return bool(getMultiAdapter((self.context, self.request), name="authenticator").verify())

    @cached_property
    def draft(self) -> Draft:
        known = self.request.form
        said = {name: str(known.get(name) or "") for name in ("text", "name", "email", "token")}
        marks = {"notify": bool(known.get("notify")), "anyway": bool(known.get("anyway"))}
        return Draft(**said, **marks, parent=self.answer, trap=str(known.get("website") or ""))

    @cached_property
    def answer(self) -> str:
        """Id of the comment that this answers."""
        said = str(self.request.form.get("answer") or "")
        return said if said.isascii() and said.isdecimal() and len(said) < 20 else ""

    @cached_property
    def thread(self) -> Thread:
        return Thread(self.context, self.request)

    @cached_property
    def parent(self) -> Any:
        """What is answered; None where visitors do not see it."""
        lost = self.refusal is not None and self.refusal.code in LOST
        if not self.answer or lost or int(self.answer) not in ids(self.context):
            return None
        comment = IConversation(self.context).get(self.answer)
        return None if facts(comment).gone else comment

    @property
    def quoted(self) -> str:
        text = self.parent.text or ""
        return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()}…"

    @property
    def parent_name(self) -> str:
        return self.parent.author_name or self._said(_("Anonymous"))

    @property
    def page_title(self) -> Any:
        if self.posted:
            return _("Thank you")
        if self.parent is not None:
            return _("Answer to ${name}", mapping={"name": self.parent_name})
        return _("Comment")

    @property
    def open(self) -> bool:
        return bool(self.thread.opening.open)

    @property
    def error(self) -> str:
        return self._said(refusal_sentence(self.refusal.code, self.refusal.facts)) if self.refusal else ""

    @property
    def warned(self) -> bool:
        """Nothing is wrong: its author may send it anyway."""
        return self.refusal is not None and self.refusal.code == "would_wait"

    @property
    def holds(self) -> list[str]:
        """What would make it wait."""
        return [self._said(rule) for rule in rules_told(self.refusal.rules)] if self.refusal else []

    def wrong(self, field: str) -> bool:
        return self.refusal is not None and self.refusal.field == field

    def described(self, field: str) -> str:
        """Ids of what explains a field, for those who do not see it."""
        return " ".join(
            [*([f"social-comment-{field}-error"] if self.wrong(field) else []), f"social-comment-{field}-hint"]
        )

    @property
    def token(self) -> str:
        """The one it came with, whose seconds have passed; a new one, as old, where that was good for too long."""
        code = self.refusal.code if self.refusal else ""
        if code and code not in ("token_expired", "token_forged"):
            return self.draft.token
        return str(posting.form_token(self.context, self.now - signing.YOUNG if code == "token_expired" else self.now))

    @property
    def authenticator(self) -> str:
        return "" if self.thread.anonymous else str(createToken())

    @property
    def longest(self) -> int:
        return settings().longest or 5000

    @property
    def left(self) -> str:
        """What the script says while somebody writes."""
        return self._said(_("${left} characters left", mapping={"left": "{left}"}))

    @property
    def length(self) -> int:
        """As it would be kept."""
        return len(readable(self.draft.text[: 3 * self.longest]))

    @property
    def member(self) -> str:
        """What the member is called whose comment this will be; "" for visitors."""
        return str(full_name(me()))

    @property
    def offers_answers(self) -> bool:
        member = None if self.thread.anonymous else api.user.get_current()
        return bool(offered()) and (member is None or bool(member.getProperty("email")))

    @property
    def charter(self) -> str:
        return settings().charter_url or ""

    @property
    def privacy(self) -> str:
        return linked(notice(self.thread.way[0]), "noopener")

    @property
    def back(self) -> str:
        return f"{self.thread.address}#social-comments"

    @property
    def there(self) -> str:
        """The address of what was posted."""
        id = self.posted.key.rpartition(".")[2]
        return f"{self.thread.address}?comment={id}#comment-{id}"

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    def _said(self, text: Any) -> str:
        return str(translate(text, context=self.request))
