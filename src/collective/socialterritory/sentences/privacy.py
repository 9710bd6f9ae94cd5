"""What is kept of people who comment: the notice under the form, and the record of processing (GDPR, article 30)."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


NOTICE: Mapping[str, Message] = {
    "public": _("${site} publishes your comment with the name that you give, once a moderator has approved it."),
    "email": _(
        "Your e-mail address is optional and never published. It is used to write to you about your comment alone, "
        "and kept for ${email} at most."
    ),
    "origin": _(
        "Your IP address is not kept. To hold off abuse, a coded trace of your network is kept for ${origin}; after "
        "that nobody can read it any more."
    ),
    "rejected": _("Comments that are refused are deleted after ${rejected}."),
    "shared": _(
        "Moderators may pass a comment on to the department that it concerns. No third party receives your data."
    ),
    "alone": _("No third party receives your data."),
    "rights": _("See, take along or erase what is kept about you: ${url}"),
    "complaint": _("You can complain to the data protection authority, in France the CNIL."),
}
"""In this order; of "shared" and "alone" one"""

TITLE = _("Record of processing: comments of visitors")

PURPOSES = _(
    "To let people comment on what the body publishes, to moderate these comments, to hold off abuse, to tell people "
    "of answers that they asked for, and to know how soon the body answers on social networks."
)
BASIS = _(
    "Performance of a task carried out in the public interest (article 6, 1, e of the GDPR). Mails about answers: "
    "consent (article 6, 1, a), given by following a link in a first mail and withdrawn by one click."
)
PEOPLE = _(
    "People who comment or report a comment, with or without an account on the site; people who answer the body's "
    "posts on social networks; moderators, for the decisions that they take."
)
CATEGORIES: Mapping[str, Message] = {
    "comment": _("The comment, its date, the name that its author gave or that of their account: as long as the page."),
    "email": _("E-mail address, optional: ${email}."),
    "origin": _(
        "Trace of the network: a keyed hash of its first part (/24 or /64), made with a random key of the day that is "
        "destroyed with it: ${origin}. The IP address itself is not kept."
    ),
    "rejected": _("Comments that were refused or marked as spam: ${rejected}."),
    "log": _(
        "Log of moderation: who decided what about which comment, when and for which reason: ${log}. Texts that an "
        "edit replaced: ${rejected}."
    ),
    "reports": _("Reports of visitors: reason, text, and the address of those who want an answer: ${email}."),
    "bans": _(
        "People who may not comment for a while: a keyed hash of their address, or the id of their account, and a "
        "moderator's note: ${ban}. The trace of their network: ${origin} at most."
    ),
    "network": _(
        "Replies on social networks: text, public name, address and picture of the account there, until its author "
        "takes them away there or here."
    ),
}
"""What is kept, with how long"""
RECIPIENTS = _("Moderators and administrators of the site. What is approved: everybody.")
DEPARTMENTS = _("Departments of the body that a comment was forwarded to: ${departments}.")
TRANSFERS = _(
    "No data is sent to another country or to a third party, and nothing is loaded from elsewhere. An answer to "
    "somebody on a social network is posted at that network, in whatever country it is."
)
SECURITY: tuple[Message, ...] = (
    _("Comments that wait, that were refused and spam are visible to moderators alone."),
    _("Addresses in links and indexes are replaced by keyed hashes."),
    _("Data that is past its days is removed every hour, by the site itself."),
    _("Every decision is on record, deletions included."),
    _("Backups and the history of the database keep older states until they are packed or expire: see operations."),
)
RIGHTS = _(
    "Access, portability and erasure: by a link that is mailed to the person's address (${url}), or by the webmaster. "
    "Other rights and questions: ${contact}."
)
HEADINGS: Mapping[str, Message] = {
    "controller": _("Controller"),
    "officer": _("Data protection officer"),
    "purposes": _("Purposes"),
    "basis": _("Lawful basis"),
    "people": _("Persons concerned"),
    "categories": _("Categories of data, and how long they are kept"),
    "recipients": _("Recipients"),
    "transfers": _("Transfers outside the European Union"),
    "security": _("Security measures"),
    "rights": _("Rights of persons"),
}
TO_FILL = _("(to be filled in)")
