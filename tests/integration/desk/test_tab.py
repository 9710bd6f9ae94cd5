"""An item's tab: what will be posted and what was, why nothing is, and who may look."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from dataclasses import replace
from DateTime import DateTime
from datetime import timedelta
from deskwork import linked
from deskwork import news
from deskwork import post_of
from deskwork import words
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from urllib.parse import urlencode

import io
import pytest
import re
import transaction


def test_the_tab_says_what_will_happen_and_asks_for_validation(site, browse, account):
    item = news(site, public=False)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    text = words(browser)
    assert "At publication" in text
    assert "Leaves after the approval of somebody else." in text
    assert "Menu de la cantine" in text
    assert re.search(r"\d+ of 300 characters", text)
    browser.getControl("Ask for validation now").click()
    assert "Validation asked for." in words(browser)
    assert "The news item is not public" in words(browser)
    assert post_of(site, item).state is State.PENDING


def test_nobody_is_told_that_all_waits_when_a_part_leaves_at_once(site, browse, account):
    account.by_itself = False
    linked(site, title="Library", validation="none", by_itself=False)
    item = news(site)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    assert "Ask for validation now" not in words(browser)
    browser.getControl("Post now").click()
    assert "Planned. To be approved first: 1." in words(browser)
    assert "Nothing is sent" not in words(browser)
    assert sorted(one.state for one in Outbox(site).of_item(item.UID())) == [State.PENDING, State.QUEUED]


def test_the_form_and_the_tab_tell_a_trusted_person_that_nobody_is_asked(site, browse):
    linked(site, validation="one", trusted=["Editor"])
    item = news(site, public=False)
    browser = browse("editor")
    for page in ("@@social-networks", "edit"):
        browser.open(f"{item.absolute_url()}/{page}")
        assert "Leaves without approval: you are trusted on this account." in words(browser)
        assert "Leaves after" not in words(browser)


@pytest.mark.parametrize(
    "fields, why",
    [
        ({"social_post": False}, "is switched off"),
        ({"effective_date": DateTime("2020/01/01")}, "too old"),
        ({"expiration_date": DateTime("2020/01/01")}, "expired"),
    ],
)
def test_the_tab_says_why_there_is_no_post(site, browse, account, fields, why):
    item = news(site, public=False, **fields)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    assert why in words(browser)
    assert "Nothing of this item goes to social networks." in words(browser)


def test_a_doubt_that_the_site_clears_up_itself_asks_nobody_for_anything(site, browse, delivery):
    doubt = replace(delivery, state=State.QUEUED, needed=0, doubt=True, error="read_timeout")
    Outbox(site).save(doubt)
    transaction.commit()
    browser = browse("editor")
    browser.open(f"{site.absolute_url()}/menu-de-la-cantine/@@social-networks")
    assert "The site looks there before it sends again." in words(browser)
    assert "Send again" not in words(browser)


def test_accounts_that_cannot_post_are_named_with_the_reason(site, browse):
    linked(site, "Elsewhere", types=["Event"])
    linked(site, "Later", since=timedelta(days=1))
    api.content.create(site["social-accounts"], "SocialAccount", title="Unlinked", network="sandbox")
    item = news(site)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    text = words(browser)
    assert "does not speak for such items" in text
    assert "was linked after" in text
    assert "not connected yet" in text


def test_the_tab_is_for_those_who_may_change_the_item_and_for_validators(site, browse, account):
    item = news(site, public=False)
    url = f"{item.absolute_url()}/@@social-networks"
    for user, seen in (("editor", True), ("camille", False), ("visitor", False), (None, False)):
        browser = browse(user)
        browser.open(url)
        assert ("At publication" in words(browser)) is seen
    with api.env.adopt_user("editor"):
        submit(item)
    transaction.commit()
    for user, seen in (("camille", True), ("visitor", False), (None, False)):
        browser = browse(user)
        browser.open(url)
        assert ("Waits for approval." in words(browser)) is seen
    browser = browse("visitor")
    browser.open(url)
    browser.post(url, urlencode({"submit": "1"}))
    assert browser.url.endswith("insufficient-privileges")


def test_the_picture_is_small_and_only_for_those_who_see_the_post(site, browse, desk, account):
    stream = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(stream, "PNG")
    picture = NamedBlobImage(stream.getvalue(), "image/png", "navy.png")
    item = news(site, image=picture, image_caption="A blue field")
    soup = desk("camille")._response.html
    shown = soup.find("article").find("img")
    assert shown["alt"] == "A blue field"
    browser = browse("camille")
    browser.open(shown["src"])
    assert browser.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(browser._response.body)).size == (640, 360)
    browser.open(f"{item.absolute_url()}/@@social-image?v=other")
    assert "404" in browser.headers["status"]
    api.content.transition(item, to_state="private")
    transaction.commit()
    for user in ("visitor", None):
        browser = browse(user)
        browser.open(shown["src"])
        assert browser.headers.get("Content-Type") != "image/jpeg"


def test_a_draft_cannot_be_asked_for_by_get(site, browse, account):
    item = news(site, public=False)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks?submit=1")
    assert not Outbox(site).of_item(item.UID())


def test_without_a_key_nobody_is_told_that_the_post_leaves(site, browse, account, monkeypatch):
    Accounts(site).mark(account.UID(), network="bluesky")
    account.network, account.validation, settings().public_url = "bluesky", "none", "https://www.town.example"
    transaction.commit()
    item = news(site)
    browser = browse("editor")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    assert "It leaves within a minute." in words(browser)
    monkeypatch.delenv("SOCIALTERRITORY_KEYS")
    browser.open(f"{item.absolute_url()}/@@social-networks")
    assert "leaves once the key is back" in words(browser) and "within a minute" not in words(browser)
