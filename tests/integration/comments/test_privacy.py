"""What is known of a person: theirs to see, take along and erase, and nobody else's."""

from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.comments import asking
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import outside
from collective.socialterritory.comments import persons
from collective.socialterritory.comments import posting
from collective.socialterritory.comments import reports
from collective.socialterritory.comments import retention
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments import worker
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.rules import limits
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import settings as site_settings
from commenting import news
from commenting import NOW
from commenting import said
from datetime import timedelta
from outsiders import Outsider
from plone import api
from plone.app.testing import logout
from Products.CMFCore.indexing import processQueue
from rest import PASSWORD
from urllib.parse import urlsplit
from ZODB.serialize import referencesf
from zope.annotation.interfaces import IAnnotations

import json
import pytest
import re
import transaction


JEANNE = "jeanne.dupre@example.org"
PAUL = "paul@example.net"
PAGE = "@@social-my-data"
DESK = "@@social-comments-privacy"


def of(portal, address):
    return of_address(Comments(portal).secret, address)


def wrote(portal, page, text, email=JEANNE, name="Jeanne", **more):
    comment = said(page, text, name=name, author=of(portal, email), origin="2026-11-23:abc", digest="d", **more)
    comment.author_email = email
    comment.reindexObject()
    return comment


@pytest.fixture
def told(portal, page, moderator):
    """A thread of Jeanne and Paul, of which a moderator changed a text; Jeanne reported Paul."""
    first = wrote(portal, page, "J'habite au 3, rue des Lilas.", state=State.APPROVED)
    report = {
        "id": "R1",
        "at": NOW.isoformat(),
        "reason": "insult",
        "text": "Voyez",
        "email": JEANNE,
        "name": "Jeanne D.",
    }
    answer = wrote(portal, page, "Moi aussi.", PAUL, "Paul", parent=first, state=State.APPROVED, reports=(report,))
    answer.reindexObject()
    last = wrote(portal, page, "Ah bon ?", parent=answer, state=State.APPROVED)
    with api.env.adopt_user(username=moderator):
        deciding.edit(first, "J'habite rue des Lilas.", NOW, note="adresse de Jeanne")
    return first, answer, last


def raw(portal):
    """All that is stored now, as bytes: every record that can be reached."""
    processQueue()
    transaction.savepoint()
    connection, found, todo = portal._p_jar, {}, [portal._p_jar.root()._p_oid]
    while todo:
        oid = todo.pop()
        if oid not in found:
            storage = connection._savepoint_storage or connection._normal_storage
            found[oid] = storage.load(oid, "")[0]
            referencesf(found[oid], todo)
    return b"".join(found.values())


def test_all_of_a_person_is_gathered_and_nothing_of_others(portal, page, told):
    whole = persons.gathered(portal, persons.of(portal, " Jeanne.Dupre@EXAMPLE.org "))
    assert [one["text"] for one in whole["comments"]] == ["Ah bon ?", "J'habite rue des Lilas."]
    assert whole["comments"][1]["log"][-1]["original"] == "J'habite au 3, rue des Lilas."
    assert [one["text"] for one in whole["reports"]] == ["Voyez"]
    text = json.dumps(whole, default=str)
    assert PAUL not in text and "Moi aussi." not in text and "camille" not in text
    paul = persons.gathered(portal, persons.of(portal, PAUL))
    assert "Voyez" not in json.dumps(paul, default=str) and JEANNE not in json.dumps(paul, default=str)


def test_what_colleagues_noted_is_not_given_away(portal, page, told, moderator):
    first, answer, last = told
    with api.env.adopt_user(username=moderator):
        bans.ban(first, NOW, moderator, "comme Paul")
        reports.settle_all(answer, False, NOW, moderator)
    deciding.move(last, State.WAITING, NOW, deciding.AUTHOR, note="Lisez encore.")
    text = json.dumps(persons.gathered(portal, persons.of(portal, JEANNE)), default=str)
    assert "comme Paul" not in text and "adresse de Jeanne" not in text and moderator not in text
    assert "Lisez encore." in text


def test_plone_keeps_no_copy_of_what_is_said_with_a_decision(portal, page):
    comment = said(page, state=State.REJECTED)
    deciding.move(comment, State.WAITING, NOW, deciding.AUTHOR, note="Lisez encore.")
    assert deciding.latest(comment).note == "Lisez encore."
    assert "Lisez encore." not in str([*comment.workflow_history.values()])


def test_erasing_leaves_others_their_words_and_decisions_their_record(portal, page, told, moderator):
    first, answer, last = told
    person = persons.of(portal, JEANNE)
    facts.keep(first, words="Restez polie.", former={"words": "Restez polie."})
    assert persons.erase(portal, person, NOW, "webmaster") == {"comments": 2, "reports": 1, "subscriptions": 0}
    assert deciding.find(facts.key(last)) is None
    assert (first.text, first.author_name, first.author_email, facts.facts(first).gone) == ("", "", None, "erased")
    assert "polie" not in str(facts.facts(first))
    assert answer.text == "Moi aussi." and answer.author_email == PAUL
    assert facts.facts(answer).reports == ({"id": "R1", "at": NOW.isoformat(), "reason": "insult"},)
    log = Comments(portal).history(facts.key(first))
    assert (moderator, Action.EDIT) in {(event.by, event.action) for event in log}
    assert not any(event.original or event.note for event in log)
    assert persons.count(portal, person) == {"comments": 0, "reports": 0, "subscriptions": 0}
    assert persons.erase(portal, person, NOW, "webmaster") == {"comments": 0, "reports": 0, "subscriptions": 0}
    logout()
    assert not api.content.find(portal_type="Discussion Item", SearchableText="Lilas")


def test_a_member_is_found_by_id_and_leaves_no_trace_of_it(portal, page):
    api.user.create(email="lou@town.example", username="lou", password=PASSWORD)
    with api.env.adopt_user(username="lou"):
        first = said(page, "Bonjour", name="Lou", author="user:lou")
        first.creator = first.author_username = "lou"
        page_conversation = first.__parent__
        page_conversation._commentators["lou"] = 1
    said(page, "Oui", parent=first)
    first.reindexObject()
    assert persons.by_address(portal, "Lou@town.example").user == "lou"
    assert len(persons.gathered(portal, persons.of(portal, "lou"))["comments"]) == 1
    persons.erase(portal, persons.of(portal, "lou"), NOW, "webmaster")
    assert first.creator is None and first.author_username is None
    assert not first.get_local_roles() and first.getOwnerTuple() is None
    assert "lou" not in page_conversation._commentators
    assert not portal.portal_catalog.unrestrictedSearchResults(Creator="lou", portal_type="Discussion Item")


def test_a_name_that_a_visitor_types_makes_nobody_its_owner(portal, page):
    api.user.create(email="lou@town.example", username="lou", password=PASSWORD)
    said(page, "Je ne suis pas Lou", name="lou")
    said(page, "Moi non plus", name="lou@town.example")
    for typed in ("lou", "lou@town.example", "LOU", "", "@", "mail:", "*"):
        assert persons.comments(persons.of(portal, typed)) == [], typed


def test_what_somebody_answered_for_the_body_is_the_body_s(portal, page, moderator):
    first = said(page, state=State.APPROVED)
    answer = said(page, "Merci !", parent=first, state=State.APPROVED, author=f"user:{moderator}", official=True)
    persons.erase(portal, persons.of(portal, moderator), NOW, "webmaster")
    assert answer.text == "Merci !" and deciding.find(facts.key(answer)) is not None


def test_a_member_who_is_erased_by_id_gets_no_more_mails(portal, page):
    one = {"to": "lou@old.example", "comments": (1,), "asked": NOW.isoformat(), "author": "user:lou"}
    Comments(portal).subscriptions.update({"p.1": one, "p.2": {**one, "to": PAUL, "author": of(portal, PAUL)}})
    lou = persons.of(portal, "lou")
    assert [one["to"] for one in persons.gathered(portal, lou)["subscriptions"]] == ["lou@old.example"]
    persons.erase(portal, lou, NOW, "webmaster")
    assert list(Comments(portal).subscriptions) == ["p.2"]


def test_a_ban_outlives_erasing_and_its_note_does_not(portal, page, told, moderator):
    with api.env.adopt_user(username=moderator):
        bans.ban(told[0], NOW, moderator, "Jeanne, du 3, rue des Lilas")
    persons.erase(portal, persons.of(portal, JEANNE), NOW, "webmaster")
    assert bans.banned([of(portal, JEANNE)], "", NOW)
    assert [ban["note"] for ban in Comments(portal).bans.values()] == ["", ""]


def test_two_members_of_one_address_are_nobody_s_to_erase_by_mail(portal):
    for name in ("lou", "max"):
        api.user.create(email="famille@town.example", username=name, password=PASSWORD)
    assert persons.by_address(portal, "famille@town.example").user == ""


def test_mails_that_wait_for_them_go_too(portal, page, told):
    for address in (JEANNE, PAUL):
        mail.queue(portal, address, "Réponse", "Texte", NOW)
    persons.erase(portal, persons.of(portal, JEANNE), NOW, "webmaster")
    assert [one["to"] for _id, one in mail.waiting(portal)] == [PAUL]


def test_no_address_is_anywhere_in_the_database_once_it_is_erased_or_its_days_are_over(portal, page, told, monkeypatch):
    assert JEANNE.encode() in raw(portal) and PAUL.encode() in raw(portal)
    persons.erase(portal, persons.of(portal, JEANNE), NOW, "webmaster")
    assert JEANNE.encode() not in raw(portal) and b"3, rue des Lilas" not in raw(portal)
    retention.retain(portal, told[1].creation_date + timedelta(days=365, hours=1))
    assert PAUL.encode() not in raw(portal)


def test_no_raw_network_address_is_ever_stored(portal, page, monkeypatch):
    monkeypatch.setattr(signing, "YOUNG", timedelta(0))
    logout()
    token = posting.form_token(page, NOW)
    draft = Draft("Merci pour les bancs du parc.", name="Jeanne", email=JEANNE, token=token)
    posting.submit(page, draft, Visitor("", "198.51.100.0/24"), NOW + timedelta(minutes=1))
    found = raw(portal)
    assert JEANNE.encode() in found
    assert b"198.51.100" not in found and bytes([198, 51, 100]) not in found


def test_nothing_personal_outlives_its_days_whatever_was_left_by_which_door(portal, page, moderator, monkeypatch):
    """Row C3 of the scorecard."""
    monkeypatch.setattr(signing, "YOUNG", timedelta(0))
    monkeypatch.setattr(subscriptions, "offered", lambda: True)
    site_settings().public_url = "https://www.town.example"
    logout()
    for number, text in enumerate(("Merci pour les bancs du parc.", "Et les poubelles, rue des Lilas 3 ?")):
        draft = Draft(text, name="Jeanne", email=JEANNE, token=posting.form_token(page, NOW), notify=True)
        posting.submit(page, draft, Visitor("", f"203.0.{number}.0/24"), NOW)
    second, first = persons.comments(persons.of(portal, JEANNE))
    with api.env.adopt_user(username=moderator):
        deciding.decide(first, Action.APPROVE, NOW)
        deciding.edit(second, "Et les poubelles ?", NOW)
        deciding.decide(second, Action.REJECT, NOW, reason="privacy", note="adresse de jeanne")
    report = reports.Report("", "", "illegal", text="Voyez", name="Paul", email=PAUL)
    reports.submit(first, report, "198.51.100.0/24", NOW)
    assert [id for id, _one in persons.subscribed(portal, persons.of(portal, JEANNE))]
    before = raw(portal)
    assert all(one in before for one in (JEANNE.encode(), PAUL.encode(), b"Lilas 3", b"mail:", b"2026-11-23:"))
    waiting = IAnnotations(portal)[mail.KEY]
    for id in list(waiting.keys()):
        del waiting[id]  # sent, or dropped after seven days
    for duty in worker.DUTIES:
        duty(portal, NOW + timedelta(days=400))
    after = raw(portal)
    left = (JEANNE, PAUL, "Lilas 3", "mail:", "2026-11-23:", "203.0.", "198.51.100", "Et les poubelles", "Paul")
    assert [one for one in left if one.encode() in after] == []
    assert first.text == "Merci pour les bancs du parc." and list(Comments(portal).salts) in ([], ["2027-12-28"])
    assert Action.REJECT in {event.action for event in Comments(portal).log()}


# Over HTTP


@pytest.fixture
def served(town):
    """The same thread on a served site that can write mails."""
    site_settings().public_url = "https://www.town.example"
    page = news(town.site)
    comment = wrote(town.site, page, "J'habite rue des Lilas.", state=State.APPROVED)
    wrote(town.site, page, "Moi aussi.", PAUL, "Paul", state=State.APPROVED)
    transaction.commit()
    return comment


def ask(town, address, **fields):
    person = Outsider(town.url)
    person.get(PAGE).send(address=address, **fields)
    return person


def written(town):
    """What the worker writes to whom."""
    transaction.begin()
    asking.answer(town.site, clock.now())
    found = [(one["to"], one["body"]) for _id, one in mail.waiting(town.site)]
    transaction.commit()
    return found


def link(town, body):
    url = urlsplit(re.search(r"https://www\.town\.example\S+", body)[0])
    return f"{PAGE}?{url.query}"


def test_a_person_takes_their_data_along_and_erases_it(town, served):
    assert "If we keep anything about this address" in ask(town, "Jeanne.Dupre@example.org").text
    ((to, body),) = written(town)
    assert to == "Jeanne.Dupre@example.org" and JEANNE not in body
    person = Outsider(town.url)
    for method in ("GET", "HEAD", "GET"):
        person.get(link(town, body), method=method)
    assert "Comments that you wrote 1" in person.text
    assert person.answer.headers["Cache-Control"] == "private, no-store"
    assert person.answer.headers["Referrer-Policy"] == "no-referrer"
    key = link(town, body).partition("key=")[2]
    given = person.session.post(f"{town.url}/{PAGE}", data={"key": key, "do": "download"}, timeout=30).json()
    assert [one["text"] for one in given["comments"]] == ["J'habite rue des Lilas."]
    person.post(PAGE, key=key, do="erase")
    assert "Tick the box" in person.text and deciding.find(facts.key(served)) is not None
    person.post(PAGE, key=key, do="erase", sure="1")
    assert "nothing of you is kept" in person.text
    transaction.begin()
    assert [one.text for one in persons.comments(persons.of(town.site, JEANNE))] == []
    assert [one.text for one in persons.comments(persons.of(town.site, PAUL))] == ["Moi aussi."]
    assert "Comments that you wrote 0" in person.get(link(town, body)).text


def test_who_is_banned_is_told_what_erasing_leaves(town, served):
    ask(town, JEANNE)
    ((_to, body),) = written(town)
    bans.ban(served, NOW, "camille")
    transaction.commit()
    key = link(town, body).partition("key=")[2]
    person = Outsider(town.url).post(PAGE, key=key, do="erase", sure="1")
    assert "you may not comment for a while" in person.text and "nothing of you" not in person.text


def test_nobody_learns_whether_an_address_is_known(town, served):
    known, unknown = ask(town, JEANNE), ask(town, "nobody@example.org")
    bare = [re.sub(r'value="[^"]*"', "", one.answer.text) for one in (known, unknown)]
    assert bare[0] == bare[1] and known.answer.status_code == unknown.answer.status_code == 200
    transaction.begin()
    assert len([name for name in Comments(town.site).worker if name.startswith("asked.")]) == 2
    assert [to for to, _body in written(town)] == [JEANNE]
    assert not [name for name in Comments(town.site).worker if name.startswith("asked.")]


@pytest.mark.parametrize(
    "typed", ["", "jeanne", "a@b", "x@example.org\nBcc: y@example.org", "é" * 300 + "@example.org"]
)
def test_what_is_no_address_is_said_beside_the_field(town, served, typed):
    person = ask(town, typed)
    assert person.answer.status_code == 400 and "This is no e-mail address." in person.text
    assert written(town) == []


def test_machines_are_told_the_same_and_nothing_is_kept(town, served):
    assert "If we keep anything" in ask(town, JEANNE, website="https://spam.example").text
    person = Outsider(town.url)
    for token in ("", "forged", posting.form_token(facts.page(served), NOW)):
        person.post(PAGE, address=JEANNE, token=token)
        assert person.answer.status_code == 400
    assert written(town) == []


def test_one_mailbox_gets_a_few_mails_a_day(town, served):
    for _ in range(5):
        ask(town, JEANNE)
    assert len(written(town)) == 3


def test_people_may_ask_so_often(town, served, monkeypatch):
    monkeypatch.setattr(outside, "ALL", limits.windows(3))
    assert [ask(town, f"a{number}@example.org").answer.status_code for number in range(5)] == [200] * 3 + [429] * 2
    monkeypatch.setattr(asking, "MOST", 4)
    for number in range(9):
        asking.ask(town.site, f"b{number}@example.org", "fr", clock.now())
    assert len([name for name in Comments(town.site).worker if name.startswith("asked.")]) == 4


def test_what_waited_for_longer_than_a_day_is_not_answered(town, served):
    asking.ask(town.site, JEANNE, "fr", clock.now() - timedelta(days=2))
    transaction.commit()
    assert written(town) == []


@pytest.mark.parametrize("case", ["forged", "other purpose", "old", "changed"])
def test_links_that_are_not_good_open_nothing(town, served, case, monkeypatch):
    person = persons.of(town.site, JEANNE)
    now, secret = clock.now(), Comments(town.site).secret
    good = asking.key(town.site, person, now)
    bad = {
        "forged": signing.sign(b"another secret", asking.PURPOSE, (person.mail, ""), now + timedelta(days=1)),
        "other purpose": signing.sign(secret, "author", (person.mail, ""), now + timedelta(days=1)),
        "old": asking.key(town.site, person, now - timedelta(days=1, seconds=1)),
        "changed": good.replace(good[10], "A" if good[10] != "A" else "B", 1),
    }[case]
    outsider = Outsider(town.url)
    assert outsider.get(f"{PAGE}?key={bad}").answer.status_code == (410 if case == "old" else 404)
    outsider.post(PAGE, key=bad, do="erase", sure="1")
    assert outsider.answer.status_code in (404, 410) and "Lilas" not in outsider.answer.text
    transaction.begin()
    assert deciding.find(facts.key(served)) is not None


def test_the_webmaster_looks_downloads_and_erases(town, served):
    webmaster = Outsider(town.url, ("webmaster", PASSWORD))
    webmaster.get(DESK).send("do", who=JEANNE, do="look")
    assert "Comments that they wrote 1" in webmaster.text
    assert JEANNE not in webmaster.answer.url
    webmaster.send("do", do="erase")
    assert "Tick the box" in webmaster.text
    webmaster.send("do", do="erase", sure="1")
    assert "Erased." in webmaster.messages
    transaction.begin()
    assert deciding.find(facts.key(served)) is None
    (event,) = (one for one in Comments(town.site).log() if one.action == Action.WITHDRAW)
    assert event.by == "webmaster"


def test_the_record_of_processing_can_be_taken_along(town):
    webmaster = Outsider(town.url, ("webmaster", PASSWORD))
    assert "365 days" in webmaster.get(DESK).text
    answer = webmaster.session.get(f"{town.url}/{DESK}?register=en", timeout=30)
    assert answer.headers["Content-Type"].startswith("text/plain") and "Lawful basis" in answer.text


def test_others_neither_look_nor_erase(town, served):
    for client in (town.anonymous, town.member, town.editor, town.second):
        answer = client.session.post(
            f"{town.url}/{DESK}", data={"who": JEANNE, "do": "erase", "sure": "1"}, allow_redirects=False, timeout=30
        )
        assert answer.status_code in (302, 401) and "Lilas" not in answer.text
    forged = town.webmaster.session.post(
        f"{town.url}/{DESK}", data={"who": JEANNE, "do": "erase", "sure": "1"}, timeout=30
    )
    assert forged.status_code == 403
    transaction.begin()
    assert deciding.find(facts.key(served)) is not None
