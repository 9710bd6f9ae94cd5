"""The browser layer, the site's settings, and the ways rooms meet."""

from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory import uploaded
from collective.socialterritory.environment import setting
from collective.socialterritory.messages import NETWORKS
from collective.socialterritory.messages import sentence
from collective.socialterritory.options import IListeningOptions
from collective.socialterritory.options import IMeasureOptions
from collective.socialterritory.options import IPrivacyOptions
from collective.socialterritory.options import IShareOptions
from collective.socialterritory.options import Refused
from collective.socialterritory.pause import Pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone.app.discussion.interfaces import IDiscussionLayer
from plone.registry.interfaces import IRegistry
from typing import Any
from zope import schema
from zope.component import getUtility
from zope.component import queryUtility
from zope.interface import Attribute
from zope.interface import Interface
from zope.publisher.interfaces.browser import IDefaultBrowserLayer


PREFIX = "collective.socialterritory"


class IBrowserLayer(IDiscussionLayer, IDefaultBrowserLayer):
    """Marks requests to sites where the add-on is installed; what is for it wins over plone.app.discussion's own."""


BUNDLE = "social-territory"
"""Style sheet and script of the add-on; only pages that need them ask for them"""


class INamedPage(Interface):
    """A page about no content, which would have the site's name alone in the browser's title bar."""

    page_title = Attribute("Its name, a message")


class INetwork(Interface):
    """Utility, named by the network's id: an object of a networks.model.Network subclass."""

    id = Attribute("Stable id, such as bluesky")
    title = Attribute("Name people know, such as Bluesky")


def network_title(id: str) -> Any:
    """What people call the network; its id when it is not installed any more."""
    return NETWORKS.get(id) or getattr(queryUtility(INetwork, name=id), "title", id)


class IJob(Interface):
    """Utility, named: a piece of off-request work that a room has, run by worker.py for one site at a time."""

    def start(site, now):
        """Called once per site when the worker starts, in a transaction of its own."""

    def step(site, pool, now):
        """Do what is due and return the seconds until it wants to be called again.

        Runs in the worker's thread with the site's connection and commits itself. `pool.submit(lane, done, function,
        *args)` runs a function that touches no ZODB object in a sender thread; `pool.room(lane, server)`, asked
        before, tells whether there is one for it, and `pool.busy(lane)` whether one is running: a lane has one at
        a time. Later `done(site, result)` is called in the worker's thread with what the function returned or the
        exception it raised, and committed, again on a conflict: it must bear repeating.
        """


class IOutbox(Interface):
    """Adapter of the site: the deliveries."""

    def enqueue(delivery):
        """Add a crosspost.model.Delivery. False when its id is there already, which is harmless."""

    def get(id):
        """The Delivery or None."""

    def of_item(uid):
        """All deliveries of one content item, history included, newest first."""

    def standing(uid):
        """Of one content item, what readers still see at the networks, as crosspost.rules.correction.Standing."""

    def gone(delivery):
        """Whether what this one brought out was taken away since."""

    def live():
        """Iterate over what is not in the history."""

    def posted(since, until=None, operation="post"):
        """Iterate over the posts that went out since then, and before `until`; those that were taken away again too.

        `operation`: of deliveries of another kind, such as "answer".
        """


class IAnswering(Interface):
    """Adapter of the site: what its accounts say back to people at the networks."""

    def answer(post, to, url, text):
        """Let the account of a post say `text` below what somebody said to it, after the account's validation.

        `post`: id of the post's delivery; `to`, `url`: id and address at the network of what is answered. Returns the
        id of the delivery that says it, that of before where the same was asked for already. Raises SocialError:
        no_such_way where the post is out no more, text_needed, text_too_long, note_too_long.
        """

    def answers(post, to):
        """What was said so, or is to be, newest first: (text, where it stands as words, address there or "")."""


class IMeasured(Interface):
    """Adapter of the site: how far posts of ours got."""

    def last(id):
        """What was counted last of the post of a delivery: (time, networks.entries.Counts), None for nothing."""

    def course(id):
        """How its reactions went since, drawn as SVG that tells it in words too; "" before there is a course."""

    def page(account):
        """Address of the figures of the account with this UID, "" where the current user may not read them."""


class IReplies(Interface):
    """Adapter of the site: what people answered to our posts, as it was read."""

    def said(item, account, there):
        """When somebody said what has the id `there` at the account's network, below a post of this item; None where
        nobody knows."""


class ISpoken(Interface):
    """Adapter of the site: what our accounts posted from here, out of the record."""

    def entries(account, most):
        """networks.entries.Entry, newest first, of the account with this UID: what is still out, of public news.

        Addresses of this site's own begin with "/", which stands for its root.
        """


class IPictures(Interface):
    """Utility: pictures that others show, made harmless. Of use in a sender thread: it touches no ZODB object."""

    def fetch(http, url, side):
        """Bytes, MIME type, width and height of the picture there, drawn anew with no side longer than `side`.

        Raises SocialError.
        """


class IComposer(Interface):
    """Adapter of a content item: what an account would say of it."""

    def compose(account):
        """A crosspost.model.Rendition for an accounts.model.Account."""


def good_address(url: str) -> bool:
    """Raises Refused for what visitors could not follow, unless it is what is set already, as in a demo."""
    if url and url != settings().public_url and (code := address.problem(url)):
        raise Refused(sentence(code, {"url": url}))
    return True


def good_image(stored: bytes) -> bool:
    """Raises Refused for what link cards cannot show."""
    if stored and not uploaded.describe(stored):
        raise Refused(sentence("card_image_unfit"))
    return True


class ISocialOptions(IPrivacyOptions, IMeasureOptions, IListeningOptions, IShareOptions):
    """What a webmaster sets in the control panel. No secret lives here."""

    public_url = schema.URI(
        title=_("Public address of the site"),
        description=_("The address visitors use. Links in posts begin with it, wherever editors work."),
        constraint=good_address,
        required=False,
    )
    staff_url = schema.URI(
        title=_("Address where staff work"),
        description=_("Links in mails begin with it. Empty: the public address."),
        required=False,
    )
    max_age = schema.Int(
        title=_("Oldest news that goes out by itself, in days"),
        description=_("A news item whose publication date is older is never posted by itself."),
        default=7,
        min=0,
    )
    give_up = schema.Int(
        title=_("Hours during which sending is retried"),
        default=12,
        min=1,
        max=168,
    )
    alt_required = schema.Bool(
        title=_("An image needs a caption before it is posted"),
        description=_("It describes the image to people who do not see it. Unticked: editors are warned."),
        default=False,
        required=False,
    )
    share_fallback = schema.Bytes(
        title=_("Image of shared pages that have none"),
        description=_("JPEG or PNG, best 1200 pixels wide and 630 high. Empty: the logo, where networks can show it."),
        constraint=good_image,
        required=False,
    )
    mail_to_page = schema.Bool(
        title=_("Training: show mails on a page instead of sending them"),
        default=False,
        required=False,
    )


class ISocialSettings(ISocialOptions):
    """All settings of the site, kept in the registry under `collective.socialterritory`.

    A pause and the deployment have pages of their own, and no form or service writes them otherwise.
    """

    pause_reason = schema.TextLine(title=_("Reason of the pause"), required=False)
    pause_by = schema.TextLine(title=_("Who paused"), required=False)
    pause_start = schema.Datetime(title=_("Pause from"), required=False)
    pause_until = schema.Datetime(title=_("Pause until"), required=False)
    pause_over = schema.Datetime(title=_("End of the pause before"), required=False)
    deployment = schema.TextLine(title=_("Deployment that may send"), required=False)


def settings() -> Any:
    """The ISocialSettings records of the current site, to read and to set."""
    return getUtility(IRegistry).forInterface(ISocialSettings, prefix=PREFIX, check=False)


def max_age() -> timedelta:
    """News that is older goes nowhere by itself."""
    days = settings().max_age
    return timedelta(days=7 if days is None else days)


def may_send() -> bool:
    """Whether this deployment is the one that sends: a staging copy or a restored backup is not."""
    return bool(settings().deployment) and setting("SOCIALTERRITORY_DEPLOYMENT") == settings().deployment


def frozen(now: datetime) -> Pause | None:
    """The pause in force on the current site at `now` (aware). Every room asks this before it acts."""
    pause = last_pause()
    return pause if pause and pause.frozen(now) else None


def last_pause() -> Pause | None:
    """The site's pause as last set: in force, to come or over. The registry keeps naive times, in UTC."""
    now = settings()
    if not now.pause_start:
        return None
    until = now.pause_until and now.pause_until.replace(tzinfo=UTC)
    over = now.pause_over and now.pause_over.replace(tzinfo=UTC)
    return Pause(now.pause_reason or "", now.pause_by or "", now.pause_start.replace(tzinfo=UTC), until, over)
