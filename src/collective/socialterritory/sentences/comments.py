"""What people are told about comments: why one was not taken, what became of it, why a page takes none."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


REFUSALS: Mapping[str, Message] = {
    "text_empty": _("Write something first."),
    "text_long": _("Your text has more than ${longest} characters. It is kept here: shorten it, and send it again."),
    "name_missing": _("Write a name, yours or another one: it stands above your comment."),
    "name_long": _("A name has ${longest} characters at most."),
    "email_invalid": _("This is not an e-mail address. Correct it, or leave it out."),
    "email_unfit": _("No mail can be sent to this address. Give another one, or leave the box below unticked."),
    "email_missing": _("Leave an address at which you can be told, or untick the box."),
    "logged_in": _("You are logged in now. Your text is kept here: send it once more, and it is under your name."),
    "token_expired": _("This form was open for more than two hours. Your text is kept here: send it once more."),
    "token_forged": _("This form was not made for this page. Your text is kept here: send it once more."),
    "token_young": _("That was very fast. Your text is kept here: look it over, and send it again in a few seconds."),
    "trapped": _("Leave this field empty: it is there for robots alone. Your text is kept here."),
    "too_many": _("Many comments came in just now. Your text is kept here: try again in ${minutes} min."),
    "queue_full": _(
        "Very many comments wait for our moderators, so no more can be taken at the moment. Your text is kept here: "
        "copy it, and come back later."
    ),
    "said_here": _("This has been said here in the same words already, and was not added once more."),
    "banned": _("Comments from you are not taken until ${until}. If you think that this is wrong, write to us."),
    "would_wait": _(
        "Our rules mark this text: a moderator looks at it more closely before it is shown. You can say it "
        "differently, or send it all the same."
    ),
    "comments_paused": _("Comments are only read at the moment. Your text is kept here: copy it, and come back later."),
    "closed": _("Comments on this page are closed. Your text was not added; it is kept here for you to copy."),
    "log_in": _("Log in to comment on this page. Your text is kept here: copy it before."),
    "not_now": _("Your comment could not be added just now. Your text is kept here: send it once more in a moment."),
    "item_gone": _("This page is no longer here. Your text was not added; it is kept here for you to copy."),
    "parent_gone": _(
        "The comment that you answer is no longer here. Your text is kept: send it as a comment of its own, or copy it."
    ),
    "not_yours": _("This comment is not yours to change."),
    "too_late": _("The time in which you could change this comment is over."),
}

RULES: Mapping[str, Message] = {
    "word": _("A word that makes comments wait: “${what}”"),
    "host": _("A link to ${what}"),
    "links": _("Many links"),
    "repeated": _("The same text on several pages"),
}
"""What held a comment, told to its author."""


CLOSED: Mapping[str, Message] = {
    "off": _("Comments are closed."),
    "here": _("Comments are closed."),
    "section": _("Comments are closed."),
    "type": _("Comments are closed."),
    "copy": _("This is a working copy: comments are written on the page itself."),
    "paused": _("Comments are paused for the moment. What was said stays."),
    "over": _("Comments closed on ${when}."),
}
"""Why a page takes none, by comments.rules.opening.Why."""

GONE: Mapping[str, Message] = {
    "author": _("A comment that its author withdrew."),
    "erased": _("A comment that was erased."),
    "source": _("A comment that was taken away where it was written."),
}
"""In place of a text that is not there any more, by comments.model.Facts.gone."""
