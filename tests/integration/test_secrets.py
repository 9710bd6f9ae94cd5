"""S7: ten secrets over fourteen surfaces; each is in the sealed bytes, in the environment, or nowhere."""

from collective.socialterritory.accounts import commands
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.sealing import Keys
from collective.socialterritory.accounts.sealing import new_key
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import keys
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Receipt
from io import BytesIO
from linking import Linking
from linking import SERVERS
from linking import typed as filled
from plone import api
from plone.app.testing import login
from plone.app.testing import SITE_OWNER_NAME
from pretend import Pretend
from working import work
from zope.component import getGlobalSiteManager
from zope.globalrequest import setRequest

import json
import logging
import pytest
import sys
import tarfile
import traceback
import transaction


pytest_plugins = ["editing"]

TYPED, REFUSED, OFFLINE, BROKEN = (f"{kind}-canary-5e1d" for kind in ("typed", "refused", "offline", "broken"))
TOKENS = [f"{kind}-canary-5e1d" for kind in ("access1", "refresh1", "access2", "refresh2")]
HANDLE = "town-5e1d.example"
"""Everybody on the staff may read it: it shows that a surface was looked at."""


class Talkative(Pretend):
    """Passes secrets through everything that might keep one."""

    def __init__(self):
        super().__init__()
        self.errors = []

    def connect(self, http, answers):
        secret = answers["app_password"]
        if secret == BROKEN:
            try:
                raise RuntimeError(f"our code is broken for {answers['handle']}")
            except RuntimeError as error:
                self.errors.append(error)
                api.portal.get().error_log.raising(sys.exc_info())  # as Zope's publisher does, which tests bypass
                raise
        try:
            self.down = secret == OFFLINE
            self._call("connect")
            if secret != TYPED:
                self._refuse()
        except Exception as error:
            self.errors.append(error)
            raise
        self.handle = answers["handle"]
        return Connection(self._identity(), {"password": secret, "access": TOKENS[0], "refresh": TOKENS[1]})

    def refresh(self, http, credentials):
        return {**credentials, "access": TOKENS[2], "refresh": TOKENS[3]}

    def whoami(self, http, credentials):
        if credentials["access"] == TOKENS[0]:
            self._refuse()
        return self._identity()

    def publish(self, http, credentials, post, key):
        return Receipt("1", f"https://pretend.example/{self.handle}/1")

    def _refuse(self):
        raise Unauthorized("wrong_password")


@pytest.fixture
def network():
    found = Talkative()
    getGlobalSiteManager().registerUtility(found, INetwork, name="pretend")
    yield found
    getGlobalSiteManager().unregisterUtility(found, INetwork, name="pretend")


def page(browser, url, accept="text/html"):
    browser.addHeader("Accept", accept)
    browser.open(url)
    return text(browser)


def text(browser):
    contents = browser.contents
    return contents if isinstance(contents, str) else contents.decode("utf-8", "replace")


def connect(browser, url, password):
    browser.open(f"{url}/@@connect")
    browser.getControl(name="answer-handle").value = HANDLE
    browser.getControl(name="passw-app_password").value = password
    browser.getControl("Connect").click()


@pytest.fixture
def lived(functional, commune, staff, network, monkeypatch, caplog, capsys):
    """An account that was connected in every way, whose session was renewed and whose key was changed; a post of it."""
    caplog.set_level(logging.DEBUG)
    first, second = new_key(), new_key()
    monkeypatch.setenv("SOCIALTERRITORY_KEYS", first)
    account = api.content.create(
        commune[CONTAINER], "SocialAccount", id="town", title="Town", network="pretend", validation="none"
    )
    repository = api.portal.get_tool("portal_repository")
    repository.setVersionableContentTypes([*repository.getVersionableContentTypes(), "SocialAccount"])
    transaction.commit()
    staff.handleErrors, staff.raiseHttpErrors = True, False
    said = []
    for password in (REFUSED, OFFLINE, BROKEN, TYPED):
        connect(staff, account.absolute_url(), password)
        said.append(text(staff))
    staff.open(account.absolute_url())
    staff.getControl("Test").click()
    said.append(text(staff))
    assert "It works" in said[-1]
    transaction.begin()
    repository.save(account, "first")
    monkeypatch.setenv("SOCIALTERRITORY_KEYS", f"{second},{first}")
    assert commands.keys(["rotate"], [commune]) == commands.keys(["check"], [commune]) == 0
    setRequest(functional["request"])  # the browser above had its own
    item = api.content.create(commune, "News Item", title=f"Nouvelle de {HANDLE}")
    api.content.transition(item, to_state="published")
    transaction.commit()
    work(functional)
    opened = Vault(commune).open(account.UID())
    assert (opened["password"], opened["refresh"]) == (TYPED, TOKENS[3])
    secrets = [TYPED, REFUSED, OFFLINE, BROKEN, *TOKENS, *(key.partition(":")[2] for key in (first, second))]
    return account, item, secrets, "".join(said)


def stored_bytes(functional):
    """All revisions of all objects."""
    storage = functional["app"]._p_jar.db().storage
    return b"".join(record.data or b"" for part in storage.changes.iterator() for record in part)


def surfaces(functional, site, staff, network, account, item, said, log, printed):
    root, url = site.absolute_url(), account.absolute_url()
    yield "answers to the forms", said
    names = ("", "/@@connect", "/edit", "/@@social-pause", "/@@social-disconnect", "/@@sharing")
    yield "pages of the account", "".join(page(staff, url + name) for name in names)
    names = ("@@social-desk", "@@social-controlpanel", f"{item.getId()}/@@social-networks", f"{item.getId()}/edit")
    yield "pages of posts", "".join(page(staff, f"{root}/{name}") for name in names)
    json_type = "application/json"
    names = (url, f"{url}?expand=1", f"{root}/{CONTAINER}?fullobjects=1", f"{root}/@search?fullobjects=1")
    yield "content by REST", "".join(page(staff, name, json_type) for name in names)
    names = ("@social-accounts", "@social-deliveries", "@social-status", f"{item.getId()}/@social-preview", "@registry")
    yield "services", "".join(page(staff, f"{root}/{name}", json_type) for name in names)
    catalog = site.portal_catalog
    rids = [brain.getRID() for brain in catalog.unrestrictedSearchResults(path="/")]
    yield "catalogue", repr([(catalog.getMetadataForRID(rid), catalog.getIndexDataForRID(rid)) for rid in rids])
    version = api.portal.get_tool("portal_repository").retrieve(account, 0).object
    yield "versions", page(staff, f"{url}/@history", json_type) + repr(vars(version)) + HANDLE
    registry = api.portal.get_tool("portal_registry")
    yield "registry", repr({name: record.value for name, record in registry.records.items()}) + HANDLE
    login(functional["app"], SITE_OWNER_NAME)
    with tarfile.open(fileobj=BytesIO(site.portal_setup.runAllExportSteps()["tarball"])) as archive:
        files = [archive.extractfile(member).read() for member in archive.getmembers() if member.isfile()]
    yield "export of the settings", b"".join(files) + HANDLE.encode()
    exported = BytesIO()
    site._p_jar.exportFile(site._p_oid, exported)
    yield "database", stored_bytes(functional) + exported.getvalue()
    entries = [site.error_log.getLogEntryById(entry["id"]) for entry in site.error_log.getLogEntries()]
    yield "error log and log", repr(entries) + log
    objects = [Vault(site), keys(), Accounts(site).get(account.UID()), *network.errors]
    objects += [
        dict(Accounts(site).runtime(account.UID())),
        network.connect(None, {"handle": HANDLE, "app_password": TYPED}),
    ]
    tracebacks = ["".join(traceback.format_exception(error)) for error in network.errors]
    yield "reprs and tracebacks", repr(objects) + "".join(tracebacks)
    yield "mails", repr([dict(mail) for _id, mail in waiting(site)]) + HANDLE
    yield "commands and the record", printed + json.dumps(Outbox(site).export())


def test_s7_ten_secrets_are_on_none_of_fourteen_surfaces(functional, commune, staff, network, lived, caplog, capsys):
    account, item, secrets, said = lived
    printed = capsys.readouterr().out
    assert len(set(secrets)) == 10 and all(len(secret) > 12 for secret in secrets)
    found, seen = [], []
    for name, shown in surfaces(functional, commune, staff, network, account, item, said, caplog.text, printed):
        shown = shown if isinstance(shown, bytes) else shown.encode()
        seen.append(name)
        assert HANDLE.encode() in shown, f"{name}: not looked at"
        found += [(name, secret) for secret in secrets if secret.encode() in shown]
    assert found == []
    assert len(set(seen)) == 14


@pytest.fixture
def sealed(monkeypatch, caplog):
    """What is sealed while the log is at DEBUG."""
    caplog.set_level(logging.DEBUG)
    values = {}
    seal = Keys.seal
    monkeypatch.setattr(Keys, "seal", lambda keys, context, kept: values.update(kept) or seal(keys, context, kept))
    return values


KEYS = ("api_key", "api_secret", "access_token", "access_secret")
WORST = {"threads": {"takes_forms": False}}
"""It wants its secrets in an address, as documented"""


@pytest.mark.parametrize(
    "network, way, names",
    [
        ("mastodon", "consent", ("client_secret", "verifier", "token")),
        ("x", "consent", ("client_secret", "verifier", "access", "refresh")),
        ("x", "typed", KEYS),
        ("linkedin", "consent", ("client_secret", "access")),
        ("instagram", "consent", ("app_secret", "token")),
        ("threads", "consent", ("app_secret", "token")),
    ],
)
def test_s7_no_way_of_linking_logs_a_secret(town, sealed, monkeypatch, caplog, network, way, names):
    with SERVERS[network](**WORST.get(network, {})) as server:
        for name, value in {**server.environ, "OAUTHLIB_INSECURE_TRANSPORT": "1"}.items():
            monkeypatch.setenv(name, value)
        mine = server.account("mairie")
        with api.env.adopt_roles(["Manager"]):
            settings().staff_url = town.url
            account = api.content.create(town.site[CONTAINER], "SocialAccount", title="A", network=network)
        transaction.commit()
        person = Linking(town, server, account)
        if way == "typed":
            typed = server.keys(mine)
            person.press(f"{person.url}/@@connect", **{f"passw-{name}": typed[name] for name in KEYS})
        else:
            server.typed = filled(server, f"{town.url}/@@social-linked")
            person.come_back()
            person.confirm()
        assert "It works" in person.get(person.press(f"{person.url}/@@social-test").headers["Location"]).text
    sealed |= json.loads(sealed.get("answers", "{}"))
    assert all(len(sealed[name]) > 12 for name in names)
    assert [name for name in names if sealed[name] in caplog.text] == []


def test_s7_a_key_that_does_not_fit_is_not_told(commune, network, monkeypatch, caplog):
    secret = "not-a-key-canary-5e1d"
    for value in (f"k1:{secret}", secret):
        monkeypatch.setenv("SOCIALTERRITORY_KEYS", value)
        with pytest.raises(ConfigurationError) as caught:
            Vault(commune).seal("uid", {"password": TYPED})
        told = "".join(traceback.format_exception(caught.value)) + repr(caught.value.params) + caplog.text
        assert secret not in told and TYPED not in told
