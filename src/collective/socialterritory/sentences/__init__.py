"""The sentence for each code: what happened, what was kept, what to do next."""

from collections.abc import Mapping
from collective.socialterritory import _
from collective.socialterritory.sentences.card import CARD
from collective.socialterritory.sentences.comments import REFUSALS
from collective.socialterritory.sentences.feeds import FEEDS
from collective.socialterritory.sentences.kit import KIT
from collective.socialterritory.sentences.moderation import MODERATION
from collective.socialterritory.sentences.network import NETWORK
from collective.socialterritory.sentences.post import POST
from collective.socialterritory.sentences.visitors import VISITORS
from zope.i18nmessageid import Message


SENTENCES: Mapping[str, Message] = {
    **FEEDS,
    **NETWORK,
    **POST,
    **CARD,
    **KIT,
    **MODERATION,
    **REFUSALS,
    **VISITORS,
}

GENERAL = _("Something unexpected happened. Nothing is lost: try again, or tell your webmaster (${code}).")

_UNANSWERED = _(
    "${host} did not answer as expected. Nothing was published and nothing is lost: try again in a few minutes."
)
SURE: Mapping[str, Message] = {
    "read_timeout": _(
        "${host} did not answer in time. Nothing was published and nothing is lost: try again in a few minutes."
    ),
    "reset": _UNANSWERED,
    "bad_answer": _UNANSWERED,
    "server_error": _UNANSWERED,
    "too_large": _UNANSWERED,
    "not_json": _(
        "${host} answered with something that is not from the network, often a page of a firewall or of maintenance. "
        "Nothing was published and nothing is lost: try again later, or ask your network department."
    ),
}
"""What is said instead when nothing can have been published."""

REPEATED = _("${host} did not confirm. Perhaps it was done; to do it once more does no harm.")
"""What is said in place of those of a correction in place or a withdrawal."""

_NO_WAY = _(
    "The server cannot reach ${host}. The settings of the account are kept. Try again later; "
    "if this lasts, ask your network department to open HTTPS to ${host}."
)
CONNECTING: Mapping[str, Message] = {
    "dns": _(
        "No machine called ${host} was found. The settings of the account are kept. If that name is what you meant, "
        "ask your network department whether this server may look up names on the Internet."
    ),
    "refused_connection": _NO_WAY,
    "connect_timeout": _NO_WAY,
    "unreachable": _NO_WAY,
    "proxy": _NO_WAY,
}
"""What is said instead while an account is connected or tested: there is no post to speak of."""
