"""Share links and "Follow us" as portlets."""

from collective.socialterritory import _
from collective.socialterritory.share.buttons import may_be_shared
from collective.socialterritory.share.follow import Follow
from collective.socialterritory.share.views import Bar
from functools import cached_property
from plone import api
from plone.app.portlets.portlets import base
from plone.portlets.interfaces import IPortletDataProvider
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope import schema
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import implementer


def words(message):
    """What stands in the field at first: a field's default alone is not translated."""

    def default():
        return translate(message, context=getRequest())

    return default


class ISharePortlet(IPortletDataProvider):
    header = schema.TextLine(title=_("Title"), defaultFactory=words(_("Share")), required=True)


class IFollowPortlet(IPortletDataProvider):
    header = schema.TextLine(title=_("Title"), defaultFactory=words(_("Follow us")), required=True)


class Assignment(base.Assignment):
    """What is stored: removed with the add-on, as nothing could read it afterwards."""

    def __init__(self, header):
        self.header = header

    @property
    def title(self):
        return self.header


@implementer(ISharePortlet)
class ShareAssignment(Assignment):
    pass


@implementer(IFollowPortlet)
class FollowAssignment(Assignment):
    pass


class Renderer(base.Renderer):
    render = ViewPageTemplateFile("templates/portlet.pt")

    @cached_property
    def html(self):
        return self.drawn()

    @property
    def available(self):
        return bool(self.html)


class ShareRenderer(Renderer):
    """Beside what visitors read, whatever its type and section: the webmaster put it there."""

    def drawn(self):
        state = api.content.get_view("plone_context_state", self.context, self.request)
        shown = state.is_view_template() and may_be_shared(self.context)
        return Bar(self.context, self.request)() if shown else ""


class FollowRenderer(Renderer):
    def drawn(self):
        return Follow(self.context, self.request)()


class AddForm(base.AddForm):
    def create(self, data):
        return self.factory(**data)


class ShareAddForm(AddForm):
    schema = ISharePortlet
    factory = ShareAssignment
    label = _("Add share links")
    description = _("Links with which visitors pass the page on.")


class ShareEditForm(base.EditForm):
    schema = ISharePortlet
    label = _("Edit share links")
    description = ShareAddForm.description


class FollowAddForm(AddForm):
    schema = IFollowPortlet
    factory = FollowAssignment
    label = _("Add “Follow us”")
    description = _("Links to the connected accounts that are set to be shown.")


class FollowEditForm(base.EditForm):
    schema = IFollowPortlet
    label = _("Edit “Follow us”")
    description = FollowAddForm.description
