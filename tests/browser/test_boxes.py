"""Vendor boxes in a browser: no request elsewhere before the visitor says so, and exactly one after."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory.feeds.boxes.portlets import Assignment
from playwright.sync_api import expect
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import transaction


pytestmark = pytest.mark.browser

VIDEO = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
PLAYER = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('social'))"
TAC = """
    // The part of tarteaucitron.js 1.34 that registers services, asks and tells; its cookie is left out.
    window.tarteaucitron = {
      services: {}, state: {}, job: [],
      send(name) { document.dispatchEvent(new Event(name)); },
      setConsent(id, status) {
        if (this.state[id] === status) return;
        this.state[id] = status;
        this.send(`${id}_${status ? "allowed" : "disallowed"}`);
      },
      start() {
        for (const id of this.job) {
          const button = document.body.appendChild(document.createElement("button"));
          button.id = `${id}Allowed`;
          this.services[id].fallback();
          this.send(`${id}_added`);
        }
      },
    };
"""


@pytest.fixture
def boxes(served):
    """A page with a video and a portlet with a page of Facebook, in French."""
    for record in ("plone.available_languages", "plone.default_language"):
        api.portal.set_registry_record(record, ["fr"] if record.endswith("s") else "fr")
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(served.site, "Document", id="film", title="Le film")
        page.text = RichTextValue(f"<p>Avant</p><p>{VIDEO}</p><p>Après</p>", "text/html", "text/x-html-safe")
        api.content.transition(page, to_state="published")
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    getMultiAdapter((served.site, manager), IPortletAssignmentMapping)["box"] = Assignment(
        "https://www.facebook.com/ville"
    )
    transaction.commit()
    return served


@pytest.fixture
def somebody(boxes, visitor):
    """A visitor for whom a local answer stands in for the vendors."""
    return answered(visitor())


def answered(made):
    made.context.route(
        lambda url: not url.startswith(tuple(made.known)),
        lambda route: route.fulfill(
            content_type="text/html", body="<!doctype html><title>v</title><a href='#'>Play</a>"
        ),
    )
    return made


def box(page, service="youtube"):
    return page.locator(f"[data-service={service}]")


def problems(page, context):
    found = Axe().run(page, context=context).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [seen["id"] for seen in found] + ([f"scrolls sideways by {wide} px"] if wide > 0 else [])


def test_the_same_kind_of_box_twice_on_a_page(boxes, visitor):
    boxes.site["film"].text = RichTextValue(f"<p>{VIDEO}</p><p>{VIDEO}</p>", "text/html", "text/x-html-safe")
    transaction.commit()
    found = Axe().run(visitor().goto("film"), context=".social-vendor").response["violations"]
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_nothing_is_asked_elsewhere_before_the_visitor_says_so_and_then_one_thing(somebody):
    page = somebody.goto("film")
    once = box(page).get_by_role("button", name="Afficher une fois")
    once.wait_for()
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        assert problems(page, ".social-vendor") == [], size
    page.set_viewport_size(SIZES["desktop"])
    assert somebody.outside == []
    before = box(page).bounding_box()["height"]
    box(page).get_by_role("link", name="Ouvrir sur youtube.com").wait_for()
    once.focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("[data-service=youtube] iframe")
    frame.get_by_role("link", name="Play").wait_for()
    assert somebody.outside == [PLAYER]
    assert page.evaluate("document.activeElement.title") == "Vidéo YouTube"
    assert box(page).bounding_box()["height"] == before
    assert not once.is_visible() and box(page, "facebook").locator("iframe").count() == 0
    page.keyboard.press("Tab")
    expect(frame.get_by_role("link", name="Play")).to_be_focused()
    assert problems(page, ".social-vendor-foot") == []
    somebody.goto("film")
    once.wait_for()
    assert somebody.outside == [PLAYER] and somebody.complaints == []


def test_always_is_remembered_and_taken_back(somebody):
    page = somebody.goto("film")
    told = "window.told = []; document.addEventListener('social-territory:consent', e => window.told.push(e.detail))"
    page.evaluate(told)
    box(page).get_by_role("button", name="Toujours afficher").press("Space")
    assert page.evaluate("window.told") == [{"service": "youtube", "granted": True}]
    assert page.evaluate(KEPT) == ["social-box-youtube"]
    somebody.goto("film")
    box(page).locator("iframe").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert box(page, "facebook").locator("iframe").count() == 0
    page.get_by_role("link", name="Réseaux sociaux et vie privée").last.click()
    choice = page.get_by_role("checkbox", name="Toujours afficher YouTube")
    assert choice.is_checked()
    assert problems(page, "#content") == []
    page.evaluate(told)
    choice.press("Space")
    assert page.evaluate("window.told") == [{"service": "youtube", "granted": False}]
    somebody.outside.clear()
    somebody.goto("film")
    box(page).get_by_role("button", name="Afficher une fois").wait_for()
    assert somebody.outside == [] and somebody.complaints == []


def test_a_consent_manager_grants_and_takes_back(somebody):
    page = somebody.page
    page.add_init_script("document.addEventListener('social-territory:ready', e => window.ready = e.detail.services)")
    somebody.goto("film")
    assert sorted(page.evaluate("window.ready")) == ["facebook", "youtube"]
    detail = "{ detail: { service: 'facebook', granted } }"
    tell = f"granted => document.dispatchEvent(new CustomEvent('social-territory:consent', {detail}))"
    page.evaluate(tell, True)
    box(page, "facebook").locator("iframe").wait_for()
    (asked,) = somebody.outside
    width = int(parse_qs(urlsplit(asked).query)["width"][0])
    assert asked.startswith("https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fville&")
    assert width == round(box(page, "facebook").locator("iframe").bounding_box()["width"])
    assert page.evaluate(KEPT) == []
    page.evaluate(tell, False)
    assert box(page, "facebook").locator("iframe").count() == 0
    assert box(page, "facebook").get_by_role("button", name="Afficher une fois").is_visible()


def test_tarteaucitron_and_the_boxes_know_of_each_other(somebody):
    page = somebody.page
    page.add_init_script(TAC)
    somebody.goto("film")
    page.evaluate("tarteaucitron.start()")
    assert page.evaluate("Object.values(tarteaucitron.services).map(s => s.name).sort()") == ["Facebook", "YouTube"]
    assert somebody.outside == []
    page.evaluate("tarteaucitron.setConsent('socialfacebook', true)")
    box(page, "facebook").locator("iframe").wait_for()
    box(page).get_by_role("button", name="Toujours afficher").click()
    assert page.evaluate("tarteaucitron.state.socialyoutube") is True
    page.evaluate("tarteaucitron.setConsent('socialyoutube', false)")
    assert box(page).locator("iframe").count() == 0 and page.evaluate(KEPT) == []


def test_without_javascript_or_storage(boxes, visitor):
    page = visitor(java_script_enabled=False).goto("film")
    assert not [button for button in page.locator(".social-vendor button").all() if button.is_visible()]
    assert box(page).get_by_role("link", name="Ouvrir sur youtube.com").get_attribute("href") == VIDEO
    page.goto(f"{boxes.url}/@@social-privacy")
    assert page.get_by_text("JavaScript est désactivé").is_visible() and page.get_by_role("checkbox").count() == 0
    somebody = answered(visitor())
    forbidden = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no') } })"
    somebody.context.add_init_script(forbidden)
    page = somebody.goto("film")
    box(page).get_by_role("button", name="Toujours afficher").click()
    box(page).locator("iframe").wait_for()
    assert somebody.outside == [PLAYER] and somebody.complaints == []
