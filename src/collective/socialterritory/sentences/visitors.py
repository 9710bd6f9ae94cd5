"""What visitors read about their own comments, their reports, and mails about answers."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


VISITORS: Mapping[str, Message] = {
    "key_missing": _("This page opens with the private link that you were given when you commented."),
    "key_forged": _("This link is not complete, or not from this site. Copy all of it, to its last letter."),
    "key_expired": _("This link has expired. Nothing was changed."),
    "own_gone": _("This comment is not here any more. Perhaps it was removed together with its page."),
    "own_withdrawn": _("You withdrew this comment. Nothing of it is shown any more."),
    "own_removed": _("A moderator removed this comment."),
    "own_stale": _("Something changed while you were here: see below. What you wrote is kept, and was not sent."),
    "form_old": _("This page was open for a long time. What you wrote is kept here: send it once more."),
    "appeal_closed": _("A refusal can be appealed once, and only as long as it stands."),
    "appeal_long": _("That is more than ${longest} characters. It is kept here: shorten it."),
    "withdraw_closed": _("There is nothing to withdraw."),
    "wait": _("That was a lot in a short time. What you wrote is kept here: try again in ${minutes} min."),
    "report_gone": _("This comment is not shown, or not any more. There is nothing left to report."),
    "report_many": _("This comment was reported very often. A moderator knows of it and will look."),
    "report_unknown": _("This report is not there any more."),
    "report_reason": _("Choose a reason."),
    "report_text": _("Explain why the content is illegal: which words, and if you can which law."),
    "report_long": _("That is more than ${longest} characters. It is kept here: shorten it."),
    "report_name": _("The law asks for your name with such a report."),
    "report_email": _("The law asks for an e-mail address with such a report: you get the answer there."),
    "report_sure": _("Tick the box if that is so: the law asks for it."),
    "email_bad": _("This is not an e-mail address. Correct it, or leave it out."),
    "trapped_report": _("Leave the field “Leave this empty” as it is: it is there for robots alone."),
    "answers_gone": _("This link is over: nothing waits to be confirmed here. Perhaps it took more than three days."),
    "answers_forged": _("This link is not complete, or not from this site. Copy all of it, to its last letter."),
}
