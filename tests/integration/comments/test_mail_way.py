"""The whole way of a comment by mail, over SMTP and HTTP: to a moderator, decided by a link, told to its author."""

from collective.socialterritory import clock
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.model import State
from collective.socialterritory.interfaces import settings
from commenting import news
from commenting import said
from datetime import timedelta
from mailing import set_server
from plone import api

import pytest
import re
import requests
import transaction


@pytest.fixture
def commented(town, smtp):
    """Key of a comment with an address, on a site that sends mails."""
    set_server(smtp)
    settings().staff_url = settings().public_url = town.url
    town.account.by_itself = False
    with api.env.adopt_roles(["Manager"]):
        api.user.create("camille@town.example", "camille", "A-long-one-1", properties={"fullname": "Camille Durand"})
        api.user.grant_roles(username="camille", roles=["Member", "Social Moderator"])
    comment = said(news(town.site), "Merci !\nEt pour le parc ?")
    comment.author_email = "jeanne@example.org"
    transaction.commit()
    return facts.key(comment)


def passes(monkeypatch, minutes):
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(minutes=minutes))


def test_a_comment_is_decided_by_mail_and_its_author_is_told(town, commented, inbox, work, monkeypatch):
    work()
    assert inbox.mails == []
    passes(monkeypatch, 5)
    work()
    letters = {to: message for (to,), message in inbox.mails}
    assert set(letters) == {"camille@town.example", "editor@town.example"}  # who is a Reviewer
    message = letters["camille@town.example"]
    body = message.get_content().replace("\r\n", "\n")
    assert message["Auto-Submitted"] == "auto-generated"
    assert "> Merci !\n> Et pour le parc ?\n" in body
    approve, _reject, _spam = re.findall(r"^http\S+@@social-decide/\S+$", body, re.MULTILINE)
    assert "Approve this comment?" in requests.get(approve, timeout=30).text
    assert requests.post(approve, timeout=30).status_code == 200
    transaction.begin()
    assert facts.state(find(commented)) == State.APPROVED
    inbox.mails.clear()
    passes(monkeypatch, 5)
    work()
    assert inbox.mails == []
    passes(monkeypatch, 10)
    work()
    ((to, message),) = inbox.mails
    assert to == ["jeanne@example.org"] and "was approved" in message["Subject"]
    link = re.search(r"http\S+@@social-my-comment\S+", message.get_content())[0]
    assert requests.get(link, timeout=30).status_code == 200
    work()
    assert len(inbox.mails) == 1


def test_a_french_site_writes_french_in_its_worker(town, commented, inbox, work, monkeypatch):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    transaction.commit()
    passes(monkeypatch, 5)
    work()
    message = next(message for to, message in inbox.mails if to == ["camille@town.example"])
    assert message["Subject"] == "À modérer\u202f: Jeanne sur «\u202fNouveaux bancs au parc\u202f»"
    body = message.get_content()
    assert "Approuver\u202f:" in body and len(re.findall(r"\d\d/\d\d/\d{4} \d\d:\d\d", body)) == 2
