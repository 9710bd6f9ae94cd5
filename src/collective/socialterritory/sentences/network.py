"""What networks and the way to them may answer."""

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
    "The network no longer accepts our credentials. The posts are kept: reconnect the account and they leave."
)

NETWORK: Mapping[str, Message] = {
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
    "no_edits": _(
        "${host} cannot change a post that is out. Nothing was changed: correct it in a reply, or delete it there."
    ),
    "post_gone": _(
        "The post is not at ${host} any more, so it can be neither changed nor answered. Nothing was sent: what should "
        "still be said needs a new post."
    ),
    "scopes": _(
        "The network says that a right is missing. The posts are kept: reconnect the account and "
        "leave all boxes ticked."
    ),
    "keys_read_only": _(
        "These keys may only read. Let the app write in its settings at ${host}, make the access token anew there, and "
        "paste all four keys here."
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
    "ending": _(
        "What was agreed to at the network ends ${when}. Reconnect ${account} before: its settings and posts stay."
    ),
    "missing_answer": _("Please fill this in."),
    "unknown_network": _("This network is not installed any more. The settings are kept."),
    "cannot_connect": _("This network cannot be connected from here."),
    # Facebook
    "app_id_invalid": _("The App ID is a number. Nothing is stored. Copy it again from the app's settings at Meta."),
    "no_page": _(
        "There is no page that you may post on. Nothing was linked. Choose the page in Facebook's dialog, or ask for "
        "the task “Content” on it, then start again."
    ),
    "app_secret": _(
        "Meta no longer accepts the app secret. The posts are kept: reconnect the account with the one in the "
        "app's settings."
    ),
    "app_inactive": _(
        "Meta has switched off the app, or restricts it (${reason}). The posts are kept: look at the app's page in "
        "Meta's console, then reconnect the account."
    ),
    "app_removed": _(
        "The person who linked the account has removed the app at Meta. The posts are kept: reconnect the account."
    ),
    "password_changed": _(
        "The person who linked the account has changed their password, so Meta ended the link. The posts are kept: "
        "reconnect the account."
    ),
    "expired": _("The link to the network has expired. The posts are kept: reconnect the account."),
    "checkpoint": _(
        "Meta wants to speak to the person who linked the account. The posts are kept: that person logs in there, "
        "does what is asked, then tests or reconnects the account."
    ),
    "role_lost": _(
        "The person who linked the page has lost their role on it. The posts are kept: somebody who may post on the "
        "page reconnects the account."
    ),
    "page_gone": _(
        "The page is not there any more, or the person who linked it no longer manages it. The posts are kept: "
        "reconnect the account and choose the page."
    ),
    "blocked": _(
        "Meta blocks this account for a while (${reason}). The post is kept and tried again some hours later. "
        "Look at the state of the account there."
    ),
    "graph_version": _(
        "Facebook no longer serves version ${version} of its interface. Nothing was published; it is kept and tried "
        "again. The person who runs the server sets SOCIALTERRITORY_GRAPH_VERSION to a newer one, such as v27.0."
    ),
    "graph_version_over": _(
        "Version ${version} of Facebook's interface has ended, and ${newer} answers in its place. Posts still leave: "
        "the person who runs the server sets SOCIALTERRITORY_GRAPH_VERSION to ${newer} or newer."
    ),
    "not_yet_sure": _(
        "${host} does not list the post yet. Nothing is sent again meanwhile: it is looked for once more in a few "
        "minutes."
    ),
    "link_refused": _(
        "Facebook cannot use the link: ${reason}. The post is kept here: check that visitors can open the page, then "
        "send it again."
    ),
    "image_refused": _(
        "Meta refused the picture: ${reason}. The post is kept here: replace the image, then send it again."
    ),
    # Instagram, Threads
    "no_professional": _(
        "No page that you may post on has a professional account of Instagram. Nothing was linked. Make the account "
        "professional, connect it to the page, choose both in Facebook's dialog, then start again."
    ),
    "restricted": _(
        "Instagram restricts this account (${reason}). The posts are kept: log in to the Instagram app, do what is "
        "asked there, then test or reconnect the account."
    ),
    "picture_unfetched": _(
        "${host} could not fetch the picture from this site (${reason}). Nothing was published; it is tried again. If "
        "this lasts, the person who runs the server looks whether the public address answers to everybody."
    ),
    "prepared_over": _(
        "What the network had prepared is not good any more (${reason}). Nothing was published; it is prepared anew."
    ),
    "daily_limit": _(
        "The account has published as many posts today as the network allows. The post is kept and leaves once "
        "there is room again."
    ),
    # webhook
    "not_https": _("The address must begin with https://. Nothing was sent. Ask for it who runs the receiver."),
    "secret_invalid": _(
        "This is no signing secret: it begins with whsec_, and has 32 letters and digits or more after it. Nothing is "
        "stored. Copy it again, or make a new one as the page “Link a webhook” tells."
    ),
    "receiver_gone": _(
        "The receiver wants no more events. The posts are kept: ask who runs it, then reconnect the "
        "account, with its new address if it has one."
    ),
    # LinkedIn
    "no_organisation": _(
        "There is no page that you may post for. Nothing was linked. Ask an administrator of the page at LinkedIn to "
        "make you one, or content administrator, then start again."
    ),
    "not_approved": _(
        "LinkedIn has not approved this app for posting on pages. Nothing was linked. Ask for the product “Community "
        "Management API” on the app's page there; meanwhile, or where it is refused, post by hand."
    ),
    "linkedin_version": _(
        "LinkedIn no longer serves version ${version} of its interface. Nothing was published; it is kept and tried "
        "again. The person who runs the server sets SOCIALTERRITORY_LINKEDIN_VERSION to a newer one, such as 202709."
    ),
    "linkedin_version_old": _(
        "Version ${version} of LinkedIn's interface is more than a year old and may be switched off any day. Posts "
        "still leave: the person who runs the server sets SOCIALTERRITORY_LINKEDIN_VERSION to a newer one."
    ),
    "ghost": _(
        "${host} took the post, but does not show it. It may be there all the same: look at the page there, then "
        "choose “It is published” or “Send again”."
    ),
}
