"""What may go wrong with a source of feeds: what happened, what visitors see meanwhile, what to do."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


_UNREACHABLE = _(
    "The server cannot reach ${host}. If this lasts, ask your network department to open HTTPS to ${host}."
)
_STRANGE = _("${host} gave an answer that we do not understand.")

FEEDS: Mapping[str, Message] = {
    # recognising an address
    "address_missing": _("Paste an address first."),
    "address_invalid": _(
        "“${typed}” is not an address that can be followed. Paste the address of the page as your browser shows it, "
        "or an account such as @town@mastodon.social."
    ),
    "account_needed": _(
        "${host} shows what is said there only to those who log in, so it cannot be followed by its address. If the "
        "account is yours, connect it under “Social network accounts” and choose it here: what was posted from this "
        "site is shown as well."
    ),
    "box_unknown": _(
        "No box is known for this address. Paste the address of a public page of Facebook, of a profile of Instagram "
        "or X, of a video or playlist of YouTube, or of a single post, also on Bluesky, as your browser shows it."
    ),
    "no_feed_found": _(
        "There is a page at ${host}, and no feed that it names (tried: ${tried}). Look on it for a link called RSS, "
        "Atom or feed, and paste the address of that link."
    ),
    "no_channel_found": _(
        "YouTube does not tell us which channel this is. On the channel's page choose “Share”, then “Copy channel "
        "ID”, and paste https://www.youtube.com/channel/ with that ID behind it."
    ),
    "feed_gone": _(
        "${host} says that nothing is there any more. Look whether the address has changed; if it is gone for good, "
        "delete this source."
    ),
    "feed_forbidden": _("${host} does not let us read this. Look whether it is public."),
    "youtube_404": _(
        "YouTube says for the moment that it does not know this channel, which it does now and then for weeks. If "
        "the channel was closed, delete this source."
    ),
    "profile_gone": _(
        "${host} knows no ${name}, or no longer. Check the spelling; whoever moved to another server has a new address."
    ),
    "anonymous_refused": _(
        "${host} shows what is said there only to those who log in. Ask those who run it for a feed (RSS), or follow "
        "an account elsewhere."
    ),
    "members_only": _(
        "${name} asks that only people who are logged in at ${host} be shown what is said there, so visitors would "
        "not see it here. Whoever holds that account can change this in its settings."
    ),
    # reading
    "feed_empty": _("What ${host} sends has no entry any more. If that is meant, delete this source."),
    "not_a_feed": _(
        "${host} answered with something that is not a feed. Open the address in a browser: a feed is RSS, Atom or "
        "JSON Feed, and the page that people read is none."
    ),
    "feed_too_heavy": _(
        "Reading what ${host} sent takes too much time or memory, so it was given up. Ask those who run ${host} for "
        "a feed with fewer or shorter entries."
    ),
    "no_reader": _(
        "The server could not start the process that reads feeds. The reason is in the server's log: tell the person "
        "who runs it."
    ),
    "dns": _("The name ${host} is not known. Check whether the address has changed."),
    "refused_connection": _UNREACHABLE,
    "connect_timeout": _UNREACHABLE,
    "unreachable": _UNREACHABLE,
    "proxy": _UNREACHABLE,
    "tls": _(
        "The connection to ${host} is not secure (its certificate was refused). If this lasts, tell the person who "
        "runs the server."
    ),
    "forbidden_port": _("${host} names a port that is not used for web sites. Check the address."),
    "forbidden_address": _(
        "${host} leads to an address inside a private network, which this site must not contact. Check the spelling; "
        "if it is meant, the person who runs the server can allow it with SOCIALTERRITORY_ALLOW."
    ),
    "bad_address": _("This is not an address that can be asked. Paste it as your browser shows it, from https:// on."),
    "bad_request": _("This is not an address that can be asked. Paste it as your browser shows it, from https:// on."),
    "bad_redirect": _("${host} sends us elsewhere, which is not accepted here. Paste the address where it leads."),
    "read_timeout": _("${host} did not answer in time."),
    "reset": _STRANGE,
    "bad_answer": _STRANGE,
    "not_json": _STRANGE,
    "server_error": _("${host} has a fault of its own."),
    "too_large": _("What ${host} sends is too long to be read. Choose a shorter feed."),
    "rate_limited": _("${host} asks us to slow down."),
    "unauthorized": _("The network no longer accepts our credentials. Reconnect the account; it is read again then."),
    "scopes": _("The network does not let us read with these rights. Reconnect the account and agree to all of them."),
    "rejected": _("The network refused: ${reason}."),
    "billing": _("The network asks for payment before it can be read."),
    "ceiling": _("Reading would cost more than the month's ceiling of ${account}."),
    "account_gone": _("The account that this source reads is no longer here. Delete the source, or add another."),
    "account_waits": _("${account} must be connected before it can be read."),
    "deployment": _("This server is not the one that sends, so it reads nothing that costs money."),
    "unexpected": _("Something unexpected happened."),
}
