"""Share links as visitors and webmasters meet them: bar, portlet, settings, REST, QR code, the visitor's server."""

from bs4 import BeautifulSoup
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.share.portlets import ShareAssignment
from follow import HTML
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from urllib.parse import parse_qs
from urllib.parse import urlencode
from urllib.parse import urlsplit
from zope.component import getGlobalSiteManager
from zope.component import getMultiAdapter
from zope.component import getUtility

import gzip
import pytest
import requests
import transaction


PUBLIC = "https://www.town.example/menu-de-la-cantine"


def get(town, path, **headers):
    return requests.get(f"{town.url}/{path}", headers={**HTML, **headers}, timeout=30, allow_redirects=False)


def soup(town, path, who=None):
    answer = (who or town.anonymous).session.get(f"{town.url}/{path}", headers=HTML, timeout=30)
    assert answer.status_code == 200, answer.status_code
    return BeautifulSoup(answer.text, "html.parser")


def bars(page):
    return page.select(".social-share")


def change(**values):
    transaction.commit()
    with api.env.adopt_roles(["Manager"]):
        for name, value in values.items():
            setattr(settings(), name, value)
    transaction.commit()


def test_a_public_news_item_has_the_links_that_come_with_the_add_on(town):
    town.news()
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    assert bar["aria-label"] == "Share"
    assert [link["aria-label"] for link in bar.find_all("a")] == [
        "Share on Facebook",
        "Share on X",
        "Share on LinkedIn",
        "Share on WhatsApp",
        "Send by e-mail",
    ]
    assert [button["data-act"] for button in bar.find_all("button")] == ["copy"]
    assert bar.find("button").parent.has_attr("hidden"), "only a script can copy"
    assert not bar.find_all(target=True)
    assert not bar.find_all(style=True) and not bar.find_all("style")
    assert all(script["src"].startswith(town.url) and not script.text.strip() for script in bar.find_all("script"))
    facebook = bar.find("a")["href"]
    assert parse_qs(urlsplit(facebook).query) == {"u": [PUBLIC]}
    assert bar["data-url"] == PUBLIC


def test_without_a_public_address_links_have_the_one_in_use(town):
    town.news()
    change(public_url=None)
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    assert bar["data-url"] == f"{town.url}/menu-de-la-cantine"


def test_a_folders_default_page_is_passed_on_as_the_folder(town):
    with api.env.adopt_user(username="editor"):
        folder = api.content.create(town.site, "Folder", id="actualites", title="Actualités")
        page = api.content.create(folder, "News Item", id="une", title="À la une")
        folder.setDefaultPage("une")
        for obj in (folder, page):
            api.content.transition(obj, "publish")
    transaction.commit()
    (bar,) = bars(soup(town, "actualites"))
    assert bar["data-url"] == "https://www.town.example/actualites"
    assert bar["data-title"] == "À la une"


def test_an_image_is_passed_on_with_its_page(town):
    with api.env.adopt_user(username="editor"):
        drawn = BytesIO()
        Image.new("RGB", (4, 4)).save(drawn, "PNG")
        data = NamedBlobImage(drawn.getvalue(), "image/png", "a.png")
        api.content.create(town.site, "Image", id="photo", title="Photo", image=data)
    change(share_types=["Image"])
    (bar,) = bars(soup(town, "photo/view"))
    assert bar["data-url"] == "https://www.town.example/photo/view"


def test_what_is_not_public_has_none_for_anybody(town):
    town.news(publish=False)
    assert not bars(soup(town, "menu-de-la-cantine", town.webmaster))
    change(share_targets=["qr", "mastodon"])
    for view in ("@@social-share-qr", "@@social-share-mastodon"):
        assert town.webmaster.session.get(f"{town.url}/menu-de-la-cantine/{view}", headers=HTML).status_code == 404
        assert get(town, f"menu-de-la-cantine/{view}").status_code in (302, 401)
    assert town.webmaster.get("menu-de-la-cantine/@social-share").json()["items"] == []
    assert town.anonymous.get("menu-de-la-cantine/@social-share").status_code == 401


def test_an_item_can_do_without(town):
    item = town.news()
    item.share_buttons = False
    transaction.commit()
    assert not bars(soup(town, "menu-de-la-cantine"))
    assert get(town, "menu-de-la-cantine/@@social-share-qr").status_code == 404
    assert town.anonymous.get("menu-de-la-cantine/@social-share").json()["items"] == []


def test_forms_and_lists_of_an_item_have_none(town):
    town.news()
    for path in ("edit", "@@social-networks", "@@sharing"):
        assert not bars(soup(town, f"menu-de-la-cantine/{path}", town.webmaster)), path


@pytest.mark.parametrize(("position", "places"), [
    ("below", ["viewlet-below-content-body"]),
    ("above", ["viewlet-above-content-body"]),
    ("both", ["viewlet-above-content-body", "viewlet-below-content-body"]),
])  # fmt: skip
def test_where_the_links_stand(town, position, places):
    town.news()
    change(share_position=position)
    found = [bar.find_parent(id=True)["id"] for bar in bars(soup(town, "menu-de-la-cantine"))]
    assert found == places


def test_icons_alone_keep_their_names(town):
    town.news()
    change(share_look="icons")
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    link = bar.find("a")
    assert (link.get_text(strip=True), link["aria-label"], link["title"]) == ("", *["Share on Facebook"] * 2)
    assert link.find("svg")["aria-hidden"] == "true"


def test_which_in_what_order_and_none(town):
    town.news()
    change(share_targets=["email", "bluesky", "qr"])
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    assert [link.get_text(strip=True) for link in bar.find_all("a")] == ["E-mail", "Bluesky", "QR code"]
    change(share_targets=[])
    assert not bars(soup(town, "menu-de-la-cantine"))


class Board(Network):
    id = "board"
    title = "Notice board"
    limits = Limits(text=500, measure=len)
    share_template = "https://board.example/new?say={text}"


def test_a_network_of_another_package_appears_by_itself_and_may_go(town):
    town.news()
    registry = getGlobalSiteManager()
    registry.registerUtility(Board(), INetwork, name="board")
    try:
        change(share_targets=["board", "email"])
        board, _mail = bars(soup(town, "menu-de-la-cantine"))[0].find_all("a")
        assert board["aria-label"] == "Share on Notice board"
        assert board["href"].startswith("https://board.example/new?say=Menu%20de%20la%20cantine%20https")
        assert "Notice board" in str(soup(town, "@@social-territory-controlpanel", town.webmaster))
    finally:
        registry.unregisterUtility(provided=INetwork, name="board")
    (mail,) = bars(soup(town, "menu-de-la-cantine"))[0].find_all("a")
    assert mail["aria-label"] == "Send by e-mail"
    assert soup(town, "@@social-territory-controlpanel", town.webmaster)


def test_types_and_sections(town, place):
    with api.env.adopt_user(username="editor"):
        inside = api.content.create(place, "News Item", id="une", title="Une")
        api.content.transition(inside, "publish")
    town.news()
    change(share_sections=[place.UID()])
    assert bars(soup(town, "rubrique/actualites/une"))
    assert not bars(soup(town, "menu-de-la-cantine"))
    change(share_types=["Document"])
    assert not bars(soup(town, "rubrique/actualites/une"))
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.site["rubrique"], check_linkintegrity=False)
    change(share_types=["News Item"])
    assert not bars(soup(town, "menu-de-la-cantine")), "a section that was deleted is not the whole site"


def test_only_the_sites_own_parameters_are_added(town):
    town.news()
    change(share_campaign="utm_source=share&utm_medium=social")
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    assert bar["data-url"] == f"{PUBLIC}?utm_source=share&utm_medium=social"
    assert town.webmaster.patch("@controlpanels/social-territory", {"share_campaign": "a b"}).status_code == 400


def test_french(town):
    api.portal.set_registry_record("plone.default_language", "fr")
    api.portal.set_registry_record("plone.available_languages", ["fr"])
    town.news(language="fr")
    change(share_targets=["facebook", "email", "copy"])
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    names = [found["aria-label"] for found in bar.find_all(["a", "button"])]
    assert names == ["Partager sur Facebook", "Envoyer par courriel", "Copier le lien"]
    assert bar["aria-label"] == "Partager"


def test_style_and_script_are_small_come_along_and_may_be_kept(town):
    town.news()
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    addresses = [bar.find("link")["href"], bar.find("script")["src"]]
    answers = [requests.get(address, timeout=30) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert sum(len(gzip.compress(answer.content)) for answer in answers) < 3000
    assert "share.css" not in town.anonymous.session.get(town.url, headers=HTML).text


def test_rest(town):
    town.news("Fête")
    change(share_targets=["mastodon", "copy", "x"])
    told = town.anonymous.get("fete/@social-share").json()
    assert told["url"] == "https://www.town.example/fete"
    assert (told["shown"], told["position"], told["look"]) == (True, "below", "labels")
    mastodon, copy, x = told["items"]
    assert mastodon == {
        "id": "mastodon",
        "title": "Mastodon",
        "url": f"{town.url}/fete/@@social-share-mastodon",
        "server": "https://{host}/share?text=F%C3%AAte%20https%3A%2F%2Fwww.town.example%2Ffete",
    }
    assert copy == {"id": "copy", "title": "Copy link", "url": None, "server": None}
    assert x["url"].startswith("https://x.com/intent/post?text=F%C3%AAte&url=https")
    change(share_types=[])
    assert town.anonymous.get("fete/@social-share").json()["shown"] is False


def test_the_qr_code_is_a_picture_that_caches_keep(town):
    town.news()
    answer = get(town, "menu-de-la-cantine/@@social-share-qr")
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert f"<title>{PUBLIC}</title>" in answer.text
    assert "<script" not in answer.text


def asked(town, server=None, **headers):
    town.news()
    query = "" if server is None else urlencode({"server": server})
    return get(town, f"menu-de-la-cantine/@@social-share-mastodon?{query}", **headers)


def test_the_form_of_this_site_leads_to_the_share_page_of_the_visitors_server(town):
    answer = asked(town, "@moi@piaille.fr", **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 302
    there = urlsplit(answer.headers["Location"])
    assert (there.scheme, there.netloc, there.path) == ("https", "piaille.fr", "/share")
    assert parse_qs(there.query) == {"text": [f"Menu de la cantine {PUBLIC}"]}


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}])
def test_who_comes_from_elsewhere_sees_where_they_would_go(town, headers):
    answer = asked(town, "evil.example", **headers)
    assert answer.status_code == 200
    link = BeautifulSoup(answer.text, "html.parser").find("a", class_="btn-primary")
    assert link.get_text(" ", strip=True) == "Continue on evil.example"
    assert link["href"].startswith("https://evil.example/share?text=")


@pytest.mark.parametrize("server", ["localhost", "10.0.0.1", "evil.example:80", "javascript:alert(1)", '"><script>'])
def test_what_is_no_server_is_told_and_leads_nowhere(town, server):
    answer = asked(town, server, **{"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser")
    field = page.find("input", attrs={"name": "server"})
    assert (field["value"], field["aria-invalid"]) == (server, "true")
    assert "is not the name of a server" in page.find(id="social-server-error").text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_first_it_asks(town):
    page = BeautifulSoup(asked(town).text, "html.parser")
    assert page.find("h1").text == "Share on Mastodon"
    assert not page.find(id="social-server-error") and not page.find("a", class_="btn-primary")


def column(site):
    manager = getUtility(IPortletManager, name="plone.rightcolumn")
    return getMultiAdapter((site, manager), IPortletAssignmentMapping)


def test_the_portlet_stands_where_the_webmaster_put_it(town):
    town.news()
    town.news("Brouillon", publish=False)
    column(town.site)["share"] = ShareAssignment("Passez le mot")
    change(share_types=[])
    (bar,) = bars(soup(town, "menu-de-la-cantine"))
    assert bar.find_parent("section", class_="portlet")["aria-label"] == "Passez le mot"
    assert bar["data-url"] == PUBLIC
    (bar,) = bars(soup(town, ""))
    assert bar["data-url"] == "https://www.town.example"
    assert not bars(soup(town, "brouillon", town.webmaster))
    assert not bars(soup(town, "menu-de-la-cantine/edit", town.webmaster))
    assert not bars(soup(town, "@@search"))


@pytest.mark.parametrize("name", ["Share", "Follow"])
def test_the_portlets_are_added_and_changed_in_forms(town, name):
    session = town.webmaster.session
    address = f"{town.url}/++contextportlets++plone.rightcolumn/+/collective.socialterritory.portlets.{name}"

    def send(address, **typed):
        form = BeautifulSoup(session.get(address, headers=HTML, timeout=30).text, "html.parser").find("form", id="form")
        fields = {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}
        button = next(field["name"] for field in form.select("[name='form.buttons.add'], [name='form.buttons.apply']"))
        cancel = ("form.buttons.cancel_add", "form.buttons.cancel")
        fields = {key: value for key, value in fields.items() if key not in cancel}
        session.post(form["action"], data={**fields, **typed, button: "1"}, headers=HTML, timeout=30)
        transaction.begin()

    send(address, **{"form.widgets.header": "Bonjour"})
    (stored,) = [found for found in column(town.site).values() if found.__class__.__name__ == f"{name}Assignment"]
    assert stored.header == "Bonjour"
    edit = f"{town.url}/++contextportlets++plone.rightcolumn/{stored.__name__}/edit"
    send(edit, **{"form.widgets.header": "Bonsoir"})
    assert column(town.site)[stored.__name__].header == "Bonsoir"
    assert town.editor.session.get(address, headers=HTML, timeout=30, allow_redirects=False).status_code in (302, 401)


@pytest.mark.parametrize(("name", "title"), [("Share", "Partager"), ("Follow", "Suivez-nous")])
def test_the_portlets_offer_a_title_in_the_language_of_the_site(town, name, title):
    api.portal.set_registry_record("plone.available_languages", ["fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    transaction.commit()
    address = f"++contextportlets++plone.rightcolumn/+/collective.socialterritory.portlets.{name}"
    assert soup(town, address, town.webmaster).find(id="form-widgets-header")["value"] == title


def test_the_control_panel_keeps_the_order(town):
    session = town.webmaster.session
    address = f"{town.url}/@@social-territory-controlpanel"
    form = BeautifulSoup(session.get(address, headers=HTML, timeout=60).text, "html.parser").find("form", id="form")
    field = form.find(attrs={"name": "form.widgets.share_targets"})
    assert field["value"] == "facebook;x;linkedin;whatsapp;email;copy"
    fields = {found["name"]: found.get("value", "") for found in form.find_all("input", type=["text", "hidden"])}
    fields |= {"form.widgets.max_age": "7", "form.widgets.give_up": "12", "form.buttons.save": "1"}
    fields |= {"form.widgets.share_position:list": "below", "form.widgets.share_look:list": "labels"}
    fields["form.widgets.share_targets"] = "email;x;facebook"
    answer = session.post(address, data=fields, headers=HTML, timeout=60)
    assert "Changes saved" in answer.text, answer.text[-2000:]
    transaction.begin()
    assert settings().share_targets == ["email", "x", "facebook"]
    field = BeautifulSoup(session.get(address, headers=HTML, timeout=60).text, "html.parser").find(
        attrs={"name": "form.widgets.share_targets"}
    )
    assert field["value"] == "email;x;facebook"
