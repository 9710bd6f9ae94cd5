"""Why our posts are not counted, where it is not what other reading from networks meets as well."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


_RECONNECT = _("The network no longer accepts our credentials: link the account again. Its posts are counted then.")

MEASURES: Mapping[str, Message] = {
    "scopes": _(
        "A right to read figures is missing. Posts leave all the same: link the account again and leave all boxes "
        "ticked."
    ),
    "unauthorized": _RECONNECT,
    "expired": _RECONNECT,
    "rate_limited": _("The network asks us to slow down. It is asked again by itself."),
    "billing": _("The network wants to be paid before it tells more: look at the credit of the account there."),
    "server_error": _("${host} does not tell them at the moment. It is asked again by itself."),
    "rejected": _("${host} refuses to tell them: ${reason}"),
}
