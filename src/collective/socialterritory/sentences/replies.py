"""Why replies to our posts are not read, where it is not what other reading from networks meets as well."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


_RECONNECT = _("The network no longer accepts our credentials: link the account again.")

REPLIES: Mapping[str, Message] = {
    "cannot_hear": _("This account's network gives no replies to read, or nobody but a person reaches it."),
    "scopes": _(
        "A right to read replies is missing. Posts leave all the same: link the account again and leave all boxes "
        "ticked. If the right is not among them, the app at the network must ask for it."
    ),
    "unauthorized": _RECONNECT,
    "expired": _RECONNECT,
    "rate_limited": _("The network asks us to slow down. They are read again by themselves."),
    "server_error": _("${host} does not give them at the moment. It is tried again by itself."),
    "rejected": _("${host} refuses to give them: ${reason}"),
}
