"""The ambassador kit at its two doors, for staff and behind a public link, and when there is none."""

from bs4 import BeautifulSoup
from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from collective.socialterritory.share.store import KEY
from collective.socialterritory.share.store import Keys
from dataclasses import replace
from DateTime import DateTime
from datetime import timedelta
from follow import approved
from follow import HTML
from follow import page
from follow import press
from follow import published
from follow import said_yes
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from plone.protect.authenticator import createToken
from rest import Client
from rest import PASSWORD
from urllib.parse import parse_qs
from urllib.parse import urlsplit
from zope.annotation.interfaces import IAnnotations

import pytest
import transaction


PUBLIC = "https://www.town.example/fete"


def image():
    drawn = BytesIO()
    Image.new("RGB", (1200, 630)).save(drawn, "JPEG")
    return NamedBlobImage(drawn.getvalue(), "image/jpeg", "fete.jpg")


@pytest.fixture
def voice(town):
    """An account that visitors could follow, besides the town's training account."""
    with api.env.adopt_roles(["Manager"]):
        account = town.speaks("Toots", "validator", validation="one", template="{title} !\n{description}\n{link}")
        account.network = "mastodon"
        account.campaign = "utm_source=mastodon"
        Accounts(town.site).mark(account.UID(), network="mastodon", link="connected", identity="@secret@piaille.fr")
    transaction.commit()
    return account


@pytest.fixture
def fete(town, voice):
    """News with a validated post."""
    item = town.news("Fête", id="fete", description="Sur la place", image=image(), image_caption="La place en fête")
    approved(town)
    return item


def change(**values):
    transaction.begin()
    for name, value in values.items():
        setattr(settings(), name, value)
    transaction.commit()


def status(client, path):
    return client.session.get(f"{client.url}/{path}", headers=HTML, timeout=30, allow_redirects=False).status_code


def switch(client, way, item="fete"):
    """The page after the button was pressed."""
    button = page(client, f"{item}/@@social-kit").find("button", {"name": "public", "value": way})
    fields = {field["name"]: field["value"] for field in button.find_parent("form").find_all("input")}
    answer = client.session.post(f"{client.url}/{item}/@@social-kit", {**fields, "public": way}, headers=HTML)
    assert answer.status_code == 200
    transaction.begin()
    return BeautifulSoup(answer.text, "html.parser")


def sent(person, way):
    """The status, whatever the page offers them."""
    with api.env.adopt_user(username=person.user):
        data = {"public": way, "_authenticator": createToken()}
    answer = person.session.post(f"{person.url}/fete/@@social-kit", data, headers=HTML, allow_redirects=False)
    transaction.begin()
    return answer.status_code


def opened(client, item="fete"):
    """The path of the public link, just made."""
    link = switch(client, "on", item).find(id="kit-public").text.strip()
    assert link.startswith(f"https://www.town.example/{item}/@@social-kit-public/")
    return link.removeprefix("https://www.town.example/")


def texts(soup):
    """What stands under the name of each network."""
    return {label.text.strip(): soup.find(id=label["for"]).text.strip("\n") for label in soup.select(".col label")}


def told(town, item="fete"):
    """The sentence of why there is no kit; nothing is offered then."""
    soup = page(town.editor, f"{item}/@@social-kit")
    assert not soup.select(".social-kit textarea") and not soup.select(".social-kit button")
    return soup.select_one(".alert-info").text


def test_where_there_is_but_the_training_network_its_words_are_offered(town):
    town.news("Fête", id="fete", description="Sur la place")
    approved(town)
    found = texts(page(town.editor, "fete/@@social-kit"))
    assert found["Training network"].startswith("Fête") and "www.town.example/fete" in found["Training network"]


def test_staff_find_texts_image_qr_code_and_charter(town, fete):
    change(kit_charter="<b>Restez</b> courtois\nhttps://www.town.fr/charte", share_campaign="utm_medium=kit")
    soup = page(town.editor, "fete/@@social-kit")
    url = f"{PUBLIC}?utm_medium=kit"
    assert texts(soup) == {
        "Mastodon": f"Fête !\nSur la place\n{url}",
        "Facebook, X, LinkedIn, WhatsApp, E-mail": f"Fête\n{url}",
    }
    facebook = soup.select_one('a[href*="facebook.com/sharer"]')
    assert facebook.text.strip() == "Open Facebook"
    assert parse_qs(urlsplit(facebook["href"]).query) == {"u": [url]}
    assert soup.select_one("a[data-server]")["href"] == f"{town.url}/fete/@@social-share-mastodon"
    picture = soup.select_one("#kit-image").find_parent("section")
    assert picture.find("img")["alt"] == soup.find(id="kit-alt").text.strip("\n") == "La place en fête"
    download = picture.find("a", download="fete.jpg")
    answer = town.anonymous.session.get(download["href"], timeout=30)
    assert Image.open(BytesIO(answer.content)).format == "JPEG", "visitors reach it"
    assert status(town.anonymous, "fete/@@social-share-qr") == 200
    charter = soup.find(id="kit-charter").find_parent("section")
    assert "<b>Restez</b> courtois" in charter.text and not charter.find("b")
    assert charter.find("a")["href"] == "https://www.town.fr/charte"
    assert "nobody needs to link a personal account" in soup.text
    assert all(button.find_parent("li").has_attr("hidden") for button in soup.select("[data-act=copy]"))


def test_texts_keep_to_the_limit_with_the_campaign_of_shared_links(town, voice):
    change(share_campaign=f"utm_campaign={'kit' * 20}")
    voice.network = "bluesky"
    town.news("Fête", id="fete", description="Sur la place. " * 40)
    approved(town)
    said = texts(page(town.editor, "fete/@@social-kit"))["Bluesky"]
    assert said.endswith(f"{PUBLIC}?utm_campaign={'kit' * 20}")
    assert 250 < len(said) <= 300


def test_the_tab_leads_there(town, fete):
    tab = page(town.editor, "fete/@@social-networks")
    assert tab.find("a", href=f"{town.site.absolute_url()}/fete/@@social-kit")


def test_the_door_for_staff(town, fete):
    with api.env.adopt_roles(["Manager"]):
        api.user.create(email="elu@town.example", username="elu", password=PASSWORD)
    fete.manage_setLocalRoles("elu", ["Reader"])
    transaction.commit()
    assert status(town.anonymous, "fete/@@social-kit") in (302, 401)
    assert status(town.member, "fete/@@social-kit") in (302, 401)
    for person in (town.editor, town.validator, town.webmaster):
        assert status(person, "fete/@@social-kit") == 200
    # "Can view" in Sharing is enough to read, and not to open the kit to everybody.
    elu = Client(town.url, "elu")
    soup = page(elu, "fete/@@social-kit")
    assert texts(soup) and not soup.find("button", {"name": "public"})
    for person in (elu, town.validator, town.member):
        assert sent(person, "on") in (302, 401)
        assert not Keys(town.site).get(fete.UID())


def test_without_an_authenticator_nothing_is_switched(town, fete):
    answer = town.editor.session.post(f"{town.url}/fete/@@social-kit", {"public": "on"}, headers=HTML)
    assert answer.status_code == 403
    assert town.editor.session.get(f"{town.url}/fete/@@social-kit?public=on", headers=HTML).status_code == 200
    transaction.begin()
    assert not Keys(town.site).get(fete.UID())


def test_the_public_link_shows_what_may_be_public_and_no_more(town, fete):
    path = opened(town.editor)
    answer = town.anonymous.session.get(f"{town.url}/{path}", headers=HTML)
    assert answer.status_code == 200
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "no-store" in answer.headers["Cache-Control"]
    soup = BeautifulSoup(answer.text, "html.parser").find(id="content-core")
    assert list(texts(soup)) == ["Mastodon", "Facebook, X, LinkedIn, WhatsApp, E-mail"]
    assert soup.find(id="kit-alt") and soup.find(id="kit-qr")
    assert not soup.find("form") and not soup.find("button", {"name": "public"})
    for inside in ("utm_source", "secret", "Toots", "Editor", "validator", "@@social-kit/", fete.UID()):
        assert inside not in soup.decode().replace(town.site.absolute_url(), "")


def test_the_public_link_is_switched_off_and_another_one_made(town, fete):
    first = opened(town.editor)
    assert status(town.anonymous, first) == 200
    assert not switch(town.editor, "off").find(id="kit-public")
    assert status(town.anonymous, first) == 404
    second = opened(town.editor)
    assert (status(town.anonymous, first), status(town.anonymous, second)) == (404, 200)
    for wrong in ("", "/", "/x", "/%C3%A9", f"/{second.rsplit('/', 1)[1]}x", f"/{second.rsplit('/', 1)[1]}/x"):
        assert status(town.anonymous, f"fete/@@social-kit-public{wrong}") == 404
    change(kit_public=False)
    assert status(town.anonymous, second) == 404
    assert not page(town.editor, "fete/@@social-kit").find("button", {"name": "public"})
    assert sent(town.editor, "on") == 200
    assert second.endswith(Keys(town.site).get(fete.UID()))


def test_the_link_of_one_item_opens_no_other_and_goes_with_its_item(town, fete):
    key = opened(town.editor).rsplit("/", 1)[1]
    town.news("Marché", id="marche")
    approved(town)
    assert status(town.anonymous, f"marche/@@social-kit-public/{key}") == 404
    transaction.begin()
    with api.env.adopt_user(username="editor"):
        copy = api.content.copy(fete, town.site, id="copie")
        api.content.transition(copy, "publish")
    transaction.commit()
    approved(town)
    assert status(town.anonymous, f"copie/@@social-kit-public/{key}") == 404
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.site["fete"])
    transaction.commit()
    assert not list(IAnnotations(town.site)[KEY])


def gone(town, item, how):
    if how == "unpublished":
        with api.env.adopt_user(username="editor"):
            api.content.transition(item, "reject")
    elif how == "expired":
        item.setExpirationDate(DateTime() - 1)
    elif how == "to_come":
        item.setEffectiveDate(DateTime() + 1)
    elif how == "paused":
        settings().pause_reason, settings().pause_by = "Élections", "webmaster"
        settings().pause_start = (clock.now() - timedelta(minutes=1)).replace(tzinfo=None)
    transaction.commit()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("unpublished", "Readers do not see this item"),
        ("expired", "expired"),
        ("to_come", "still to come"),
        ("paused", "paused"),
    ],
)
def test_what_is_not_to_be_passed_on_has_no_kit(town, fete, how, sentence):
    path = opened(town.editor)
    gone(town, fete, how)
    answer = town.anonymous.session.get(f"{town.url}/{path}", headers=HTML, allow_redirects=False)
    assert answer.status_code == 404
    if how == "unpublished":
        assert "Fête" not in answer.text
    soup = page(town.editor, "fete/@@social-kit")
    assert sentence in soup.select_one(".alert-info").text
    assert not texts(soup)
    # It comes back with its item; whoever wants it to stay away switches it off.
    assert soup.find("button", {"name": "public", "value": "off"})
    assert sent(town.editor, "on") == 200
    assert path.endswith(Keys(town.site).get(fete.UID()))


def test_posts_that_wait_are_refused_or_were_never_made_give_no_kit(town, voice):
    town.news("Fête", id="fete")
    assert "wait for validation" in told(town)
    for waiting in town.validator.listed(state="pending"):
        answer = town.validator.decide(waiting, "reject", note="Non", fingerprint=waiting["fingerprint"])
        assert answer.status_code == 200
    assert "refused" in told(town)
    town.news("Marché", id="marche", social_post=False)
    assert "Nothing of this item was posted" in told(town, "marche")


def test_what_was_taken_away_has_no_kit(town):
    item = published(town, "Marché", id="marche")
    path = opened(town.editor, "marche")
    press(town.editor, item, "withdraw")
    said_yes(town)
    assert "taken away" in page(town.editor, "marche/@@social-kit").select_one(".alert-info").text
    assert status(town.anonymous, path) == 404


@pytest.mark.parametrize("out", [False, True], ids=["queued", "delivered"])
def test_words_that_changed_after_the_yes_are_not_given_away(town, fete, voice, out):
    (post,) = [one for one in town.stored(fete) if one.account == voice.UID()]
    if out:
        Outbox(town.site).save(replace(post, state=State.DELIVERED, finished=clock.now()))
        transaction.commit()
        assert "Mastodon" in texts(page(town.editor, "fete/@@social-kit"))
    for waiting in town.validator.listed():
        if waiting["account"]["title"] == "Town":
            assert town.validator.decide(waiting, "cancel").status_code == 200
    assert town.editor.patch("fete", {"social_text": "Nobody said yes to this"}).status_code == 204
    if not out:
        assert "wait for validation" in told(town)
        return
    soup = page(town.editor, "fete/@@social-kit")
    assert list(texts(soup)) == ["Facebook, X, LinkedIn, WhatsApp, E-mail"]
    assert "Nobody said yes" not in soup.text


def test_a_kit_is_read_without_a_write(town, fete):
    path = opened(town.editor)
    before = town.site._p_jar.db().lastTransaction()
    assert status(town.anonymous, path) == 200
    assert status(town.editor, "fete/@@social-kit") == 200
    assert town.site._p_jar.db().lastTransaction() == before


def test_in_french(town, fete):
    api.portal.set_registry_record("plone.available_languages", ["fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    transaction.commit()
    soup = page(town.editor, "fete/@@social-kit")
    assert soup.find("h1").text == "Kit des ambassadeurs"
    assert "Facebook, X, LinkedIn, WhatsApp, Courriel" in texts(soup)
    assert "Ouvrir LinkedIn" in soup.text and "Créer un lien public" in soup.text
