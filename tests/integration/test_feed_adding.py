"""The page that adds a source: what a webmaster sees of it before it is saved."""

from bs4 import BeautifulSoup
from feeding import Feeding
from feeding import rss

import pytest


PAGE = "social-feeds/@@social-source"
HTML = {"Accept": "text/html"}


@pytest.fixture
def look(town):
    """POST of an address; the answered page."""

    def look(address):
        session = town.webmaster.session
        page = BeautifulSoup(session.get(f"{town.url}/{PAGE}", headers=HTML, timeout=30).text, "html.parser")
        token = page.find("input", {"name": "_authenticator"})["value"]
        sent = {"_authenticator": token, "address": address, "look": "1"}
        answer = session.post(f"{town.url}/{PAGE}", data=sent, headers=HTML, timeout=30)
        return BeautifulSoup(answer.text, "html.parser")

    return look


def test_nothing_was_pasted(look):
    assert "Paste an address first." in look(" ").find(id="social-address-error").get_text()


def test_what_has_no_date_shows_none(look, monkeypatch):
    with Feeding() as server:
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        found = look(server.put("/feed.xml", rss({"title": "Undated", "when": ""}))).find(class_="social-entries")
    assert "Undated" in found.get_text() and "1970" not in found.get_text()
    assert not found.find(class_="social-entry-meta")
