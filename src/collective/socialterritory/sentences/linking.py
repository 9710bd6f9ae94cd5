"""The words of linking an account: what people type, which rights a network asks them for, in which ways."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


FIELDS: Mapping[str, tuple[Message, Message]] = {
    "handle": (_("Handle"), _("As people write it, for example town.bsky.social or town.example.")),
    "app_password": (
        _("App password"),
        _("Not the password of the account: make one at the network, under Settings, App passwords. "
          "It is stored encrypted and never shown again."),
    ),
    "server": (
        _("Server"),
        _("The part after the last @ of the account, for example mastodon.social or social.town.example."),
    ),
    "api_key": (_("API key"), _("On the app's page at the network, under “Keys and tokens”; X calls it Consumer key.")),
    "api_secret": (_("API key secret"), _("Shown once, beside the API key.")),
    "access_token": (
        _("Access token"), _("Made on the same page for the account that is to post, with the right to read and write.")
    ),
    "access_secret": (_("Access token secret"), _("Shown once, beside the access token.")),
    "app_id": (
        _("App ID"),
        _("On the app's page at the network, under “App settings”, “Basic”: a number."),
    ),
    "threads.app_id": (
        _("App ID"),
        _("The Threads app ID, a number: on the app's page at Meta, under “App settings”, “Basic”, further down."),
    ),
    "app_secret": (_("App secret"), _("Beside the App ID. It is stored encrypted and never shown again.")),
    "profile": (
        _("Address of your page"),
        _("The page where people see your posts: its whole address, from https:// on."),
    ),
    "client_id": (_("Client ID"), _("On the app's page at the network, under “OAuth 2.0” or “Auth”.")),
    "client_secret": (_("Client secret"), _("Beside the Client ID. It is stored encrypted and never shown again.")),
    "x.client_secret": (_("Client secret"), _("Beside the Client ID; X shows it once. It is stored encrypted.")),
    "receiver": (
        _("Address of the receiver"),
        _("Where the other tool takes events, from https:// on. Who may connect this account can read it here."),
    ),
    "webhook_secret": (
        _("Signing secret"),
        _("The one that the receiver checks signatures with; it begins with whsec_. It is stored encrypted and never "
          "shown again."),
    ),
}  # fmt: skip
"""Label and explanation of what a person types to connect an account; "threads.app_id" where a network differs."""

SCOPES: Mapping[str, Message] = {
    "read:accounts": _("to see which account it is"),
    "read:statuses": _("to see whether a post arrived, so that none is sent twice"),
    "write:statuses": _("to post"),
    "write:media": _("to add pictures"),
    "pages_show_list": _("to see which pages you may choose from"),
    "pages_manage_posts": _("to post"),
    "pages_read_engagement": _("to see whether a post arrived, so that none is sent twice"),
    "pages_read_user_content": _("to read what people comment, where replies are shown here"),
    "instagram_basic": _("to see whether a post arrived, so that none is sent twice"),
    "instagram_content_publish": _("to post"),
    "instagram_manage_insights": _("to see how often posts are seen"),
    "threads_basic": _("to see which account it is"),
    "threads_content_publish": _("to post"),
    "threads_delete": _("to take posts away"),
    "threads_manage_replies": _("to answer"),
    "threads_read_replies": _("to read what people answer, and to see whether an answer of ours arrived"),
    "threads_manage_insights": _("to see how often posts are seen"),
    "users.read": _("to see which account it is"),
    "tweet.read": _("to see whether a post arrived, so that none is sent twice"),
    "tweet.write": _("to post"),
    "media.write": _("to add pictures"),
    "offline.access": _("to stay linked longer than two hours"),
    "w_organization_social": _("to post"),
    "r_organization_social": _("to see whether a post arrived, so that none is sent twice"),
    "rw_organization_admin": _("to see which pages you may choose from, and how far posts got"),
}
"""What each right that a network asks a person for is needed for."""

WAYS: Mapping[str, Message] = {
    "typed": _("With a password or keys that you copy"),
    "consent": _("On the network's own page"),
    "by_hand": _("By hand, without any link"),
}
"""The ways to link an account, where a network has two."""

BESIDE: Mapping[str, str] = {
    "handle_invalid": "handle",
    "handle_unknown": "handle",
    "handle_mismatch": "handle",
    "pds_missing": "handle",
    "second_factor": "app_password",
    "wrong_password": "app_password",
    "server_invalid": "server",
    "not_mastodon": "server",
    "app_id_invalid": "app_id",
    "not_https": "receiver",
    "receiver_gone": "receiver",
    "secret_invalid": "webhook_secret",
    "profile_invalid": "profile",
    "profile_elsewhere": "profile",
}
"""The field of a connect form that a code speaks of."""
