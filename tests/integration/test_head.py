"""One set of tags in the head of a page: true, for visitors and staff alike, and read without a write."""

from collective.socialterritory.interfaces import settings
from datetime import datetime
from heads import Head
from heads import picture
from io import BytesIO
from naming import id_of
from PIL import Image
from plone import api
from plone.app.multilingual.api import translate
from plone.app.multilingual.interfaces import ITranslationManager
from plone.app.testing import applyProfile
from plone.formwidget.namedfile.converter import b64encode_file
from plone.namedfile.file import NamedBlobFile
from plone.namedfile.file import NamedBlobImage

import pytest
import pytz
import requests
import transaction


PUBLIC = "https://www.town.example"
ONCE = {
    "og:type",
    "og:title",
    "og:description",
    "og:url",
    "og:site_name",
    "og:locale",
    "og:image",
    "og:image:type",
    "og:image:width",
    "og:image:height",
    "og:image:alt",
    "twitter:card",
    "twitter:title",
    "twitter:description",
    "twitter:image",
    "twitter:image:alt",
    "description",
    "viewport",
}
HOSTILE = """</script><script>alert(1)</script> "><img src=x onerror=alert(2)> 'a' &amp; \u202etxet\u202c \x07 {x}"""
EVENT = {"start": datetime(2026, 12, 1, 18, 0, tzinfo=pytz.utc), "end": datetime(2026, 12, 1, 20, 0, tzinfo=pytz.utc)}


def made(town, portal_type, container=None, publish=True, **fields):
    container = container or town.site
    fields.setdefault("id", id_of(fields["title"], container))
    with api.env.adopt_roles(["Manager"]):
        item = api.content.create(container, portal_type, description="Du lundi au vendredi", **fields)
        if publish and api.content.get_state(item, None):
            api.content.transition(item, to_state="published")
    transaction.commit()
    return item


def path(town, item):
    return "/".join(item.getPhysicalPath()[2:])


TYPES = [
    ("News Item", "article", "NewsArticle"),
    ("Document", "article", "WebPage"),
    ("Event", "website", "Event"),
    ("Image", "website", "ImageObject"),
    ("Folder", "website", "WebPage"),
    ("Collection", "website", "WebPage"),
]
LINK = ("Link", "website", "WebPage")
"""Plone leads visitors to where it points: those who may change it alone see its page"""


@pytest.mark.parametrize(
    ("reader", "portal_type", "kind", "data"),
    [*(("anonymous", *row) for row in TYPES), *(("editor", *row) for row in (*TYPES, LINK))],
)
def test_each_tag_is_there_once(town, portal_type, kind, data, reader):
    fields = {"image": picture(), "language": "fr"} | (EVENT if portal_type == "Event" else {})
    fields |= {"remoteUrl": "https://elsewhere.example"} if portal_type == "Link" else {}
    item = made(town, portal_type, title="Menu", **fields)
    view = "/view" if portal_type == "Image" else ""
    head = Head(getattr(town, reader), f"menu{view}")
    assert {name: head.all.get(name) for name in ONCE if len(head.get(name)) != 1} == {}
    several = {"article:tag", "og:locale:alternate", None}
    assert not [name for name, said in head.all.items() if len(said) > 1 and name not in several]
    assert (head["og:type"], head.data["@type"]) == (kind, data)
    assert head["og:title"] == head["twitter:title"] == "Menu"
    assert head["og:url"] == head.canonical == head.data["url"] == f"{PUBLIC}/{path(town, item)}{view}"
    assert (head["og:locale"], head["og:site_name"]) == (
        "fr_FR",
        head.data.get("isPartOf", {}).get("name") or "Plone site",
    )
    assert not head.soup.find(id="social-tags-body"), "Plone's microdata would say it twice"


def test_the_site_itself(town):
    head = Head(town.anonymous, "")
    assert (head["og:type"], head["og:url"], head.canonical) == ("website", PUBLIC, PUBLIC)
    assert head["og:title"] == head["og:site_name"]
    with api.env.adopt_roles(["Manager"]):
        front = made(town, "Document", title="Bienvenue")
        town.site.setDefaultPage(front.getId())
    transaction.commit()
    head = Head(town.anonymous, "")
    assert (head["og:type"], head["og:title"], head.data["@type"]) == ("website", "Bienvenue", "WebPage")
    assert head["og:url"] == head.canonical == PUBLIC


def test_news_tells_when_where_and_of_what(town):
    folder = made(town, "Folder", title="Actualités")
    item = made(town, "News Item", folder, title="Menu", subject=("École", "Cantine"))
    item.setEffectiveDate("2026-11-20T08:00:00+00:00")
    transaction.commit()
    head = Head(town.anonymous, path(town, item))
    assert head["article:published_time"] == head.data["datePublished"] == "2026-11-20T08:00:00+00:00"
    assert head["article:modified_time"] == head.data["dateModified"]
    assert (head["article:section"], sorted(head.get("article:tag"))) == ("Actualités", ["Cantine", "École"])
    assert "editor" not in head.soup.head.decode(), "who wrote it is nobody's business"


def test_a_section_that_visitors_may_not_see_is_not_named(town):
    folder = made(town, "Folder", title="Secret", publish=False)
    item = made(town, "News Item", folder, title="Menu")
    assert "article:section" not in Head(town.anonymous, path(town, item)).all
    assert "Secret" not in Head(town.anonymous, path(town, item)).soup.head.decode()


def test_a_draft_tells_visitors_nothing(town):
    made(town, "News Item", title="Secret", publish=False)
    for view in ("", "@@social-card", "@@social-typed-cards"):
        answer = requests.get(f"{town.url}/secret/{view}", headers={"Accept": "text/html"}, timeout=60)
        assert "Du lundi" not in answer.text


def test_forms_and_lists_say_nothing_of_the_item(town):
    made(town, "News Item", title="Menu")
    assert Head(town.editor, "menu").get("og:title") == ["Menu"]
    for view in ("menu/edit", "menu/@@social-card", "@@search", "contact-info"):
        head = Head(town.webmaster, view)
        assert not [name for name in head.all if name and name.startswith(("og:", "twitter:"))], view
        assert not head.soup.find_all("script", type="application/ld+json")


def test_a_site_that_shares_no_data(town):
    api.portal.set_registry_record("plone.share_social_data", False)
    made(town, "News Item", title="Menu")
    head = Head(town.anonymous, "menu")
    assert not [name for name in head.all if name and name.startswith(("og:", "twitter:"))]
    assert head.canonical == f"{PUBLIC}/menu"


def test_without_a_public_address_plones_own_is_told(town):
    settings().public_url = None
    made(town, "Image", title="Plan", image=picture())
    head = Head(town.anonymous, "plan/view")
    assert head["og:url"] == head.canonical == f"{town.url}/plan/view"
    assert head["og:image"].startswith(f"{town.url}/plan/@@images/image/")


@pytest.mark.parametrize("portal_type", ["News Item", "Document", "Event", "Image"])
def test_hostile_words_stay_words(town, portal_type):
    fields = EVENT | {"location": HOSTILE} if portal_type == "Event" else {}
    item = made(town, portal_type, id="hostile", title=HOSTILE, image=picture(), image_caption=HOSTILE, **fields)
    item.description, item.subject = HOSTILE, (HOSTILE,)
    transaction.commit()
    head = Head(town.anonymous, "hostile/view")
    shown = """</script><script>alert(1)</script> "><img src=x onerror=alert(2)> 'a' &amp; txet {x}"""
    assert head["og:title"] == head["og:description"] == head["twitter:title"] == head.data["name"] == shown
    assert "alert(1)" not in [script.string for script in head.soup.find_all("script")]
    assert not head.soup.find_all("img", onerror=True)


@pytest.mark.parametrize("reader", ["anonymous", "editor"])
def test_reading_writes_nothing(town, reader):
    unknown = picture()
    unknown._width = unknown._height = -1  # Plone would look, and keep what it saw
    made(town, "News Item", title="Menu", image=picture(), share_image=picture(1200, 630))
    made(town, "News Item", title="Other", image=unknown)
    Head(getattr(town, reader), "menu")
    before = town.functional["app"]._p_jar.db().lastTransaction()
    for name in ("menu", "other"):
        assert Head(getattr(town, reader), name)["og:image:width"] == "1200"
    assert town.functional["app"]._p_jar.db().lastTransaction() == before


@pytest.mark.parametrize(
    ("size", "kind"), [((1600, 1000), "JPEG"), ((1301, 997), "PNG"), ((800, 600), "WEBP"), ((500, 1500), "JPEG")]
)
def test_the_picture_is_as_told(town, size, kind):
    made(town, "News Item", title="Menu", image=picture(*size, kind), image_caption="Assiettes")
    head = Head(town.anonymous, "menu")
    assert head["og:image"].startswith(f"{PUBLIC}/menu/@@images/image/")
    got = requests.get(head["og:image"].replace(PUBLIC, town.url), timeout=60)
    found = Image.open(BytesIO(got.content))
    assert got.headers["Content-Type"] == head["og:image:type"] == f"image/{kind.lower()}"
    assert found.size == (int(head["og:image:width"]), int(head["og:image:height"]))
    assert (head["og:image:alt"], head["twitter:image"]) == ("Assiettes", head["og:image"])
    wide = size[0] > size[1]
    assert head["twitter:card"] == ("summary_large_image" if wide else "summary")


def test_another_picture_has_another_address(town):
    item = made(town, "News Item", title="Menu", image=picture())
    before = Head(town.anonymous, "menu")["og:image"]
    item.image = picture(1500, 900)
    transaction.commit()
    assert Head(town.anonymous, "menu")["og:image"] != before


def fallback(town):
    made(town, "News Item", id="bare", title="Menu") if "bare" not in town.site else None
    head = Head(town.anonymous, "bare")
    got = requests.get(head["og:image"].replace(PUBLIC, town.url), timeout=60)
    found = Image.open(BytesIO(got.content))
    assert found.size == (int(head["og:image:width"]), int(head["og:image:height"]))
    assert got.headers["Content-Type"].partition(";")[0] == head["og:image:type"]
    return head["og:image"].removeprefix(PUBLIC), found.size


def test_what_stands_in_where_there_is_no_picture(town):
    ours = ("/++plone++collective.socialterritory/card.png", (1200, 630))
    assert fallback(town) == ours
    api.portal.set_registry_record("plone.site_logo", b64encode_file("logo.svg", b"<svg xmlns='x'/>"))
    transaction.commit()
    assert fallback(town) == ours, "networks show no SVG"
    api.portal.set_registry_record("plone.site_logo", b64encode_file("le logo.png", picture(700, 400, "PNG").data))
    transaction.commit()
    assert fallback(town) == ("/@@site-logo/le%20logo.png", (700, 400))
    settings().share_fallback = b64encode_file("ville.jpg", picture(1200, 630).data)
    transaction.commit()
    assert fallback(town) == ("/@@social-share-image/ville.jpg", (1200, 630))


def test_pictures_that_networks_do_not_show_are_left_aside(town):
    svg = NamedBlobImage(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", filename="a.svg")
    made(town, "News Item", title="Menu", image=svg)
    assert Head(town.anonymous, "menu")["og:image"].endswith("/card.png")
    assert requests.get(f"{town.url}/@@social-share-image", timeout=60).status_code == 404


def test_what_the_editor_gives_for_sharing_comes_first(town):
    given = {"share_title": "Autre", "share_description": "Deux\nlignes", "share_image_alt": "Des fleurs"}
    made(town, "News Item", title="Menu", image=picture(), image_caption="x", share_image=picture(800, 418), **given)
    head = Head(town.anonymous, "menu")
    assert (head["og:title"], head["og:description"], head["og:image:alt"]) == ("Autre", "Deux lignes", "Des fleurs")
    assert "/@@images/share_image/" in head["og:image"]
    assert (head["og:image:width"], head["og:image:height"]) == ("800", "418")
    assert "Menu" in head.soup.title.string, "the page itself keeps its own"


def test_translations_that_visitors_may_read(town):
    with api.env.adopt_roles(["Manager"]):
        api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
        applyProfile(town.site, "plone.app.multilingual:default")
        french = made(town, "News Item", town.site["fr"], title="Marché", language="fr")
        english = translate(french, "en") or ITranslationManager(french).get_translation("en")
        english.title = "Market"
        english.reindexObject()
    transaction.commit()
    assert "og:locale:alternate" not in Head(town.editor, path(town, french)).all, "still a draft"
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(english, to_state="published")
    transaction.commit()
    for item, own, other in ((french, "fr_FR", "en_US"), (english, "en_US", "fr_FR")):
        head = Head(town.anonymous, path(town, item))
        assert (head["og:locale"], head.get("og:locale:alternate")) == (own, [other])
        assert head.data["inLanguage"] == own[:2]


def test_an_event_tells_when_and_where(town):
    made(town, "Event", title="Fête", location="Place de la mairie", **EVENT)
    data = Head(town.anonymous, "fete").data
    assert (data["startDate"], data["endDate"]) == ("2026-12-01T18:00:00+00:00", "2026-12-01T20:00:00+00:00")
    assert data["location"]["name"] == "Place de la mairie"


def test_an_event_tells_the_hour_of_the_site(town):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    made(town, "Event", title="Fête", **EVENT)
    data = Head(town.anonymous, "fete").data
    assert (data["startDate"], data["endDate"]) == ("2026-12-01T19:00:00+01:00", "2026-12-01T21:00:00+01:00")


def test_an_image_tells_of_its_file(town):
    made(town, "Image", title="Plan", image=picture(1600, 1000))
    data = Head(town.anonymous, "plan/view").data
    assert (data["contentUrl"], data["width"], data["height"]) == (f"{PUBLIC}/plan/@@images/image", 1600, 1000)


def test_what_plones_own_settings_add(town):
    values = {"facebook_app_id": "12", "facebook_username": "town", "twitter_username": "@town"}
    for name, value in values.items():
        api.portal.set_registry_record(f"plone.{name}", value)
    made(town, "File", title="Film", file=NamedBlobFile(b"x", "video/mp4", "film.mp4"))
    head = Head(town.anonymous, "film/view")
    assert (head["fb:app_id"], head["article:publisher"]) == ("12", "https://www.facebook.com/town")
    assert (head["twitter:site"], head["og:video:type"]) == ("@town", "video/mp4")
    assert head["og:video"] == f"{PUBLIC}/film/@@download/file"
