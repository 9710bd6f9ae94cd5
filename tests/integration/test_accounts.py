"""Accounts as content, as records and as sessions."""

from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from pretend import CANARY

import pytest
import transaction


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANSWERS = {"handle": "town.example", "app_password": CANARY}


def test_a_new_account_starts_light_and_unconnected(portal, account):
    found = Accounts(portal).get(account.UID())
    assert (found.title, found.network, found.link, found.validation) == ("Town", "pretend", "new", "one")
    assert found.trusted == ("Reviewer", "Site Administrator")
    assert found.types == ("News Item",)
    assert Accounts(portal).all() == [found]


def test_sections_are_paths_that_follow_moves_and_a_deleted_one_is_not_the_whole_site(portal, account):
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(portal, "Folder", title="News")
        account.sections = [folder.UID()]
        assert Accounts(portal).get(account.UID()).sections == ("/plone/news",)
        api.content.rename(folder, "actualites")
        assert Accounts(portal).get(account.UID()).sections == ("/plone/actualites",)
        api.content.delete(folder)
    assert Accounts(portal).get(account.UID()).sections == (f"/gone/{account.sections[0]}",)


def test_connecting_keeps_settings_and_remembers_who_we_are(portal, account):
    account.gap = 5
    identity = worker.connect(portal, account.UID(), ANSWERS, NOW)
    found = Accounts(portal).get(account.UID())
    assert identity.name == found.identity == "town.example"
    assert (found.link, found.connected_at, found.gap) == ("connected", NOW, 5)
    assert found.identity_url == "https://pretend.example/town.example"


def test_a_refused_connection_stores_nothing(portal, account):
    with pytest.raises(Unauthorized):
        worker.connect(portal, account.UID(), {**ANSWERS, "app_password": "no"}, NOW)
    assert not Vault(portal).holds(account.UID())
    assert Accounts(portal).get(account.UID()).link == "new"


def test_without_a_key_the_network_is_not_even_asked(portal, account, pretend, monkeypatch):
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    with pytest.raises(ConfigurationError, match="no_key"):
        worker.connect(portal, account.UID(), ANSWERS, NOW)
    assert pretend.calls == []


def test_disconnecting_forgets_secrets_and_keeps_settings(portal, connected):
    worker.disconnect(portal, connected.UID())
    found = Accounts(portal).get(connected.UID())
    assert (found.link, found.identity, found.title) == ("new", "", "Town")
    assert not Vault(portal).holds(connected.UID())


def test_a_copy_has_no_credentials_and_a_removed_account_leaves_none(portal, connected):
    with api.env.adopt_roles(["Manager"]):
        copy = api.content.copy(connected, portal[CONTAINER])
        assert Accounts(portal).get(copy.UID()).link == "new"
        assert not Vault(portal).holds(copy.UID())
        uid = connected.UID()
        api.content.delete(connected)
    assert not Vault(portal).holds(uid)
    assert Accounts(portal).get(uid) is None and not Accounts(portal).runtime(uid)


def test_renaming_keeps_the_link(portal, connected):
    with api.env.adopt_roles(["Manager"]):
        transaction.savepoint(optimistic=True)
        api.content.rename(connected, "other")
    assert Accounts(portal).get(connected.UID()).link == "connected"
    assert Vault(portal).holds(connected.UID())


def test_another_network_ends_the_link(portal, connected):
    from zope.event import notify
    from zope.lifecycleevent import ObjectModifiedEvent

    notify(ObjectModifiedEvent(connected))
    assert Vault(portal).holds(connected.UID())
    connected.network = "sandbox"
    notify(ObjectModifiedEvent(connected))
    assert not Vault(portal).holds(connected.UID())
    assert Accounts(portal).get(connected.UID()).link == "new"


def test_posts_of_the_last_day_are_remembered(portal, account):
    accounts = Accounts(portal)
    for hours in (30, 23, 1):
        accounts.sent(account.UID(), NOW - timedelta(hours=hours))
    accounts.sent(account.UID(), NOW)
    assert accounts.get(account.UID()).sent == (NOW - timedelta(hours=23), NOW - timedelta(hours=1), NOW)


def test_one_lease_at_a_time(portal, account):
    accounts, uid = Accounts(portal), account.UID()
    until = NOW + timedelta(seconds=60)
    assert accounts.lease(uid, "a", until, NOW)
    assert accounts.lease(uid, "a", until, NOW)
    assert not accounts.lease(uid, "b", until, NOW)
    accounts.release(uid, "b")
    assert not accounts.lease(uid, "b", until, NOW)
    assert accounts.lease(uid, "b", until, until)
    accounts.release(uid, "b")
    assert accounts.lease(uid, "a", until, NOW)


def test_a_session_is_renewed_under_the_lease(portal, connected, pretend):
    uid = connected.UID()
    network, credentials = worker.begin_refresh(portal, uid, "t", NOW)
    assert worker.begin_refresh(portal, uid, "other", NOW) is None
    assert worker.finish_refresh(portal, uid, "t", network.refresh(None, credentials), NOW)
    assert Vault(portal).open(uid)["session"] == "s2"
    assert worker.begin_refresh(portal, uid, "other", NOW)


def test_a_refused_renewal_asks_a_person_and_a_network_that_is_down_does_not(portal, connected):
    uid = connected.UID()
    worker.begin_refresh(portal, uid, "t", NOW)
    worker.finish_refresh(portal, uid, "t", Transient("dns"), NOW)
    assert Accounts(portal).get(uid).link == "connected"
    worker.begin_refresh(portal, uid, "u", NOW)
    worker.finish_refresh(portal, uid, "u", Unauthorized("unauthorized"), NOW)
    assert Accounts(portal).get(uid).link == "reconnect"
    assert Vault(portal).holds(uid)


def test_a_renewal_that_comes_after_a_reconnection_stores_nothing(portal, connected, pretend):
    uid = connected.UID()
    network, credentials = worker.begin_refresh(portal, uid, "t", NOW)
    late = network.refresh(None, credentials)
    worker.connect(portal, uid, ANSWERS, NOW)
    assert not worker.finish_refresh(portal, uid, "t", late, NOW)
    assert Vault(portal).open(uid)["session"] == "s3"


def test_validators_are_those_of_the_account_else_site_administrators(portal, account):
    with api.env.adopt_roles(["Manager"]):
        for name in ("admin1", "camille", "sacha", "robin"):
            api.user.create(email=f"{name}@town.example", username=name)
        api.user.grant_roles(username="admin1", roles=["Site Administrator"])
        assert "admin1" in validators(portal, account.UID())
        api.group.create(groupname="com")
        api.group.add_user(groupname="com", username="sacha")
        account.manage_setLocalRoles("camille", ["Social Validator"])
        portal[CONTAINER].manage_setLocalRoles("com", ["Social Validator"])
    assert validators(portal, account.UID()) == ["camille", "sacha"]
    assert validators(portal, "gone") == []
