"""Share links in a browser: no request to any other host, by keyboard, without JavaScript, in both languages."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.interfaces import settings
from collective.socialterritory.share.store import Keys
from plone import api
from urllib.parse import urlsplit

import pytest
import transaction


pytestmark = pytest.mark.browser

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
ALL = ["facebook", "mastodon", "bluesky", "email", "qr", "copy", "print", "sheet"]
PUBLIC = "https://www.town.example/fete"
LANGUAGES = {"fr": ("Partager sur Facebook", "Copier le lien"), "en": ("Share on Facebook", "Copy link")}


@pytest.fixture(params=["fr", "en"])
def language(request, served):
    api.portal.set_registry_record("plone.available_languages", [request.param])
    api.portal.set_registry_record("plone.default_language", request.param)
    return request.param


@pytest.fixture
def fete(served):
    settings().share_targets = ALL
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(
            served.site["social-accounts"], "SocialAccount", title="Page", network="facebook", validation="none"
        )
    Accounts(served.site).mark(page.UID(), link="connected", identity_url="https://www.facebook.com/ville")
    served.news("Fête de l’été", id="fete")
    return served


def visible(page):
    return [link.get_attribute("data-act") or link.inner_text() for link in page.locator(".social-share li > *").all()
            if link.is_visible()]  # fmt: skip


def problems(page):
    """In what we draw: the rest is Plone's."""
    found = []
    for context in (".social-share", "nav[aria-labelledby=social-follow]"):
        found += [f"{seen['id']}: {seen['nodes'][0]['html'][:160]}" for seen in violations(page, context)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"scrolls sideways by {wide} px"] if wide > 0 else found


def violations(page, context):
    return Axe().run(page, context=context).response["violations"]


@pytest.mark.parametrize("look", ["labels", "icons"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_and_nothing_from_elsewhere(fete, language, visitor, look, scheme):
    settings().share_look = look
    transaction.commit()
    somebody = visitor(color_scheme=scheme)
    page = somebody.goto("fete")
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{scheme}'")
    found = {}
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        found[size] = problems(page)
    assert found == {"desktop": [], "phone": []}
    names = [link.get_attribute("aria-label") for link in page.locator(".social-share [aria-label]").all()]
    assert set(LANGUAGES[language]) <= set(names)
    assert page.locator("nav a[rel=me]").get_attribute("href") == "https://www.facebook.com/ville"
    assert somebody.outside == []
    assert somebody.complaints == []


def test_without_javascript_what_needs_it_is_not_there(fete, visitor):
    page = visitor(java_script_enabled=False).goto("fete")
    assert visible(page) == ["Facebook", "Mastodon", "Bluesky", "E-mail", "QR code"]
    page.get_by_role("link", name="Share on Mastodon").click()
    page.get_by_label("Your server").fill("@moi@piaille.fr")
    with page.expect_request("https://piaille.fr/**") as asked:
        page.get_by_role("button", name="Continue").click()
    there = urlsplit(asked.value.url)
    assert (there.netloc, there.path) == ("piaille.fr", "/share")


def test_what_the_browser_can_do_is_there(fete, visitor):
    somebody = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = somebody.page
    page.add_init_script("window.print = () => (window.printed = true)")
    page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
    somebody.goto("fete")
    assert visible(page) == ["Facebook", "Mastodon", "Bluesky", "E-mail", "QR code", "copy", "print", "sheet"]
    page.locator("[data-act=copy]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Link copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == PUBLIC
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("window.printed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("window.shared") == {"title": "Fête de l’été", "url": PUBLIC}
    assert somebody.outside == []


def test_what_the_browser_cannot_do_is_not_there(fete, visitor):
    somebody = visitor()
    for missing in ("navigator, 'clipboard'", "navigator, 'share'", "window, 'print'"):
        somebody.context.add_init_script(f"Object.defineProperty({missing}, {{ value: undefined }})")
    assert visible(somebody.goto("fete")) == ["Facebook", "Mastodon", "Bluesky", "E-mail", "QR code"]
    assert somebody.complaints == []


def leave_for(somebody, url):
    """Press Enter; nobody answers there, so what comes next is done in another tab."""
    with somebody.page.expect_request(url):
        somebody.page.keyboard.press("Enter")
    somebody.page = somebody.context.new_page()


def test_the_visitors_server_is_asked_once_and_can_be_changed(fete, visitor):
    somebody = visitor()
    page = somebody.goto("fete")
    page.get_by_role("link", name="Share on Mastodon").click()
    page.get_by_label("Your server").fill("https://Piaille.fr/@moi")
    leave_for(somebody, "https://piaille.fr/**")
    page = somebody.goto("fete")
    direct = page.get_by_role("link", name="Share on Mastodon").get_attribute("href")
    assert direct.startswith("https://piaille.fr/share?text=F%C3%AAte%20de")
    page.get_by_role("link", name="Another server of Mastodon").click()
    assert page.get_by_label("Your server").input_value() == "piaille.fr"
    assert not violations(page, "#content")
    page.get_by_role("button", name="Forget my server").click()
    somebody.goto("fete")
    assert page.get_by_role("link", name="Share on Mastodon").get_attribute("href").startswith(fete.url)
    assert page.get_by_role("link", name="Another server of Mastodon").count() == 0


def test_who_forbids_storage_is_asked_each_time(fete, visitor):
    somebody = visitor()
    forbidden = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    somebody.context.add_init_script(forbidden)
    page = somebody.goto("fete/@@social-share-mastodon")
    page.get_by_label("Your server").fill("piaille.fr")
    leave_for(somebody, "https://piaille.fr/**")
    page = somebody.goto("fete")
    assert page.get_by_role("link", name="Share on Mastodon").get_attribute("href").startswith(fete.url)


def test_the_control_panel_can_be_used(fete, visitor):
    somebody = visitor("webmaster")
    page = somebody.goto("@@social-territory-controlpanel")
    page.click(".autotoc-nav a:has-text('Sharing')")
    page.locator("#formfield-form-widgets-share_targets").wait_for(state="visible")
    assert not violations(page, "#fieldset-share")
    page.locator("#form-widgets-share_look").select_option("icons")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Changes saved").first.wait_for()
    transaction.begin()
    assert settings().share_look == "icons"
    assert settings().share_targets == ALL
    assert somebody.complaints == []


def test_an_ambassador_copies_what_was_approved(fete, visitor):
    path = f"fete/@@social-kit-public/{Keys(fete.site).make(fete.site['fete'].UID())}"
    settings().kit_charter = f"https://www.town.example/{'charter' * 9}"
    transaction.commit()
    somebody = visitor(size="phone", color_scheme="dark", permissions=["clipboard-read", "clipboard-write"])
    page = somebody.goto(path)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert [*problems(page), *violations(page, ".social-kit")] == []
    said = page.get_by_label("Facebook", exact=True).input_value()
    assert said == f"Fête de l’été\n\n{PUBLIC}"
    page.get_by_role("button", name="Copy the text (Facebook)").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Text copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == said
    assert somebody.outside == []
    assert somebody.complaints == []
    page = visitor(java_script_enabled=False).goto(path)
    assert page.get_by_label("Facebook", exact=True).input_value() == said
    assert not page.get_by_role("button", name="Copy the text").count()
