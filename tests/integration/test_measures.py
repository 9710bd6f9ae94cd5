"""How far posts got, from the network to the pages: asked when due, paid for, shown, taken away as a sheet."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.worker import link
from collective.socialterritory.accounts.worker import network_of
from collective.socialterritory.comments.hearing import speaking
from collective.socialterritory.comments.hearing.worker import listen_at_once
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IJob
from collective.socialterritory.interfaces import settings
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.pause import Pause
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from decimal import Decimal
from faults import Said
from follow import page
from follow import press
from follow import tab
from plone import api
from plone.app.discussion.interfaces import IConversation
from rest import PEOPLE
from zope.component import getUtility
from zope.globalrequest import setRequest

import csv
import io
import pytest
import transaction


PAGE = "social-accounts/mairie/@@social-month"
HTML = {"Accept": "text/html"}


@pytest.fixture
def account(town, server, network):
    """The body's account there, linked and the only one."""
    setRequest(town.functional["request"])
    fields = {"id": "mairie", "title": "Mairie", "network": network, "validation": "none", "ceiling": 10}
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(town.account)
        made = api.content.create(town.site["social-accounts"], "SocialAccount", **fields)
        made.manage_setLocalRoles("validator", ["Social Validator"])
    linked(town, server, made)
    return made


def linked(town, server, made, **who):
    there = server.accounts[0]
    identity = Identity(who.get("id", there.id), "@mairie", f"{server.url}/@mairie")
    connection = Connection(identity, server.credentials(there))
    link(town.site, made.UID(), network_of(made.network), {}, connection, clock.now())
    transaction.commit()


@pytest.fixture
def item(town, account, work):
    item = town.news("Marché samedi à 8 h")
    work()
    return item


@pytest.fixture
def post(town, item):
    (post,) = town.stored(item)
    assert post.receipt_id
    return post


@pytest.fixture
def measure(town, later, work):
    """Time passes, and the worker does what is due then."""

    def measure(by=timedelta(minutes=16)):
        later(by)
        work()
        transaction.begin()
        return Counted(town.site)

    return measure


def react(server, post, likes, reposts=0, replies=0):
    server.counts[post.receipt_id] = {"favourites_count": likes, "reblogs_count": reposts, "replies_count": replies}


def words(soup):
    return " ".join(soup.find(id="content").get_text(" ").split())


def test_from_the_network_to_the_pages(town, server, item, post, measure):
    react(server, post, 3, 1)
    assert server.calls["status"] == 0
    assert measure().last(post.id).counts == Counts(3, 1, 0)
    measure(timedelta(minutes=1))
    assert server.calls["status"] == 1
    react(server, post, 1234, 1)
    counted = measure(timedelta(hours=1))
    assert [point.counts.likes for point in counted.series(post.id).points] == [3, 1234]
    for where in (tab(town.editor, item), page(town.validator, "@@social-desk?filter=published")):
        told = where.find(class_="social-counted")
        assert told.find("svg", role="img").title.extract().text == "Reactions each time they were counted: 4, 1235"
        assert "1,234 likes 1 repost counted today" in " ".join(told.get_text(" ").split())
    assert tab(town.validator, item).find(class_="social-counted").a["href"].endswith(PAGE)
    before = town.site._p_jar.db().lastTransaction()
    month = page(town.validator, PAGE)
    assert "Mairie" in words(month) and "Marché samedi à 8 h" in words(month) and "1,235" in words(month)
    assert month.find("link", rel="icon") or month.find("link", rel="shortcut")
    charts = month.find_all("svg", class_="social-chart")
    assert charts and all(month.find(id=chart["aria-labelledby"]) for chart in charts)
    assert not month.find(id="content").find_all(["script", "style"])
    (row,) = sheet(town.validator)
    assert (row["News item"], row["Likes"], row["Reposts"], row["Views"]) == ("Marché samedi à 8 h", "1234", "1", "")
    assert row["Address of the post"] == post.receipt_url
    assert town.site._p_jar.db().lastTransaction() == before


def sheet(client, **more):
    answer = client.session.get(f"{client.url}/{PAGE}", params={"format": "csv", **more}, timeout=30)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8" and answer.headers["X-Content-Type-Options"]
    assert answer.headers["Cache-Control"] == "private, no-store" and answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_pages_of_other_months_in_french_and_who_reads_them(town, server, account, item, post):
    old = clock.now() - timedelta(days=400)
    for number, title in enumerate(["=1+1", "Travaux"]):
        made = replace(post, id=f"{item.UID()}.{number}", item_title=title, finished=old, receipt_url="javascript:x")
        Outbox(town.site).enqueue(made)
    Counted(town.site).keep(f"{item.UID()}.1", Counts(2, 0, 1), old + timedelta(days=30))
    transaction.commit()
    month = f"{old:%Y-%m}"
    found = page(town.webmaster, f"{PAGE}?month={month}")
    assert not found.find(href="javascript:x")
    assert "Too few posts to name the best" in words(found)
    assert [row["News item"] for row in sheet(town.webmaster, month=month)] == ["'=1+1", "Travaux"]
    assert "Nothing was posted on this account in that month." in words(page(town.webmaster, f"{PAGE}?month=1999-01"))
    assert not page(town.webmaster, PAGE).find("a", rel="next")
    assert page(town.webmaster, f"{PAGE}?month={month}").find("a", rel="next")
    for name in PEOPLE:
        client = getattr(town, name)
        answer = client.session.get(f"{client.url}/{PAGE}", headers=HTML, timeout=30)
        assert ("Posts of the month" in answer.text) == (name in ("editor", "validator", "webmaster")), name
    assert "Mairie" not in town.anonymous.session.get(f"{town.url}/{PAGE}", headers=HTML, timeout=30).text


def test_what_is_gone_is_asked_about_no_more_and_keeps_its_numbers(town, server, post, measure):
    react(server, post, 3)
    measure()
    server.accounts[0].statuses.clear()
    counted = measure(timedelta(hours=1))
    assert counted.series(post.id).gone and counted.last(post.id).counts.likes == 3
    asked = server.calls["status"]
    getUtility(IJob, "measures").start(town.site, clock.now())
    measure(timedelta(hours=3))
    assert server.calls["status"] == asked


def test_what_was_taken_away_is_not_linked(town, item, post, work):
    assert page(town.webmaster, PAGE).find("a", href=post.receipt_url)
    press(town.editor, item, "withdraw")
    work()
    told = page(town.webmaster, PAGE)
    assert post.item_title in words(told) and not told.find("a", href=post.receipt_url)


def test_a_post_that_is_refused_keeps_no_other_from_being_counted(town, server, item, post, measure, work):
    other = town.news("Travaux")
    work()
    server.instead["status"] = Said(400, b'{"error": "No"}')
    measure(timedelta(minutes=20))
    assert server.calls["status"] == 1
    assert "refuses to tell them: No" in words(page(town.validator, PAGE))
    measure(timedelta(minutes=6))
    del server.instead["status"]
    counted = measure(timedelta(minutes=11))
    (second,) = town.stored(other)
    assert [counted.last(id) is None for id in (post.id, second.id)] == [True, False]
    assert "refuses to tell" not in words(page(town.validator, PAGE))
    assert measure(timedelta(hours=1)).last(post.id)


def test_a_start_goes_on_from_what_is_stored_and_the_switch_is_obeyed(town, server, post, measure):
    settings().measures = False
    transaction.commit()
    measure()
    assert server.calls["status"] == 0
    assert "a setting of the site is off" in words(page(town.validator, PAGE))
    settings().measures = True
    transaction.commit()
    measure()
    getUtility(IJob, "measures").start(town.site, clock.now())
    measure(timedelta(minutes=1))
    assert server.calls["status"] == 1


def test_who_cannot_be_asked_is_not_and_failures_disturb_nobody(town, server, account, item, post, measure):
    accounts = Accounts(town.site)
    accounts.pause(account.UID(), Pause("Élections", "Camille", clock.now()))
    transaction.commit()
    measure()
    assert server.calls["status"] == 0
    accounts.pause(account.UID(), None)
    linked(town, server, account, id="99@elsewhere")
    measure(timedelta(minutes=2))
    assert server.calls["status"] == 0
    linked(town, server, account)
    getUtility(IJob, "measures").start(town.site, clock.now())
    server.script("status", *["500_before"] * 3)
    for minutes in (2, 6, 11):
        measure(timedelta(minutes=minutes))
    assert server.calls["status"] == 3
    assert f"{server.host.partition(':')[0]} does not tell them at the moment." in words(page(town.validator, PAGE))
    measure(timedelta(minutes=21))
    assert Counted(town.site).last(post.id).counts == Counts(0, 0, 0)
    assert "does not tell" not in words(page(town.validator, PAGE))
    assert "No reaction yet" in words(tab(town.editor, item))


@pytest.mark.parametrize("network", ["x"], indirect=True)
def test_what_costs_is_asked_for_where_a_person_wants_it_and_under_the_ceiling(town, server, account, post, measure):
    measure(timedelta(days=1, minutes=1))
    assert "takes money for its figures" in words(page(town.validator, PAGE))
    settings().measures_paid = True
    account.ceiling = 0
    transaction.commit()
    measure(timedelta(hours=2))
    account.ceiling = 1
    Accounts(town.site).pay(account.UID(), Decimal("0.998"), clock.now())
    transaction.commit()
    measure(timedelta(hours=2))
    assert server.calls["looks"] == 0
    Accounts(town.site).pay(account.UID(), Decimal("-0.8"), clock.now())
    transaction.commit()
    spent = Accounts(town.site).get(account.UID()).paid
    measure(timedelta(hours=2))
    now = Accounts(town.site).get(account.UID()).paid
    assert (server.calls["looks"], sum(now.values()) - sum(spent.values())) == (1, Decimal("0.005"))
    assert Counted(town.site).last(post.id).counts == Counts(0, 0, 0, 0)
    server.script("looks", "500_before")
    measure(timedelta(days=7))
    assert server.calls["looks"] == 2
    assert sum(Accounts(town.site).get(account.UID()).paid.values()) in (0, sum(now.values()))


def test_how_soon_people_were_answered(town, server, account, item, post, work, monkeypatch):
    account.replies = True
    transaction.commit()
    listen_at_once()
    said = clock.now() - timedelta(seconds=1)
    server.say(server.account("habitante"), "Et le soir ?", said, in_reply_to_id=post.receipt_id)
    work()
    monkeypatch.setattr(getUtility(IJob, "replies"), "hurry", False)
    transaction.begin()
    setRequest(town.functional["request"])
    (comment,) = IConversation(item).getComments()
    monkeypatch.setattr(clock, "now", lambda now=clock.now: now() + timedelta(hours=2, minutes=5))
    with api.env.adopt_roles(["Manager"]):
        speaking.answer_out(comment, "Jusqu'à 19 h", clock.now())
    transaction.commit()
    work()
    assert Outbox(town.site).of_item(item.UID())[0].state == "delivered"
    told = words(page(town.validator, f"{PAGE}?month={datetime.now(UTC):%Y-%m}"))
    assert "Median time to answer 2 h 5 min" in told and "Answers are those that were written on this site." in told
