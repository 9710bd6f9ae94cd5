"""How states, decisions and rules read to a moderator."""

from collective.socialterritory import _
from collective.socialterritory import words
from collective.socialterritory.comments.deciding import AUTHOR
from collective.socialterritory.comments.deciding import SOURCE
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.lines import Reason
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import network_title
from functools import cached_property
from plone import api
from zope.i18nmessageid import Message


STATES = {
    State.WAITING: (_("comment_waiting", default="Waiting"), "hourglass-split", "warning"),
    State.APPROVED: (_("comment_approved", default="Approved"), "check-circle", "success"),
    State.REJECTED: (_("comment_rejected", default="Refused"), "x-circle", "secondary"),
    State.SPAM: (_("comment_spam", default="Spam"), "slash-circle", "secondary"),
}
"""Word, icon and colour"""
GOOD = (_("${count} approved (one)", default="${count} approved"), _("${count} approved"))
BAD = (_("${count} refused (one)", default="${count} refused"), _("${count} refused"))
"""Of an author's comments: one or none, several. English has one word for both."""
FIRST = {
    Action.APPROVE: _("${by} has already approved, ${at}."),
    Action.REJECT: _("${by} has already refused, ${at}."),
    Action.SPAM: _("${by} has already marked it as spam, ${at}."),
    Action.RECALL: _("${by} has put it back among those that wait, ${at}."),
    Action.EDIT: _("${by} has changed the text, ${at}: read it again."),
    Action.DELETE: _("${by} has already deleted it, ${at}."),
}
"""What is told to whoever comes second"""
OTHERWISE = _("Something has happened to it since, ${at} (${by}): look again.")
LINES = {
    Action.APPROVE: _("log_approve", default="Approved"),
    Action.REJECT: _("log_reject", default="Refused"),
    Action.SPAM: _("log_spam", default="Marked as spam"),
    Action.RECALL: _("log_recall", default="Put back as it was"),
    Action.EDIT: _("log_edit", default="Text changed"),
    Action.HIDE: _("log_hide", default="Hidden from visitors"),
    Action.UNHIDE: _("log_unhide", default="Shown to visitors again"),
    Action.WITHDRAW: _("log_withdraw", default="Taken back"),
    Action.DELETE: _("log_delete", default="Deleted"),
    Action.FORWARD: _("log_forward", default="Forwarded"),
    Action.ANSWER: _("log_answer", default="Answered"),
    Action.BAN: _("log_ban", default="Author banned"),
    Action.UNBAN: _("log_unban", default="Ban lifted"),
    Action.CLOSE: _("log_close", default="Conversation closed"),
    Action.OPEN: _("log_open", default="Conversation opened again"),
    Action.REPORT: _("log_report", default="Reported"),
    Action.SETTLE: _("log_settle", default="Reports looked at"),
}
"""Lines of the log. They have msgids of their own: a post is feminine in French, a comment is not."""
LEGAL = {"illegal": _("Illegal content"), "minors": _("Sexual abuse of children")}
"""What visitors report beside the charter's articles"""

RARE = {
    Action.SETTLE: (
        _("Keep it, with words for whoever reported it"),
        _("Visitors see it, and whoever reported it and left an address gets your words by e-mail."),
        _("button_keep_comment", default="Keep it"),
        "btn-success",
    ),
    Action.BAN: (
        _("Ban the author"),
        _("For a while nothing more is taken from this author: ${days} days, a setting. What was said stays."),
        _("Ban"),
        "btn-danger",
    ),
    Action.CLOSE: (
        _("Close the conversation"),
        _("Nobody can comment on this page any more. What was said stays visible."),
        _("Close"),
        "btn-primary",
    ),
    Action.OPEN: (
        _("Open the conversation again"),
        _("People can comment on this page again."),
        _("Open"),
        "btn-primary",
    ),
    Action.DELETE: (
        _("Delete"),
        _("It goes for good, with the answers below it. The log keeps that it was there. A refusal can be undone."),
        _("Delete for good"),
        "btn-danger",
    ),
}
"""Title, what it means, button and its look"""


class Words(words.Words):
    @cached_property
    def reasons(self) -> dict[str, Reason]:
        return reasons(settings().reasons)

    @cached_property
    def language(self) -> str:
        return str(api.portal.get_current_language())

    def several(self, one_and_more: tuple[Message, Message], count: int) -> str:
        """In French, none is singular."""
        return self.say(one_and_more[count > 1], count=str(count))

    def reason(self, id: str) -> str:
        """An article of the charter; one that the settings do not have any more by its id."""
        if id in LEGAL:
            return self.say(LEGAL[id])
        return self.reasons[id].said(self.language) if id in self.reasons else id

    def source(self, id: str) -> str:
        return self.say(_("This site")) if id == SITE else self.say(network_title(id))

    def person(self, user: str) -> str:
        known = {AUTHOR: _("The author"), SOURCE: _("The network")}
        return self.say(known[user]) if user in known else super().person(user)

    def who(self, user: str) -> str:
        """Within a sentence."""
        known = {AUTHOR: _("its author"), SOURCE: _("the network"), "": _("the site itself")}
        return self.say(known[user]) if user in known else self.person(user)

    def first(self, event: Event | None) -> str:
        """What is told to whoever comes second."""
        if event is None:
            return self.sentence("comment_gone")
        return self.say(FIRST.get(event.action, OTHERWISE), by=self.person(event.by), at=self.at(event.at))

    def line(self, event: Event) -> str:
        """Approved by Camille, today at 10:12."""
        by = self.say(_("a visitor")) if event.action is Action.REPORT else self.who(event.by)
        told = {"what": self.say(LINES[event.action]), "by": by, "at": self.at(event.at)}
        return self.say(_("${what} by ${by}, ${at}"), **told)

    def state(self, state: str) -> str:
        return self.say(STATES[State(state)][0]) if state else ""
