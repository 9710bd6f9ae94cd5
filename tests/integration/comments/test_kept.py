"""What a visitor typed is on the page that tells of an error, whatever the error is."""

from bs4 import BeautifulSoup
from collective.socialterritory import clock
from collective.socialterritory.comments import posting
from commenting import news
from datetime import timedelta
from plone import api
from plone.app.discussion.interfaces import IConversation
from ZODB.POSException import ConflictError

import pytest
import requests
import transaction


TEXT = "Merci pour les bancs <du parc>."


@pytest.fixture
def bench(town, monkeypatch):
    page = news(town.site)
    transaction.commit()
    # Zope waits for seconds before it runs a request again.
    monkeypatch.setattr("ZPublisher.HTTPRequest.HTTPRequest.delay_retry", lambda request: None)
    return page


def send(town, door="@@social-comment", **fields):
    url = f"{town.url}/bancs/{door}"
    data = {"text": TEXT, "name": "Jeanne", "token": "a-token", **fields}
    answer = requests.post(url, data=data, headers={"Accept": "text/html"}, timeout=60, allow_redirects=False)
    transaction.begin()
    return answer, BeautifulSoup(answer.text, "html.parser")


def kept(page):
    return page.select_one("#social-comment-form textarea[name=text]").text.strip()


@pytest.mark.parametrize("door", ["@@social-comment", "social-comment"])
def test_the_page_was_removed_meanwhile(town, bench, door):
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(bench)
    transaction.commit()
    answer, page = send(town, door)
    assert answer.status_code == 404 and answer.headers["Cache-Control"] == "private, no-store"
    assert "no longer here" in page.select_one("#social-comment-problem").text
    assert kept(page) == TEXT and not page.select("button")


def test_the_page_is_not_public_any_more(town, bench):
    with api.env.adopt_roles(["Manager"]):
        api.content.transition(bench, "retract")
    transaction.commit()
    answer, page = send(town)
    assert answer.status_code == 404 and "Location" not in answer.headers
    assert kept(page) == TEXT and "Banc" not in page.text.replace(TEXT, "")


def test_too_many_write_at_one_time(town, bench, monkeypatch):
    made = clock.now() - timedelta(minutes=1)
    token, enter = posting.form_token(bench, made), posting._enter

    def meets(*given):
        raise ConflictError

    monkeypatch.setattr(posting, "_enter", meets)
    answer, page = send(town, token=token)
    assert answer.status_code == 503 and kept(page) == TEXT
    assert list(IConversation(bench)) == []
    fields = {one["name"]: one["value"] for one in page.select("#social-comment-form input")}
    monkeypatch.setattr(posting, "_enter", enter)
    answer, _page = send(town, **fields)
    assert answer.status_code == 200 and len(IConversation(bench)) == 1


def test_other_pages_of_errors_stay_as_they_are(town, bench):
    answer, page = send(town, "no-such-page")
    assert answer.status_code == 404 and not page.select("#social-comment-form")
