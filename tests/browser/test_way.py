"""The main job as people do it, in a browser, on Bluesky's own server."""

from browser.conftest import wait_for
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.store import Outbox
from io import BytesIO
from PIL import Image
from plone import api
from rest import PASSWORD

import pytest
import transaction


pytestmark = [pytest.mark.browser, pytest.mark.pds]

TITLE = "Fête de la musique 🎶 : " + "la place de l’Hôtel-de-Ville s’éveille à 18 h 30, " * 8


def photo():
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret-location"
    Image.new("RGB", (1600, 900), "teal").save(stream, "JPEG", exif=exif)
    return stream.getvalue()


@pytest.fixture
def town(served, pds, monkeypatch):
    for name, value in pds.environ.items():
        monkeypatch.setenv(name, value)
    return served


def test_from_the_editor_s_form_to_the_network_and_back(town, pds, visitor, working):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.account)
        container = town.site["social-accounts"]
        obj = api.content.create(
            container, "SocialAccount", title="Mairie", network="bluesky", validation="other", trusted=[]
        )
    obj.template = "{title}\n\n{link}\n\n{subjects}"
    obj.manage_setLocalRoles("validator", ["Social Validator"])
    transaction.commit()
    account = obj.UID()
    before = len(pds.records())

    webmaster = visitor("webmaster")
    page = webmaster.goto("social-accounts/mairie/@@connect")
    page.fill("input[name*=handle]", pds.handle)
    page.fill("input[type=password]", pds.password)
    page.click("main form button[type=submit], #content form [type=submit]")
    page.wait_for_load_state()
    assert pds.handle in page.inner_text("#content")
    transaction.begin()
    assert Accounts(town.site).get(account).link == "connected"

    editor = visitor("")
    page = editor.goto("login")
    page.fill("#__ac_name", "editor")
    page.fill("#__ac_password", PASSWORD)
    page.click("#buttons-login")
    page.wait_for_selector("#portal-personaltools, .plone-toolbar-logo, #edit-zone")
    page = editor.goto("++add++News Item")
    page.fill("#form-widgets-IDublinCore-title, #form-widgets-IBasic-title", TITLE)
    page.set_input_files(
        "input[name='form.widgets.ILeadImageBehavior.image']",
        {"name": "fete.jpg", "mimeType": "image/jpeg", "buffer": photo()},
    )
    page.fill("#form-widgets-ILeadImageBehavior-image_caption", "La fanfare sous les platanes")
    page.click("#form-buttons-save")
    page.wait_for_selector("text=Item created")
    item_url = page.url.split("?")[0].removesuffix("/view")
    transaction.begin()
    item = town.site.unrestrictedTraverse(item_url.removeprefix(town.url).strip("/"))
    item.setSubject(("Fête de la musique",))
    transaction.commit()
    page.goto(item_url)
    page.goto(page.get_attribute("#workflow-transition-publish", "href"))

    (delivery,) = wait_for(lambda: Outbox(town.site).of_item(item.UID()))
    assert (delivery.state, pds.records()[before:]) == ("pending", [])

    validator = visitor("validator")
    page = validator.goto(f"@@social-desk?id={delivery.id}")
    assert "La fanfare sous les platanes" in page.content()
    page.click("button[value=approve], button[name*=approve]")
    page.wait_for_load_state()

    record = wait_for(lambda: pds.records()[: len(pds.records()) - before])[0]["value"]
    assert record["text"].startswith("Fête de la musique 🎶")
    assert "…" in record["text"]
    assert record["text"].endswith("#FêteDeLaMusique")
    (image,) = record["embed"]["images"]
    assert image["alt"] == "La fanfare sous les platanes"
    assert b"secret-location" not in pds.blob(image["image"]["ref"]["$link"])
    link = [f for facet in record["facets"] for f in facet["features"] if "uri" in f]
    assert link[0]["uri"] == f"https://www.town.example/{item.getId()}"

    wait_for(lambda: Outbox(town.site).get(delivery.id).receipt_url)
    page = editor.page
    page.goto(f"{item_url}/@@social-networks")
    assert (
        page.get_attribute("a[href^='https://bsky.app/profile/']", "href")
        == Outbox(town.site).get(delivery.id).receipt_url
    )
    for person in (webmaster, editor, validator):
        assert person.outside == []
    assert PASSWORD not in page.content()
