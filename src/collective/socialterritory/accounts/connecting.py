"""The pages that link an account: what is typed, the way back from a network's own page, and the yes to who we are."""

from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory import clock
from collective.socialterritory.accounts import linking
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.accounts.views import AccountPage
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import connect_sentence
from collective.socialterritory.messages import sentence
from collective.socialterritory.networks.model import Connects
from collective.socialterritory.networks.model import Consents
from collective.socialterritory.networks.model import Field
from collective.socialterritory.plain import whole
from collective.socialterritory.sentences.linking import BESIDE
from collective.socialterritory.sentences.linking import FIELDS
from collective.socialterritory.sentences.linking import SCOPES
from collective.socialterritory.sentences.linking import WAYS
from functools import cached_property
from plone import api
from plone.app.uuid.utils import uuidToObject
from urllib.parse import urlsplit
from zope.component import queryUtility
from zope.interface import implementer

import secrets


COOKIE = "social_link"


def browser(request, new=False):
    """What tells this browser from others while it links an account: a cookie of its own."""
    value = str(request.cookies.get(COOKIE, ""))
    if new and not value:
        value = secrets.token_urlsafe(32)
        secure = request["SERVER_URL"].startswith("https:")
        request.response.setCookie(COOKIE, value, path="/", http_only=True, same_site="Lax", secure=secure)
    return value


class ConnectView(AccountPage):
    """The form that links an account. Secrets are in fields whose names hold `passw`: Zope masks those in its log."""

    def __call__(self):
        if queryUtility(INetwork, name=self.context.network) is None:
            return self.leave(sentence("unknown_network"), "error")
        return super().__call__()

    def get(self):
        self.errors, self.general = {}, None
        return self.index()

    def post(self):
        self.errors = {name: sentence("missing_answer") for name, value in self.answers.items() if not value}
        self.general = self.obstacle()
        if self.general or self.errors:
            return self.index()
        try:
            return {"consent": self._consent, "by_hand": self._by_hand}.get(self.way, self._connect)()
        except SocialError as error:
            self._refused(error)
            return self.index()

    def _connect(self):
        identity = worker.connect(self.site, self.uid, self.answers, clock.now())
        return self.leave(_("Connected: you are ${name}.", mapping={"name": identity.name}))

    def _by_hand(self):
        identity = worker.connect_by_hand(self.site, self.uid, self.answers["profile"], clock.now())
        told = _(
            "Ready: posts are prepared here, and a person publishes them at ${name}.", mapping={"name": identity.name}
        )
        return self.leave(told)

    def _consent(self):
        """Send the person to the network's own page."""
        address = linking.begin(self.site, self.uid, self.answers, browser(self.request, new=True), clock.now())
        self.request.response.redirect(address)
        return ""

    @property
    def ways(self):
        """(name, words) of the ways to link an account there."""
        known = {"typed": Connects, "consent": Consents}
        names = [name for name, ability in known.items() if isinstance(self.network, ability)]
        return [(name, WAYS[name]) for name in (*names, *(() if self.network.local else ("by_hand",)))]

    @cached_property
    def way(self):
        """The one that was chosen, or was taken before, else the first."""
        names = [name for name, _words in self.ways]
        answers = self.runtime.get("answers", {})
        before = any(answers.get(field.name) for field in self.network.app_fields)
        known = "by_hand" if self.account.by_hand else "consent" if before else ""
        wished = self.request.form.get("way", known)
        return wished if wished in names else next(iter(names), "typed")

    @property
    def consents(self):
        return self.way == "consent"

    @property
    def rights(self):
        """(scope, what it is for) of what the network's page will ask for."""
        return [(scope, SCOPES.get(scope, "")) for scope in rules.scopes(self.network, self.account)]

    @property
    def redirect_uri(self):
        """To copy into the network's console, where a webmaster made an app there."""
        made = any(field.secret for field in self._fields)
        return linking.redirect_uri() if self.consents and made else ""

    @property
    def back_elsewhere(self):
        """Where the network sends people back to, when that is not where they are: there nobody knows them."""
        back = linking.redirect_uri() if self.consents else ""
        return back if urlsplit(back).netloc != urlsplit(self.context.absolute_url()).netloc else ""

    def _refused(self, error):
        name = BESIDE.get(error.code)
        if name in self.answers:
            self.errors[name] = connect_sentence(error)
        else:
            self.general = connect_sentence(error)

    @cached_property
    def network(self):
        return worker.network_of(self.context.network)

    @property
    def again(self):
        """Whether the account was linked before."""
        return self.account.link != "new"

    @property
    def title(self):
        names = {"title": self.context.title}
        return _("Reconnect ${title}", mapping=names) if self.again else _("Connect ${title}", mapping=names)

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
        if self.way == "by_hand":
            return (Field("profile"),)
        return self.network.app_fields if self.consents else self.network.fields

    def request_name(self, field):
        return f"passw-{field.name}" if field.secret else f"answer-{field.name}"

    def rows(self):
        """What the form shows. A secret that was typed is never sent back."""
        before = self.runtime.get("answers", {})
        for field in self._fields:
            alike = FIELDS.get(field.name, (field.title or field.name, field.description))
            label, description = FIELDS.get(f"{self.network.id}.{field.name}", alike)
            typed = self.answers[field.name] or before.get(field.name, "")
            yield {
                "name": self.request_name(field),
                "type": "password" if field.secret else "text",
                "label": label,
                "description": description,
                "value": "" if field.secret else typed,
                "error": self.errors.get(field.name),
            }


@implementer(INamedPage)
class ReturnPage(Page):
    """Anybody may come here; whoever did not leave from here finds a sentence and nothing else."""

    page_title = _("The account is not linked")
    by_hand = ""
    """Where the person who left from here goes on without the network's consent"""

    def get(self):
        self.problem = self._problem()
        return self.index() if self.problem else ""

    def post(self):
        return self.get()

    def _problem(self):
        """The sentence about what went wrong; None when the person is on the way to the next page."""
        if api.user.is_anonymous():
            return sentence("link_logged_out")
        said = {name: whole(str(self.request.form.get(name, ""))) for name in ("state", "code", "error")}
        mine = (browser(self.request), clock.now())
        left = linking.leaver(self.site, said["state"], *mine)
        try:
            uid = linking.receive(self.site, said, *mine)
        except SocialError as error:
            if left:
                account = uuidToObject(left, unrestricted=True)
                self.by_hand = f"{account.absolute_url()}/@@connect?way=by_hand"
            return connect_sentence(error)
        account = uuidToObject(uid, unrestricted=True)
        self.request.response.redirect(f"{account.absolute_url()}/@@social-link")
        return None

    @property
    def accounts_url(self):
        return f"{self.site.absolute_url()}/{CONTAINER}"


class LinkPage(AccountPage):
    """Who is about to be linked, and the button that does it."""

    def get(self):
        self.problem, self.offers = None, []
        try:
            self.offers = linking.offers(self.site, self.uid, browser(self.request), clock.now())
        except SocialError as error:
            self.problem = connect_sentence(error)
        return self.index()

    def post(self):
        mine = (self.site, self.uid)
        if self.request.form.get("cancel"):
            linking.forget(*mine, browser(self.request), clock.now())
            return self.leave(_("Nothing was linked. The settings of the account are as they were."))
        choice = str(self.request.form.get("choice", ""))
        try:
            identity = linking.confirm(*mine, choice, browser(self.request), clock.now())
        except SocialError as error:
            return self.leave(connect_sentence(error), "error")
        return self.leave(_("Connected: you are ${name}.", mapping={"name": identity.name}))

    @property
    def before(self):
        """Who was linked until now, where it is or may become somebody else: with the address where names are alike."""
        was = self.account
        others = [offer.name for offer in self.offers if offer.id != was.identity_id]
        if not others:
            return ""
        return f"{was.identity} ({was.identity_url})" if was.identity in others else was.identity

    @property
    def known(self):
        """The id of who was linked until now."""
        return self.runtime.get("identity_id", "")
