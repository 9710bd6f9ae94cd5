"""Linking on the network's own page: what a person sees, and what is kept."""

from collective.socialterritory.accounts import linking
from collective.socialterritory.accounts.links import ANNOTATION
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from linking import HTML
from linking import later
from linking import Linking
from plone import api
from urllib.parse import parse_qs
from urllib.parse import unquote
from urllib.parse import urlsplit
from zope.annotation.interfaces import IAnnotations

import pytest
import re
import time
import transaction


def test_a_person_agrees_there_sees_who_it_is_here_and_links(town, mastodon, person):
    page = person.get(f"{person.url}/@@connect").text
    assert "write:media" in page and "to add pictures" in page
    address = person.begin()
    assert address.startswith(f"{mastodon.url}/oauth/authorize?")
    back = mastodon.consent(address)
    assert back.startswith(f"{town.url}/@@social-linked?")
    answer = person.get(back)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{person.url}/@@social-link")
    assert not person.linked
    page = person.get(f"{person.url}/@@social-link").text
    assert re.search(r"You are about to link\s+<strong>@mairie@ville.example</strong>", page)
    assert person.confirm().status_code == 302
    account = Accounts(town.site).get(person.uid)
    assert (account.link, account.identity) == ("connected", "@mairie@ville.example")
    assert account.facts["chars"] == "500"
    assert Vault(town.site).open(person.uid)["origin"] == mastodon.url
    assert "It works" in person.get(person.press(f"{person.url}/@@social-test").headers["Location"]).text
    assert not list(IAnnotations(town.site)[ANNOTATION])


@pytest.mark.parametrize("network", ["facebook"], indirect=True)
def test_the_right_to_read_replies_is_asked_for_where_they_are_wanted(server, person):
    for wanted in (False, True):
        person.account.replies = wanted
        transaction.commit()
        assert ("pages_read_user_content" in person.get(f"{person.url}/@@connect").text) == wanted
        assert ("pages_read_user_content" in unquote(person.begin())) == wanted


@pytest.mark.parametrize("network", ["linkedin"], indirect=True)
def test_where_the_network_approves_no_app_posts_by_hand_are_one_click_away(town, server, person):
    """From the page that begins, and from the one where it ends; nobody else learns of the account."""
    by_hand = f"{person.url}/@@connect?way=by_hand"
    assert by_hand in person.get(f"{person.url}/@@connect").text
    server.approved = False
    back = person.agree()
    assert by_hand not in Linking(town, server, person.account, "editor").get(back).text
    assert by_hand not in person.get(back).text  # used up by who was not meant
    page = person.get(person.agree()).text
    assert "LinkedIn has not approved this app" in page and by_hand in page
    assert "linkedin.com" in person.get(by_hand).text or "Address of your page" in person.get(by_hand).text
    typed = {"way": "by_hand", "answer-profile": "https://www.linkedin.com/company/ville"}
    assert person.press(f"{person.url}/@@connect", **typed).status_code == 302
    transaction.begin()
    assert Accounts(town.site).get(person.uid).by_hand


@pytest.mark.parametrize("network", ["linkedin"], indirect=True)
def test_a_page_is_linked_and_its_end_is_told_where_nobody_can_renew_it(town, server, person):
    server.renews = False
    page = person.get(f"{person.url}/@@connect").text
    assert "rw_organization_admin" in page and f"{town.url}/@@social-linked" in page
    person.come_back()
    assert "mairie" in person.get(f"{person.url}/@@social-link").text
    person.confirm()
    account = Accounts(town.site).get(person.uid)
    assert (account.link, account.identity) == ("connected", "mairie")
    assert timedelta(days=59) < account.lasts - datetime.now(UTC) < timedelta(days=61)
    assert "It works" in person.get(person.press(f"{person.url}/@@social-test").headers["Location"]).text


def test_the_person_may_say_no_at_the_end(person):
    person.come_back()
    assert person.press(f"{person.url}/@@social-link", cancel="1").status_code == 302
    person.confirm()
    assert not person.linked


def test_a_no_to_nothing_is_fine(person):
    assert person.press(f"{person.url}/@@social-link", cancel="1").status_code == 302
    person.come_back()
    for _ in range(2):
        assert person.press(f"{person.url}/@@social-link", cancel="1").status_code == 302
    assert not person.linked


def test_no_state_is_the_key_of_an_offer(town, person):
    person.come_back()
    cookie = person.client.session.cookies["social_link"]
    for state in (f"{person.uid} {cookie}", f"offers {person.uid} {cookie}"):
        assert person.get(f"{town.url}/@@social-linked", params={"state": state, "code": "x"}).status_code == 200
    person.confirm()
    assert person.linked


def test_a_slow_server_holds_a_person_for_one_deadline(mastodon, person, monkeypatch):
    monkeypatch.setattr(linking, "PATIENCE", 1.0, raising=False)
    back = person.agree()
    mastodon.delay = 0.6
    started = time.monotonic()
    assert "nothing is lost" in person.get(back).text
    assert time.monotonic() - started < 1.8
    mastodon.delay = 2.0
    started = time.monotonic()
    typed = {"answer-server": mastodon.host}
    assert person.press(f"{person.url}/@@connect", **typed).status_code == 200
    assert time.monotonic() - started < 1.8
    assert not person.linked


def test_linking_again_keeps_the_settings_and_says_when_it_is_somebody_else(town, mastodon, person):
    person.come_back()
    person.confirm()
    with api.env.adopt_roles(["Manager"]):
        person.account.template = "Kept {title} {link}"
        Accounts(town.site).mark(person.uid, identity="@ancienne@ville.example", link="reconnect")
    transaction.commit()
    person.come_back()
    assert "Until now" not in person.get(f"{person.url}/@@social-link").text  # only called otherwise by now
    other = {
        "identity": "@mairie@ville.example",
        "identity_id": "7@old.example",
        "identity_url": "https://old.example/@m",
    }
    Accounts(town.site).mark(person.uid, **other)
    transaction.commit()
    page = person.get(f"{person.url}/@@social-link").text
    assert re.search(r"Until now this account was\s+<strong>@mairie@ville.example \(https://old.example/@m\)<", page)
    person.confirm()
    account = Accounts(town.site).get(person.uid)
    assert (account.link, account.identity, account.template) == (
        "connected",
        "@mairie@ville.example",
        "Kept {title} {link}",
    )


def test_secrets_on_the_way_are_sealed(town, mastodon, person):
    address = person.begin()
    kept = str([dict(record) for record in IAnnotations(town.site)[ANNOTATION].values()])
    state = parse_qs(urlsplit(address).query)["state"][0]
    for app in mastodon.apps.values():
        assert app.secret not in kept
    assert state not in kept


def test_the_way_back_is_of_the_settings_whatever_a_request_says(town, mastodon, person):
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", **HTML}
    page = person.client.session.get(f"{person.url}/@@connect?next=http://evil.example", headers=HTML).text
    token = re.search(r'_authenticator" value="(\w+)', page).group(1)
    data = {"answer-server": mastodon.host, "_authenticator": token, "next": "http://evil.example"}
    answer = person.client.session.post(f"{person.url}/@@connect", data=data, headers=evil, allow_redirects=False)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["redirect_uri"] == [f"{town.url}/@@social-linked"]
    assert "evil" not in answer.headers["Location"]


def test_an_old_link_is_forgotten_when_another_is_begun(town, person, monkeypatch):
    person.begin()
    later(monkeypatch, timedelta(minutes=11))
    person.begin()
    assert len(IAnnotations(town.site)[ANNOTATION]) == 1


@pytest.mark.parametrize("typed", ["", "no server", "127.0.0.1:1", "ville.example/\n"])
def test_a_server_that_is_none_is_a_sentence_beside_the_field(person, typed):
    page = person.press(f"{person.url}/@@connect", **{"answer-server": typed})
    assert page.status_code == 200
    assert not person.linked
