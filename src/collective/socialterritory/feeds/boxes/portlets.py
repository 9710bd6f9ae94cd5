"""The portlet: a vendor's box beside the content, and what people see of it here without asking the vendor."""

from collective.socialterritory import _
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.boxes.rules import box
from collective.socialterritory.feeds.boxes.rules import VendorBox
from collective.socialterritory.feeds.boxes.showing import Placeholder
from collective.socialterritory.feeds.boxes.showing import title
from collective.socialterritory.feeds.showing import Box
from collective.socialterritory.messages import feed_sentence
from collective.socialterritory.options import Refused
from functools import cached_property
from plone.app.portlets.portlets import base
from plone.portlets.interfaces import IPortletDataProvider
from typing import Any
from zope import schema
from zope.interface import implementer


def good_address(address: str) -> bool:
    if box(address) is None:
        raise Refused(feed_sentence("box_unknown"))
    return True


class IVendorPortlet(IPortletDataProvider):
    address = schema.TextLine(
        title=_("Address"),
        description=_("Of a public page, profile, post or video of Facebook, Instagram, X, YouTube or Bluesky."),
        constraint=good_address,
    )
    feed = schema.Choice(
        title=_("Feed shown below"),
        description=_("What people read here without asking anybody, also when the vendor shows nothing."),
        vocabulary="collective.socialterritory.Boxes",
        required=False,
    )
    layout = schema.Choice(title=_("Layout"), vocabulary="collective.socialterritory.Layouts", default="compact")
    size = schema.Int(title=_("Entries shown"), default=5, min=1, max=50)


@implementer(IVendorPortlet)
class Assignment(base.Assignment):
    def __init__(self, address: str = "", feed: str | None = None, layout: str = "compact", size: int = 5) -> None:
        self.address = address
        self.feed = feed
        self.layout = layout
        self.size = size

    @property
    def title(self) -> Any:
        known = box(self.address)
        return title(known) if known else _("Vendor box")


class Renderer(base.Renderer):
    @cached_property
    def box(self) -> VendorBox | None:
        return box(self.data.address)

    @property
    def available(self) -> bool:
        return self.box is not None

    def render(self) -> str:
        html = Placeholder(self.context, self.request, self.box)()
        feed = content.seen(self.data.feed)
        if feed is not None:
            html += Box(self.context, self.request, feed, self.data.layout, self.data.size)()
        return html


class AddForm(base.AddForm):
    schema = IVendorPortlet
    label = _("Add a vendor box")
    description = _("A box of Facebook, YouTube and others, which is loaded only when a visitor asks for it.")

    def create(self, data: dict[str, Any]) -> Assignment:
        return Assignment(**data)


class EditForm(base.EditForm):
    schema = IVendorPortlet
    label = _("Edit the vendor box")
    description = AddForm.description
