"""A webmaster links a Mastodon account: from the control panel, through the server's own page, to the first post."""

from axe_playwright_python.sync_playwright import Axe
from browser.conftest import wait_for
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from plone import api
from urllib.parse import urlsplit

import pytest
import transaction


pytestmark = [pytest.mark.browser]


@pytest.fixture
def town(served, mastodon_mock, monkeypatch):
    monkeypatch.setenv("SOCIALTERRITORY_ALLOW", mastodon_mock.host)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the server of these tests speaks no TLS
    with api.env.adopt_roles(["Manager"]):
        settings().staff_url = served.url
        api.content.delete(served.account)
    transaction.commit()
    return served


def test_from_the_control_panel_through_the_consent_page_to_the_first_post(town, mastodon_mock, visitor, working):
    webmaster = visitor("webmaster")
    webmaster.known.append(mastodon_mock.url)
    page = webmaster.goto("@@social-territory-controlpanel")
    page.click("text=Open the accounts")
    page.click("text=Add an account")
    page.fill("#form-widgets-title", "Mastodon de la ville")
    page.select_option("#form-widgets-network", label="Mastodon")
    page.click("#form-buttons-save")
    page.click("#content a:text-is('Connect')")
    assert "to see whether a post arrived" in page.inner_text("#content")
    page.fill("input[name='answer-server']", mastodon_mock.host)
    page.click("text=Continue at Mastodon")
    page.wait_for_selector("text=Authorize this app as")
    page.click(f"button[value={mastodon_mock.username}]")
    page.wait_for_selector("text=You are about to link")
    assert page.url.endswith("/@@social-link")
    assert Axe().run(page, context="#content").response["violations"] == []
    assert f"@{mastodon_mock.username}@" in page.inner_text("#content")
    transaction.begin()
    (account,) = Accounts(town.site).all()
    assert account.link == "new"
    page.click("text=Link it")
    page.wait_for_selector("text=Connected: you are @testuser")
    transaction.begin()
    (account,) = Accounts(town.site).all()
    assert (account.link, account.facts["software"]) == ("connected", "mastodon")
    assert webmaster.outside == []

    town.news("Fête de la musique 🎶 à 18 h 30")  # by a Reviewer, whom a new account trusts
    known = Vault(town.site).open(account.uid)
    (said,) = wait_for(lambda: mastodon_mock.statuses(known["token"], known["account"]))
    assert "Fête de la musique 🎶 à 18 h 30" in said["content"]
    (delivery,) = wait_for(lambda: [one for one in Outbox(town.site).live() if one.receipt_url])
    page.goto(f"{town.url}/@@social-desk?filter=published")
    assert page.get_attribute("article a[href*='/@testuser/']", "href") == delivery.receipt_url
    assert urlsplit(delivery.receipt_url).netloc == mastodon_mock.host
