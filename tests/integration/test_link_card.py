"""The "Sharing" fields, the cards that come of them, and who is named as author."""

from base64 import b64encode
from bs4 import BeautifulSoup
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.networks.model import Identity
from datetime import datetime
from datetime import UTC
from heads import Head
from heads import picture
from plone import api
from plone.formwidget.namedfile.converter import b64encode_file

import pytest
import transaction


HTML = {"Accept": "text/html"}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='630'/>"


def seen(client, path):
    answer = client.session.get(f"{client.url}/{path}", headers=HTML, timeout=60)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


@pytest.fixture
def item(town):
    return town.news("Menu", image=picture(), image_caption="Assiettes")


@pytest.fixture
def token(town, item):
    return seen(town.editor, "menu/edit").select_one(".social-cards")["data-social-token"]


def typed(client, token, path="menu", **form):
    headers = {**HTML, "X-CSRF-TOKEN": token}
    url = f"{client.url}/{path}/@@social-typed-cards"
    return client.session.post(url, data=form, headers=headers, timeout=60, allow_redirects=False)


def test_the_cards_with_what_would_make_them_better(town, item):
    page = seen(town.editor, "menu/@@social-card")
    names = [card.strong.get_text() for card in page.select(".social-card-list > li")]
    assert names == ["Facebook", "X", "LinkedIn", "WhatsApp", "Mastodon", "Bluesky"]
    assert [warning.get_text() for warning in page.select("#content-core .alert-warning li")] == [
        "Without a summary, the card shows the title alone."
    ]
    assert {image["alt"] for image in page.select(".social-card img")} == {"Assiettes"}
    source = page.select_one(".social-card img")["src"]
    assert source.startswith(f"{town.url}/menu/@@images/image/"), "an address that staff reach"
    assert town.editor.session.get(source, timeout=60).headers["Content-Type"] == "image/jpeg"


def test_a_card_with_all_that_it_needs(town, item):
    item.description = "Du lundi au vendredi"
    transaction.commit()
    page = seen(town.editor, "menu/@@social-card").select_one("#content-core")
    assert page.select(".alert-success") and not page.select(".alert-warning")


@pytest.mark.parametrize("name", ["anonymous", "member"])
def test_the_cards_are_for_those_who_may_change_the_item(town, item, token, name):
    client = getattr(town, name)
    page = client.session.get(f"{client.url}/menu/@@social-card", headers=HTML, timeout=60)
    assert "social-card-list" not in page.text
    for form in ({}, {"type": "Document"}):
        assert "social-card-list" not in typed(client, token, **form).text


def test_the_cards_are_found_where_people_work(town, item):
    here = f"{town.url}/menu/@@social-card"
    assert seen(town.editor, "menu/edit").find("a", href=here)
    assert seen(town.editor, "menu/@@social-networks").find("a", href=here)


def test_no_link_to_cards_where_the_type_has_none(town, item):
    fti = town.site.portal_types["News Item"]
    fti.behaviors = tuple(name for name in fti.behaviors if not name.endswith(".sharing"))
    fti.manage_changeProperties(behaviors=fti.behaviors)
    transaction.commit()
    assert not seen(town.editor, "menu/@@social-networks").find("a", href=f"{town.url}/menu/@@social-card")


def test_the_form_shows_what_is_stored(town, item):
    form = seen(town.editor, "menu/edit")
    assert form.select_one("#fieldset-sharing .social-card strong").get_text() == "Menu"
    new = seen(town.editor, "++add++Event").select_one("#fieldset-sharing .social-cards")
    assert new["data-social-type"] == "Event"
    assert new.select_one(".social-card strong").get_text() == "", "nothing of the folder that it will be in"


def test_what_is_typed_is_drawn_and_not_stored(town, item, token):
    before = town.functional["app"]._p_jar.db().lastTransaction()
    texts = {"share_title": "Autre <b>titre</b>", "share_description": "Deux\r\nlignes"}
    cards = BeautifulSoup(typed(town.editor, token, **texts).text, "html.parser")
    assert cards.select_one(".social-card strong").get_text() == "Autre <b>titre</b>"
    assert "Deux lignes" in cards.get_text()
    assert cards.select_one("img")["src"].startswith(f"{town.url}/menu/")
    new = BeautifulSoup(typed(town.editor, token, "", type="Document", title="Nouveau").text, "html.parser")
    assert new.select_one(".social-card strong").get_text() == "Nouveau"
    assert town.functional["app"]._p_jar.db().lastTransaction() == before


@pytest.mark.parametrize(
    ("form", "unsaved", "warning"),
    [
        ({"image": "image/png 500 200"}, "image", "The image is small (500 × 200 pixels)"),
        ({"share_image": "image/jpeg 900 900"}, "share_image", "The image is 900 × 900 pixels"),
        ({"share_image": "image/svg+xml 900 900", "image": ""}, None, "There is no image of its own"),
        ({"image": ""}, None, "There is no image of its own"),
        ({"image": "image/png 1 2 3"}, None, "There is no image of its own"),
        ({"image": "image/png ² 4"}, None, "There is no image of its own"),
    ],
)
def test_a_picture_that_only_the_form_has(town, item, token, form, unsaved, warning):
    answer = typed(town.editor, token, **form)
    assert answer.status_code == 200
    cards = BeautifulSoup(answer.text, "html.parser")
    assert cards.select_one(".alert-warning li").get_text().startswith(warning)
    image = cards.select_one("img")
    assert image.get("data-social-unsaved") == unsaved
    assert bool(image.get("src")) is not bool(unsaved)


def test_typing_needs_the_forms_token(town, item, token):
    assert typed(town.editor, "").status_code == 403
    assert typed(town.editor, token).status_code == 200
    answer = town.editor.session.get(f"{town.url}/menu/@@social-typed-cards", headers=HTML, timeout=60)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_rest_gives_and_takes_the_fields(town, item):
    image = {"data": b64encode(picture(800, 418).data).decode(), "encoding": "base64", "content-type": "image/jpeg"}
    sent = {"share_title": "Autre", "share_description": "Résumé", "share_image_alt": "Fleurs", "share_buttons": False}
    answer = town.editor.patch("menu", {**sent, "share_image": {**image, "filename": "a.jpg"}})
    assert answer.status_code == 204, answer.text
    got = town.anonymous.get("menu").json()
    assert {name: got[name] for name in sent} == sent
    assert (got["share_image"]["width"], got["share_image"]["content-type"]) == (800, "image/jpeg")
    assert Head(town.anonymous, "menu")["og:title"] == "Autre"


@pytest.mark.parametrize(("data", "mime"), [(SVG, "image/svg+xml"), (SVG, "image/png"), (b"<p>", "image/jpeg")])
def test_a_picture_that_networks_do_not_show_is_refused(town, item, data, mime):
    image = {"data": b64encode(data).decode(), "encoding": "base64", "content-type": mime, "filename": "a"}
    answer = town.editor.patch("menu", {"share_image": image})
    assert (answer.status_code, "JPEG or PNG" in answer.text) == (400, True), answer.text


def test_the_sites_picture_is_set_in_the_control_panel(town):
    panel = "@controlpanels/social-territory"
    assert "JPEG or PNG" in town.webmaster.patch(panel, {"share_fallback": b64encode_file("a.svg", SVG).decode()}).text
    good = b64encode_file("ville.png", picture(1200, 630, "PNG").data).decode()
    assert town.webmaster.patch(panel, {"share_fallback": good}).status_code == 204
    assert town.webmaster.get(panel).json()["data"]["share_fallback"] == good
    town.news("Bare")
    assert Head(town.anonymous, "bare")["og:image"] == "https://www.town.example/@@social-share-image/ville.png"


def linked(town, network, identity, **fields):
    with api.env.adopt_roles(["Manager"]):
        account = api.content.create(town.site["social-accounts"], "SocialAccount", title=network, network=network)
    for name, value in fields.items():
        setattr(account, name, value)
    who = Identity(identity, identity, f"https://{network}.example/{identity}")
    Accounts(town.site).mark(account.UID(), **rules.linked({}, network, who, datetime.now(UTC)))
    transaction.commit()


def test_accounts_that_speak_for_the_page_are_named(town, item):
    linked(town, "x", "@Town")
    linked(town, "x", "@Sports", sections=["0" * 32])  # a section that is gone: it speaks for nothing
    linked(town, "mastodon", "@town@social.example", types=["News Item"])
    head = Head(town.anonymous, "menu")
    assert (head["twitter:creator"], head["twitter:site"]) == ("@Town", "@Town")
    assert head["fediverse:creator"] == "@town@social.example"
    assert "fediverse:creator" not in Head(town.anonymous, "").all


def test_an_account_that_is_not_linked_is_not_named(town, item):
    linked(town, "x", "@Town")
    (uid,) = [uid for uid, record in Accounts(town.site).records().items() if record.get("network") == "x"]
    Accounts(town.site).mark(uid, **rules.DISCONNECTED)
    transaction.commit()
    assert not {"twitter:creator", "twitter:site"} & Head(town.anonymous, "menu").all.keys()
