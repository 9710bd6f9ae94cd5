"""Why something was not done to a comment, told to moderators."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


MODERATION: Mapping[str, Message] = {
    "answer_gone": _("Our post is not out any more: nothing can be said below it."),
    "answer_hidden": _("Visitors do not see this comment: there is nothing to answer. Approve it first."),
    "answer_long_there": _("The answer is longer than this network takes; the name of whom it answers counts, too."),
    "answer_paused": _("Everything is paused: nothing can be answered until somebody resumes. Your text is kept here."),
    "ban_nobody": _("Nobody knows any more who wrote this comment: there is nobody to ban."),
    "comment_empty": _("Write something first."),
    "comment_failed": _("Something unexpected happened with this comment. Nothing was changed: tell your webmaster."),
    "comment_gone": _("The comment is not there any more."),
    "comment_long": _("The text is longer than comments may be."),
    "comment_not_yours": _("This comment is not yours to moderate."),
    "comment_withdrawn": _("Its author took this comment back. Only its empty place is left."),
    "department_needed": _("Choose one of the departments."),
    "edit_elsewhere": _("What was said on a network is never changed here. It can be refused."),
    "edit_same": _("The text is the same as before."),
    "forwarded_already": _("It was forwarded with these words already."),
    "note_long": _("A note has 2000 characters at most."),
    "refusal_reason_needed": _("Choose the article of the charter that this comment does not respect."),
    "report_none": _("No report waits any more: somebody has looked at them."),
    "undo_late": _("It cannot be undone any more. You can still decide otherwise."),
}
