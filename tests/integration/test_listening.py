"""Listening: what is for staff is nowhere else, what is followed is found once, read, forwarded and told by mail."""

from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.listening import letters
from collective.socialterritory.feeds.listening.hearing import hear
from collective.socialterritory.feeds.listening.rules import MOST
from collective.socialterritory.feeds.listening.store import Listening
from collective.socialterritory.feeds.listening.worker import send_digest
from collective.socialterritory.feeds.portlets import Assignment
from collective.socialterritory.feeds.store import Feeds
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.entries import Entry
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from feeding import followed
from feeding import hurry
from feeding import picture
from feeding import rss
from plone import api
from plone.portlets.interfaces import IPortletAssignmentMapping
from plone.portlets.interfaces import IPortletManager
from plone.uuid.interfaces import IUUID
from working import work
from zope.component import getMultiAdapter
from zope.component import getUtility
from zope.globalrequest import setRequest

import pytest
import re
import transaction


NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""Earlier than any run of these tests"""
SECRET = "Nuisances rue Pasteur"


@pytest.fixture
def source(town, feeding):
    """For staff only; two entries, one with a picture."""
    image = feeding.put("/a.jpg", picture(), "image/jpeg")
    url = feeding.put(
        "/feed.xml",
        rss({"title": SECRET, "text": "Encore des travaux #VilleDeX", "image": image}, {"title": "Météo"}),
    )
    return followed(town, url, title="Veille", staff=True)


def follow(town, terms="#villedex", title="X", **more):
    """As the webmaster does it on the page, and the worker after it."""
    answer = send(town.webmaster, "@@social-watch", title=title, terms=terms, save="1", **more)
    assert answer.status_code == 200, answer.text
    work(town.functional)
    setRequest(town.functional["request"])


def send(client, page, **form):
    """Sends a form with the authenticator of the page that has it."""
    asked = client.session.get(f"{client.url}/@@social-watch", headers={"Accept": "text/html"})
    token = re.search(r'name="_authenticator" value="(\w+)"', asked.text)[1]
    url = f"{client.url}/{page}"
    answer = client.session.post(url, {**form, "_authenticator": token}, headers={"Accept": "text/html"})
    transaction.begin()
    return answer


def read(client, page):
    return client.session.get(f"{client.url}/{page}", headers={"Accept": "text/html"})


def heard(town, **params):
    return town.webmaster.get("@social-listening", show="all", **params).json()["items"]


def mails(town):
    transaction.begin()
    return [mail for _id, mail in waiting(town.site)]


@pytest.fixture
def departments(town):
    settings().departments = ["Voirie: voirie@town.example", "Cabinet: cabinet@town.example"]
    transaction.commit()


@pytest.fixture
def match(town, source, departments):
    follow(town)
    (found,) = heard(town)
    return found


def everywhere(town, uid):
    """Puts it wherever a feed can be put."""
    with api.env.adopt_roles(["Manager"]):
        page = api.content.create(town.site, "Document", id="page", title="Page", social_feed=uid)
        api.content.transition(page, to_state="published")
        api.content.create(town.site[content.CONTAINER], content.MIX, id="mix", title="All", sources=[uid])
        column = getUtility(IPortletManager, name="plone.rightcolumn")
        getMultiAdapter((town.site, column), IPortletAssignmentMapping)["feed"] = Assignment(uid)
    transaction.commit()


DOORS = (
    "",
    "page",
    "social-feeds",
    "social-feeds/mix",
    "social-feeds/veille",
    "social-feeds/veille/view",
    "social-feeds/veille/@@social-media/{picture}",
    "social-feeds/@@social-source",
    "@@search?portal_type=SocialSource",
    "sitemap",
)
SERVICES = (
    "@social-feed/veille",
    "@social-feed/mix",
    "social-feeds/veille",
    "social-feeds?fullobjects=1",
    "social-feeds/mix",
    "page",
    "@search?portal_type=SocialSource&fullobjects=1",
    "@vocabularies/collective.socialterritory.Boxes",
    "@vocabularies/collective.socialterritory.Sources",
    "@social-listening",
)


def told(town, client, title="Veille"):
    """Doors at which somebody reads of the source or what it says."""
    (name,) = Feeds(town.site).pictures(IUUID(town.site["social-feeds"]["veille"])).values()
    seen = []
    for kind, doors in (("text/html", DOORS), ("application/json", SERVICES)):
        for door in doors:
            url = f"{client.url}/{door.format(picture=name)}"
            answer = client.session.get(url, headers={"Accept": kind}, allow_redirects=False)
            picture_there = answer.headers.get("Content-Type", "").startswith("image/")
            if picture_there or any(word in answer.text for word in (SECRET, f">{title}<", f'"{title}"')):
                seen.append(door)
    return seen


def test_visitors_and_members_see_a_source_for_staff_at_no_door(town, source):
    everywhere(town, IUUID(source))
    assert told(town, town.anonymous) == told(town, town.member) == told(town, town.editor) == []
    assert SECRET in town.webmaster.get("@social-feed/veille").text
    assert SECRET in read(town.webmaster, "social-feeds/veille").text
    for door in ("social-feeds/mix", "page"):
        assert SECRET not in read(town.webmaster, door).text


def test_a_source_becomes_public_and_private_again(town, source):
    everywhere(town, IUUID(source))
    assert town.webmaster.patch("social-feeds/veille", {"staff": False}).status_code == 204
    assert {"page", "social-feeds/mix", "social-feeds/veille", "@social-feed/veille"} <= set(told(town, town.anonymous))
    before = Feeds(town.site).changed
    assert town.webmaster.patch("social-feeds/veille", {"staff": True}).status_code == 204
    assert told(town, town.anonymous) == told(town, town.member) == []
    assert Feeds(town.site).changed > before, "caches keep pages that showed it"


def test_no_cache_keeps_for_others_what_staff_are_shown(town, source):
    (name,) = Feeds(town.site).pictures(IUUID(source)).values()
    for door in (f"social-feeds/veille/@@social-media/{name}", "@social-feed/veille", "social-feeds/veille/view"):
        kind = "application/json" if door.startswith("@") else "text/html"
        answer = town.webmaster.session.get(f"{town.url}/{door}", headers={"Accept": kind})
        assert answer.status_code == 200 and answer.headers["Cache-Control"].startswith("private"), door


def test_only_those_who_listen_come_in(town, match):
    doors = ("@@social-listening", "@@social-watch", "@social-listening")
    for client in (town.anonymous, town.member, town.editor, town.validator):
        for door in doors:
            answer = client.session.get(f"{town.url}/{door}", allow_redirects=False)
            assert answer.status_code in (302, 401) and SECRET not in answer.text, (client.user, door)
            assert client.session.post(f"{town.url}/{door}", {"all": "1"}, allow_redirects=False).status_code != 200
        assert "@@social-listening" not in read(client, "@@social-desk").text
    with api.env.adopt_roles(["Manager"]):
        api.user.grant_roles(username="member", roles=["Social Listener"])
    transaction.commit()
    page = read(town.member, "@@social-listening")
    assert SECRET in page.text and page.headers["Cache-Control"] == "private, no-store"
    assert "@@social-listening" in read(town.member, "social-feeds").text
    assert "@@social-listening" in read(town.member, "@@social-desk").text


def test_pages_write_nothing_without_an_authenticator(town, match):
    page = f"{town.url}/@@social-listening"
    for form in ({"all": "1", "until": "9"}, {"id": match["id"], "read": "yes"}, {"id": match["id"], "forward": "1"}):
        assert town.webmaster.session.post(page, form).status_code == 403
        town.webmaster.session.get(page, params=form)
    assert town.webmaster.session.post(f"{town.url}/@@social-watch", {"title": "Y", "terms": "y"}).status_code == 403
    town.webmaster.session.get(f"{town.url}/@@social-watch", params={"title": "Y", "terms": "y", "save": "1"})
    transaction.begin()
    before = town.site._p_jar.db().lastTransaction()
    (same,) = heard(town)
    assert same == match and not mails(town) and [watch.title for watch in Listening(town.site).watches()] == ["X"]
    assert town.site._p_jar.db().lastTransaction() == before, "a look writes nothing"


def test_each_entry_is_found_once_whatever_its_feed_does(town, source, feeding, match):
    assert match["title"] == SECRET and match["source"] == "Veille" and not match["read"]
    again = {"title": SECRET, "text": "Encore des travaux #VilleDeX"}
    new = {"title": "Nouveau", "text": "#villedex", "link": match["url"]}
    feeding.put("/feed.xml", rss(again, new))  # one page for both: their ids are others from now on
    hurry(town)
    assert [found["title"] for found in heard(town)].count(SECRET) == 1 and len(heard(town)) == 2
    feeding.put("/feed.xml", rss({"title": "Rien"}))
    hurry(town)
    feeding.put("/feed.xml", rss(again))
    hurry(town)
    assert len(heard(town)) == 2
    follow(town, "travaux", "Y")
    (both,) = [found for found in heard(town) if found["title"] == SECRET]
    assert len(both["watches"]) == 2 and len(heard(town)) == 2


def test_a_watch_looks_through_what_is_there_and_forgets_when_it_is_gone(town, source, match):
    follow(town, "météo", "Ciel", sources=IUUID(source))
    assert sorted(found["title"] for found in heard(town)) == sorted(["Météo", SECRET])
    (watch,) = [watch for watch in Listening(town.site).watches() if watch.title == "Ciel"]
    assert send(town.webmaster, "@@social-watch", id=watch.id, delete="1").status_code == 200
    assert [found["title"] for found in heard(town)] == [SECRET]
    Listening(town.site).prune(NOW)
    assert len(Listening(town.site)._matches) == 1
    follow(town, "météo", "Ciel")
    assert len(heard(town)) == 2
    refused = send(town.webmaster, "@@social-watch", title=" ", terms="#!", save="1").text
    assert "Give it a name." in refused and "Each line needs a letter or a number." in refused and ">#!<" in refused


def test_what_is_kept_is_bounded(town, source, match):
    known = Listening(town.site)
    (watch,) = known.watches()
    for number in range(MOST):
        entry = Entry(str(number), f"https://x.example/{number}", NOW, "x")
        known.keep(entry, (f"{number:032}",), {watch.id: ("x",)}, "S", NOW + timedelta(days=400))
    assert known.full and len(known.matches()) == MOST + 1
    copy = Feeds(town.site).feed(IUUID(source))
    hear(town.site, content.source(source), copy, NOW + timedelta(days=400))
    assert not known.full and all(found.id != match["id"] for found in known.matches())
    entry = Entry("0", "https://x.example/0", NOW, "x")
    known.prune(NOW + timedelta(days=500))
    known.keep(entry, (f"{0:032}",), {watch.id: ("x",)}, "S", NOW + timedelta(days=501))
    assert known.matches() == [], "what was dropped is not found anew"


def test_read_unread_and_all(town, source, feeding, match):
    def page():
        return town.webmaster.get("@social-listening").json()["items_total"]

    assert page() == 1
    assert "Nothing to read." in send(town.webmaster, "@@social-listening", id=match["id"], read="yes").text
    assert page() == 0 and heard(town)[0]["read"]
    everything = send(town.webmaster, "@@social-listening?show=all", id=match["id"], read="no").text
    assert SECRET in everything and "Mark as read" in everything and page() == 1
    feeding.put("/feed.xml", rss({"title": "Tard", "text": "#villedex"}))
    hurry(town)
    send(town.webmaster, "@@social-listening", all="1", until=match["id"])
    (left,) = town.webmaster.get("@social-listening").json()["items"]
    assert left["title"] == "Tard", "what came while somebody was reading stays unread"
    assert "not there any more" in send(town.webmaster, "@@social-listening", id="nonsense", read="yes").text


def test_forwarded_once_to_a_department_with_a_note_and_logged(town, match):
    form = {"id": match["id"], "forward": "1", "department": "Voirie", "note": "À voir\nMerci"}
    page = send(town.webmaster, "@@social-listening?show=all", **form).text
    assert "Forwarded to Voirie." in page and "À voir" in page
    assert re.search(r"Forwarded to\s+Voirie\s+by\s+Webmaster", page)
    send(town.webmaster, "@@social-listening", **form)
    (mail,) = mails(town)
    assert mail["to"] == "voirie@town.example" and mail["subject"] == f"Forwarded: {SECRET}"
    assert all(part in mail["body"] for part in ("Webmaster", "À voir\nMerci", "Encore des travaux", match["url"]))
    (log,) = heard(town)[0]["forwards"]
    assert (log["by"], log["department"], log["note"]) == ("webmaster", "Voirie", "À voir\nMerci") and heard(town)[0][
        "read"
    ]


def test_nothing_is_forwarded_to_whom_the_settings_do_not_name(town, match):
    evil = "thief@evil.example"
    for department in ("", evil, "voirie@town.example", f"Voirie\nBcc: {evil}", "voirie"):
        form = {"id": match["id"], "forward": "1", "department": department, "note": "Secret"}
        page = send(town.webmaster, "@@social-listening", **form)
        assert "Choose one of the departments." in page.text and ">Secret<" in page.text, department
    assert not mails(town) and not heard(town)[0]["forwards"]


def test_nobody_writes_headers(town, source, feeding, departments):
    said = {"title": "#villedex\u2028Bcc: thief@evil.example", "text": "<![CDATA[<b onclick=x>]]>"}
    feeding.put("/feed.xml", rss(said))
    hurry(town)
    follow(town)
    (found,) = heard(town)
    form = {"id": found["id"], "forward": "1", "department": "Cabinet"}
    send(town.webmaster, "@@social-listening", **form, note="x\r\nBcc: thief@evil.example")
    (mail,) = mails(town)
    assert mail["to"] == "cabinet@town.example" and not re.search(r"[\r\n\u2028]", mail["subject"])
    page = read(town.webmaster, "@@social-listening?show=all")
    assert "onclick" not in page.text
    too_long = send(town.webmaster, "@@social-listening?show=all", **form, note="x" * 2001)
    assert "2000 characters at most" in too_long.text and len(mails(town)) == 1


def test_the_digest_tells_each_department_once_what_is_new(town, source, feeding, departments, later):
    follow(town, departments=["Cabinet", "thief@evil.example"])
    follow(town, "travaux", "Y", departments=["Cabinet", "Voirie"])
    later(timedelta(days=1))
    work(town.functional), work(town.functional)
    first, second = sorted(mails(town), key=lambda mail: mail["to"])
    assert (first["to"], second["to"]) == ("cabinet@town.example", "voirie@town.example")
    assert (
        first["subject"] == "Listening: 1 new"
        and first["body"].count(SECRET) == 2
        and second["body"].count(SECRET) == 1
    )
    assert "https://www.town.example/@@social-listening" in first["body"]
    later(timedelta(days=1))
    work(town.functional)
    assert len(mails(town)) == 2, "nothing new: no mail"
    feeding.put("/feed.xml", rss({"title": "Nouveau", "text": "#villedex"}))
    hurry(town)
    assert len(mails(town)) == 2, "once a day"
    later(timedelta(days=1))
    work(town.functional)
    (third,) = [mail for mail in mails(town) if "Nouveau" in mail["body"]]
    assert third["to"] == "cabinet@town.example" and SECRET not in third["body"]


def test_a_digest_that_was_not_stored_is_made_again_and_one_that_was_is_not(town, source, departments):
    follow(town, departments=["Cabinet"])
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    send_digest(town.site, tomorrow)
    transaction.abort()
    assert not mails(town)
    send_digest(town.site, tomorrow)
    transaction.commit()
    send_digest(town.site, tomorrow)
    transaction.commit()
    assert len(mails(town)) == 1


def test_a_digest_is_bounded(town, source, departments):
    follow(town, departments=["Cabinet"])
    known = Listening(town.site)
    (watch,) = known.watches()
    for number in range(letters.SHOWN):
        entry = Entry(str(number), f"https://x.example/{number}", NOW, f"Number {number} " + "x " * 1000)
        known.keep(entry, (f"{number:032}",), {watch.id: ("x",)}, "S", NOW)
    letters.digest(town.site, known.digest(NOW), NOW)
    transaction.commit()
    (mail,) = mails(town)
    assert "And 1 more." in mail["body"] and len(mail["body"]) < 15_000


def test_settings_refuse_what_is_no_department(town):
    panel = "@controlpanels/social-territory"
    assert town.webmaster.patch(panel, {"departments": ["thief@evil.example"]}).status_code == 400
    assert town.webmaster.patch(panel, {"departments": ["Voirie: voirie@town.example"]}).status_code == 204
    assert letters.known() == {"Voirie": "voirie@town.example"}


def test_what_a_pasted_address_leads_to_can_be_kept_for_staff_from_the_start(town, feeding):
    url = feeding.put("/feed.xml", rss({"title": SECRET}))
    send(town.webmaster, "social-feeds/@@social-source", address=url, title="Veille", staff="1", save="1")
    assert town.anonymous.get("@social-feed/veille").status_code == 401
