"""The pages of accounts: the list, one account, connecting, testing, pausing, disconnecting."""

from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import ISocialAccount
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import iso
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import BESIDE
from collective.socialterritory.messages import FIELDS
from collective.socialterritory.messages import LINKS
from collective.socialterritory.messages import local
from collective.socialterritory.messages import problem_sentence
from collective.socialterritory.messages import sentence
from datetime import datetime
from datetime import UTC
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from plone.uuid.interfaces import IUUID
from Products.Five.browser import BrowserView
from zoneinfo import ZoneInfo
from zope.component import getUtility
from zope.schema import getFieldsInOrder
from zope.schema.interfaces import ICollection
from zope.schema.interfaces import IVocabularyFactory


ICONS = {"new": "plug", "connected": "check-circle", "reconnect": "exclamation-triangle", "paused": "pause-circle"}
COLOURS = {"new": "secondary", "connected": "success", "reconnect": "danger", "paused": "warning"}


def time_zone() -> ZoneInfo:
    return ZoneInfo(api.portal.get_registry_record("plone.portal_timezone", default="UTC") or "UTC")


NOTHING = {
    "campaign": _("None"),
    "trusted": _("None"),
    "hours": _("At any time"),
    "gap": _("No limit"),
    "daily": _("No limit"),
}
"""What a setting that is empty means, where it is not "All"."""


class Page(BrowserView):
    """What the pages share: nobody's cache keeps them, and each write is a POST with an authenticator."""

    def __call__(self):
        self.request.response.setHeader("Cache-Control", "private, no-store")
        if self.request.method == "POST":
            CheckAuthenticator(self.request)
            return self.post()
        return self.get()

    def get(self):
        return self.index()

    def post(self):
        return self.get()

    @cached_property
    def site(self):
        return api.portal.get()

    @cached_property
    def accounts(self):
        return Accounts(self.site)

    def standing(self, account):
        """State as word, icon and colour."""
        name = rules.standing(account, datetime.now(UTC))
        return {"name": name, "word": LINKS[name], "icon": ICONS[name], "colour": COLOURS[name]}

    def network_title(self, account):
        try:
            return worker.network_of(account.network).title
        except ConfigurationError:
            return account.network

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

    def back(self, message, kind="info"):
        api.portal.show_message(message, self.request, type=kind)
        self.request.response.redirect(self.context.absolute_url())
        return ""

    def local(self, when):
        return local(when) if when else ""


class AccountView(AccountPage):
    def problem(self):
        """The sentence about what is wrong with the link, None when nothing is."""
        return sentence(self.runtime.get("error") or "reconnect") if self.account.link == "reconnect" else None

    def settings(self):
        """(label, values) for each setting, in words."""
        skipped = ("title", "network", "template")
        fields = [field for name, field in getFieldsInOrder(ISocialAccount) if name not in skipped]
        return [(field.title, self._shown(field) or [NOTHING.get(field.__name__, _("All"))]) for field in fields]

    def _shown(self, field):
        value = field.bind(self.context).get(self.context)
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

    def validators(self):
        """Full names of who may approve."""
        found = [api.user.get(userid=userid) for userid in validators(self.site, self.uid)]
        return [user.getProperty("fullname") or user.getUserName() for user in found if user is not None]


def _term_title(vocabulary, value):
    try:
        term = vocabulary.getTerm(value)
    except LookupError:
        return value
    return term.title or term.token


class ConnectView(AccountPage):
    """The form that links an account. Secrets are in fields whose names hold `passw`: Zope masks those in its log."""

    def get(self):
        self.errors, self.general = {}, None
        return self.index()

    def post(self):
        self.errors = {name: sentence("missing_answer") for name, value in self.answers.items() if not value}
        self.general = self.obstacle()
        if self.general or self.errors:
            return self.index()
        try:
            identity = worker.connect(self.site, self.uid, self.answers, datetime.now(UTC))
        except SocialError as error:
            self._refused(error)
            return self.index()
        return self.back(_("Connected: you are ${name}.", mapping={"name": identity.name}))

    def _refused(self, error):
        name = BESIDE.get(error.code)
        if name in self.answers:
            self.errors[name] = problem_sentence(error)
        else:
            self.general = problem_sentence(error)

    @cached_property
    def network(self):
        return worker.network_of(self.context.network)

    def obstacle(self):
        """Why nothing can be connected for now, as a sentence; None when it can."""
        if code := Vault(self.site).ready():
            return sentence(code)
        url = settings().public_url or ""
        code = "" if self.network.local else address.problem(url)
        return sentence(code, {"url": url}) if code else None

    @cached_property
    def answers(self):
        form = self.request.form
        return {field.name: str(form.get(self.request_name(field), "")).strip() for field in self._fields}

    @property
    def _fields(self):
        return getattr(self.network, "fields", ())

    def request_name(self, field):
        return f"passw-{field.name}" if field.secret else f"answer-{field.name}"

    def rows(self):
        """What the form shows. A secret that was typed is never sent back."""
        before = self.runtime.get("answers", {})
        for field in self._fields:
            label, description = FIELDS.get(field.name, (field.name, ""))
            typed = self.answers[field.name] or before.get(field.name, "")
            yield {
                "name": self.request_name(field),
                "type": "password" if field.secret else "text",
                "label": label,
                "description": description,
                "value": "" if field.secret else typed,
                "error": self.errors.get(field.name),
            }


class TestView(AccountPage):
    """Asks the network who we are there. A POST, because it may renew the session."""

    def get(self):
        return self.request.response.redirect(self.context.absolute_url())

    def post(self):
        try:
            identity = worker.whoami(self.site, self.uid)
        except SocialError as error:
            return self.back(problem_sentence(error), "error")
        return self.back(_("It works: you are ${name}.", mapping={"name": identity.name}))


class PauseView(AccountPage):
    """Pause with a reason and dates, or resume."""

    def get(self):
        self.errors = {}
        self.values = {"reason": "", "start": "", "until": ""}
        return self.index()

    def post(self):
        if self.request.form.get("resume"):
            return self.resume()
        self.values = {name: self.request.form.get(name, "").strip() for name in ("reason", "start", "until")}
        now = datetime.now(UTC)
        start, until = typed_time(self.values["start"], now), typed_time(self.values["until"], None)
        self.errors = {name: sentence(code) for name, code in self._problems(start, until).items()}
        if self.errors:
            return self.index()
        self.accounts.mark(
            self.uid,
            pause_reason=self.values["reason"],
            pause_by=api.user.get_current().getId(),
            pause_start=iso(start),
            pause_until=iso(until) if until else "",
        )
        return self.back(_("Paused. Posts are kept, and each is decided again afterwards."))

    def _problems(self, start, until):
        problems = rules.pause_problems(self.values["reason"], start, until)
        if self.values["until"] and until is None:
            problems["until"] = "bad_date"
        return problems

    def resume(self):
        """End the pause and remember it: what it caught waits for a person."""
        if self.account.pause is not None:
            self.accounts.mark(self.uid, pause_until=iso(datetime.now(UTC)))
        return self.back(_("The pause is over. Posts that it held wait for your decision."))


def typed_time(text, default):
    """An aware time from a datetime-local field in the site's time zone; None when it is not one."""
    if not text:
        return default
    try:
        return datetime.fromisoformat(text).replace(tzinfo=time_zone())
    except ValueError:
        return None


class DisconnectView(AccountPage):
    def post(self):
        worker.disconnect(self.site, self.uid)
        return self.back(_("Disconnected. The settings are kept. Remove the app password at the network as well."))
