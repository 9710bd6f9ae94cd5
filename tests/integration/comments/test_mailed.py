"""The links of a moderator's mail over real HTTP: programs that look into them change nothing, people decide once."""

from collective.socialterritory import clock
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import links
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from commenting import news
from commenting import said
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from plone import api
from urllib.parse import urlsplit

import pytest
import re
import requests
import socket
import transaction


PASSWORD = "A-long-one-1"
FORM = re.compile(r'action="([^"]*@@social-decide/[^"]+)"')


class Mailed:
    """A comment of Jeanne that waits, and those who moderate it."""

    def __init__(self, town):
        self.site, self.url = town.site, town.url
        with api.env.adopt_roles(["Manager"]):
            for id, name in (("camille", "Camille Durand"), ("lou", "Lou Martin")):
                api.user.create(f"{id}@town.example", id, PASSWORD, properties={"fullname": name})
                api.user.grant_roles(username=id, roles=["Member", "Social Moderator"])
            self.page = news(self.site)
        self.key = facts.key(said(self.page, "Merci pour les <b>bancs</b>."))
        transaction.commit()

    @property
    def comment(self):
        transaction.begin()
        return find(self.key)

    @property
    def state(self):
        return facts.state(self.comment)

    @property
    def log(self):
        transaction.begin()
        return [(event.by, event.action) for event in Comments(self.site).history(self.key)]

    def link(self, action=Action.APPROVE, user="camille", days=3):
        until = clock.now() + timedelta(days=days)
        return self.of(links.token(self.site, user, self.comment, action, until))

    def of(self, token):
        return f"{self.url}/@@social-decide/{token}"

    def ask(self, url, method="GET", **options):
        answer = requests.request(method, url, timeout=30, **options)
        transaction.begin()
        return answer

    def press(self, url, **form):
        return self.ask(url, "POST", data=form)


@pytest.fixture
def mailed(town):
    return Mailed(town)


def bytes_after(url):
    """What comes after the head of the answer to HEAD: who keeps the connection takes it for the next answer."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=30) as line:
        line.sendall(f"HEAD {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")[2]


def test_programs_that_look_into_links_change_nothing(mailed):
    mailed.ask(mailed.url)  # the very first page of a site writes where its portlets stand
    for url in map(mailed.link, links.DECISIONS):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "PROPFIND", "GET"):
            before = mailed.site._p_jar.db().lastTransaction()
            answer = mailed.ask(url, method)
            assert mailed.site._p_jar.db().lastTransaction() == before, method
            assert method not in ("GET", "HEAD") or answer.status_code == 200
    assert (mailed.state, mailed.log) == (State.WAITING, [])


def test_nothing_follows_the_head_that_was_asked_for(mailed):
    for url in (mailed.link(), f"{mailed.page.absolute_url()}/@@social-comment"):
        assert bytes_after(url) == b""


def test_the_page_asks_once_more_and_is_kept_nowhere(mailed):
    answer = mailed.ask(mailed.link())
    assert "Approve this comment?" in answer.text and "Merci pour les &lt;b&gt;bancs&lt;/b&gt;." in answer.text
    assert "Camille Durand" in answer.text and "Nouveaux bancs au parc" in answer.text
    told = answer.headers
    assert (told["Cache-Control"], told["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert told["X-Robots-Tag"] == "noindex, nofollow"
    assert "camille@town.example" not in answer.text


def test_a_press_decides_in_the_moderator_s_name_and_offers_to_undo(mailed):
    url = mailed.link()
    answer = mailed.press(url)
    assert [one.status_code for one in answer.history] == [303] and answer.status_code == 200
    assert (mailed.state, mailed.log) == (State.APPROVED, [("camille", Action.APPROVE)])
    assert "Approved: visitors can read this comment." in answer.text
    (undo,) = FORM.findall(answer.text)
    answer = mailed.press(undo)
    assert mailed.state == State.WAITING
    assert "Undone: the comment is as it was before." in answer.text
    again = FORM.findall(answer.text)
    assert len(again) == 3
    assert "Mark this comment as spam?" in mailed.ask(again[2]).text
    mailed.press(again[2])
    assert mailed.state == State.SPAM
    assert mailed.log == [("camille", Action.APPROVE), ("camille", Action.RECALL), ("camille", Action.SPAM)]


def test_a_refusal_cites_an_article(mailed):
    url = mailed.link(Action.REJECT)
    page = mailed.ask(url)
    assert "Insult or attack on a person" in page.text
    answer = mailed.press(url)
    assert answer.status_code == 200 and "Choose the article of the charter" in answer.text
    assert 'aria-invalid="true"' in answer.text and mailed.state == State.WAITING
    answer = mailed.press(url, reason="nonsense")
    assert mailed.state == State.WAITING
    mailed.press(url, reason="insult")
    assert mailed.state == State.REJECTED and facts.facts(mailed.comment).reason == "insult"


def test_the_author_is_told_unless_the_moderator_unticks_it(mailed):
    assert "social-tell" not in mailed.ask(mailed.link()).text
    mailed.comment.author_email = "jeanne@example.org"
    transaction.commit()
    assert "social-tell" in mailed.ask(mailed.link()).text
    assert "social-tell" not in mailed.ask(mailed.link(Action.SPAM)).text
    mailed.press(mailed.link(), asked="tell")
    assert facts.facts(mailed.comment).quiet
    assert 'checked="checked"' not in mailed.press(mailed.link(Action.REJECT), asked="tell").text
    mailed.press(mailed.link(Action.REJECT), reason="insult", text="Restez courtoise.", asked="tell", tell="yes")
    assert facts.facts(mailed.comment).words == "Restez courtoise."
    assert not facts.facts(mailed.comment).quiet


def reported(mailed, ids):
    mailed.press(mailed.link())
    comment = mailed.comment
    one = {"at": clock.now().isoformat(), "reason": "insult"}
    facts.keep(comment, hidden=True, reports=[{"id": id, "origin": id, **one} for id in ids])
    comment.reindexObject()
    transaction.commit()


def test_what_was_reported_is_kept_and_that_can_be_undone(mailed):
    reported(mailed, ("R1", "R2", "R3"))
    url = mailed.link(Action.SETTLE)
    assert "Keep this comment?" in mailed.ask(url).text
    answer = mailed.press(url)
    assert "Kept: visitors can read this comment." in answer.text
    now = facts.facts(mailed.comment)
    assert not now.reported and not now.hidden and mailed.state == State.APPROVED
    assert mailed.press(url).status_code == 409
    (undo,) = FORM.findall(answer.text)
    assert "Undone: the comment is as it was before." in mailed.press(undo).text
    assert facts.facts(mailed.comment).reported and facts.facts(mailed.comment).hidden


def test_a_refusal_of_what_was_reported_can_be_undone(mailed):
    reported(mailed, ("R1", "R2"))
    answer = mailed.press(mailed.link(Action.REJECT), reason="insult")
    assert "Refused: visitors cannot read this comment." in answer.text
    (undo,) = FORM.findall(answer.text)
    mailed.press(undo)
    assert facts.facts(mailed.comment).reported and mailed.state == State.APPROVED


def test_a_link_works_once_and_then_tells_who_decided_what(mailed):
    mine, theirs = mailed.link(), mailed.link(Action.SPAM, "lou")
    mailed.press(mine)
    for url in (mine, theirs):
        answer = mailed.press(url)
        assert answer.status_code == 409
    assert "Camille Durand approved this comment on" in answer.text and not FORM.findall(answer.text)
    assert mailed.ask(theirs).status_code == 200
    assert mailed.log == [("camille", Action.APPROVE)]


def test_two_who_press_at_the_same_moment_decide_once(mailed):
    urls = [mailed.link(), mailed.link(Action.SPAM, "lou")] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda url: requests.post(url, timeout=60, allow_redirects=False), urls))
    assert sorted(answer.status_code for answer in answers)[1:] == [409, 409, 409]
    assert len(mailed.log) == 1


def test_after_an_undo_former_links_stay_dead(mailed):
    url = mailed.link()
    (undo,) = FORM.findall(mailed.press(url).text)
    mailed.press(undo)
    assert [mailed.press(one).status_code for one in (url, undo, mailed.of(url.rpartition("/")[2]))] == [409] * 3
    assert mailed.state == State.WAITING


def test_a_decision_can_be_undone_for_some_minutes(mailed, monkeypatch):
    url = mailed.link()
    (undo,) = FORM.findall(mailed.press(url).text)
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + timedelta(minutes=settings().undo_minutes + 1))
    assert not FORM.findall(mailed.ask(url).text)
    assert mailed.press(undo).status_code == 410
    assert mailed.state == State.APPROVED


def lose_role(site):
    api.user.revoke_roles(username="camille", roles=["Social Moderator"])


def lose_account(site):
    api.user.delete(username="camille")


@pytest.mark.parametrize("lose", [lose_role, lose_account])
def test_who_moderates_no_more_decides_and_reads_nothing(mailed, lose):
    url = mailed.link()
    with api.env.adopt_roles(["Manager"]):
        lose(mailed.site)
    transaction.commit()
    for method in ("GET", "POST"):
        answer = mailed.ask(url, method)
        assert answer.status_code == 403 and "Merci pour les" not in answer.text
        assert "You do not moderate these comments any more" in answer.text
    assert mailed.state == State.WAITING


def test_an_expired_link_says_so(mailed):
    url = mailed.link(days=-1)
    for method in ("GET", "POST"):
        answer = mailed.ask(url, method)
        assert answer.status_code == 410 and "This link has expired" in answer.text
        assert "Merci pour les" not in answer.text
    assert mailed.state == State.WAITING


def forged(mailed):
    good = mailed.link().rpartition("/")[2]
    content, _dot, seal = good.partition(".")
    other = mailed.link(user="lou").rpartition("/")[2].partition(".")[0]
    secret = bytes(32)
    now = clock.now() + timedelta(days=1)
    parts = ("camille", mailed.key, "0", "approve")
    return [
        "x",
        ".",
        good[:-1],
        content,
        f"{other}.{seal}",
        f"{content}.é",
        good * 20,
        "a" * 5000,
        signing.sign(secret, links.PURPOSE, parts, now),
        signing.sign(Comments(mailed.site).secret, "unsubscribe", parts, now),
    ]


def test_forged_cut_and_foreign_links_are_told_in_words(mailed):
    for token in forged(mailed):
        for method in ("GET", "POST"):
            answer = mailed.ask(mailed.of(token), method)
            assert answer.status_code == 404, (token, answer.text)
            assert "This link does not work" in answer.text, token
    assert mailed.ask(f"{mailed.url}/@@social-decide").status_code == 404
    assert mailed.ask(mailed.link() + "/more").status_code == 404
    assert mailed.state == State.WAITING


def test_a_page_or_comment_that_is_gone_is_told(mailed):
    url = mailed.link()
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(mailed.page)
    transaction.commit()
    for method in ("GET", "POST"):
        answer = mailed.ask(url, method)
        assert answer.status_code == 410 and "not there any more" in answer.text


def test_whoever_is_logged_in_the_link_decides_as_whom_it_was_written_to(mailed):
    answer = mailed.ask(mailed.link(), "POST", auth=("editor", PASSWORD))
    assert answer.status_code == 200
    assert mailed.log == [("camille", Action.APPROVE)]


def test_in_french(mailed):
    api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
    api.portal.set_registry_record("plone.default_language", "fr")
    transaction.commit()
    text = mailed.ask(mailed.link(Action.REJECT)).text
    assert "Refuser ce commentaire" in text and "Propos injurieux" in text
