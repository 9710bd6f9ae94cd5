"""The page behind the links of a moderator's mail: it asks once more, decides without a log-in, and offers to undo."""

from collective.socialterritory import clock
from collective.socialterritory.comments import acting
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import letters
from collective.socialterritory.comments import links
from collective.socialterritory.comments import telling
from collective.socialterritory.comments.catalogue import MODERATE
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.rules.signing import BadToken
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import full_name
from collective.socialterritory.local import written
from collective.socialterritory.messages import sentence
from collective.socialterritory.plain import plain
from collective.socialterritory.public import page_url
from collective.socialterritory.sentences import mailed as words
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from plone import api
from plone.protect.interfaces import IDisableCSRFProtection
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zope.i18n import translate
from zope.i18nmessageid import Message
from zope.interface import alsoProvides
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


class Case(StrEnum):
    """What a link is good for at this moment."""

    READY = "ready"
    USED = "used"
    """Something was done to the comment since the link was made: by this link, or otherwise"""
    GONE = "gone"
    LOST = "lost"
    EXPIRED = "expired"
    FORGED = "forged"


STATUS = {Case.GONE: 410, Case.LOST: 403, Case.EXPIRED: 410, Case.FORGED: 404}
LOOKS = {
    Action.APPROVE: ("check-lg", "success"),
    Action.SETTLE: ("check-lg", "success"),
    Action.REJECT: ("x-lg", "danger"),
    Action.SPAM: ("slash-circle", "danger"),
    Action.RECALL: ("arrow-counterclockwise", "primary"),
}
"""Icon and colour of a button"""


@implementer(IPublishTraverse, INamedPage)
class Decide(BrowserView):
    """At <site>/@@social-decide/<token>. GET and HEAD change nothing, for programs that look into links; POST decides.

    `reason`: id of the article that a refusal cites; `text`: what it says to the author; `note`: for the log;
    `tell`: the author, where the form `asked`.
    """

    typed = ""
    problem: Any = None
    problem_field = ""

    def publishTraverse(self, request: Any, name: str) -> Any:
        if self.typed:
            raise NotFound(name)
        self.typed = name
        return self

    def __call__(self) -> str:
        for column in ("left", "right"):
            self.request.set(f"disable_plone.{column}column", 1)
        add_bundle_on_request(self.request, BUNDLE)
        response, posted = self.request.response, self.request.method == "POST"
        headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
        for name, value in {**headers, "X-Robots-Tag": "noindex, nofollow"}.items():
            response.setHeader(name, value)
        if posted and self.case is Case.READY:
            return self.post()
        # Locked: Zope makes 204 of the answer to HEAD, which has no body.
        response.setStatus(409 if posted and self.case is Case.USED else STATUS.get(self.case, 200), lock=True)
        return "" if self.request.method == "HEAD" else self.index()

    def post(self) -> str:
        """The link itself proves who decides, so there is no log-in that another site could misuse."""
        alsoProvides(self.request, IDisableCSRFProtection)
        link = self.link
        with api.env.adopt_user(user=self.user):
            (outcome,) = acting.act(
                self.context,
                [link.key],
                link.action,
                self.now,
                reason=self.given("reason"),
                note=self.given("note"),
                text=self.given("text"),
                tell=not self.given("asked") or bool(self.given("tell")),
                revisions={link.key: link.revision},
            )
        if outcome.result is acting.Result.REFUSED:
            self.problem, self.problem_field = sentence(outcome.code), outcome.field
            return self.index()
        # Whatever became of it, the page tells; reloading that page does nothing again.
        return self.request.response.redirect(self.here, status=303)

    @cached_property
    def case(self) -> Case:
        try:
            link = self.link
        except BadToken as bad:
            return Case.EXPIRED if bad.code == "token_expired" else Case.FORGED
        if self.user is None:
            return Case.LOST
        if self.comment is None:
            return Case.GONE
        if not self.user.has_permission(MODERATE, self.comment):
            return Case.LOST
        return Case.READY if facts.facts(self.comment).revision == link.revision else Case.USED

    @cached_property
    def now(self) -> Any:
        return clock.now()

    @cached_property
    def link(self) -> links.Link:
        """Raises BadToken."""
        return links.read(self.context, self.typed, self.now)

    @cached_property
    def user(self) -> Any:
        """Whose link it is; None when they are gone."""
        return api.portal.get_tool("acl_users").getUserById(self.link.user)

    @cached_property
    def comment(self) -> Any:
        return deciding.find(self.link.key)

    @property
    def page_title(self) -> Message:
        if self.case is Case.READY:
            return words.ASKED[self.link.action]
        return words.TITLES["done" if self.case is Case.USED and self.mine else self.case]

    @property
    def said(self) -> Message | None:
        return words.SAID.get(self.case)

    @property
    def here(self) -> str:
        return self._address(self.typed)

    def _address(self, token: str) -> str:
        return f"{self.context.absolute_url()}/{links.PAGE}/{token}"

    @property
    def desk(self) -> str:
        return letters.desk(self.context)

    @property
    def who(self) -> str:
        return full_name(self.link.user)

    @property
    def shown(self) -> dict[str, str]:
        """The comment, for the moderator alone."""
        return self._shown(self.comment)

    @property
    def above(self) -> dict[str, str] | None:
        """The comment that it answers."""
        parent = self.comment.in_reply_to
        found = self.comment.__parent__.get(parent) if parent else None
        return self._shown(found) if found is not None else None

    def _shown(self, comment: Any) -> dict[str, str]:
        name, when = plain(comment.author_name or "") or "–", written(comment.creation_date)
        return {"name": name, "when": when, "text": plain(comment.text)}

    @property
    def item(self) -> dict[str, str]:
        item = facts.page(self.comment)
        url = page_url("/".join(item.getPhysicalPath()), item.portal_type, item.absolute_url())
        return {"title": item.Title(), "url": url}

    @property
    def articles(self) -> list[dict[str, Any]]:
        """Of the charter, where a refusal cites one."""
        if self.link.action is not Action.REJECT:
            return []
        language, chosen = str(api.portal.get_current_language()), self.given("reason")
        known = reasons(settings().reasons).values()
        return [{"id": one.id, "words": one.said(language), "chosen": one.id == chosen} for one in known]

    @property
    def tells(self) -> bool:
        """Whether its author would be told."""
        told = self.link.action in telling.DECISIONS and settings().tell_authors
        return bool(told and telling.possible(self.comment))

    @property
    def button(self) -> dict[str, Any]:
        return self._button(self.link.action, self.typed)

    def _button(self, action: Action, token: str) -> dict[str, Any]:
        name, colour = LOOKS[action]
        drawn = icon(self.context, self.request, name)
        return {"words": words.BUTTONS[action], "icon": drawn, "colour": colour, "url": self._address(token)}

    @cached_property
    def latest(self) -> Event | None:
        return deciding.latest(self.comment)

    @property
    def mine(self) -> bool:
        """Whether what was last done is what this very link did, with what went along, such as reports it settled."""
        last, link = self.latest, self.link
        if last is None or (last.by, last.action) != (link.user, link.action):
            return False
        at_once = [line for line in Comments(self.context).history(link.key) if line.at == last.at]
        return facts.facts(self.comment).revision == link.revision + len(at_once)

    @property
    def outcome(self) -> Message:
        """What was done, by this link or by whom."""
        if self.mine:
            return words.DONE[self.link.action]
        last = self.latest
        if last is None:
            return words.SAID[Case.GONE]
        nobody = words.NOBODY.get(last.by)
        who = translate(nobody, context=self.request) if nobody else full_name(last.by)
        told = words.FIRST.get(last.action, words.OTHERWISE)
        return Message(told, mapping={"who": who, "when": written(last.at)}, default=told.default)

    @property
    def next(self) -> list[dict[str, Any]]:
        """Buttons after a decision of this link: to undo it; after that, to decide again. For some minutes only."""
        if not self.mine or self.latest is None:
            return []
        until = self.latest.at + timedelta(minutes=settings().undo_minutes)
        if until <= self.now:
            return []
        open = (Action.RECALL,) if self.link.action in acting.UNDOABLE else ()
        if self.link.action is Action.RECALL and facts.state(self.comment) == State.WAITING:
            open = links.DECISIONS
        return [self._button(one, links.token(self.context, self.link.user, self.comment, one, until)) for one in open]

    def given(self, name: str) -> str:
        value = self.request.form.get(name, "")
        return value if isinstance(value, str) else ""
