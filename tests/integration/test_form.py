"""The "Social networks" fields of an news: form, live preview, REST."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.content import choice
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.testing import SITE_OWNER_NAME
from plone.app.testing import SITE_OWNER_PASSWORD
from plone.testing.zope import Browser

import json
import requests
import transaction


pytest_plugins = ["editing"]


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


def test_an_item_that_has_its_posts_says_so(staff, feed, news):
    api.content.transition(news, to_state="published")
    transaction.commit()
    staff.open(f"{news.absolute_url()}/edit")
    assert "The posts of this item exist already" in staff.contents
    assert "Already planned" in staff.contents


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
