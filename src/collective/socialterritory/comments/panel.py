"""The control panel of comments: the checklist first, then settings, and what people are told of their data."""

from collective.socialterritory import _
from collective.socialterritory.comments import notice
from collective.socialterritory.comments.checklist import checklist
from collective.socialterritory.comments.checklist import Point
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import ICommentOptions
from collective.socialterritory.comments.settings import PREFIX
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.markup import linked
from functools import cached_property
from plone import api
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.app.registry.browser.controlpanel import RegistryEditForm
from plone.restapi.controlpanels import RegistryConfigletPanel
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.component import adapter
from zope.interface import implementer
from zope.interface import Interface


class SettingsForm(RegistryEditForm):
    # The page opens on the checklist, above.
    enable_autofocus = False
    schema = ICommentOptions
    schema_prefix = PREFIX
    default_fieldset_label = _("Visitors")


@implementer(INamedPage)
class CommentsPanel(ControlPanelFormWrapper):
    form = SettingsForm
    index = ViewPageTemplateFile("templates/panel.pt")
    label = page_title = _("Comments")

    def update(self) -> None:
        add_bundle_on_request(self.request, BUNDLE)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        super().update()

    @property
    def active(self) -> bool:
        return active()

    @cached_property
    def points(self) -> list[Point]:
        return checklist(self.context, self.request)

    def address(self, link: str) -> str:
        """Of a point."""
        return link if link.startswith(("http:", "https:", "/")) else f"{self.context.absolute_url()}/{link}"

    @property
    def notice(self) -> str:
        """As HTML."""
        return linked(notice.notice(str(api.portal.get_current_language())))


@adapter(Interface, Interface)
class RestPanel(RegistryConfigletPanel):
    schema = ICommentOptions
    schema_prefix = PREFIX
    configlet_id = "social-comments"
    configlet_category_id = "Products"
    title = _("Comments")
    group = ""
    data: Any
