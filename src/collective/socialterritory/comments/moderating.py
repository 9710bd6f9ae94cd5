"""How a page takes what a moderator does: one POST, one answer in words; what was typed stays when it is refused."""

from AccessControl import Unauthorized
from collections.abc import Iterable
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.assets import asset
from collective.socialterritory.comments import acting
from collective.socialterritory.comments.acting import Outcome
from collective.socialterritory.comments.acting import Result
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.replying import departments_known
from collective.socialterritory.comments.rules.lines import answers
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.words import Words
from collective.socialterritory.local import me
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import takewhile
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from urllib.parse import urlencode
from zExceptions import BadRequest


DONE = {
    Action.APPROVE: (_("Approved."), _("${count} comments approved.")),
    Action.REJECT: (_("Refused."), _("${count} comments refused.")),
    Action.SPAM: (_("Marked as spam."), _("${count} comments marked as spam.")),
    Action.RECALL: (_("Undone: it is as it was before."), _("Undone: ${count} comments are as they were before.")),
    Action.EDIT: (_("The text was changed. The original is kept."), ""),
    Action.ANSWER: (_("The answer is published."), ""),
    Action.FORWARD: (_("Forwarded."), ""),
    Action.BAN: (_("The author is banned for a while."), ""),
    Action.CLOSE: (_("Nobody can comment on this page any more."), ""),
    Action.OPEN: (_("People can comment on this page again."), ""),
    Action.DELETE: (_("Deleted."), ""),
    Action.SETTLE: (_("Kept: the reports are settled."), _("${count} comments kept: their reports are settled.")),
}
"""What is told of one, and of several"""
SAID_THERE = _("The answer is planned: it stands on the desk of posts and leaves as the account wants it.")
TOLD = 5
"""Comments whose fate is told one by one; of more, how many they are"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What could not be done to a comment: `problem` is said beside the `field`, and what was typed stays."""

    key: str = ""
    action: str = ""
    problem: str = ""
    field: str = ""
    reason: str = ""
    note: str = ""
    text: str = ""
    to: str = ""


class Moderating(Page):
    bulk_html = ViewPageTemplateFile("templates/moderation_bulk.pt")
    keys_html = ViewPageTemplateFile("templates/moderation_keys.pt")
    lost_html = ViewPageTemplateFile("templates/moderation_lost.pt")
    undo_html = ViewPageTemplateFile("templates/moderation_undo.pt")
    typed = Typed()
    lost = ""
    """What was typed for a comment that somebody else had before"""
    chosen: tuple[str, ...] = ()
    bulk_problem = ""
    bulk_field = ""
    mixed = True
    """Whether comments of several states stand here: each then says its own"""
    ticked = False

    def __call__(self) -> Any:
        if api.user.is_anonymous():
            raise Unauthorized("Please log in.")
        return super().__call__()

    @property
    def active(self) -> bool:
        return active()

    @cached_property
    def words(self) -> Words:
        return Words(self.request, clock.now())

    @cached_property
    def authenticator(self) -> str:
        return str(api.content.get_view("authenticator", self.context, self.request).authenticator())

    @property
    def script(self) -> str:
        return asset("moderation.js")

    @property
    def root(self) -> str:
        return f"{self.site.absolute_url()}/@@social-moderation"

    @property
    def figures_url(self) -> str:
        return f"{self.site.absolute_url()}/@@social-moderation-figures"

    def page_of(self, key: str) -> str:
        """The page of one comment, with its log."""
        return f"{self.site.absolute_url()}/@@social-moderated?{urlencode({'id': key})}"

    def of_author(self, token: str, show: str) -> str:
        """What this author wrote, in one of the lists."""
        return f"{self.root}?{urlencode({'show': show, 'author': token})}"

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        """Articles of the charter: (id, words)."""
        return [(id, self.words.reason(id)) for id in self.words.reasons]

    @cached_property
    def ready(self) -> dict[str, str]:
        """Ready answers by title."""
        return answers(settings().ready_answers or ())

    @cached_property
    def departments(self) -> list[str]:
        return list(departments_known())

    def post(self) -> Any:
        if not active():
            raise BadRequest("Nobody asked us to look after comments.")
        if at := self.given("undo"):
            return self._undo(at)
        name = self.given("act")
        if name not in set(acting.DOING):
            raise BadRequest("act")
        return self._one(Action(name))

    def _one(self, action: Action) -> Any:
        key, revision = seen(self.given("comment"))
        reason, note, text, to = map(self.given, ("article", "note", "text", "to"))
        text = text or (self.ready.get(self.given("ready"), "") if action is Action.ANSWER else "")
        now, tell = self.words.now, not self.given("tells") or bool(self.given("tell"))
        seen_at = {} if revision is None else {key: revision}
        said = {"reason": reason, "note": note, "text": text, "to": to}
        (done,) = acting.act(self.site, [key], action, now, **said, tell=tell, revisions=seen_at)
        if done.result is Result.REFUSED:
            self.typed = Typed(key, action, self.words.sentence(done.code), done.field, reason, note, text, to)
            return self.get()
        if done.result is not Result.DONE and (text or note):
            self.lost = "\n\n".join(filter(None, (text, note)))
            self._tell([done])
            return self.get()
        return self.answered(action, [done], now)

    def answered(self, action: Action, done: list[Outcome], now: datetime) -> Any:
        """Tell what became of each, on the page that comes next."""
        good = [one for one in done if one.result is Result.DONE]
        self._tell([one for one in done if one.result is not Result.DONE])
        if good and not (action in acting.UNDOABLE and good[0].event):
            one, many = DONE[action]
            if action is Action.ANSWER and good[0].event and good[0].event.note:
                one = SAID_THERE
            api.portal.show_message(
                self.words.say(many, count=str(len(good))) if len(good) > 1 else one, self.request, type="info"
            )
            now = None  # type: ignore[assignment]
        self.request.response.redirect(self.after(now if good else None, bool(good) and len(good) == len(done)))
        return ""

    def after(self, at: datetime | None, all: bool) -> str:
        """The page that comes next. `at`: of what can be undone; `all`: nothing but good news is told there."""
        raise NotImplementedError

    def _tell(self, failed: list[Outcome]) -> None:
        for told in self._problems(failed):
            api.portal.show_message(told, self.request, type="warning")

    def _problems(self, failed: list[Outcome]) -> list[str]:
        told = [self._problem(one) for one in failed[:TOLD]]
        more = len(failed) - TOLD
        return [*dict.fromkeys(told), *([self.words.say(_("And ${count} more."), count=str(more))] if more > 0 else [])]

    def _problem(self, one: Outcome) -> str:
        if one.result is Result.DECIDED:
            return self.words.first(one.event)
        codes = {Result.GONE: "comment_gone", Result.NOT_ALLOWED: "comment_not_yours"}
        return self.words.sentence(codes.get(one.result, one.code))

    def _undo(self, at: str) -> Any:
        keys = [event.key for event in self.decided_at(at)]
        if not keys:
            raise BadRequest("undo")
        return self.answered(Action.RECALL, acting.act(self.site, keys, Action.RECALL, self.words.now), self.words.now)

    def decided_at(self, at: str) -> list[Event]:
        """What the current user decided at this very moment, an ISO time: of each comment the last line."""
        try:
            when = datetime.fromisoformat(at)
            lines = Comments(self.site).log(since=when)
            here = list(takewhile(lambda event: event.at == when, lines))
        except ValueError:
            return []
        mine = (event for event in here if event.by == me() and event.action in acting.UNDOABLE)
        return list({event.key: event for event in mine}.values())

    @cached_property
    def undo(self) -> dict[str, str] | None:
        """What was decided just now and can be taken back: for the bar at the foot of the page."""
        at = self.given("done")
        events = self.decided_at(at)[:1000] if at else []
        if not events or not acting.still_undoable(events[0], self.words.now):
            return None
        one, many = DONE[events[0].action]
        told = self.words.say(one) if len(events) == 1 else self.words.say(many, count=str(len(events)))
        return {"at": at, "told": told, "title": events[0].title if len(events) == 1 else ""}


def seen(value: str) -> tuple[str, int | None]:
    """(key, revision) of "<key> <revision>", as rows have it."""
    key, _space, revision = value.partition(" ")
    return key, int(revision[:9]) if revision.isdecimal() else None


def all_seen(values: Iterable[str]) -> tuple[list[str], dict[str, int]]:
    """Keys, and the revisions of those that say which."""
    pairs = [seen(value) for value in values]
    return [key for key, _revision in pairs], {key: revision for key, revision in pairs if revision is not None}
