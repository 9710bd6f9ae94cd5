"""What moderators can do to a comment, as other front ends name it."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


ACTIONS: Mapping[str, Message] = {
    "approve": _("Approve"),
    "reject": _("Refuse"),
    "spam": _("Mark as spam"),
    "recall": _("Undo"),
    "edit": _("Edit"),
    "answer": _("Answer"),
    "forward": _("Forward"),
    "settle": _("button_keep_comment", default="Keep it"),
    "ban": _("Ban the author"),
    "close": _("Close the conversation"),
    "open": _("Open the conversation again"),
    "delete": _("Delete"),
}
"""By comments.model.Action."""
