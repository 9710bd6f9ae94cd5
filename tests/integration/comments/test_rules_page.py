"""Webmasters try the rules out and lift bans."""

from bs4 import BeautifulSoup
from collective.socialterritory import clock
from collective.socialterritory.comments import bans
from collective.socialterritory.comments.settings import ICommentSettings
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from rest import Client
from zope.schema.interfaces import TooLong
from zope.schema.interfaces import WrongContainedType

import pytest
import transaction


HTML = {"Accept": "text/html"}
PAGE = "@@social-comments-rules"


@pytest.fixture
def page(town):
    settings().words, settings().hosts, settings().links = ["parc*"], ["bad.example"], 2
    page = news(town.site)
    transaction.commit()
    return page


def seen(client):
    return BeautifulSoup(client.session.get(f"{client.url}/{PAGE}", headers=HTML, timeout=30).text, "html.parser")


def sent(client, **fields):
    token = seen(client).find("input", {"name": "_authenticator"})["value"]
    answer = client.session.post(
        f"{client.url}/{PAGE}", data={"_authenticator": token, **fields}, headers=HTML, timeout=30
    )
    transaction.begin()
    return BeautifulSoup(answer.text, "html.parser")


def test_which_rule_would_hold_this_text(town, page):
    told = sent(town.webmaster, text="Les Parcs : http://bad.example <b>")
    assert [li.text for li in told.select(".alert-warning li")] == [
        "A word that makes comments wait: “parc*”",
        "A link to bad.example",
    ]
    assert told.find("textarea").text.strip() == "Les Parcs : http://bad.example <b>"
    assert sent(town.webmaster, text="Merci").select(".alert-success")
    assert sent(town.webmaster, text="parc " * 150_000).select(".alert-warning")


def test_bans_are_listed_without_what_they_are_of_and_lifted(town, page):
    comment = said(page, author="mail:0123456789", origin="2026-11-23:abcdef")
    key = f"{page.UID()}.{comment.id}"
    bans.ban(comment, clock.now(), "webmaster", "Trois fois")
    transaction.commit()
    rows = seen(town.webmaster).select(".list-group-item")
    assert len(rows) == 2 and all("Jeanne" in row.text and "Trois fois" in row.text for row in rows)
    assert key in rows[0].find("a")["href"]
    sent(town.webmaster, lift="mail:0123456789")
    assert [one.of for one in bans.entries(clock.now())] == ["2026-11-23:abcdef"]
    assert [str(event.action) for event in Comments(town.site).history(key)] == ["unban"]
    assert "over already" in sent(town.webmaster, lift="mail:0123456789").text


def test_only_webmasters_and_only_with_the_authenticator(town, page):
    for client in (Client(town.url, ""), town.editor):
        answer = client.session.get(f"{client.url}/{PAGE}", headers=HTML, timeout=30, allow_redirects=False)
        assert answer.status_code in (302, 401)
    bans.ban(said(page, author="user:paul"), clock.now(), "webmaster")
    transaction.commit()
    client = town.webmaster
    client.session.post(f"{client.url}/{PAGE}", data={"lift": "user:paul"}, headers=HTML, timeout=30)
    transaction.begin()
    assert len(list(bans.entries(clock.now()))) == 1


@pytest.mark.parametrize("line", ["*", "!!", "x" * 101])
def test_the_form_refuses_a_rule_that_holds_all_or_nothing(line):
    with pytest.raises(WrongContainedType):
        ICommentSettings["words"].validate([line])
    with pytest.raises(WrongContainedType):
        ICommentSettings["hosts"].validate([line])
    with pytest.raises(TooLong):
        ICommentSettings["words"].validate(["parc"] * 501)
    ICommentSettings["words"].validate(["parc*", "mot clé"])
