"""What moderators read behind the links of their mails; keys are comments.mailed.Case and comments.model.Action."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


TITLES: Mapping[str, Message] = {
    "done": _("Done"),
    "used": _("Already decided"),
    "gone": _("The comment is gone"),
    "lost": _("Not yours to decide"),
    "expired": _("This link has expired"),
    "forged": _("This link does not work"),
}
SAID: Mapping[str, Message] = {
    "gone": _("The comment is not there any more: there is nothing left to decide."),
    "lost": _("You do not moderate these comments any more, or your account is closed. Nothing was changed."),
    "expired": _("The links of these mails work for some days only. Nothing was changed: log in and decide there."),
    "forged": _(
        "This site did not make this link, or it lost a part on its way: copy the whole of it from the mail. "
        "Nothing was changed."
    ),
}
ASKED: Mapping[str, Message] = {
    "approve": _("Approve this comment?"),
    "settle": _("Keep this comment?"),
    "reject": _("Refuse this comment?"),
    "spam": _("Mark this comment as spam?"),
    "recall": _("Undo this decision?"),
}
BUTTONS: Mapping[str, Message] = {
    "approve": _("Approve"),
    "settle": _("button_keep_comment", default="Keep it"),
    "reject": _("Refuse"),
    "spam": _("Mark as spam"),
    "recall": _("Undo"),
}
DONE: Mapping[str, Message] = {
    "approve": _("Approved: visitors can read this comment."),
    "settle": _("Kept: visitors can read this comment."),
    "reject": _("Refused: visitors cannot read this comment."),
    "spam": _("Marked as spam: visitors cannot read this comment."),
    "recall": _("Undone: the comment is as it was before."),
}
FIRST: Mapping[str, Message] = {
    "approve": _("${who} approved this comment on ${when}."),
    "settle": _("${who} looked at the reports of this comment on ${when}."),
    "reject": _("${who} refused this comment on ${when}."),
    "spam": _("${who} marked this comment as spam on ${when}."),
    "recall": _("${who} undid a decision about this comment on ${when}."),
    "edit": _("${who} changed the text of this comment on ${when}."),
    "withdraw": _("${who} took this comment back on ${when}."),
    "delete": _("${who} deleted this comment on ${when}."),
}
OTHERWISE = _("${who} did something about this comment on ${when}, after the mail was written.")
NOBODY: Mapping[str, Message] = {
    "author": _("Its author"),
    "source": _("The network that it comes from"),
    "": _("The site itself"),
}
"""Who did it, where that is no user"""
