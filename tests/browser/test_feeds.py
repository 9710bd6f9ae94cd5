"""Feeds in a browser: three layouts on one page, nothing from elsewhere, nothing of others runs, paging by links."""

from axe_playwright_python.sync_playwright import Axe
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.model import Kept
from collective.socialterritory.feeds.portlets import Assignment
from collective.socialterritory.feeds.rules import pictures
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import Image
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from feeding import picture
from playwright.sync_api import Locator
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import transaction


pytestmark = pytest.mark.browser

SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
WORDS = {
    "fr": {"more": "Afficher plus", "ago": "il y a", "share": "Partager"},
    "en": {"more": "Show more", "ago": "h ago", "share": "Share"},
}
NOW = datetime.now(UTC)


def entry(number, name):
    url = f"https://social.example/@ville/{number}"
    html = f'<p>Entrée {number} <a href="{url}/x" rel="nofollow noopener">#fête</a></p>'
    when, images = NOW - timedelta(hours=number + 1), (Image(name, "La place"),)
    return Entry(url, url, when, f"Entrée {number}", "@ville", "fr", title=f"Titre {number}", images=images,
                 html=html, avatar=name)  # fmt: skip


def source(town, id, feed, new):
    with api.env.adopt_roles(["Manager"]):
        fields = {"id": id, "title": id, "kind": "feed", "where": f"https://{id}.example/", "network": "mastodon"}
        made = api.content.create(town.site[content.CONTAINER], content.SOURCE, **fields)
    Feeds(town.site).keep(made.UID(), feed, {name: name for name in new}, new, NOW)
    return made


@pytest.fixture
def page(served):
    """A page with a list below its text, cards and the compact layout beside it, and the share bar."""
    settings().share_types = ["Document"]
    kept = Kept(picture(640, 480), "image/jpeg", 640, 480)
    new = {pictures.name(kept): kept}
    feed = Feed("Ville", "https://social.example/@ville", tuple(entry(n, *new) for n in range(5)))
    news, other, third = (source(served, id, feed, new) for id in ("news", "other", "third"))
    with api.env.adopt_roles(["Manager"]):
        made = api.content.create(served.site, "Document", id="page", title="Page", social_feed=news.UID())
        made.text = RichTextValue("<p>BODY</p>", "text/html", "text/html")
        made.social_feed_size = 2
        api.content.transition(made, to_state="published")
    for column, shown in {
        "left": Assignment(other.UID(), "cards", 2),
        "right": Assignment(third.UID(), size=2),
    }.items():
        manager = getUtility(IPortletManager, name=f"plone.{column}column")
        getMultiAdapter((served.site, manager), IPortletAssignmentMapping)["feed"] = shown
    transaction.commit()
    return made


@pytest.fixture(params=["fr", "en"])
def language(request, served):
    api.portal.set_registry_record("plone.available_languages", [request.param])
    api.portal.set_registry_record("plone.default_language", request.param)
    transaction.commit()
    return request.param


def test_a_long_title_stays_in_its_column(served, page, visitor):
    served.site[content.CONTAINER]["other"].title = "#conseilmunicipaldesjeunes2026"
    transaction.commit()
    heading = visitor().goto("page").locator("#portal-column-one .social-box h2")
    assert heading.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_an_avatar_is_round_whatever_the_picture(page, visitor):
    seen = visitor().goto("page").locator(".social-entries-list .social-entry-avatar").first.bounding_box()
    assert (seen["width"], seen["height"]) == (40, 40)


def test_three_layouts_without_a_violation_and_without_another_host(page, language, visitor):
    somebody = visitor()
    seen = somebody.goto("page")
    boxes = seen.locator(".social-box")
    assert boxes.count() == 3
    for layout in ("list", "cards", "compact"):
        assert seen.locator(f".social-entries-{layout} article").count() == 2
    words = WORDS[language]
    assert all(words["ago"] in box.inner_text() for box in boxes.all()), boxes.first.inner_text()
    assert words["share"] in seen.locator(".social-share").inner_text()
    for viewport in SIZES.values():
        seen.set_viewport_size(viewport)
        for context in (".social-box", ".social-share"):
            found = Axe().run(seen, context=context).response["violations"]
            assert not [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]
        assert seen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for image in filter(Locator.is_visible, seen.locator(".social-box img").all()):
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    below = seen.locator("#content .social-box")
    below.get_by_role("link", name=words["more"]).click()
    below.locator("article").nth(3).wait_for()
    assert somebody.outside == [] and somebody.complaints == []


def test_the_same_feed_twice_on_a_page(served, page, visitor):
    page.social_feed = served.site[content.CONTAINER]["other"].UID()
    transaction.commit()
    found = Axe().run(visitor().goto("page"), context=".social-box").response["violations"]
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_without_javascript_a_link_leads_to_what_comes_next(page, visitor):
    somebody = visitor(java_script_enabled=False)
    seen = somebody.goto("page")
    read = []
    box = seen.locator("#content .social-box")
    while True:
        read += [title.inner_text() for title in box.locator(".social-entry-title").all()]
        more = box.locator(".social-more")
        if not more.count():
            break
        more.click()
    assert read == [f"Titre {number}" for number in range(5)]
    assert somebody.outside == []
