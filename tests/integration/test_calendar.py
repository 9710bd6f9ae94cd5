"""The calendar over real HTTP: who sees what on which day, moving what is planned, and what nobody may move."""

from bs4 import BeautifulSoup
from collective.socialterritory import clock
from collective.socialterritory.crosspost import calendar
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from DateTime import DateTime
from datetime import timedelta
from plone import api
from plone.locking.interfaces import ILockable
from rest import PEOPLE
from zoneinfo import ZoneInfo

import pytest
import re
import transaction


PAGE = "@@social-calendar"
PARIS = ZoneInfo("Europe/Paris")
HTML = {"Accept": "text/html"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture
def town(town):
    api.portal.set_registry_record("plone.portal_timezone", "Europe/Paris")
    transaction.commit()
    return town


@pytest.fixture
def soon(town):
    """A day and time in the week after next, and the item that is planned for it."""
    day = (clock.now() + timedelta(days=14)).astimezone(PARIS).replace(hour=8, minute=30, second=0, microsecond=0)
    return day, town.news("Menu de la cantine", social_at=day.replace(tzinfo=None))


def read(client, **query):
    answer = client.session.get(f"{client.url}/{PAGE}", params=query, headers=HTML, timeout=60)
    assert answer.status_code == 200, answer.text
    return BeautifulSoup(answer.text, "html.parser").find(id="content-core")


def entries(page):
    """(day, title) of what stands on the page, whatever the way of showing."""
    found = []
    for entry in page.select(".social-entry"):
        link = entry.select_one("a")
        found.append((link["id"][-10:], link.get_text(strip=True)))
    return found


def press(client, uid, day, time="09:00", **changes):
    """Send the form of the page, as somebody sees it who may move the item; what came of it, in words."""
    page = read(client, move=uid)
    form = page.select_one("#social-move form") or page.find(id="social-drop")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input") if field.get("name")}
    data = {**fields, "item": uid, "day": day, "time": time, **changes}
    answer = client.session.post(f"{client.url}/{PAGE}", data=data, headers=HTML, timeout=60)
    transaction.begin()
    assert answer.status_code == 200, answer.text
    soup = BeautifulSoup(answer.text, "html.parser")
    return " ".join(message.get_text(" ", strip=True) for message in soup.select(".alert, .portalMessage"))


def test_a_post_stands_on_its_day_in_each_way_of_showing(town, soon):
    day, item = soon
    iso = day.date().isoformat()
    for view in ("month", "week", "list"):
        page = read(town.editor, view=view, date=iso)
        assert entries(page) == [(iso, "Menu de la cantine")], view
        assert "8:30" in page.get_text() and "To approve" in page.get_text() and "Town" in page.get_text()
        assert page.find("a", attrs={"aria-current": "page"}).get_text(strip=True).lower() == view
    table = read(town.editor, date=iso).find("table")
    assert [len(row.find_all("td")) for row in table.select("tbody tr")] == [7] * len(table.select("tbody tr"))
    (post,) = town.stored(item)
    out = clock.now() - timedelta(days=40)
    Outbox(town.site).save(replace(post, state=State.DELIVERED, finished=out))
    Outbox(town.site).archive(clock.now())
    transaction.commit()
    there = out.astimezone(PARIS).date().isoformat()
    page = read(town.editor, date=there)
    assert entries(page) == [(there, "Menu de la cantine")] and "Published" in page.get_text()
    assert entries(read(town.editor, date=iso)) == []
    assert entries(read(town.editor, date=there, show="planned")) == []
    assert entries(read(town.editor, date=there, show="published", account=post.account)) != []
    assert "Nothing matches" in read(town.editor, date=there, account="x").get_text()
    assert not read(town.editor, date=there).select("[data-social-item], .social-entry-move")


def test_who_sees_what(town, both):
    shown = {name: read(getattr(town, name)).get_text() for name in PEOPLE}
    mine = {name: {title for title in ("Town", "Sports") if title in text} for name, text in shown.items()}
    everything = {"Town", "Sports"}
    assert mine == {
        "member": set(),
        "editor": everything,
        "validator": {"Town"},
        "second": everything,
        "webmaster": everything,
    }
    assert both.title not in shown["member"]
    assert "You see here the posts of items that you may change" in read(town.member).get_text()
    assert read(town.validator, account=town.sports.UID()).get_text().count(both.title) == 0
    assert "social-calendar" in town.site.portal_actions.user
    assert f'href="{town.url}/{PAGE}"' in town.member.session.get(f"{town.url}/@@social-desk", headers=HTML).text
    answer = town.anonymous.session.get(f"{town.url}/{PAGE}", headers=HTML)
    assert "/login" in answer.url and "social-desk social-calendar" not in answer.text


def test_moving(town, soon):
    day, item = soon
    (before,) = town.stored(item)
    town.validator.decide(town.validator.delivery(), "approve", fingerprint=before.fingerprint)
    to = (day + timedelta(days=10)).date().isoformat()
    told = press(town.editor, item.UID(), to, "10:15")
    assert re.search(r"Moved to \w+day \d+ \w+( \d{4})?, 10:15\.", told), told
    (after,) = town.stored(item)
    assert after.due.astimezone(PARIS).isoformat(timespec="minutes")[:16] == f"{to}T10:15"
    assert item.social_at == after.due.astimezone(PARIS).replace(tzinfo=None), "as the editing form has it"
    assert (after.state, after.fingerprint) == (State.QUEUED, before.fingerprint)
    assert [given.by for given in after.approvals] == ["validator"], "an approval is for words, not for a day"
    assert entries(read(town.editor, date=to)) == [(to, "Menu de la cantine")]
    assert "31 December 2499" in press(town.editor, item.UID(), "2499-12-31"), "a year that was mistyped is seen"
    assert "Nothing was published" in read(town.editor, view="week", date=day.date().isoformat()).get_text()


def test_what_is_refused_stays_where_it_is_and_says_why(town, soon):
    day, item = soon
    later = (day + timedelta(days=1)).date().isoformat()
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    (planned,) = town.stored(item)

    def refused(sentence, day=later, time="09:00", client=town.editor, uid="", **changes):
        told = press(client, uid or item.UID(), day, time, **changes)
        assert sentence in told, told
        assert town.stored(item) == [planned]

    refused("That day and time are over.", day=yesterday)
    for day, time in [("0000-00-00", "08:00"), ("9999-12-31", "08:00"), (later, "25:00"), ("", ""), ("9" * 9000, EVIL)]:
        refused("Please give a day such as", day=day, time=time)
    refused("Somebody moved it since you looked", seen="2026-01-01T00:00:00+00:00")
    refused("Whoever moves it must be allowed", client=town.validator)
    refused("not there any more, or it is not for you", client=town.member)
    refused("not there any more, or it is not for you", uid="0" * 32)
    with api.env.adopt_user(username="webmaster"):
        ILockable(item).lock()
        transaction.commit()
    refused("Webmaster is editing this item just now.")
    with api.env.adopt_user(username="webmaster"):
        ILockable(item).unlock()
    item.expiration_date = DateTime(f"{later} 06:00 UTC")
    transaction.commit()
    refused("and nothing would leave after that.")
    Outbox(town.site).save(planned := replace(planned, state=State.FAILED))
    transaction.commit()
    refused("Nothing of this item waits any more")
    assert "This cannot be moved" in read(town.editor, move=item.UID()).get_text()


def test_an_item_moves_as_a_whole_and_never_by_who_may_not_post_on_each_account(town):
    """Somebody who may change the item by a role that posts nowhere, and posts on one account of two."""
    with api.env.adopt_roles(["Manager"]):
        sports = town.speaks("Sports", "second", validation="one", gap=60)
    day = clock.now() + timedelta(days=14)
    item = town.news(social_at=day.replace(tzinfo=None))
    item.manage_permission("Modify portal content", ["Member", "Editor", "Manager"])
    sports.manage_setLocalRoles("member", ["Social Submitter"])
    transaction.commit()
    assert len(before := town.stored(item)) == 2
    to = (day + timedelta(days=1)).date().isoformat()
    assert "Whoever moves it must be allowed" in press(town.member, item.UID(), to)
    assert town.stored(item) == before
    assert "Moved to" in press(town.editor, item.UID(), to)
    assert {post.due.astimezone(PARIS).date().isoformat() for post in town.stored(item)} == {to}


def test_two_people_at_once(town, soon):
    day, item = soon
    first, second = ((day + timedelta(days=n)).date().isoformat() for n in (1, 2))
    seen = read(town.editor, move=item.UID()).find("input", {"name": "seen"})["value"]
    assert "Moved to" in press(town.webmaster, item.UID(), first)
    told = press(town.editor, item.UID(), second, seen=seen)
    assert "Somebody moved it since you looked" in told
    (post,) = town.stored(item)
    assert post.due.astimezone(PARIS).date().isoformat() == first


def test_nothing_moves_without_an_authenticator(town, soon):
    day, item = soon
    data = {"item": item.UID(), "day": "2499-01-01", "time": "08:00", "seen": town.stored(item)[0].due.isoformat()}
    before = town.stored(item)
    for method in ("post", "get"):
        fields = {"params" if method == "get" else "data": data}
        answer = getattr(town.editor.session, method)(f"{town.url}/{PAGE}", headers=HTML, **fields)
        assert answer.status_code == (403 if method == "post" else 200)
        assert town.stored(item) == before


def test_hours_and_pace_of_the_account_are_told(town, soon):
    day, item = soon
    town.account.hours = [f"{'mon tue wed thu fri sat sun'.split()[day.weekday()]} 8:00-9:00"]
    transaction.commit()
    told = press(town.editor, item.UID(), (day + timedelta(days=1)).date().isoformat(), "07:00")
    assert "Moved to" in told and "Town: it leaves on" in told and "It still waits for approval." in told
    there = (day + timedelta(days=7)).date().isoformat()
    assert (there, item.title) in entries(read(town.editor, date=there)), "it stands where it will leave"


def test_addresses_that_make_no_sense(town, soon):
    for query in (
        "date=0000-00-00&view=month",
        "date=9999-12-31&view=week",
        f"view={'month' * 500}&date={'9' * 2000}&account={'x' * 2000}&show={'9' * 500}&move={'%00' * 100}",
        "view=week&view=list&date=2026-01-01&date=2026-01-02&move=a&move=b",
        "date:int=3&view:list=month&account:record=a&show=%ff&move:tuple=x",
        "date=2499-12-31&view=week",
        "date=1970-01-01",
        "date=2026-11-31",
    ):
        answer = town.editor.session.get(f"{town.url}/{PAGE}?{query}", headers=HTML, timeout=60)
        assert answer.status_code == 200, query
        ends = "1970" in query or "2499" in query
        assert ("The calendar does not have that day." in answer.text) != ends, query


def test_a_busy_day_is_folded_and_a_huge_month_says_so(town, soon, monkeypatch):
    day, item = soon
    (post,) = town.stored(item)
    outbox = Outbox(town.site)
    out = clock.now() - timedelta(days=40)
    for number in range(8):
        id, finished = f"{number:032}", out + timedelta(seconds=number)
        more = {"state": State.DELIVERED, "finished": finished, "item_title": f"{EVIL} {number}"}
        outbox.enqueue(replace(post, id=f"{id}.x", content=id, **more))
    outbox.archive(clock.now())
    transaction.commit()
    there = out.astimezone(PARIS).date().isoformat()
    page = read(town.validator, date=there)
    assert len(entries(page)) == 8 and len(page.select("details .social-entry")) == 4
    assert "4 more" in page.find("summary").get_text(" ", strip=True)
    assert not page.find_all("img", src="x") and not page.find_all("script", string=re.compile("alert"))
    assert "/@@social-desk?id=" in page.select_one(".social-entry a")["href"], "the item is gone"
    monkeypatch.setattr(calendar, "MOST", 5)
    page = read(town.validator, date=there, view="list")
    assert len(entries(page)) == 5 and "more posts than one page shows" in page.get_text()


def test_weeks_and_days_are_as_people_there_write_them(town, soon):
    with api.env.adopt_roles(["Manager"]):
        api.portal.set_registry_record("plone.available_languages", ["en", "fr"])
        api.portal.set_registry_record("plone.use_request_negotiation", True)
        api.portal.set_registry_record("plone.first_weekday", 6)
    transaction.commit()
    first = read(town.editor, date="2026-11-23", view="week").select_one("th .visually-hidden")
    assert first.get_text() == "Sunday"
    HEADERS = {"Accept-Language": "fr"}
    town_url = f"{town.url}/{PAGE}"
    answer = town.editor.session.get(town_url, params={"date": "2026-11-23", "view": "week"}, headers=HTML | HEADERS)
    page = BeautifulSoup(answer.text, "html.parser").find(id="content-core")
    assert page.select_one("th .visually-hidden").get_text() == "Lundi"
