"""What stands in a vendor's place until a visitor wants it: who would receive what, two buttons and a plain link."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.assets import asset
from collective.socialterritory.feeds.boxes.rules import VendorBox
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import frozen
from functools import cached_property
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.i18nmessageid import Message


KINDS = {
    "page": _("${service} page"),
    "playlist": _("${service} playlist"),
    "post": _("${service} post"),
    "profile": _("${service} profile"),
    "video": _("${service} video"),
}
"""Words for VendorBox.kind"""


def title(box: VendorBox) -> Message:
    return Message(KINDS[box.kind], mapping={"service": box.service.title})


class Placeholder(BrowserView):
    html = ViewPageTemplateFile("templates/box.pt")
    asset = staticmethod(asset)

    def __init__(self, context: Any, request: Any, box: VendorBox) -> None:
        super().__init__(context, request)
        self.box = box
        self.root = api.portal.get().absolute_url()

    def __call__(self) -> str:
        return str(self.html())

    @property
    def title(self) -> Message:
        return title(self.box)

    @cached_property
    def paused(self) -> bool:
        return frozen(clock.now()) is not None

    @property
    def loads(self) -> bool:
        """Whether there is anything that a visitor could let in."""
        return bool(self.box.frame) and not self.paused

    @property
    def said(self) -> Message:
        service = self.box.service
        known = {"service": service.title, "receiver": service.receiver}
        if self.paused:
            return _("This content is paused for the moment.")
        if not self.box.frame:
            return _("${service} shows this only to people who are logged in there.", mapping=known)
        return _("${receiver} will receive your IP address and may set cookies.", mapping=known)

    @property
    def icon(self) -> str:
        return icon(self.context, self.request, self.box.service.icon, "social-vendor-icon")
