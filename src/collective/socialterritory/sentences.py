"""The sentence for each code: what happened, what was kept, what to do next."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


_UNREACHABLE = _(
    "The server cannot reach ${host}. Nothing was published and nothing is lost. "
    "If this lasts, ask your network department to open HTTPS to ${host}."
)
_UNCONFIRMED = _(
    "${host} did not confirm. The post may be published: look at the account there, "
    "then choose “It is published” or “Send again”."
)
_REFUSED = _("The network refused the post: ${reason}. It is kept here: change it, then send it again.")
_RECONNECT = _(
    "The network no longer accepts our credentials. The posts are kept: reconnect the account and they "
    "can be sent again."
)

SENTENCES: Mapping[str, Message] = {
    # reaching a network
    "dns": _(
        "The name ${host} is not known. Nothing was published. Check its spelling; if it is right, it will "
        "be tried again."
    ),
    "refused_connection": _UNREACHABLE,
    "connect_timeout": _UNREACHABLE,
    "unreachable": _UNREACHABLE,
    "proxy": _UNREACHABLE,
    "tls": _(
        "The connection to ${host} is not secure (its certificate was refused). Nothing was sent. "
        "If this lasts, tell the person who runs the server."
    ),
    "forbidden_port": _("${host} names a port that is not used for web sites. Nothing was sent. Check the address."),
    "forbidden_address": _(
        "${host} leads to an address inside a private network, which this site must not contact. Nothing was sent. "
        "Check the spelling; if it is meant, the person who runs the server can allow it with SOCIALTERRITORY_ALLOW."
    ),
    "read_timeout": _UNCONFIRMED,
    "reset": _UNCONFIRMED,
    "server_error": _UNCONFIRMED,
    "not_json": _(
        "${host} answered with something that is not from the network, often a page of a firewall or of maintenance. "
        "The post may be published all the same: look at the account there before sending again."
    ),
    "bad_answer": _(
        "${host} gave an answer that we do not understand. Nothing is lost: look there before sending again."
    ),
    "bad_redirect": _("${host} sends us elsewhere, which is not accepted here. Nothing was sent. Check the address."),
    "bad_address": _("${host} is not an address that can be asked. Nothing was sent. Check the address."),
    "too_large": _(
        "${host} sent an answer that is too long to be read. Look at the account there before sending again."
    ),
    "bad_request": _("The request to ${host} cannot be made with what was typed. Nothing was sent. Check it."),
    "rate_limited": _("The network asks us to slow down. The post is kept and will leave by itself."),
    "gave_up": _("It was tried for ${hours} hours without success. The post is kept: send it again when you wish."),
    "interrupted": _(
        "The server stopped while sending. The post may be published: look at the account, "
        "then choose “It is published” or “Send again”."
    ),
    "rejected": _REFUSED,
    "billing": _(
        "${host} asks for payment or a larger plan. The account is paused and its posts are kept: settle it at the "
        "network, then resume."
    ),
    # connecting
    "handle_invalid": _("“${handle}” is not a handle. It looks like town.bsky.social or town.example, without spaces."),
    "handle_unknown": _("Nobody is called “${handle}” there. Check the spelling."),
    "handle_mismatch": _(
        "“${handle}” and the account it names do not agree. If the handle was changed lately, wait an hour; "
        "else check the handle's settings at the network."
    ),
    "pds_missing": _("“${handle}” has no server that we could post to. Check the account at the network."),
    "pds_insecure": _(
        "The account lives on ${host}, which cannot be reached over a secure connection. Nothing was sent there."
    ),
    "pds_unreachable": _(
        "The account lives on ${host}, which the server cannot reach. Nothing is stored. Try again later; "
        "if this lasts, ask your network department to open HTTPS to ${host}."
    ),
    "did_mismatch": _("${handle} logged in as somebody else. Nothing is stored. Check the handle."),
    "second_factor": _("The network asks for a second factor: use an app password, not the password of the account."),
    "wrong_password": _("The handle or the app password is not right. Type the app password again, or make a new one."),
    "server_invalid": _("“${server}” is not the name of a server. Type it as in mastodon.social."),
    "not_mastodon": _(
        "${host} does not answer like a Mastodon server. Nothing is stored. Check the name: it stands after the last @ "
        "of the account."
    ),
    "too_many_posts": _(
        "The account at ${host} has said too much since to tell whether this post arrived. Look there, then choose "
        "“It is published” or “Send again”."
    ),
    "media_slow": _("${host} is still preparing the picture. Nothing was published; it will be tried again."),
    "scopes": _(
        "The network says that a right is missing. The posts are kept: reconnect the account and "
        "leave all boxes ticked."
    ),
    "wrong_keys": _(
        "One of the keys is not right. Nothing is stored. Copy all of them again from the app's page there."
    ),
    "clock": _(
        "The clock of this server is wrong, so ${host} refuses what it signs. The posts are kept: the person who runs "
        "the server must set the clock, then test the account again."
    ),
    "duplicate": _(
        "${host} says that such a post is there already, but we do not find it. Look at the account there, then choose "
        "“It is published” or “Send again”."
    ),
    "link_over": _(
        "This way back is not known here: it was used already, is older than ten minutes, or was begun by somebody "
        "else or in another browser. Nothing was linked. Start again from the account."
    ),
    "link_logged_out": _(
        "You are not logged in at this address any more. Nothing was linked. Log in, then start again from the account."
    ),
    "consent_refused": _("You did not agree at the network, so nothing was linked. You can start again at any time."),
    "consent_failed": _(
        "The network did not let us in (${reason}). Nothing was linked. Start again; if it lasts, check the app's "
        "settings at the network."
    ),
    "scopes_missing": _(
        "The network did not give these rights: ${names}. Nothing was linked. Start again and leave all boxes ticked."
    ),
    "unauthorized": _RECONNECT,
    "reconnect": _RECONNECT,
    "missing_answer": _("Please fill this in."),
    "unknown_network": _("This network is not installed any more. The settings are kept."),
    "cannot_connect": _("This network cannot be connected from here."),
    # the server's configuration
    "no_key": _(
        "No key is set, so accounts cannot be connected: credentials are only stored encrypted. "
        "The person who runs the server makes one with `bin/instance social keys init`."
    ),
    "bad_key": _(
        "SOCIALTERRITORY_KEYS is not readable: it should be like name:key, "
        "as `bin/instance social keys init` writes it. Nothing is lost: put the right key back."
    ),
    "unreadable_credentials": _(
        "The stored credentials cannot be read with the keys of this server. Put the former key back, or "
        "reconnect the account."
    ),
    "not_connected": _("This account is not connected. Its settings are kept: connect it first."),
    "mail_stuck": _(
        "Mails wait, because the mail server refused them or did not answer. They are kept for a week and tried again: "
        "look at the mail settings."
    ),
    "no_mail": _("No mail server is set: publishing works, but validators and authors will not be told."),
    "deployment": _(
        "This server is not the one that may send (SOCIALTERRITORY_DEPLOYMENT differs), so nothing leaves from here. "
        "Posts are kept."
    ),
    "no_address": _(
        "The site has no public address yet, so links in posts would lead nowhere. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "malformed_address": _(
        "“${url}” is not an address that links could begin with. Write it as https://www.town.example, "
        "without user name, ? or #."
    ),
    "note_too_long": _("That is too long: ${most} characters at most. Nothing was decided: shorten it."),
    "local_address": _(
        "${url} is the address of one machine, and visitors cannot follow a link to it. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "internal_address": _(
        "${url} is known inside your network only, and visitors cannot follow a link to it. "
        "Fill in “Public address of the site” in the social networks settings."
    ),
    "edit_address": _(
        "${url} looks like the address where editors work. "
        "Fill in “Public address of the site” in the social networks settings with the one that visitors use."
    ),
    # what is sent
    "cut": _("The text is too long and will be cut at a word."),
    "no_image": _("Without an image, the post will attract fewer readers."),
    "no_alt_caption": _("The image has no caption: its description for blind readers will be the title."),
    "alt_cut": _("The description of the image is too long and will be cut."),
    "small_image": _("The image is small and may look blurred."),
    "no_description": _("Without a summary, the link card will show the title alone."),
    "price": _("This post will cost about ${price}."),
    "price_link": _("This post will cost about ${price} because of its link."),
    "same_text": _("This text is identical on all networks."),
    "link_missing": _("The post has no link to the news item."),
    "link_in_card": _("The address is too long for the text: a link card carries it, in place of the image."),
    "image_broken": _("The image cannot be read. The text is kept: replace the image with a JPEG or PNG file."),
    "image_too_large": _("The image is too large to be prepared. The text is kept: replace it with a smaller one."),
    "image_unfit": _(
        "This kind of image (for example SVG) cannot be posted. Replace it with a JPEG or PNG file, or post "
        "without image."
    ),
    "unknown_placeholder": _(
        "“${name}” is not known here. These can be used: {title}, {description}, {link}, {subjects}, {date}."
    ),
    "no_template": _("Write a template, for example {title} and {link}."),
    "open_brace": _("A brace is open or closed without its partner. Placeholders look like {title}."),
    "bad_hours": _("“${line}” is not understood. Write for example “mon-fri 8:00-18:00”, one line per period."),
    "hours_order": _("In “${line}” the end must come after the start. For a night, write two lines."),
    "bad_campaign": _("Write parameters only, for example utm_source=bluesky&utm_medium=social."),
    "busy": _("The session of this account is being renewed. Try again in a minute."),
    "unreadable_file": _("The file ${path}, named by ${name}_FILE, cannot be read. Check its owner and its rights."),
    "pause_reason_needed": _("Please give a reason: everyone who wonders why nothing leaves will read it."),
    "bad_date": _("This is not a date and time."),
    "pause_order": _("The end must come after the start."),
    # deciding
    "own_post": _("You wrote or changed this post: somebody else must approve it."),
    "already_decided": _("${by} has already decided, on ${at}: ${decision}."),
    "already_endorsed": _("You have approved this already. A second person is needed."),
    "fingerprint_missing": _("Say which text you have read: send its fingerprint."),
    "account_deleted": _("The account was deleted. Nothing will be sent."),
    "item_deleted": _("The news item was deleted. Nothing will be sent."),
    "reason_needed": _("Please give a reason: the author will read it."),
    "stale": _("The post changed since you looked. Read it again before you decide."),
    "illegal_transition": _("This is no longer possible: the post is in another state now."),
    "not_allowed": _("You may not do this on this account."),
    # waiting and holding
    "by_hand": _("Held by hand. It leaves once it is released."),
    "not_chosen": _("The editor has taken this account off the news item. The post waits."),
    "later": _("The post leaves at the time that was set."),
    "pace": _("The account posts at set hours and leaves time between posts. This one leaves when its turn comes."),
    "not_found": _("The network says that the post did not arrive. It will be sent again."),
    "pause": _("It should have left during a pause. A validator decides whether it should still leave."),
    "paused": _("A pause is in force. Afterwards a validator decides whether this still leaves."),
    "pause_over": _(
        "The pause is over. This post met it: it is held, and a validator decides whether it still leaves."
    ),
    "ceiling": _(
        "This post would take the account over its ceiling for the month. Raise it in the account's settings or wait "
        "for next month, then release the post."
    ),
    "other_identity": _(
        "The account was linked to somebody else after this post was made. If it may have been published under the "
        "former name, look there first. A validator decides whether it leaves in the new name."
    ),
    "other_network": _(
        "The account belongs to another network since this post was made, so the post cannot leave. Cancel it: "
        "what is published from now on goes to the new network."
    ),
    "unreadable": _("The news item could not be read just before sending. Nothing was sent; it will be tried again."),
    "overdue": _("It should have left long ago. A validator decides whether it should still leave."),
    "not_public": _("The news item is not public. The post leaves when it is."),
    "item_expired": _("The news item has expired. The post will not leave."),
}

GENERAL = _("Something unexpected happened. Nothing is lost: try again, or tell your webmaster (${code}).")

_UNANSWERED = _(
    "${host} did not answer as expected. Nothing was published and nothing is lost: try again in a few minutes."
)
SURE: Mapping[str, Message] = {
    "read_timeout": _UNANSWERED,
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
