"""The "Social networks" fields of an news: form, live preview, REST."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.content import choice
from collective.socialterritory.interfaces import IBrowserLayer
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.protect import createToken
from plone.testing.zope import Browser
from zExceptions import BadRequest
from zExceptions import Forbidden
from zExceptions import Unauthorized
from zope.component import getUtility
from zope.interface import alsoProvides
from zope.schema.interfaces import IVocabularyFactory

import base64
import json
import pytest
import requests
import transaction


pytest_plugins = ["editing"]


def preview(commune, context, data, method="POST", token=True, kind="application/json"):
    """What the live preview answers to `data`."""
    request = context.REQUEST.clone()
    alsoProvides(request, IBrowserLayer)
    request.method = request.environ["REQUEST_METHOD"] = method
    request.environ["CONTENT_TYPE"] = kind
    request.set("BODY", json.dumps(data).encode() if isinstance(data, dict) else data)
    if token:
        request.form["_authenticator"] = createToken()
    return json.loads(api.content.get_view("social-preview", context, request)())


def test_the_form_shows_accounts_texts_and_what_publishing_does(staff, feed, news):
    staff.open(f"{news.absolute_url()}/edit")
    assert "At publication: Town feed." in staff.contents
    assert f'name="form.widgets.ISocialPosting.social_texts.{feed.UID()}"' in staff.contents
    assert 'placeholder="Menu de la cantine' in staff.contents
    assert staff.getControl(name="form.widgets.ISocialPosting.social_accounts:list").options == [feed.UID()]


def test_pieces_of_the_form_are_no_page(functional, staff, feed, news):
    for browser in (Browser(functional["app"]), staff):
        browser.handleErrors, browser.raiseHttpErrors = True, False
        for context in (news, api.portal.get()):
            for name in ("", "/card", "/macros", "/index"):
                browser.open(f"{context.absolute_url()}/@@social-macros{name}")
                assert browser.headers["Status"][:3] in ("401", "403", "404"), name


def test_the_form_saves_texts_accounts_and_local_time(staff, feed, news):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    staff.getControl(name=f"form.widgets.ISocialPosting.social_texts.{feed.UID()}").value = "Bon\r\nappétit"
    staff.getControl(name="form.widgets.ISocialPosting.social_accounts:list").value = [feed.UID()]
    staff.getControl(name="form.widgets.ISocialPosting.social_at").value = "2027-01-08T08:00"
    staff.getControl("Save").click()
    transaction.begin()
    chosen = choice(news)
    assert dict(chosen.texts) == {feed.UID(): "Bon\nappétit"}
    assert chosen.accounts == (feed.UID(),)
    assert chosen.at == datetime(2027, 1, 8, 7, 0, tzinfo=UTC)
    staff.open(f"{news.absolute_url()}/edit")
    assert staff.getControl(name="form.widgets.ISocialPosting.social_at").value == "2027-01-08T08:00"
    staff.getControl(name=f"form.widgets.ISocialPosting.social_texts.{feed.UID()}").value = ""
    staff.getControl("Save").click()
    transaction.begin()
    assert dict(choice(news).texts) == {}


def test_the_add_form_previews_an_item_that_is_not_there_yet(staff, commune, feed):
    staff.open(f"{commune.absolute_url()}/++add++News Item")
    assert "At publication: Town feed." in staff.contents
    assert "https://www.town.example/" in staff.contents
    assert 'data-social-type="News Item"' in staff.contents


def test_saving_keeps_texts_of_accounts_that_are_not_shown(staff, feed, news):
    news.social_texts = {"another": "Kept"}
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    staff.getControl("Save").click()
    transaction.begin()
    assert news.social_texts == {"another": "Kept"}


def test_the_form_names_what_stands_in_the_way(staff, commune, feed, news):
    feed.validation = "two"
    feed.trusted = []
    Accounts(commune).mark(feed.UID(), link="reconnect")
    Accounts(commune).mark(
        feed.UID(), pause_start="2020-01-01T00:00:00+00:00", pause_reason="<b>Élections</b>", pause_by="admin"
    )
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "The account must be reconnected" in staff.contents
    assert "Paused by admin, posts wait: &lt;b&gt;Élections&lt;/b&gt;" in staff.contents
    assert "Too few people may approve" in staff.contents
    for name in ("camille", "ines"):
        user = api.user.create(f"{name}@town.example", name)
        feed.manage_setLocalRoles(user.getId(), ["Social Validator"])
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "Too few people" not in staff.contents
    assert "Leaves after two approvals." in staff.contents


def test_an_account_that_is_not_connected_posts_nothing(staff, commune, news):
    api.content.create(commune["social-accounts"], "SocialAccount", title="Quiet", network="sandbox")
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "Not connected yet" in staff.contents
    assert "At publication: no account posts this." in staff.contents


def test_preview_composes_what_is_not_saved_and_writes_nothing(commune, feed, news):
    data = {"title": "Cantine fermée", "subjects": ["École"], "texts": {feed.UID(): "Fermé #École"}, "image": None}
    transaction.commit()
    answer = preview(commune, news, data)
    (said,) = answer["items"]
    assert said["text"] == "Fermé #École\nhttps://www.town.example/menu-de-la-cantine"
    assert [piece["kind"] for piece in said["pieces"]] == ["", "hashtag", "", "link"]
    assert said["remaining"] == f"{300 - said['used']} characters left"
    assert said["card"] == {
        "title": "Cantine fermée", "description": "Du lundi au vendredi", "host": "www.town.example"
    }  # fmt: skip
    assert said["instead"].startswith("Cantine fermée")
    assert answer["notice"] == "At publication: Town feed."
    assert len(said["fingerprint"]) == 64
    assert not commune._p_jar._registered_objects
    assert news.title == "Menu de la cantine"


def test_preview_knows_the_tokens_of_the_tags_field(commune, feed, news):
    feed.template = "{subjects}"
    news.setSubject(["École"])
    news.reindexObject()
    transaction.commit()
    token = base64.b64encode("École".encode()).decode()
    (said,) = preview(commune, news, {"subjects": [token, "nouveau", ""]})["items"]
    assert said["text"] == "#École #Nouveau"


def test_preview_of_an_image_that_is_only_in_the_form(commune, feed, news):
    image = {"mime": "image/jpeg", "width": 900, "height": 700, "size": 5000}
    (said,) = preview(commune, news, {"image": image, "caption": "Des carottes"})["items"]
    assert said["image"] == {"url": "", "alt": "Des carottes"}
    assert said["warnings"][0] == "Image: Des carottes"
    assert said["card"] is None


def test_preview_says_when_the_text_is_too_long(commune, feed, news):
    (said,) = preview(commune, news, {"texts": {feed.UID(): "mot " * 200}})["items"]
    assert said["too_long"]
    assert said["remaining"] == "Too long: cut at a word"


def test_preview_of_an_item_being_added_and_of_opting_out(commune, feed):
    answer = preview(commune, commune, {"type": "News Item", "title": "Neuve", "post": False})
    assert answer["items"][0]["text"].endswith("https://www.town.example/neuve")
    assert answer["notice"] == "At publication: nothing is posted on social networks."


def test_preview_is_for_those_who_may_write_here(commune, feed, news):
    api.user.create("v@town.example", "visitor")
    with api.env.adopt_user("visitor"):
        for context in (news, commune):
            with pytest.raises(Unauthorized):
                preview(commune, context, {"type": "News Item"})


def test_an_editor_of_one_folder_is_offered_what_may_be_posted_from_there(commune, feed):
    folder = api.content.create(commune, "Folder", title="F")
    api.user.create("c@town.example", "camille")
    folder.manage_setLocalRoles("camille", ["Contributor"])
    offered = getUtility(IVocabularyFactory, "collective.socialterritory.accounts")
    with api.env.adopt_user("camille"):
        assert [term.title for term in offered(folder)] == ["Town feed"]
        assert [term.title for term in offered(commune)] == []
        assert [said["title"] for said in preview(commune, folder, {"type": "News Item"})["items"]] == ["Town feed"]


def test_an_item_that_has_its_posts_says_so(staff, feed, news):
    api.content.transition(news, to_state="published")
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "The posts of this item exist already" in staff.contents
    assert "Already planned" in staff.contents


def test_who_may_only_add_reads_nothing_of_the_folder(commune, feed):
    folder = api.content.create(commune, "Folder", title="F")
    folder.manage_permission("Modify portal content", ["Manager"], acquire=False)
    api.user.create("c@town.example", "camille", roles=("Contributor",))
    with api.env.adopt_user("camille"):
        assert preview(commune, folder, {"type": "News Item", "title": "T"})["items"]
        with pytest.raises(Unauthorized):
            preview(commune, folder, {})


def test_preview_wants_a_post_with_an_authenticator(commune, feed, news):
    with pytest.raises(Forbidden):
        preview(commune, news, {}, token=False)
    assert preview(commune, news, {}, method="GET") == {}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"[" * 100_000, b'{"title": "' + b"x" * 200_001 + b'"}'])
def test_preview_of_what_is_not_ours_to_read(commune, feed, news, body):
    with pytest.raises(BadRequest):
        preview(commune, news, body)


@pytest.mark.parametrize("junk", [1, None, [1], {"a": 1}, True])
def test_preview_bears_values_of_the_wrong_kind(commune, feed, news, junk):
    names = ("title", "description", "language", "caption", "text", "texts", "subjects", "accounts", "post", "image")
    assert preview(commune, news, dict.fromkeys(names, junk))["items"]


def test_no_markup_of_an_editor_is_active(staff, commune, feed, news):
    evil = '"><script>alert(1)</script>'
    news.title = news.description = evil
    news.social_text = evil
    feed.title = evil
    news.social_texts = {feed.UID(): f"</textarea>{evil}"}
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "<script>alert(1)" not in staff.contents


def test_visitors_read_no_draft_texts(functional, commune, feed, news):
    news.social_text = "Not yet said"
    api.content.transition(news, to_state="published")
    transaction.commit()
    visitor = Browser(functional["app"])
    visitor.addHeader("Accept", "application/json")
    visitor.open(news.absolute_url())
    assert b"Not yet said" not in visitor.contents
    assert "social_texts" not in json.loads(visitor.contents)


def test_rest_round_trip(functional, commune, feed, news):
    uid = feed.UID()
    data = {
        "social_post": True,
        "social_accounts": [uid],
        "social_text": "Pour tous",
        "social_texts": {uid: "Bon appétit\nà tous"},
        "social_at": "2027-01-08T08:00:00+01:00",
        "social_urgent": True,
    }
    answer = requests.patch(
        news.absolute_url(),
        json=data,
        headers={"Accept": "application/json", "Prefer": "return=representation"},
        auth=(SITE_OWNER_NAME, SITE_OWNER_PASSWORD),
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert said["social_accounts"] == [{"title": "Town feed", "token": uid}]
    assert {name: said[name] for name in ("social_text", "social_texts", "social_urgent")} == {
        name: data[name] for name in ("social_text", "social_texts", "social_urgent")
    }
    transaction.begin()
    chosen = choice(news)
    assert chosen.at == datetime(2027, 1, 8, 7, 0, tzinfo=UTC)
    assert chosen.accounts == (uid,)
    # What was read can be sent back.
    again = requests.patch(
        news.absolute_url(),
        json={name: said[name] for name in data},
        headers={"Accept": "application/json"},
        auth=(SITE_OWNER_NAME, SITE_OWNER_PASSWORD),
        timeout=60,
    )
    assert again.status_code == 204, again.text
    transaction.begin()
    assert choice(news) == chosen
