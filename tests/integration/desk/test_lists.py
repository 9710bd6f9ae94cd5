"""The desk: who sees which posts, filters and pages, many decisions at once, and hostile addresses."""

from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from deskwork import bulk
from deskwork import decisions
from deskwork import EVIL
from deskwork import linked
from deskwork import news
from deskwork import post_of
from deskwork import press
from deskwork import put
from deskwork import stored
from deskwork import words
from deskwork import words_of
from plone import api

import pytest
import re
import transaction


def test_the_desk_needs_a_log_in(site, browse):
    browser = browse()
    browser.open(f"{site.absolute_url()}/@@social-desk?id=x.y")
    assert "/login" in browser.url or "401" in browser.headers["status"]
    assert "came_from" in browser.url or "401" in browser.headers["status"]


def test_a_reader_without_a_role_sees_nothing_and_decides_nothing(site, desk, delivery):
    browser = desk("visitor", id=delivery.id)
    assert "Menu de la cantine" not in browser._response.html.find(id="content-core").text
    assert "not for you" in words(browser)
    assert not decisions(desk("visitor"))


def test_a_role_on_one_account_shows_the_posts_of_that_account_only(site, desk):
    mine, other = linked(site, "Town hall"), linked(site, "Library")
    api.user.grant_roles(username="visitor", roles=["Social Validator"], obj=mine)
    mine.reindexObjectSecurity()
    news(site)
    text = words(desk("visitor"))
    assert "Town hall" in text
    assert "Library" not in text
    assert other.title == "Library"


def test_bulk(site, desk, account):
    posts = [post_of(site, news(site, f"Menu {n}")) for n in range(3)]
    browser, late = desk("camille"), desk("dominique")
    bulk(browser, "approve", all=False)
    assert "Choose at least one post." in words(browser)
    bulk(browser, "reject")
    assert "Please give a reason" in words(browser)
    assert len(browser._response.html.find_all("input", {"name": "chosen", "checked": True})) == 3
    bulk(browser, "approve")
    assert "3 approved." in words(browser)
    assert {stored(site, post.id).state for post in posts} == {State.QUEUED}
    bulk(late, "approve")
    assert "0 approved." in words(late)
    assert "Camille has already approved" in words(late)


def test_filters_accounts_and_pages(site, desk, account, monkeypatch):
    other = linked(site, "Library", sections=[api.content.create(site, "Folder", "library").UID()])
    monkeypatch.setattr("collective.socialterritory.crosspost.desk.SIZE", 2)
    posts = [post_of(site, news(site, f"Menu {n}")) for n in range(3)]
    browser = desk("camille")
    assert browser._response.html.find("a", class_="active").find(class_="badge").text == "3"
    assert len(browser._response.html.find_all("article", class_="social-row")) == 2
    browser.getLink("Next").click()
    assert len(browser._response.html.find_all("article", class_="social-row")) == 1
    browser.getLink("Previous").click()
    assert "Nothing to approve." in words(desk("camille", account=other.UID()))
    press(browser, "approve")
    assert "Menu 0" in words(desk("camille", filter="planned"))
    put(site, posts[1], State.UNCONFIRMED, error="read_timeout")
    browser = desk("camille", filter="check")
    assert "To check" in words(browser)
    assert decisions(browser) >= {"confirm", "resend", "cancel"}
    press(browser, "confirm")
    assert "Menu 1" in words(desk("camille", filter="published"))
    Outbox(site).archive(datetime.now(UTC) + timedelta(days=2))
    transaction.commit()
    assert "Menu 1" in words(desk("camille", filter="published"))
    assert "Nothing was cancelled." in words(desk("camille", filter="cancelled", b_start="x"))


@pytest.mark.parametrize(
    "query",
    ["b_start=" + "9" * 5000, "filter=a&filter=b", "filter=%ff&account=%ff&id=%ff", "id=a&id=b", "b_start:int=1"],
    ids=lambda query: query[:20],
)
def test_addresses_that_make_no_sense(site, browse, delivery, query):
    browser = browse("camille")
    browser.open(f"{site.absolute_url()}/@@social-desk?{query}")
    assert "200" in browser.headers["status"]


@pytest.mark.parametrize(
    "chosen", ["chosen:int=3", "chosen:list:int=3", "chosen:tuple=a", "chosen.a:record=b", "chosen=%ff"]
)
def test_what_is_chosen_may_make_no_sense(site, desk, delivery, chosen):
    browser = desk("camille")
    token = browser._response.html.find("input", {"name": "_authenticator"})["value"]
    browser.post(browser.url, f"bulk=approve&_authenticator={token}&{chosen}")
    assert "0 approved." in words(browser)
    assert "not there any more" in words(browser)


def test_the_empty_desk_says_when_the_next_post_leaves(site, desk, account):
    delivery = post_of(site, news(site))
    press(desk("camille"), "approve")
    approved = stored(site, delivery.id)
    Outbox(site).save(replace(approved, due=datetime.now(UTC) + timedelta(days=1)))
    transaction.commit()
    assert re.search(r"Nothing to approve\. Next post: tomorrow at \d+:\d\d\.", words(desk("camille")))
    assert re.search(r"It leaves tomorrow at \d+:\d\d\.", words(desk("camille", filter="planned")))


def test_what_a_mail_links_to_comes_first(site, desk, account):
    news(site, "Another one")
    delivery = post_of(site, news(site, "The one of the mail"))
    browser = desk("camille", id=delivery.id)
    titles = [heading.text.strip() for heading in browser._response.html.find_all("h3") if "social" not in heading.text]
    assert titles[0] == "The one of the mail"
    assert titles.count("The one of the mail") == 1
    press(browser, "approve")
    assert delivery.id in browser.url


def test_markup_in_titles_texts_and_reasons_is_text(site, desk, account):
    item = news(site, EVIL, social_text=EVIL)
    browser = desk("camille")
    press(browser, "reject", note=EVIL)
    pages = [browser, desk("camille", filter="check"), desk("camille", account=EVIL)]
    tab = desk("camille")
    tab.open(f"{item.absolute_url()}/@@social-networks")
    for page in [*pages, tab]:
        soup = page._response.html
        assert not soup.find_all("img", {"src": "x"})
        assert not [script for script in soup.find_all("script") if "alert(" in script.text]
        assert not soup.find_all(onerror=True)
    assert EVIL in words_of(tab)
