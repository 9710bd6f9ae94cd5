"""A network that lets no machine in: the same way, the last step done by a person, the record whole."""

from collective.socialterritory.accounts.content import CONTAINER
from collective.socialterritory.crosspost.correcting import found_at
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.interfaces import INetwork
from follow import by_operation
from follow import change
from follow import HTML
from follow import offered
from follow import page
from follow import press
from follow import said_yes
from follow import tab
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from registering import out
from working import work
from zope.component import getUtility

import pytest
import re
import transaction


PROFILE = "https://www.linkedin.com/company/ville"
POST = "https://www.linkedin.com/feed/update/urn:li:activity:7130000000000000001/"
OTHER = "https://www.linkedin.com/feed/update/urn:li:activity:7130000000000000002/"


def account_of(town, network, profile=PROFILE):
    """An account that a webmaster links through the form."""
    with api.env.adopt_roles(["Manager"]):
        fields = {"title": "Page", "network": network, "trusted": [], "validation": "other"}
        account = api.content.create(town.site[CONTAINER], "SocialAccount", "page", **fields)
        account.manage_setLocalRoles("validator", ["Social Validator"])
    transaction.commit()
    path = f"{CONTAINER}/{account.getId()}/@@connect?way=by_hand"
    form = page(town.webmaster, path).find("form", class_="social-form")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")} | {"answer-profile": profile}
    answer = town.webmaster.session.post(form["action"], data=fields, headers=HTML)
    transaction.begin()
    return account, answer.text


@pytest.fixture
def account(town):
    with api.env.adopt_roles(["Manager"]):
        town.site[CONTAINER].manage_delObjects([town.account.getId()])
    return account_of(town, "linkedin")[0]


@pytest.fixture
def item(town, account):
    picture = BytesIO()
    Image.new("RGB", (900, 600), "green").save(picture, "PNG")
    image = NamedBlobImage(picture.getvalue(), "image/png", "marche.png")
    item = town.news("Marché samedi", description="Dès 8 h", image=image, image_caption="Des étals verts")
    said_yes(town)
    return item


def paste(town, item, address, by="editor"):
    client = getattr(town, by)
    form = tab(client, item).find("input", {"name": "permalink"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    answer = client.session.post(
        form["action"], data={**fields, "permalink": address, "decision": "confirm"}, headers=HTML
    )
    transaction.begin()
    return answer.text


@pytest.mark.parametrize(
    "profile",
    ["", "linkedin.com/company/ville", "javascript:alert(1)", "http://10.0.0.1/ville"]
    + ["https://www.facebook.com/ville", "https://notlinkedin.com/company/ville"],
)
def test_an_address_that_is_none_links_nothing(town, profile):
    account, answer = account_of(town, "linkedin", profile)
    assert "is-invalid" in answer
    shown = page(town.webmaster, f"{CONTAINER}/{account.getId()}").get_text()
    assert "Not connected yet" in shown


def test_the_account_says_who_we_are_and_offers_no_test(town, account):
    soup = page(town.webmaster, f"{CONTAINER}/{account.getId()}")
    assert soup.find("a", href=PROFILE).get_text() == "linkedin.com/company/ville"
    assert not soup.find("form", action=lambda action: action and action.endswith("@@social-test"))


def test_the_pack_waits_for_the_validators(town, account):
    item = town.news("Marché samedi")
    work(town.functional)
    assert [made.state for made in town.stored(item)] == [State.PENDING]
    assert tab(town.editor, item).find(class_="social-pack") is None


def test_words_and_image_to_copy(town, item):
    pack = tab(town.editor, item).find(class_="social-pack")
    (made,) = town.stored(item)
    assert made.state is State.UNCONFIRMED
    assert pack.find("textarea").get_text().strip() == made.rendition.text
    assert "https://www.town.example/marche-samedi" in made.rendition.text
    assert "Des étals verts" in [field.get("value") for field in pack.find_all("input")]
    assert pack.find("a", href=PROFILE)
    image = town.editor.session.get(pack.find("a", string=lambda text: text and "image" in text)["href"])
    assert Image.open(BytesIO(image.content)).size == (900, 600)
    assert image.headers["Content-Disposition"] == 'attachment; filename="marche-samedi.jpeg"'
    assert town.anonymous.session.get(image.url).status_code in (401, 404)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://www.linkedin.com/company/ville",
        "javascript:alert(1)",
        "https://evil.example/?https://www.linkedin.com/posts/x",
    ],
)
def test_an_address_that_is_no_post_there_is_refused_and_kept(town, item, address):
    answer = paste(town, item, address)
    assert "not the address of a post at LinkedIn" in answer
    assert [made.state for made in town.stored(item)] == [State.UNCONFIRMED]


def test_it_counts_as_a_post(town, item):
    assert "It is published" not in paste(town, item, f" {POST} ")
    (made,) = town.stored(item)
    assert made.state is State.DELIVERED and made.receipt_url == POST
    soup = tab(town.editor, item)
    assert soup.find("a", href=POST) and offered(soup) == {"withdraw", "address"}
    shown = page(town.validator, "@@social-desk?filter=published")
    assert shown.find("a", href=POST)


def test_over_rest(town, item):
    (waiting,) = town.editor.listed(state="unconfirmed")
    assert town.editor.decide(waiting, "confirm").status_code == 400
    assert town.editor.decide(waiting, "confirm", permalink=POST).status_code == 200


def test_others_paste_nothing(town, item):
    (waiting,) = town.editor.listed(state="unconfirmed")
    assert town.member.decide(waiting, "confirm", permalink=POST).status_code in (401, 403, 404)


def test_corrected_and_withdrawn_by_hand(town, item):
    paste(town, item, POST)
    change(town, item, title="Marché dimanche")
    assert offered(tab(town.editor, item)) == {"by_hand", "withdraw", "address"}
    press(town.editor, item, "by_hand")
    said_yes(town)
    pack = tab(town.editor, item).find(class_="social-pack")
    assert "Marché dimanche" in pack.find("textarea").get_text() and pack.find("a", href=POST)
    preview = town.editor.get(f"{item.getId()}/@social-preview").json()["items"]
    assert [(len(one["images"]), one["card"]) for one in preview] == [(1, None)]  # a browser takes one of both
    for operation in ("edit", "delete"):
        (waiting,) = town.editor.listed(state="unconfirmed")
        assert town.editor.decide(waiting, "confirm").status_code == 200
        (made,) = by_operation(town, item, operation)
        assert made.state is State.DELIVERED
        if operation == "edit":
            press(town.editor, item, "withdraw")
            said_yes(town)
    assert offered(tab(town.editor, item)) == {"again"}


def test_nobody_is_asked_to_correct_news_that_is_gone(town, item, later):
    paste(town, item, POST)
    change(town, item, title="Marché dimanche")
    press(town.editor, item, "by_hand")
    said_yes(town)
    assert town.editor.post(f"{item.getId()}/@workflow/retract").status_code == 200
    later()
    work(town.functional)
    transaction.begin()
    (edit,) = by_operation(town, item, "edit")
    assert edit.state is State.CANCELLED


def test_two_posts_have_two_addresses(town, item):
    paste(town, item, POST)
    (other,) = out(town, "Marché dimanche")
    for again in (POST, f"{POST.rstrip(chr(47))}#comments", f"{POST}?utm_source=x", POST.replace("www.", "")):
        assert "at that address already" in paste(town, other, again)
    assert [made.state for made in town.stored(other)] == [State.UNCONFIRMED]
    (waiting,) = town.editor.listed(state="unconfirmed")
    assert town.editor.decide(waiting, "confirm", permalink=POST).status_code == 409
    assert "at that address already" not in paste(town, other, OTHER)
    assert [made.receipt_url for made in town.stored(other)] == [OTHER]


def readdress(town, item, address, by="editor"):
    client = getattr(town, by)
    form = tab(client, item).find("button", {"name": "correct", "value": "address"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    answer = client.session.post(form["action"], data={**fields, "note": address, "correct": "address"}, headers=HTML)
    transaction.begin()
    return answer.text


def test_a_wrong_address_is_corrected_wherever_it_stands(town, item):
    paste(town, item, OTHER)
    change(town, item, title="Marché dimanche")
    press(town.editor, item, "by_hand")
    said_yes(town)
    assert not tab(town.editor, item).find("button", {"value": "address"})  # somebody may just be following it
    (waiting,) = town.editor.listed(state="unconfirmed")
    town.editor.decide(waiting, "confirm")
    for wrong in ("javascript:alert(1)", PROFILE):
        assert "not the address of a post at LinkedIn" in readdress(town, item, wrong)
    assert "The address is noted" in readdress(town, item, POST)
    edit, made = town.stored(item)
    assert (made.receipt_url, made.receipt_id, edit.target_url) == (POST, POST, POST)
    assert (made.log[-1].name, made.log[-1].by, made.log[-1].note) == ("address", "editor", OTHER)
    assert not tab(town.editor, item).find("a", href=OTHER)
    (told,) = town.validator.get("@social-register").json()["items"]
    assert told["url"] == POST
    (other,) = out(town, "Brocante")
    assert "at that address already" not in paste(town, other, OTHER)  # it is free again
    assert "at that address already" in readdress(town, item, OTHER)


def test_the_address_of_what_a_machine_posted_is_not_for_people_to_say(town):
    item = town.news("Marché samedi")
    said_yes(town)
    (made,) = town.stored(item)
    assert not tab(town.editor, item).find("button", {"value": "address"})
    with api.env.adopt_user("editor"), pytest.raises(DecisionError):
        found_at(town.site, made.id, POST)
    with api.env.adopt_user("member"), pytest.raises(KeyError):
        found_at(town.site, made.id, POST)


def test_the_register_has_it_all_the_same(town, item):
    assert town.validator.get("@social-register").json()["items"] == []
    paste(town, item, POST)
    (told,) = town.validator.get("@social-register").json()["items"]
    assert (told["url"], told["by_hand"], told["images"]) == (POST, True, ["Des étals verts"])
    entry = page(town.validator, "@@social-register").find("article")
    assert "By hand" in entry.get_text() and entry.find("a", href=POST)


def test_no_network_is_asked_anything(town, item):
    (made,) = town.stored(item)
    assert made.sent_at is None and made.key == ""


FORMS = {
    "x": ("https://x.com/town/status/1", "https://x.com/town"),
    "facebook": ("https://www.facebook.com/town/posts/pfbid02abc", "https://www.facebook.com/"),
    "instagram": ("https://www.instagram.com/p/C9abc-_1/", "https://www.instagram.com/town/"),
    "threads": ("https://www.threads.com/@town/post/DAb-1_c", "https://www.threads.com/@town"),
    "linkedin": (POST, "https://www.linkedin.com/company/town/"),
    "elsewhere": ("https://intramuros.example/post/1", "ftp://intramuros.example/post/1"),
}


@pytest.mark.parametrize("network", FORMS)
def test_what_addresses_of_posts_look_like(portal, network):
    pattern = getUtility(INetwork, name=network).permalink
    right, wrong = FORMS[network]
    assert re.fullmatch(pattern, right) and not re.fullmatch(pattern, wrong)


def test_a_network_that_could_but_has_not_agreed_yet(town):
    """What is posted by hand costs nothing and asks nobody, whatever the network can do."""
    account, answer = account_of(town, "x", "https://x.com/ville")
    assert "a person publishes them at x.com/ville" in answer
    item = town.news("Marché samedi")
    said_yes(town)
    (made,) = [made for made in town.stored(item) if made.account == account.UID()]
    assert (made.state, made.error, made.rendition.price, made.cost) == (State.UNCONFIRMED, "do_by_hand", "", "")
    assert tab(town.editor, item).find(class_="social-pack").find("a", href="https://x.com/ville")
