"""Vendor boxes: pasted addresses in rich text, the portlet, the page where choices are taken back."""

from bs4 import BeautifulSoup
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.boxes.portlets import Assignment
from collective.socialterritory.feeds.portlets import Assignment as FeedAssignment
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.entries import Entry
from collective.socialterritory.networks.entries import Feed
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.textfield.value import RichTextValue
from plone.outputfilters.interfaces import IFilter
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from plone.transformchain.interfaces import ITransform
from plone.uuid.interfaces import IUUID
from zope.component import createObject
from zope.component import getMultiAdapter
from zope.component import getUtility

import pytest
import transaction


HTML = {"Accept": "text/html"}
VIDEO = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
FRAME = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ"
PAGE = "https://www.facebook.com/ville"


def answer(town, path):
    return town.anonymous.session.get(f"{town.url}/{path}", headers=HTML, timeout=30)


def soup(town, path):
    return BeautifulSoup(answer(town, path).text, "html.parser")


def speak(language):
    api.portal.set_registry_record("plone.default_language", language)
    transaction.commit()


def column(site):
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    return getMultiAdapter((site, manager), IPortletAssignmentMapping)


@pytest.fixture
def page(town):
    """Make a page of rich text, in a site that speaks both languages."""
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])

    def make(html, id="page"):
        with api.env.adopt_roles(["Manager"]):
            made = api.content.create(town.site, "Document", id=id, title=id)
            made.text = RichTextValue(html, "text/html", "text/x-html-safe")
            api.content.transition(made, to_state="published")
        transaction.commit()
        return made

    return make


@pytest.mark.parametrize("pasted", [VIDEO, '<iframe src="https://www.youtube.com/embed/aqz-KE-bpKQ?si=x"></iframe>'])
def test_what_was_pasted_becomes_a_box_that_loads_nothing(town, page, pasted):
    page(f"<p>Before</p><p>{pasted}</p><p>After</p>")
    html = soup(town, "page")
    (box,) = html.select("div.social-vendor")
    assert box["data-frame"] == FRAME and box["aria-label"] == "YouTube video"
    assert "YouTube (Google) will receive your IP address and may set cookies." in box.text
    (there, privacy) = box.select("a")
    assert (there["href"], there.text) == (VIDEO, "Open on youtube.com")
    assert privacy["href"] == f"{town.url}/@@social-privacy"
    assert box.find("button").find_parent(hidden=True)
    assert not html.find("iframe") and "youtube" not in str(html.find_all(["script", "link", "img"]))
    assert box.find_previous("p").text == "Before" and box.find_next_sibling("p").text == "After"
    speak("fr")
    (box,) = soup(town, "page").select("div.social-vendor")
    assert box["aria-label"] == "Vidéo YouTube"
    assert "YouTube (Google) recevra votre adresse IP et pourra déposer des cookies." in box.text
    assert [button.text for button in box.select("button")] == ["Afficher une fois", "Toujours afficher"]
    assert box.select_one("a").text == "Ouvrir sur youtube.com"


def test_programs_feeds_and_other_pages_get_a_plain_link(town, page):
    page(f"<p>{VIDEO}</p>")
    text = town.anonymous.get("page").json()["text"]["data"]
    assert "social-vendor" not in text and VIDEO.replace("&", "&amp;") in text
    assert "social-vendor" not in answer(town, "@@search").text


OTHERS = (
    f"<p>See {VIDEO}</p>",
    f'<p><a href="{VIDEO}">Our film</a></p>',
    f'<p><a href="https://evil.example/">{VIDEO}</a></p>',
    f'<p><a href="javascript:alert(1)">{VIDEO}</a></p>',
    "<p>https://www.youtube.com.evil.example/watch?v=aqz-KE-bpKQ</p>",
    "<p>https://evil.example/?https://youtu.be/aqz-KE-bpKQ</p>",
    "<p>https://www.youtube.com@evil.example/watch?v=aqz-KE-bpKQ</p>",
    "<p>javascript:alert(1)//youtu.be/aqz-KE-bpKQ</p>",
    f'<p><img alt="&lt;p&gt;{VIDEO}&lt;/p&gt;" src="/x.png"></p>',
    f'<p><img alt="<p>{VIDEO}</p>" src="/x.png"></p>',
    '<section class="social-vendor" data-frame="https://evil.example/" data-service="youtube"><p>x</p></section>',
    '<p class="social-pasted"><a href="https://evil.example/">x</a></p>',
    "<p>https://x.com/ville</p>",
)


def test_what_is_no_address_of_a_known_service_stays_as_it_is(town, page):
    page("".join(OTHERS))
    text = soup(town, "page").find(id="parent-fieldname-text")
    assert len(text.find_all("p")) >= 11
    assert not text.select("[data-frame], [data-service], iframe, button, script")


def test_an_address_brings_nothing_of_its_own_into_the_page(town, page):
    page(f'<p>{VIDEO}&amp;x="onload=alert(1)</p><p>{VIDEO}&amp;x=&lt;script&gt;</p><p>{VIDEO}&amp;list=evil</p>')
    html = answer(town, "page").text
    assert html.count(f'data-frame="{FRAME}"') == 1
    text = BeautifulSoup(html, "html.parser").find(id="parent-fieldname-text")
    assert not text.select("[onload]") and all("boxes.js" in script["src"] for script in text.select("script"))


def test_what_visitors_write_in_comments_is_no_box(town, page):
    made = page("<p>Text</p>")
    mark = getMultiAdapter((made, town.functional["request"]), IFilter, name="collective.socialterritory.boxes")
    assert mark.is_enabled()
    comment = createObject("plone.Comment")
    mark = getMultiAdapter((comment, town.functional["request"]), IFilter, name="collective.socialterritory.boxes")
    assert not mark.is_enabled()


def test_only_pages_are_drawn(town, page):
    page("<p>Text</p>")
    request = town.functional["request"]
    marked = f'<p class="social-pasted"><a href="{VIDEO}">x</a></p>'.encode()
    for kind, body, drawn in (
        ("text/html; charset=utf-8", [marked], True),
        ("text/html", [b"<p>Caf\xe9</p>", marked], True),
        ("text/html", [b"<p>Text</p>"], False),
        ("text/html", iter([marked]), False),
        ("application/xml", [marked], False),
        ("", [marked], False),
    ):
        request.response.setHeader("Content-Type", kind)
        draw = getMultiAdapter((None, request), ITransform, name="collective.socialterritory.boxes")
        assert ("social-vendor" in (draw.transformIterable(body, "utf-8") or "")) is drawn, kind


def test_a_pause_of_the_site_leaves_a_notice(town, page):
    page(f"<p>{VIDEO}</p>")
    column(town.site)["box"] = Assignment(PAGE)
    transaction.commit()
    assert len(soup(town, "page").select("[data-frame]")) == 2
    known = settings()
    known.pause_reason, known.pause_by, known.pause_start = "Crisis", "Mayor", datetime(2026, 1, 1)
    transaction.commit()
    html = soup(town, "page")
    assert not html.select("[data-frame], .social-vendor button, .social-vendor script")
    assert [box.find("p", class_=None).text for box in html.select(".social-vendor")] == [
        "This content is paused for the moment."
    ] * 2
    assert html.select_one(".social-vendor a")["href"] == VIDEO


def test_without_the_add_on_pages_are_as_they_were(town, page):
    page(f"<p>{VIDEO}</p>")
    with api.env.adopt_roles(["Manager"]):
        column(town.site)["box"] = Assignment(PAGE)
        town.site.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    transaction.commit()
    assert "box" not in column(town.site)
    html = answer(town, "page").text
    assert "social-vendor" not in html and VIDEO in html
    assert answer(town, "@@social-privacy").status_code == 404


@pytest.fixture
def feed(town):
    """A source of which one entry is kept."""
    with api.env.adopt_roles(["Manager"]):
        folder = town.site[content.CONTAINER]
        source = api.content.create(
            folder, content.SOURCE, id="news", title="News", kind="feed", where="https://x.example/"
        )
    entry = Entry("1", "https://x.example/1", datetime(2026, 11, 22, tzinfo=UTC), "Kept here", "")
    Feeds(town.site).keep(IUUID(source), Feed("News", "https://x.example/", (entry,)), {}, {}, entry.published)
    transaction.commit()
    return source


def test_the_portlet_shows_the_site_s_own_feed_below(town, feed):
    column(town.site)["box"] = Assignment(PAGE, IUUID(feed))
    column(town.site)["timeline"] = Assignment("https://x.com/ville", IUUID(feed))
    column(town.site)["damaged"] = Assignment("https://evil.example/")
    transaction.commit()
    html = soup(town, "")
    page, timeline = html.select(".social-vendor")
    assert page["data-frame"].startswith(
        "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fville&"
    )
    assert not timeline.has_attr("data-frame") and not timeline.select("button, script")
    assert "X shows this only to people who are logged in there." in timeline.text
    assert timeline.select_one("a")["href"] == "https://x.com/ville"
    assert ["Kept here" in box.text for box in html.select(".social-box")] == [True, True]
    assert page.find_next_sibling(class_="social-box")


def test_the_portlet_of_a_feed_is_for_those_who_may_see_it(town, feed):
    column(town.site)["feed"] = FeedAssignment(IUUID(feed))
    column(town.site)["box"] = Assignment(PAGE, IUUID(feed))
    transaction.commit()
    assert ["Kept here" in box.text for box in soup(town, "").select(".social-box")] == [True, True]
    feed.manage_permission("View", roles=["Manager"], acquire=False)
    transaction.commit()
    html = soup(town, "")
    assert html.select(".social-vendor") and not html.select(".social-box")


def test_the_portlet_s_form_takes_what_it_knows(town, feed):
    address = f"{town.url}/++contextportlets++plone.rightcolumn/+/collective.socialterritory.portlets.Vendor"
    session = town.webmaster.session

    def send(address, typed):
        form = BeautifulSoup(session.get(address, headers=HTML, timeout=30).text, "html.parser").find("form", id="form")
        (token,) = [field["value"] for field in form.select("[name=_authenticator]")]
        button = next(field["name"] for field in form.select("[name='form.buttons.add'], [name='form.buttons.apply']"))
        fields = {
            "form.widgets.address": typed,
            "form.widgets.feed:list": IUUID(feed),
            "form.widgets.layout:list": "compact",
            "form.widgets.size": "3",
        }
        sent = session.post(
            form["action"], data={**fields, "_authenticator": token, button: "1"}, headers=HTML, timeout=30
        )
        transaction.begin()
        return sent.text

    for bad in ("https://www.facebook.com.evil.example/ville", "javascript:alert(1)"):
        assert "No box is known for this address." in send(address, bad)
    assert not [known for known in column(town.site).values() if isinstance(known, Assignment)]
    send(address, PAGE)
    (stored,) = [known for known in column(town.site).values() if isinstance(known, Assignment)]
    assert (stored.address, stored.feed, stored.size) == (PAGE, IUUID(feed), 3)
    send(f"{town.url}/++contextportlets++plone.rightcolumn/{stored.__name__}/edit", VIDEO)
    assert column(town.site)[stored.__name__].address == VIDEO
    assert town.editor.session.get(address, headers=HTML, timeout=30, allow_redirects=False).status_code in (302, 401)


def test_the_privacy_page_says_it_in_both_languages_and_in_the_webmaster_s_words(town, page):
    known = {"en": "What you let in", "fr": "Ce que vous laissez entrer"}
    for language, heading in known.items():
        speak(language)
        html = soup(town, "@@social-privacy")
        assert html.find("h2", string=heading)
        assert [field["data-always"] for field in html.select("[data-always]")] == [
            *("facebook", "instagram", "x", "youtube", "bluesky")
        ]
        assert all(field.find_parent(hidden=True) for field in html.select("[data-always]"))
        assert "https://policies.google.com/privacy" in [link["href"] for link in html.select("#content a")]
    settings().privacy_text_fr = "La mairie <b>veille</b>.\n\nÉcrivez à https://www.town.example/dpo"
    transaction.commit()
    html = soup(town, "@@social-privacy")
    assert html.find("p", string="La mairie <b>veille</b>.") and html.find("a", href="https://www.town.example/dpo")
    speak("en")
    told = soup(town, "@@social-privacy").text
    assert "your browser asks no social network" in told and "for numbers, not for names" in told
