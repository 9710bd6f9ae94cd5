"""Comments on the page as visitors, members and moderators see them, and how many pages they come in."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.showing import counted
from collective.socialterritory.comments.showing import Thread
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import NOW
from commenting import said
from datetime import datetime
from datetime import timedelta
from looking import look
from plone import api
from plone.app.discussion.conversation import Conversation
from zope.i18n import translate

import pytest
import transaction


@pytest.fixture
def bench(town):
    page = news(town.site)
    transaction.commit()
    return page


def texts(page):
    return [text.text for text in page.select("#social-comments .social-comment-text")]


def test_a_page_without_comments_asks_for_the_first(town, bench):
    page = look(town)
    assert page.select_one(".social-comments-count").text.strip() == "0 comments"
    assert page.select_one(".social-comments-count a")["href"] == "#social-comments"
    assert page.select_one("#social-comments-title").text == "0 comments"
    (link,) = page.select("a[data-social-comment]")
    assert link["href"] == f"{town.url}/bancs/@@social-comment"
    assert page.select(".pat-discussion, .discussion") == []


def test_visitors_see_what_was_approved_in_its_place(town, bench):
    first = said(bench, "Un", state=State.APPROVED)
    said(bench, "Deux", parent=first, state=State.APPROVED)
    said(bench, "Trois")
    said(bench, "Quatre", state=State.SPAM)
    for who in ("anonymous", "member", "webmaster"):
        page = look(town, who=who)
        assert texts(page) == ["Un", "Deux"]
        assert page.select_one(".social-comments-count").text.strip() == "2 comments"
    assert page.select_one("ol.social-thread ol.social-thread .social-comment-text").text == "Deux"


def test_members_see_their_own_that_waits_and_nobody_else_does(town, bench):
    said(bench, "De moi", author="user:member")
    said(bench, "D'un autre", author="user:editor")
    said(bench, "Refusé", state=State.REJECTED, author="user:member")
    page = look(town, who="member")
    assert texts(page) == ["De moi"]
    assert "only you see it" in page.select_one(".social-comment-waits").text
    assert page.select_one(".social-comments-count").text.strip() == "0 comments"
    assert texts(look(town)) == []


def test_moderators_are_led_to_what_waits(town, bench):
    said(bench, "Attend")
    said(bench, "Attend aussi")
    link = look(town, who="webmaster").select_one('.social-comments a[href$="@@social-moderation"]')
    assert link.text.split() == ["Waiting", "for", "a", "moderator:", "2"]
    assert not look(town, who="member").select('.social-comments a[href$="@@social-moderation"]')


def test_what_was_withdrawn_keeps_its_place(town, bench):
    first = said(bench, "Un", state=State.APPROVED)
    said(bench, "Deux", parent=first, state=State.APPROVED)
    deciding.withdraw(first, NOW, deciding.AUTHOR, "author")
    page = look(town)
    assert texts(page) == ["Deux"]
    assert "A comment that its author withdrew." in page.select_one("#social-comments").text


def test_a_network_s_reply_says_where_it_was_said(town, bench):
    remote = {"id": "1", "url": "https://m.example/1", "author_url": "https://m.example/@a", "avatar": ""}
    said(bench, "De là-bas", state=State.APPROVED, source="mastodon", remote=remote)
    page = look(town)
    badge = page.select_one(".social-comment-badge")
    assert badge.text.strip() == "Said on Mastodon" and badge.parent["href"] == "https://m.example/1"


def test_each_comment_has_an_address_that_opens_its_page(town, bench):
    settings().page_size = 5
    made = [said(bench, f"Numéro {number}", state=State.APPROVED) for number in range(12)]
    page = look(town)
    assert texts(page) == [f"Numéro {number}" for number in range(5)]
    following = page.select_one("a[rel=next]")["href"]
    assert following == f"{town.url}/bancs?comments=2#social-comments"
    second = look(town, "bancs?comments=2")
    assert texts(second) == [f"Numéro {number}" for number in range(5, 10)]
    assert second.select_one("a[rel=prev]")["href"] == f"{town.url}/bancs#social-comments"
    assert second.select_one(".social-comments [aria-current=page]").text.split()[-1] == "2"
    link = look(town, "bancs?comments=3").select(".social-comment-when a")[-1]["href"]
    assert link == f"{town.url}/bancs?comment={made[-1].id}#comment-{made[-1].id}"
    third = look(town, f"bancs?comment={made[-1].id}")
    assert third.select_one(f"#comment-{made[-1].id}") and "Numéro 11" in texts(third)
    assert "not to be seen" not in third.text


def test_a_page_that_is_none_is_one_that_is(town, bench):
    said(bench, "Un", state=State.APPROVED)
    for number in ("99", "0", "x", "-1", "9" * 30):
        assert texts(look(town, f"bancs?comments={number}")) == ["Un"]


def test_who_comes_for_a_comment_that_waits_is_told_so_and_not_what_it_says(town, bench):
    comment = said(bench, "Secret")
    page = look(town, f"bancs?comment={comment.id}")
    assert "This comment is not to be seen here" in page.text and "Secret" not in page.text


def test_comments_of_one_page_are_loaded_however_many_there_are(portal, page, monkeypatch):
    for number in range(60):
        said(page, f"Numéro {number}", state=State.APPROVED)
    loaded = []
    wanted = Conversation.__getitem__
    monkeypatch.setattr(Conversation, "__getitem__", lambda self, key: loaded.append(key) or wanted(self, key))
    monkeypatch.setattr(Conversation, "values", None)
    monkeypatch.setattr(Conversation, "getThreads", None)
    shown = Thread(page, portal.REQUEST, 2)
    assert (shown.total, shown.pages, len(shown.html.split("<article")) - 1) == (60, 3, 20)
    assert len(loaded) == 20


@pytest.mark.parametrize(
    ("number", "language", "said"),
    [
        (0, "en", "0 comments"),
        (1, "en", "1 comment"),
        (1234, "en", "1,234 comments"),
        (0, "fr", "0 comment"),
        (1, "fr-be", "1 comment"),
        (2, "fr", "2 comments"),
        (1234, "fr", "1\u202f234 comments"),
    ],
)
def test_none_is_singular_in_french_alone(portal, number, language, said):
    assert translate(counted(number, language), target_language="en") == said


def test_a_page_that_closed_shows_what_was_said_and_why(town, bench):
    said(bench, "Un", state=State.APPROVED)
    bench.effective_date = api.portal.get().ZopeTime() - 100
    page = look(town)
    assert texts(page) == ["Un"]
    assert "Comments closed on" in page.select_one(".social-comments-closed").text
    assert page.select("a[data-social-comment]") == []


def test_a_paused_site_takes_no_comments_and_shows_what_was_said(town, bench):
    said(bench, "Un", state=State.APPROVED)
    site_settings().pause_start = datetime.utcnow() - timedelta(hours=1)
    page = look(town)
    assert texts(page) == ["Un"] and "paused" in page.select_one(".social-comments-closed").text
    assert page.select("a[data-social-comment]") == []


def test_a_page_that_never_took_comments_does_not_speak_of_them(town):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(api.content.create(town.site, "Document", id="page"), to_state="published")
    page = look(town, "page")
    assert page.select(".social-comments, .social-comments-count") == []


def test_where_visitors_may_not_comment_they_are_led_to_the_log_in(town, bench):
    api.portal.set_registry_record("plone.app.discussion.interfaces.IDiscussionSettings.anonymous_comments", False)
    page = look(town)
    assert page.select("a[data-social-comment]") == []
    assert "Log in to comment" in page.select_one(".social-comments-open").text
    assert look(town, who="member").select("a[data-social-comment]")


def test_where_comments_are_not_ours_plone_shows_its_own(town, bench):
    settings().active = False
    page = look(town)
    assert page.select(".pat-discussion") and not page.select(".social-comments, .social-comments-count")
