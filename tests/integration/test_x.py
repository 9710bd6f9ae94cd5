"""X on a site: linked in two ways, its price told before posting, and its ceiling kept."""

from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.http import Http
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.x import network
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape
from linking import later
from plone import api
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


KEYS = ("api_key", "api_secret", "access_token", "access_secret")


pytestmark = pytest.mark.parametrize("network", ["x"], indirect=True)


@pytest.fixture
def x(server):
    return server


@pytest.fixture
def linked(person, x):
    typed = {f"passw-{name}": value for name, value in x.keys(x.accounts[0]).items() if name in KEYS}
    answer = person.press(f"{person.url}/@@connect", **typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, person.url)
    return person


def post(person, item):
    (found,) = [stored for stored in person.town.stored(item) if stored.account == person.uid]
    return found


def limit(person, ceiling):
    person.account.ceiling = ceiling
    transaction.commit()


def paid(person):
    transaction.begin()
    return sum(Accounts(person.town.site).get(person.uid).paid.values())


def ask(person, item, name):
    found = person.town.webmaster.decide({"id": post(person, item).id}, name)
    assert found.status_code == 200, found.text


def test_four_keys_link_and_are_refused_with_a_sentence(person, x):
    typed = {f"passw-{name}": value for name, value in x.keys(x.accounts[0]).items() if name in KEYS}
    answer = person.press(f"{person.url}/@@connect", **{**typed, "passw-api_secret": "wrong"})
    assert "One of the keys is not right" in answer.text
    assert not any(value in answer.text for value in typed.values())
    assert not person.linked
    assert person.press(f"{person.url}/@@connect", **typed).status_code == 302
    assert Accounts(person.town.site).get(person.uid).identity == "@mairie"


def test_consent_is_the_other_way_and_the_one_of_next_time(person, x):
    first = person.get(f"{person.url}/@@connect").text
    assert "passw-api_key" in first and "answer-client_id" not in first
    page = person.get(f"{person.url}/@@connect?way=consent").text
    assert f"{person.town.url}/@@social-linked" in page and "to stay linked longer than two hours" in page
    person.come_back()
    assert "@mairie" in person.get(f"{person.url}/@@social-link").text
    person.confirm()
    assert person.linked
    again = person.get(f"{person.url}/@@connect").text
    assert f'value="{x.typed["answer-client_id"]}"' in again and x.typed["passw-client_secret"] not in again


def test_no_other_way_can_be_asked_for(person):
    assert "passw-api_key" in person.get(f"{person.url}/@@connect?way=%3Cscript%3E").text
    toots = person.town.account.absolute_url()
    assert person.get(f"{toots}/@@connect?way=consent").status_code == 200


@pytest.mark.parametrize(
    ("template", "said", "price"),
    [
        ("{title} {link}", "This post will cost about $0.20 because of its link.", "0.200"),
        ("{title}", "This post will cost about $0.015.", "0.015"),
    ],
)
def test_the_price_is_told_before_and_paid_once(linked, x, template, said, price):
    linked.account.template = template
    transaction.commit()
    item = linked.town.news()
    known = linked.town.webmaster.get(f"{item.getId()}/@social-preview").json()["items"]
    (preview,) = [about for about in known if about["account"]["uid"] == linked.uid]
    assert (preview["price"], said in [note["message"] for note in preview["warnings"]]) == (price, True)
    (train,) = [about for about in known if about["account"]["network"] == "sandbox"]
    assert (train["price"], "cost" in str(train["warnings"])) == (None, False)
    assert said in unescape(linked.get(f"{item.absolute_url()}/@@social-networks").text)
    work(linked.town.functional)
    assert post(linked, item).state is State.DELIVERED
    assert len(x.posts()) == 1
    assert paid(linked) == Decimal(price)


def test_what_would_go_over_the_ceiling_is_held_until_it_is_raised(linked, x):
    limit(linked, 1)
    items = [linked.town.news(f"Menu {number}") for number in range(7)]
    work(linked.town.functional)
    assert (len(x.posts()), paid(linked)) == (5, Decimal("1.000"))
    held = [item for item in items if post(linked, item).state is State.QUEUED]
    assert [post(linked, item).held for item in held] == ["ceiling", "ceiling"]
    told = {mail["to"] for _id, mail in waiting(linked.town.site) if mail["subject"].startswith("On hold")}
    assert {"editor@town.example", "webmaster@town.example"} <= told
    assert "over its ceiling for the month" in linked.get(f"{held[0].absolute_url()}/@@social-networks").text

    ask(linked, held[0], "release")
    work(linked.town.functional)
    assert (len(x.posts()), post(linked, held[0]).held) == (5, "ceiling")
    limit(linked, 2)
    for item in held:
        ask(linked, item, "release")
    work(linked.town.functional)
    assert (len(x.posts()), paid(linked)) == (7, Decimal("1.400"))


def test_a_new_month_begins_at_nothing(linked, x, monkeypatch):
    limit(linked, 1)
    Accounts(linked.town.site).pay(linked.uid, Decimal(1), Accounts(linked.town.site).get(linked.uid).connected_at)
    transaction.commit()
    item = linked.town.news()
    work(linked.town.functional)
    assert (x.posts(), post(linked, item).held) == ([], "ceiling")
    later(monkeypatch, timedelta(days=31))
    x.now = lambda now=x.now: now() + timedelta(days=31)
    ask(linked, item, "release")
    work(linked.town.functional)
    assert (len(x.posts()), paid(linked)) == (1, Decimal("0.200"))


def test_what_surely_did_not_arrive_costs_nothing(linked, x):
    x.script("tweet", "429")
    item = linked.town.news()
    work(linked.town.functional, seconds=4)
    assert (x.posts(), post(linked, item).error, paid(linked)) == ([], "rate_limited", 0)
    assert post(linked, item).cost == ""


def test_what_may_have_arrived_is_counted_until_it_is_looked_up(linked, x):
    limit(linked, 1)
    x.script("tweet", "reset_before")
    item = linked.town.news()
    work(linked.town.functional, seconds=4)
    assert (post(linked, item).doubt, post(linked, item).cost, paid(linked)) == (True, "0.200", Decimal("0.200"))
    outbox = Outbox(linked.town.site)
    outbox.save(replace(post(linked, item), due=post(linked, item).created))
    transaction.commit()
    work(linked.town.functional)
    assert (len(x.posts()), post(linked, item).state, paid(linked)) == (1, State.DELIVERED, Decimal("0.200"))


def test_a_withdrawal_costs_a_cent_and_no_ceiling_stops_it(linked, x, monkeypatch):
    linked.account.withdrawal = "delete"
    limit(linked, 1)
    items = [linked.town.news(f"Menu {number}") for number in range(5)]
    work(linked.town.functional)
    assert (len(x.posts()), paid(linked)) == (5, Decimal("1.000"))
    x.bill.clear()
    answer = linked.town.editor.post(f"{items[0].getId()}/@workflow/retract")
    assert answer.status_code == 200, answer.text
    later(monkeypatch, timedelta(minutes=11))
    work(linked.town.functional)
    (withdrawn,) = [
        one for one in linked.town.stored(items[0]) if one.account == linked.uid and one.operation == "delete"
    ]
    assert (withdrawn.state, withdrawn.cost) == (State.DELIVERED, "0.010")
    assert len(x.posts()) == 4
    assert paid(linked) == Decimal("1.010")
    assert sum(x.bill.values()) == Decimal("0.01")


def correct(linked, item, way):
    """The webmaster, whom the account trusts, asks for it."""
    setRequest(linked.town.functional["request"])  # a worker that ran before has forgotten it
    with api.env.adopt_user(username="webmaster"):
        correcting.correct(linked.town.site, post(linked, item).id, way)
    transaction.commit()
    work(linked.town.functional)


@pytest.fixture
def changed(linked, x):
    """News that has changed since it was posted for 0.20 of 1.00 dollars."""
    limit(linked, 1)
    item = linked.town.news("Menu")
    work(linked.town.functional)
    assert linked.town.editor.patch(item.getId(), {"title": "Menu du lundi"}).status_code == 204
    return item


def spend(linked, amount):
    Accounts(linked.town.site).pay(linked.uid, Decimal(amount), clock.now())
    transaction.commit()


def test_what_a_person_corrects_at_the_network_costs_nothing(linked, changed):
    spend(linked, "0.80")
    correct(linked, changed, "by_hand")
    (edit,) = [one for one in linked.town.stored(changed) if one.account == linked.uid and one.operation == "edit"]
    assert (edit.state, edit.rendition.price, edit.rendition.warnings) == (State.UNCONFIRMED, "", ("no_image",))
    assert paid(linked) == Decimal("1.000")


@pytest.mark.parametrize(("spent", "enough"), [("0.60", False), ("0.59", True)])
def test_a_post_stays_unless_there_is_enough_for_taking_it_away_and_for_the_new_one(linked, x, changed, spent, enough):
    spend(linked, spent)
    correct(linked, changed, "replace")
    (said,) = x.posts()
    assert ("Menu du lundi" in said) is enough
    made = [one for one in linked.town.stored(changed) if one.account == linked.uid]
    assert not [event for one in made for event in one.log if event.name == "retry"]
    assert paid(linked) == Decimal("1.000" if enough else "0.800")


def read(person, since=""):
    """As accounts.rules.may_read() tells whoever reads; None where the ceiling forbids it."""
    accounts, credentials = Accounts(person.town.site), Vault(person.town.site).open(person.uid)
    if not rules.may_read(accounts.get(person.uid), network, credentials, 10, clock.now()):
        return None
    fee = network.fee(credentials, 10)
    accounts.pay(person.uid, fee, clock.now())
    transaction.commit()
    reading = network.read(Http.from_environment(), credentials, 10, since)
    accounts.pay(person.uid, reading.cost - fee, clock.now())
    transaction.commit()
    return reading


def test_what_is_read_and_what_is_posted_have_one_ceiling(linked, x):
    limit(linked, 1)
    for number in range(3):
        x.say(x.accounts[0], f"Dit ailleurs {number}")
    reading = read(linked)
    assert (len(reading.entries), paid(linked)) == (3, Decimal("0.003"))
    assert read(linked, reading.since).entries == ()
    assert paid(linked) == sum(x.bill.values())

    items = [linked.town.news(f"Menu {number}") for number in range(5)]
    work(linked.town.functional)
    assert (len(x.posts()) - 3, paid(linked)) == (4, Decimal("0.803"))
    assert [post(linked, item).held for item in items].count("ceiling") == 1

    asked = x.calls["tweets"]
    assert read(linked, reading.since) is None
    assert (x.calls["tweets"], paid(linked)) == (asked, Decimal("0.803"))
    limit(linked, 2)
    assert len(read(linked, reading.since).entries) == 4
