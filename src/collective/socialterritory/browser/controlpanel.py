"""The control panel: the checklist first, then settings, the pause of the whole site, and the record to take away."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.pausing import PausePage
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.crosspost.checklist import checklist
from collective.socialterritory.crosspost.checklist import guess
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.environment import setting
from collective.socialterritory.feeds import content as feeds
from collective.socialterritory.feeds.views import health
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import ISocialOptions
from collective.socialterritory.interfaces import last_pause
from collective.socialterritory.interfaces import PREFIX
from collective.socialterritory.interfaces import settings
from collective.socialterritory.plain import as_json
from collective.socialterritory.uploaded import ImageFieldWidget
from datetime import UTC
from plone import api
from plone.app.registry.browser.controlpanel import ControlPanelFormWrapper
from plone.app.registry.browser.controlpanel import RegistryEditForm
from plone.restapi.controlpanels import RegistryConfigletPanel
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component import adapter
from zope.interface import implementer
from zope.interface import Interface


class SettingsForm(RegistryEditForm):
    # The page opens on the checklist, above.
    enable_autofocus = False
    schema = ISocialOptions
    schema_prefix = PREFIX

    def updateFields(self):
        super().updateFields()
        self.fields["share_fallback"].widgetFactory = ImageFieldWidget

    def updateWidgets(self):
        super().updateWidgets()
        widget = self.widgets["public_url"]
        if not widget.value and (proposed := guess(api.portal.get())):
            widget.value = proposed
            self.status = _("A public address is proposed below. Save it if visitors use it.")


@implementer(INamedPage)
class ControlPanel(ControlPanelFormWrapper):
    form = SettingsForm
    index = ViewPageTemplateFile("templates/controlpanel.pt")
    label = page_title = _("Social networks")

    def update(self):
        add_bundle_on_request(self.request, BUNDLE)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        super().update()

    def points(self):
        return checklist(self.context)

    def adoptable(self):
        """Whether this server has a name that the site could take for the one that sends."""
        return bool(setting("SOCIALTERRITORY_DEPLOYMENT"))

    def pause(self):
        """(sentence, in force or to come) or None."""
        now = clock.now()
        pause = last_pause()
        if pause is None or (pause.until and pause.until <= now):
            return None
        return paused(pause, Words(self.request, now))

    def sources(self):
        """How looking at each source of feeds goes."""
        return [
            line
            for feed in feeds.feeds(self.context)
            if feed.portal_type == feeds.SOURCE
            for line in health(self.context, feed)
        ]

    @property
    def feeds_url(self):
        return f"{self.context.absolute_url()}/{feeds.CONTAINER}"

    def accounts_url(self):
        return f"{self.context.absolute_url()}/{CONTAINER}"


def paused(pause, words):
    """Who paused the site, why, from and until when."""
    said = {"by": pause.by, "reason": pause.reason.rstrip("."), "start": words.at(pause.start)}
    if pause.start > words.now:
        return _("A pause is planned by ${by}: ${reason}. It begins ${start}.", mapping=said)
    if pause.until is None:
        return _("Everything is paused by ${by}: ${reason}. It ends when somebody resumes.", mapping=said)
    said["until"] = words.at(pause.until)
    return _("Everything is paused by ${by}: ${reason}. It ends ${until}.", mapping=said)


@adapter(Interface, Interface)
class RestPanel(RegistryConfigletPanel):
    schema = ISocialOptions
    schema_prefix = PREFIX
    configlet_id = "social-territory"
    configlet_category_id = "Products"
    title = _("Social networks")
    group = ""


class SitePage(Page):
    @property
    def back(self):
        return f"{self.context.absolute_url()}/@@social-territory-controlpanel"


@implementer(INamedPage)
class SitePause(SitePage, PausePage):
    title = page_title = _("Pause everything")
    explanation = _(
        "During the pause nothing is posted on any account, and visitors can read comments but write none. Posts are "
        "kept, and afterwards each of them waits for a person's decision."
    )

    @property
    def pause(self):
        return last_pause()

    def keep(self, pause):
        known = settings()
        known.pause_reason = pause and pause.reason
        known.pause_by = pause and pause.by
        known.pause_start = pause and _stored(pause.start)
        known.pause_until = pause and pause.until and _stored(pause.until)
        known.pause_over = pause and pause.over and _stored(pause.over)


def _stored(when):
    """The registry keeps naive times, in UTC."""
    return when.astimezone(UTC).replace(tzinfo=None)


class Deployment(SitePage):
    """This server becomes the one that sends."""

    def get(self):
        self.request.response.redirect(self.back)
        return ""

    def post(self):
        if name := setting("SOCIALTERRITORY_DEPLOYMENT"):
            settings().deployment = name
            return self.leave(_("This server sends from now on."))
        return self.get()


class Record(SitePage):
    """The whole record as a file to keep."""

    def get(self):
        record = as_json(Outbox(self.context).export())
        return self.file(record, "application/json", f"social-networks-{clock.now():%Y-%m-%d}.json")
