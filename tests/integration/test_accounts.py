"""Accounts as content, as records and on their pages, per role."""

from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import validators
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.errors import ConfigurationError
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.protect import createToken
from pretend import CANARY
from zExceptions import Forbidden

import pytest
import transaction


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ANSWERS = {"handle": "town.example", "app_password": CANARY}


@pytest.fixture
def account(portal, pretend):
    with api.env.adopt_roles(["Manager"]):
        settings().public_url = "https://www.town.example"
        return api.content.create(portal[CONTAINER], "SocialAccount", title="Town", network="pretend")


@pytest.fixture
def connected(portal, account):
    worker.connect(portal, account.UID(), ANSWERS, NOW)
    return account


@pytest.fixture
def page(portal, http_request):
    """Render a view of an object as a site administrator."""
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="webmaster@town.example", username="webmaster")
        api.user.grant_roles(username="webmaster", roles=["Site Administrator"])

    def render(obj, name, **form):
        request = http_request.clone()
        request.method = "POST" if form else "GET"
        request.environ["REQUEST_METHOD"] = request.method
        request.form.update(form)
        with api.env.adopt_user("webmaster"):
            request.form["_authenticator"] = createToken()
            view = api.content.get_view(name, obj, request)
            return view()

    return render


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


ROLES = ["Manager", "Site Administrator", "Social Connector", "Social Validator", "Social Submitter", "Editor",
         "Reviewer", "Contributor", "Owner", "Member", "Anonymous"]  # fmt: skip
MAY = {"Manager", "Site Administrator", "Social Connector"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ["view", "connect", "social-test", "social-pause", "social-disconnect"])
def test_who_may_open_which_page(portal, account, role, name):
    with api.env.adopt_roles([role]):
        try:
            account.restrictedTraverse(f"@@{name}")
            opened = True
        except Exception as error:
            assert type(error).__name__ == "Unauthorized"
            opened = False
    assert opened is (role in MAY)


@pytest.mark.parametrize("role", ROLES)
def test_who_may_see_change_and_add(portal, account, role):
    with api.env.adopt_roles([role]):
        assert api.user.has_permission("View", obj=account) is (role in MAY)
        assert api.user.has_permission("Modify portal content", obj=account) is (role in MAY)
        may_add = api.user.has_permission("collective.socialterritory: Add account", obj=portal[CONTAINER])
        assert may_add is (role in {"Manager", "Site Administrator"})


@pytest.mark.parametrize("name", ["connect", "social-test", "social-pause", "social-disconnect"])
def test_a_write_needs_the_authenticator(portal, connected, http_request, name):
    request = http_request.clone()
    request.method = request.environ["REQUEST_METHOD"] = "POST"
    request.form.update({"resume": "1", "passw-app_password": CANARY, "answer-handle": "x"})
    with api.env.adopt_roles(["Manager"]):
        view = api.content.get_view(name, connected, request)
        with pytest.raises(Forbidden):
            view()


def test_the_account_page_says_where_it_stands_and_no_cache_keeps_it(portal, connected, page):
    html = page(connected, "view")
    assert "town.example" in html and "Connected" in html and "One validator" in html
    assert CANARY not in html


def test_the_list_shows_accounts_and_a_broken_one_says_so(portal, connected, page):
    Accounts(portal).mark(connected.UID(), link="reconnect", error="unauthorized")
    html = page(portal[CONTAINER], "view")
    assert "To reconnect" in html and "Pretend" in html and "Add an account" in html
    assert "no longer accepts our credentials" in page(connected, "view")


def test_connect_form_connects(portal, account, page):
    html = page(account, "connect")
    assert 'name="passw-app_password"' in html and 'type="password"' in html and "App password" in html
    page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": CANARY})
    assert Accounts(portal).get(account.UID()).link == "connected"


def test_connect_form_keeps_what_was_typed_except_secrets_and_explains(portal, account, page):
    html = page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": "wrong-one"})
    assert 'value="town.example"' in html and "wrong-one" not in html
    assert "is not right" in html
    html = page(account, "connect", **{"answer-handle": "", "passw-app_password": "wrong-one"})
    assert "Please fill this in" in html and "wrong-one" not in html


def test_connect_form_says_that_the_network_cannot_be_reached(portal, account, page, pretend):
    pretend.down = True
    html = page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": CANARY})
    assert "pretend.example is not known" in html


@pytest.mark.parametrize(
    "url, words",
    [
        (None, "no public address"),
        ("http://localhost:8080/Plone", "address of one machine"),
        ("http://10.0.0.4/", "inside your network"),
        ("https://edit.town.example", "where editors work"),
    ],
)
def test_connecting_is_refused_while_links_would_lead_nowhere(portal, account, page, pretend, url, words):
    settings().public_url = url
    html = page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": CANARY})
    assert words in html and "Public address of the site" in html
    assert pretend.calls == []
    type(pretend).local = True
    try:
        page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": CANARY})
    finally:
        type(pretend).local = False
    assert pretend.calls == ["connect"]


def test_connecting_without_a_key_names_the_command(portal, account, page, monkeypatch):
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    assert "bin/instance social keys init" in page(account, "connect")


def test_pause_and_resume(portal, account, page):
    html = page(account, "social-pause", reason=" ", start="", until="tomorrow")
    assert "Please give a reason" in html and "not a date" in html
    page(account, "social-pause", reason="Élections", start="2026-01-01T00:00", until="")
    found = Accounts(portal).get(account.UID())
    assert found.pause.reason == "Élections" and found.pause.frozen(datetime.now(UTC))
    assert "Élections" in page(account, "view")
    page(account, "social-pause", resume="1")
    found = Accounts(portal).get(account.UID())
    assert not found.pause.frozen(datetime.now(UTC)) and found.pause.caught(NOW - timedelta(days=1), NOW)


def test_disconnect_page(portal, connected, page):
    assert "Settings and past posts stay" in page(connected, "social-disconnect")
    assert Accounts(portal).get(connected.UID()).link == "connected"
    page(connected, "social-disconnect", sure="1")
    assert Accounts(portal).get(connected.UID()).link == "new"
