"""S7: a secret that somebody typed is in the sealed bytes and nowhere else."""

from collective.socialterritory.accounts import commands
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.sealing import new_key
from collective.socialterritory.accounts.sealing import parse
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import ANNOTATION
from collective.socialterritory.accounts.vault import keys
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import UTC
from io import BytesIO
from plone import api
from plone.app.testing import login
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser
from pretend import CANARY
from zope.annotation.interfaces import IAnnotations

import json
import logging
import pytest
import sys
import tarfile
import transaction


PLAIN = "plain-5e1d0c7a"
ANSWERS = {"handle": "town.example", "app_password": CANARY}


@pytest.fixture
def site(functional, pretend):
    portal = functional["portal"]
    with api.env.adopt_roles(["Manager"]):
        settings().public_url = "https://www.town.example"
        api.content.create(portal[CONTAINER], "SocialAccount", id="town", title="Town", network="pretend")
    transaction.commit()
    return portal


@pytest.fixture
def browser(functional, site):
    found = Browser(functional["app"])
    found.handleErrors = False
    found.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}")
    found.addHeader("Accept-Language", "en")
    return found


@pytest.fixture
def connected(site, browser):
    """An account connected through the form, as people do."""
    browser.open(f"{site.absolute_url()}/{CONTAINER}/town/@@connect")
    browser.getControl(name="answer-handle").value = "town.example"
    browser.getControl(name="passw-app_password").value = CANARY
    browser.getControl("Connect").click()
    assert "you are town.example" in browser.contents
    transaction.begin()
    return site[CONTAINER]["town"]


def json_of(browser, url):
    browser.addHeader("Accept", "application/json")
    browser.open(url)
    return browser.contents if isinstance(browser.contents, str) else browser.contents.decode()


def test_no_page_and_no_service_shows_it(connected, browser):
    url, site = connected.absolute_url(), api.portal.get().absolute_url()
    for name in ("", "/@@connect", "/edit", "/@@social-pause", "/@@social-disconnect", "/@@sharing"):
        browser.open(url + name)
        assert CANARY not in browser.contents, name
    for name in (url, f"{site}/@social-accounts", f"{url}?expand=1", f"{site}/{CONTAINER}?fullobjects=1"):
        assert CANARY not in json_of(browser, name), name


def test_accounts_service_tells_state_abilities_and_identity(connected, browser):
    (item,) = json.loads(json_of(browser, f"{api.portal.get().absolute_url()}/@social-accounts"))["items"]
    assert item["state"] == "connected"
    assert item["abilities"] == ["connects", "refreshes"]
    assert item["identity"] == {"name": "town.example", "url": "https://pretend.example/town.example"}
    assert item["uses"] == ["submit", "validate", "connect"]


def test_accounts_service_wants_a_log_in_and_gives_each_their_own(connected, functional):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="m@town.example", username="member", password="A-long-one-1")
        api.user.create(email="v@town.example", username="camille", password="A-long-one-1")
        connected.manage_setLocalRoles("camille", ["Social Validator"])
    transaction.commit()
    url = f"{api.portal.get().absolute_url()}/@social-accounts"
    found = {}
    for name in ("", "member", "camille"):
        browser = Browser(functional["app"])
        browser.raiseHttpErrors = False
        if name:
            browser.addHeader("Authorization", f"Basic {name}:A-long-one-1")
        answer = json.loads(json_of(browser, url))
        found[name] = [item["uses"] for item in answer.get("items", [])]
        assert browser.headers["status"].startswith("200" if name else "401")
    assert found == {"": [], "member": [], "camille": [["validate"]]}


def test_no_catalog_record_version_or_profile_export_holds_it(connected, functional):
    portal = api.portal.get()
    catalog = portal.portal_catalog
    brain = catalog.unrestrictedSearchResults(UID=connected.UID())[0]
    rid = brain.getRID()
    assert CANARY not in repr([catalog.getMetadataForRID(rid), catalog.getIndexDataForRID(rid)])
    login(functional["app"], SITE_OWNER_NAME)
    export = portal.portal_setup.runAllExportSteps()["tarball"]
    with tarfile.open(fileobj=BytesIO(export)) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        assert len(members) > 20
        assert not [member.name for member in members if CANARY.encode() in archive.extractfile(member).read()]


def test_a_copy_of_the_whole_site_holds_it_sealed_only(connected):
    portal = api.portal.get()
    transaction.savepoint()
    stream = BytesIO()
    portal._p_jar.exportFile(portal._p_oid, stream)
    assert IAnnotations(portal)[ANNOTATION][connected.UID()] in stream.getvalue()
    assert CANARY.encode() not in stream.getvalue()
    stream = BytesIO()
    connected._p_jar.exportFile(connected._p_oid, stream)
    assert CANARY.encode() not in stream.getvalue()


def test_nothing_with_a_name_reprs_it(connected, pretend):
    portal = api.portal.get()
    vault = Vault(portal)
    connection = pretend.connect(None, ANSWERS)
    shown = [vault, connected, vars(connected), Accounts(portal).get(connected.UID()), connection]
    shown += [dict(Accounts(portal).runtime(connected.UID())), keys()]
    assert CANARY not in repr(shown)


def test_an_error_while_connecting_logs_it_nowhere(site, browser, pretend, caplog):
    def broken(http, answers):
        secret = answers["app_password"]  # a local, for tracebacks that show those
        try:
            raise RuntimeError(f"our code is broken, {len(secret)}")
        except RuntimeError:
            api.portal.get().error_log.raising(sys.exc_info())  # as Zope's publisher does, which tests bypass
            raise

    pretend.connect = broken
    caplog.set_level(logging.DEBUG)
    browser.handleErrors = True
    browser.raiseHttpErrors = False
    browser.open(f"{site.absolute_url()}/{CONTAINER}/town/@@connect")
    browser.getControl(name="answer-handle").value = PLAIN
    browser.getControl(name="passw-app_password").value = CANARY
    browser.getControl("Connect").click()
    transaction.begin()
    entries = site.error_log.getLogEntries()
    assert entries
    logged = repr([site.error_log.getLogEntryById(entry["id"]) for entry in entries])
    assert PLAIN in logged, "the log does show what is not masked"
    assert CANARY not in logged
    assert CANARY not in caplog.text
    assert CANARY not in str(browser.contents)


def test_testing_an_expired_session_renews_it_and_stores_it_first(connected, browser, pretend):
    pretend.session = 7
    browser.open(connected.absolute_url())
    browser.getControl("Test").click()
    assert "It works: you are town.example" in browser.contents
    assert pretend.calls == ["connect", "whoami", "refresh", "whoami"]
    transaction.begin()
    assert Vault(api.portal.get()).open(connected.UID())["session"] == "s8"


def test_testing_a_revoked_account_asks_to_reconnect_and_reconnecting_keeps_settings(connected, browser, pretend):
    connected.gap = 5
    transaction.commit()
    pretend.session, pretend.revoked = 7, True
    browser.open(connected.absolute_url())
    browser.getControl("Test").click()
    assert "reconnect the account" in browser.contents and "To reconnect" in browser.contents
    browser.getLink("Reconnect").click()
    assert browser.getControl(name="answer-handle").value == "town.example"
    assert browser.getControl(name="passw-app_password").value == ""
    browser.getControl(name="passw-app_password").value = CANARY
    browser.getControl("Reconnect").click()
    transaction.begin()
    account = Accounts(api.portal.get()).get(connected.UID())
    assert (account.link, account.gap) == ("connected", 5)


def test_pages_are_private(connected, browser):
    for name in ("", "/@@connect", "/@@social-pause", "/@@social-disconnect"):
        browser.open(connected.absolute_url() + name)
        assert browser.headers["Cache-Control"] == "private, no-store"


def test_other_credentials_than_ours_are_refused(site, pretend, monkeypatch):
    portal, uid = api.portal.get(), site[CONTAINER]["town"].UID()
    worker.connect(portal, uid, ANSWERS, datetime.now(UTC))
    stored = IAnnotations(portal)[ANNOTATION]
    stored["other"] = stored[uid]
    with pytest.raises(ConfigurationError, match="unreadable_credentials"):
        Vault(portal).open("other")
    with pytest.raises(ConfigurationError, match="not_connected"):
        Vault(portal).open("nobody")
    monkeypatch.setenv("SOCIALTERRITORY_KEYS", new_key())
    with pytest.raises(ConfigurationError, match="unreadable_credentials"):
        Vault(portal).open(uid)


def test_keys_commands(site, pretend, monkeypatch, tmp_path, capsys):
    path = tmp_path / "social-keys"
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    monkeypatch.setenv(commands.FILE, str(path))
    assert commands.keys(["check"], [site]) == 1
    assert "social keys init" in capsys.readouterr().out
    assert commands.keys(["init"], None) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert commands.keys(["init"], None) == 1
    uid = site[CONTAINER]["town"].UID()
    worker.connect(site, uid, ANSWERS, datetime.now(UTC))
    assert commands.keys(["add"], None) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert commands.keys(["rotate"], [site]) == 0
    first = path.read_text().split(",")[0]
    path.write_text(first)
    assert commands.keys(["check"], [site]) == 0
    assert Vault(site).open(uid)["password"] == CANARY
    path.write_text(new_key())
    assert commands.keys(["check"], [site]) == 1
    assert commands.keys(["rotate"], [site]) == 1
    assert commands.keys(["other"], [site]) == commands.keys([], [site]) == 1
    printed = capsys.readouterr().out
    assert "usage" in printed and "CANNOT" in printed
    assert first.partition(":")[2] not in printed and CANARY not in printed
    assert parse(first)
