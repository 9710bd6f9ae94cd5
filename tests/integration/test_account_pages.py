"""The pages of accounts: who may open them, what they say, and that nothing is written by accident."""

from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.protect import createToken
from plone.testing.zope import Browser
from pretend import CANARY
from zExceptions import Forbidden
from zope.component import getUtility
from zope.schema.interfaces import IVocabularyFactory

import json
import pytest


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ROLES = ["Manager", "Site Administrator", "Social Connector", "Social Validator", "Social Submitter", "Editor",
         "Reviewer", "Contributor", "Owner", "Member", "Anonymous"]  # fmt: skip
MAY = {"Manager", "Site Administrator", "Social Connector"}


@pytest.fixture
def page(portal, http_request):
    """Render a view of an object as a site administrator."""
    with api.env.adopt_roles(["Manager"]):
        properties = {"fullname": "Karim Roux"}
        api.user.create(email="webmaster@town.example", username="webmaster", properties=properties)
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


def test_the_training_network_connects_with_one_click_and_without_a_public_address(portal, page):
    settings().public_url = None
    with api.env.adopt_roles(["Manager"]):
        account = api.content.create(portal[CONTAINER], "SocialAccount", title="Training", network="sandbox")
    assert "<button" in page(account, "connect")
    page(account, "connect", go="1")
    found = Accounts(portal).get(account.UID())
    assert (found.link, found.identity_url) == ("connected", f"{portal.absolute_url()}/@@social-sandbox")


@pytest.mark.parametrize(("network", "hint"), [("threads", "The Threads app ID"), ("instagram", "a number.")])
def test_each_network_is_explained_in_its_own_words(portal, page, network, hint):
    settings().public_url = "https://www.town.example"
    with api.env.adopt_roles(["Manager"]):
        account = api.content.create(portal[CONTAINER], "SocialAccount", title="Meta", network=network)
    form = page(account, "connect", way="consent").partition('name="answer-app_id"')[2].partition("passw-app")[0]
    assert hint in form and ("Threads" in form) is (network == "threads")


def test_connect_form_keeps_what_was_typed_except_secrets_and_explains(portal, account, page):
    html = page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": "wrong-one"})
    assert 'value="town.example"' in html and "wrong-one" not in html
    assert "is not right" in html
    html = page(account, "connect", **{"answer-handle": "", "passw-app_password": "wrong-one"})
    assert "Please fill this in" in html and "wrong-one" not in html


def test_connect_form_says_that_the_network_cannot_be_reached(portal, account, page, pretend):
    pretend.down = True
    html = page(account, "connect", **{"answer-handle": "town.example", "passw-app_password": CANARY})
    assert "No machine called pretend.example was found" in html and "settings of the account are kept" in html
    assert "published" not in html


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
    html = page(account, "view")
    assert "Élections" in html and "(Karim Roux" in " ".join(html.split())
    page(account, "social-pause", resume="1")
    found = Accounts(portal).get(account.UID())
    assert not found.pause.frozen(datetime.now(UTC)) and found.pause.caught(NOW - timedelta(days=1), NOW)


def test_a_pause_to_come_is_shown_and_can_be_dropped(portal, account, page):
    page(account, "social-pause", reason="Élections", start="2198-01-01T00:00", until="2198-01-08T00:00")
    html = page(account, "view")
    assert "Élections" in html and "Drop the pause" in html
    page(account, "social-pause", resume="1")
    assert Accounts(portal).get(account.UID()).pause is None


def test_the_connect_page_speaks_of_connecting_again_only_where_that_is_so(
    portal, account, connected, page, monkeypatch
):
    assert "Settings and past posts stay" in page(connected, "connect")
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    assert "Settings and past posts stay" not in page(connected, "connect")


def test_a_first_connection_is_not_called_a_new_one(portal, account, page):
    html = page(account, "connect")
    assert "Nothing is posted by connecting" in html and "Settings and past posts stay" not in html


def test_disconnect_page(portal, connected, page):
    assert "Settings and past posts stay" in page(connected, "social-disconnect")
    assert Accounts(portal).get(connected.UID()).link == "connected"
    page(connected, "social-disconnect", sure="1")
    assert Accounts(portal).get(connected.UID()).link == "new"


@pytest.fixture
def post(functional, pretend):
    """POST an account as JSON; the status and the answer."""
    portal = functional["portal"]

    def send(**fields):
        browser = Browser(functional["app"])
        browser.raiseHttpErrors = False
        browser.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}")
        browser.addHeader("Accept", "application/json")
        body = {"@type": "SocialAccount", "title": "Town", "network": "pretend", **fields}
        browser.post(f"{portal.absolute_url()}/{CONTAINER}", json.dumps(body), content_type="application/json")
        return browser.headers["status"][:3], browser.contents

    return send


@pytest.mark.parametrize(
    "fields, words",
    [
        ({"template": "{titel}"}, "“{titel}” is not known here"),
        ({"template": "{title"}, "without its partner"),
        ({"hours": ["mon-fri 8:00-18:00", "whenever"]}, "“whenever” is not understood"),
        ({"campaign": "?a=b"}, "Write parameters only"),
        ({"network": "nowhere"}, "network"),
    ],
)
def test_settings_that_would_not_work_are_refused_with_a_sentence(post, fields, words):
    status, said = post(**fields)
    assert status == "400"
    assert words in json.loads(said)["message"]
    assert post(template="{title} {link}", hours=["lun-ven 8h-18h"], campaign="a=b")[0] == "201"


def test_the_form_offers_types_that_may_be_posted_and_those_that_are_stored(portal, account):
    vocabulary = getUtility(IVocabularyFactory, "collective.socialterritory.Types")
    assert [term.value for term in vocabulary(portal[CONTAINER])] == ["News Item"]
    account.types = ["Event", "News Item"]
    assert {term.value for term in vocabulary(account)} == {"Event", "News Item"}
    portal.portal_types["Document"].behaviors += ("collective.socialterritory.posting",)
    assert {term.value for term in vocabulary(portal[CONTAINER])} == {"Document", "News Item"}


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(functional, pretend):
    browser = Browser(functional["app"])
    browser.addHeader("Authorization", f"Basic {SITE_OWNER_NAME}:{SITE_OWNER_PASSWORD}")
    browser.open(f"{functional['portal'].absolute_url()}/{CONTAINER}/++add++SocialAccount")
    browser.getControl(name="form.widgets.title").value = "Bluesky of the town"
    browser.getControl(name="form.widgets.network:list").value = ["pretend"]
    browser.getControl(name="form.widgets.template").value = "{titel}"
    browser.getControl(name="form.widgets.hours").value = "mon 9:00-8:00"
    browser.getControl(name="form.buttons.save").click()
    assert "“{titel}” is not known here" in browser.contents
    assert "the end must come after the start" in browser.contents
    assert browser.getControl(name="form.widgets.template").value == "{titel}"
    browser.getControl(name="form.widgets.template").value = "{title}"
    browser.getControl(name="form.widgets.hours").value = "mon 8:00-9:00"
    browser.getControl(name="form.buttons.save").click()
