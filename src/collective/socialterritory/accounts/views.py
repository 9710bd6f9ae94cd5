"""The pages of accounts: the list, one account, connecting, testing, pausing, disconnecting."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import ISocialAccount
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.errors import SocialError
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import dollars
from collective.socialterritory.local import full_name
from collective.socialterritory.local import written
from collective.socialterritory.messages import connect_sentence
from collective.socialterritory.messages import LINKS
from collective.socialterritory.messages import sentence
from collective.socialterritory.plain import whole
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from plone.uuid.interfaces import IUUID
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser import BrowserView
from zope.component import getUtility
from zope.component import queryUtility
from zope.schema import getFieldsInOrder
from zope.schema.interfaces import ICollection
from zope.schema.interfaces import IVocabularyFactory


ICONS = {"new": "plug", "connected": "check-circle", "reconnect": "exclamation-triangle", "paused": "pause-circle"}
COLOURS = {"new": "secondary", "connected": "success", "reconnect": "danger", "paused": "warning"}


NOTHING = {
    "campaign": _("None"),
    "trusted": _("None"),
    "hours": _("At any time"),
    "gap": _("No limit"),
    "daily": _("No limit"),
    "ceiling": _("No limit"),
}
"""What a setting that is empty means, where it is not "All"."""


class Page(BrowserView):
    """What the pages share: nobody's cache keeps them, and each write is a POST with an authenticator."""

    def __call__(self):
        for column in ("left", "right"):
            self.request.set(f"disable_plone.{column}column", 1)
        add_bundle_on_request(self.request, BUNDLE)
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            return self.post()
        return self.get()

    def get(self):
        return self.index()

    def post(self):
        return self.get()

    @property
    def back(self):
        """Where the page leads back to."""
        return self.context.absolute_url()

    def icon(self, name):
        return icon(self.context, self.request, name)

    def file(self, content, mime, name):
        """In place of the page, something in UTF-8 to take away."""
        response = self.request.response
        response.setHeader("Content-Type", f"{mime}; charset=utf-8")
        response.setHeader("X-Content-Type-Options", "nosniff")
        response.setHeader("Content-Disposition", f'attachment; filename="{name}"')
        return content

    def leave(self, message, kind="info"):
        """Say it on the page that comes next, so that reloading that page does nothing again."""
        api.portal.show_message(message, self.request, type=kind)
        self.request.response.redirect(self.back)
        return ""

    def given(self, name):
        """What the form or the address says, "" for nothing."""
        return whole(str(self.request.form.get(name, "")))

    @cached_property
    def site(self):
        return api.portal.get()

    @cached_property
    def accounts(self):
        return Accounts(self.site)

    def standing(self, account):
        """State as word, icon and colour."""
        name = rules.standing(account, clock.now())
        return {"name": name, "word": LINKS[name], "icon": ICONS[name], "colour": COLOURS[name]}

    def network_title(self, account):
        return network_title(account.network)

    def may(self, permission, obj):
        return api.user.has_permission(f"collective.socialterritory: {permission}", obj=obj)


class AccountsView(Page):
    """All accounts that the visitor may see, and the button that adds one."""

    def rows(self):
        shown = [obj for obj in self.accounts.objects() if api.user.has_permission("View", obj=obj)]
        return [{"url": obj.absolute_url(), "account": self.accounts.get(IUUID(obj))} for obj in shown]


class AccountPage(Page):
    """A page about one account."""

    @cached_property
    def uid(self):
        return IUUID(self.context)

    @property
    def account(self):
        return self.accounts.get(self.uid)

    @property
    def runtime(self):
        return self.accounts.runtime(self.uid)

    def at(self, when):
        return written(when) if when else ""


class AccountView(AccountPage):
    def problem(self):
        """The sentence about what is wrong with the link, None when nothing is."""
        return sentence(self.runtime.get("error") or "reconnect") if self.account.link == "reconnect" else None

    def twins(self):
        """Titles of other accounts that are linked to the same place, where news for both would be read twice."""
        mine = self.account
        if not mine.identity_url or getattr(queryUtility(INetwork, name=mine.network), "local", False):
            return []
        there = (mine.network, mine.identity_url)
        others = (one for one in self.accounts.all() if one.uid != mine.uid)
        return [one.title for one in others if (one.network, one.identity_url) == there]

    def settings(self):
        """(label, values) for each setting, in words."""
        skipped = ("title", "network", "template")
        fields = [field for name, field in getFieldsInOrder(ISocialAccount) if name not in skipped]
        return [(field.title, self._shown(field) or [NOTHING.get(field.__name__, _("All"))]) for field in fields]

    def _shown(self, field):
        value = field.bind(self.context).get(self.context)
        if isinstance(value, bool):
            return [_("Yes") if value else _("No")]
        if field.__name__ == "sections":
            return [self._section(uid) for uid in value or ()]
        values = list(value or ()) if ICollection.providedBy(field) else [value]
        name = getattr(getattr(field, "value_type", None) or field, "vocabularyName", None)
        if name:
            return [_term_title(getUtility(IVocabularyFactory, name)(self.context), value) for value in values]
        return [str(value) for value in values if value not in (None, "", 0)]

    def _section(self, uid):
        section = api.content.get(UID=uid)
        return section.Title() if section is not None else _("A folder that was deleted or that you may not see")

    def paid(self):
        """What posts cost this month, "" when nothing did."""
        amount = rules.paid(self.account, clock.now())
        return dollars(amount) if amount else ""

    def validators(self):
        """Full names of who may approve."""
        return [full_name(user) for user in validators(self.site, self.uid)]

    def pause(self):
        """The pause in force or to come, None without one."""
        pause = self.account.pause
        return pause if pause and (pause.until is None or pause.until > clock.now()) else None


def _term_title(vocabulary, value):
    try:
        term = vocabulary.getTerm(value)
    except LookupError:
        return value
    return term.title or term.token


class TestView(AccountPage):
    """Asks the network who we are there. A POST, because it may renew the session."""

    def get(self):
        return self.request.response.redirect(self.context.absolute_url())

    def post(self):
        try:
            identity = worker.whoami(self.site, self.uid)
        except SocialError as error:
            return self.leave(connect_sentence(error), "error")
        return self.leave(_("It works: you are ${name}.", mapping={"name": identity.name}))


class DisconnectView(AccountPage):
    def post(self):
        worker.disconnect(self.site, self.uid)
        return self.leave(
            _("Disconnected. The settings are kept. At the network, take this site's access away as well.")
        )
