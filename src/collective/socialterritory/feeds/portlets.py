"""The portlet: a source or a mix beside the content."""

from collective.socialterritory import _
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.showing import Box
from functools import cached_property
from plone import api
from plone.app.portlets.portlets import base
from plone.portlets.interfaces import IPortletDataProvider
from typing import Any
from zope import schema
from zope.interface import implementer


class IFeedPortlet(IPortletDataProvider):
    feed = schema.Choice(title=_("Feed"), vocabulary="collective.socialterritory.Boxes")
    layout = schema.Choice(title=_("Layout"), vocabulary="collective.socialterritory.Layouts", default="compact")
    size = schema.Int(title=_("Entries shown"), default=5, min=1, max=50)


@implementer(IFeedPortlet)
class Assignment(base.Assignment):
    def __init__(self, feed: str = "", layout: str = "compact", size: int = 5) -> None:
        self.feed = feed
        self.layout = layout
        self.size = size

    @property
    def title(self) -> str:
        feed = content.find(api.portal.get(), self.feed)
        return feed.Title() if feed is not None else _("Social feed")


class Renderer(base.Renderer):
    @cached_property
    def feed(self) -> Any:
        """None when it is gone or not for this visitor. Plone asks whether a column has portlets before it updates."""
        return content.seen(self.data.feed)

    @property
    def available(self) -> bool:
        return self.feed is not None

    def render(self) -> str:
        return Box(self.context, self.request, self.feed, self.data.layout, self.data.size)()


class AddForm(base.AddForm):
    schema = IFeedPortlet
    label = _("Add a social feed")
    description = _("Shows what the body's accounts say, from this site's own memory.")

    def create(self, data: dict[str, Any]) -> Assignment:
        return Assignment(**data)


class EditForm(base.EditForm):
    schema = IFeedPortlet
    label = _("Edit the social feed")
    description = AddForm.description
