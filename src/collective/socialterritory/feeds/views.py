"""The pages of feeds: all of them, one of them, and their pictures."""

from collective.socialterritory import _
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.showing import Box
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.kept import given
from collective.socialterritory.local import decimal
from collective.socialterritory.local import written
from collective.socialterritory.messages import feed_trouble
from plone import api
from plone.app.layout.viewlets.common import ViewletBase
from plone.uuid.interfaces import IUUID
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zope.i18nmessageid import Message
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


MANAGE = "collective.socialterritory: Manage settings"


def number(given: Any, usual: int) -> int:
    """What an address asks for; `usual` for nonsense."""
    said = str(given or "")
    return int(said[:6]) if said.isascii() and said.isdigit() else usual


def health(site: Any, feed: Any) -> list[Message]:
    """For staff: how looking at each of its sources goes."""
    known = Feeds(site)
    lines = []
    for source in content.sources_of(feed):
        uid, title = IUUID(source), source.Title()
        how, copy = known.health(uid), known.feed(uid)
        if how.succeeded:
            said = {
                "title": title,
                "number": str(len(copy.entries if copy else ())),
                "size": decimal(f"{known.size(uid) / 1_000_000:.1f}"),
                "when": written(how.succeeded),
            }
            told = _("${title}: last success ${when}; entries: ${number}, pictures: ${size} MB.", mapping=said)
            lines.append(told)
        elif how.error:
            lines.append(_("${title}: no success so far.", mapping={"title": title}))
        else:
            lines.append(_("${title}: not looked at yet.", mapping={"title": title}))
        if how.error:
            lines += feed_trouble(how.error, how.params, bool(how.succeeded))
    return lines


class FeedsView(BrowserView):
    @property
    def listening(self) -> str:
        """Where staff read what they follow, "" for whom it is not."""
        site = api.portal.get()
        may = api.user.has_permission("collective.socialterritory: Listen", obj=site)
        return f"{site.absolute_url()}/@@social-listening" if may else ""

    @property
    def staff(self) -> bool:
        return bool(api.user.has_permission(MANAGE, obj=self.context))

    @property
    def rows(self) -> list[dict[str, Any]]:
        site = api.portal.get()
        shown = [feed for feed in content.feeds(site) if api.user.has_permission("View", obj=feed)]
        return [
            {
                "title": feed.Title(),
                "url": feed.absolute_url(),
                "health": health(site, feed) if self.staff else [],
                "private": content.for_staff(feed),
            }
            for feed in shown
        ]


class FeedView(BrowserView):
    """A source or a mix on a page of its own; ?layout=, ?b_start= and ?b_size= as its links have them."""

    @property
    def box(self) -> str:
        form = self.request.form
        start, size = number(form.get("b_start"), 0), number(form.get("b_size"), 20)
        return Box(self.context, self.request, self.context, str(form.get("layout", "")), size, start, heading=0)()

    @property
    def health(self) -> list[Message]:
        staff = api.user.has_permission(MANAGE, obj=self.context)
        return health(api.portal.get(), self.context) if staff else []


@implementer(IPublishTraverse)
class Media(BrowserView):
    """@@social-media/<name>: a picture that was kept. Its name tells its bytes, so that browsers ask once."""

    name = ""

    def publishTraverse(self, request: Any, name: str) -> "Media":
        if self.name:
            raise NotFound(name)
        self.name = name
        return self

    def __call__(self) -> bytes:
        picture = Feeds(api.portal.get()).picture(IUUID(self.context), self.name)
        if picture is None:
            raise NotFound(self.name)
        return given(self.request.response, picture, "private" if content.for_staff(self.context) else "public")


class Section(ViewletBase):
    """The feed that a page shows above or below its text."""

    place = ""

    def render(self) -> str:
        item = self.context
        uid = getattr(item.aq_base, "social_feed", None)
        if not uid or (getattr(item.aq_base, "social_feed_place", None) or "below") != self.place:
            return ""
        feed = content.find(api.portal.get(), uid)
        if feed is None or not api.user.has_permission("View", obj=feed):
            return ""
        layout = getattr(item.aq_base, "social_feed_layout", None) or "list"
        return Box(item, self.request, feed, layout, getattr(item.aq_base, "social_feed_size", None) or 5)()


class Above(Section):
    place = "above"


class Below(Section):
    place = "below"
