"""Why an address that a person pastes cannot be followed."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


SOURCE: Mapping[str, Message] = {
    "address_invalid": _(
        "“${typed}” is not an address that can be followed. Paste the address of the page as your browser shows it, or "
        "an account such as @town@mastodon.social."
    ),
    "account_needed": _(
        "${host} shows what is said there only to those who log in, so it cannot be followed by its address. If the "
        "account is yours, connect it under “Social network accounts” and choose it here: what was posted from this "
        "site is shown as well."
    ),
    "no_feed_found": _(
        "There is a page at ${host}, and no feed that it names (tried: ${tried}). Look on it for a link called RSS, "
        "Atom or feed, and paste the address of that link."
    ),
    "no_channel_found": _(
        "YouTube does not tell us which channel this is. On the channel's page choose “Share”, then “Copy channel ID”, "
        "and paste https://www.youtube.com/channel/ with that ID behind it."
    ),
    "feed_gone": _(
        "${host} says that nothing is there any more. Visitors see the last copy. Look whether the address has "
        "changed; if it is gone for good, delete this source."
    ),
    "feed_forbidden": _("${host} does not let us read this. Visitors see the last copy. Look whether it is public."),
    "youtube_404": _(
        "YouTube says for the moment that it does not know this channel, which it does now and then for weeks. "
        "Visitors see the last copy. If the channel was closed, delete this source."
    ),
    "profile_gone": _(
        "${host} knows no ${name}, or no longer. Visitors see the last copy. Check the spelling; whoever moved to "
        "another server has a new address."
    ),
    "anonymous_refused": _(
        "${host} shows what is said there only to those who log in. Visitors see the last copy. Ask those who run it "
        "for a feed (RSS), or follow an account elsewhere."
    ),
    "members_only": _(
        "${name} asks that only people who are logged in at ${host} be shown what is said there, so visitors would not "
        "see it here. Whoever holds that account can change this in its settings."
    ),
}
