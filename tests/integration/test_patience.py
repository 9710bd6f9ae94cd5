"""What the worker makes of refusals: it waits as long as it is told to, tries nothing in vain, and loses no result."""

from collective.socialterritory import clock
from collective.socialterritory import mail
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import iso
from collective.socialterritory.crosspost import lane
from collective.socialterritory.crosspost import notices
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import Billing
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.errors import RateLimited
from collective.socialterritory.errors import Rejected
from collective.socialterritory.errors import Transient
from collective.socialterritory.errors import Unauthorized
from collective.socialterritory.networks.model import Refreshes
from collective.socialterritory.networks.sandbox import Sandbox
from collective.socialterritory.pause import Pause
from datetime import timedelta
from linking import later
from plone import api
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


class Refusing:
    """What was asked of the network. `error` None: it agrees. `renews`: a new session helps."""

    def __init__(self, monkeypatch):
        self.calls, self.error, self.renews, publish = [], None, False, Sandbox.publish

        def asked(network, *args):
            self.calls.append("post")
            if self.error:
                raise self.error
            return publish(network, *args)

        monkeypatch.setattr(Sandbox, "publish", asked)
        monkeypatch.setattr(Sandbox, "refresh", staticmethod(self.refresh), raising=False)

    def refresh(self, http, credentials):
        self.calls.append("refresh")
        self.error = None if self.renews else self.error
        return dict(credentials)


@pytest.fixture
def network():
    with pytest.MonkeyPatch.context() as patch:
        yield Refusing(patch)
    Refreshes._abc_caches_clear()  # else the class is taken for one that refreshes for ever


def posts(town, count):
    items = [town.news(f"Menu {number}") for number in range(count)]
    approve(town)
    return items


def approve(town):
    for post in town.validator.listed(state="pending"):
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200


def states(town, items):
    return {stored.state for item in items for stored in town.stored(item)}


def reconnect(town):
    Accounts(town.site).mark(town.account.UID(), link="connected", session="ok")
    transaction.commit()


@pytest.mark.parametrize("wait", [timedelta(hours=1), timedelta(hours=5)])
def test_a_network_that_asks_to_wait_is_asked_once_and_then_obeyed(town, network, monkeypatch, wait):
    network.error = RateLimited(retry_after=wait.total_seconds(), host="sandbox", status=429)
    items = posts(town, 4)
    work(town.functional, seconds=2)
    assert (network.calls, states(town, items)) == (["post"], {State.QUEUED})
    network.error = None
    later(monkeypatch, wait + timedelta(minutes=1))
    work(town.functional)
    assert (len(network.calls), states(town, items)) == (5, {State.DELIVERED})


def test_a_new_worker_calls_nobody_before_the_time_that_the_network_asked_for(town, network, monkeypatch):
    network.error = RateLimited("blocked", retry_after=6 * 3600, host="sandbox", reason="368")
    posts(town, 1)
    work(town.functional, seconds=2)
    network.error = None
    later(monkeypatch, timedelta(hours=5))
    setRequest(town.functional["request"])
    urgent = town.news("Fuite d'eau", social_urgent=True)
    approve(town)
    work(town.functional, seconds=2)
    assert (network.calls, states(town, [urgent])) == (["post"], {State.QUEUED})
    later(monkeypatch, timedelta(hours=1, minutes=1))
    work(town.functional)
    assert (len(network.calls), states(town, [urgent])) == (3, {State.DELIVERED})


@pytest.mark.parametrize("session", ["ok", "stale"])
def test_neither_a_look_nor_a_renewal_comes_before_that_time(town, network, monkeypatch, session):
    monkeypatch.setattr(Sandbox, "find", lambda *args: network.calls.append("look"))
    network.error = OutcomeUnknown("server_error", host="sandbox")
    items = posts(town, 1)
    work(town.functional, seconds=2)
    network.error, before = None, [*network.calls]
    accounts = Accounts(town.site)
    accounts.mark(town.account.UID(), session=session, rests=iso(clock.now() + timedelta(hours=6)))
    transaction.commit()
    later(monkeypatch, timedelta(hours=5))
    work(town.functional, seconds=2)
    assert network.calls == before
    later(monkeypatch, timedelta(hours=1, minutes=1))
    work(town.functional)
    assert states(town, items) == {State.DELIVERED}


def test_a_new_worker_waits_as_long_as_a_renewal_was_told_to(town, network, monkeypatch):
    def refresh(http, credentials):
        network.calls.append("refresh")
        raise RateLimited(retry_after=3600, host="sandbox")

    monkeypatch.setattr(Sandbox, "refresh", staticmethod(refresh))
    Accounts(town.site).mark(town.account.UID(), session="stale")
    posts(town, 1)
    work(town.functional, seconds=2)
    later(monkeypatch, timedelta(minutes=50))
    work(town.functional, seconds=2)
    assert network.calls == ["refresh"]
    later(monkeypatch, timedelta(minutes=11))
    work(town.functional, seconds=2)
    assert network.calls == ["refresh"] * 2


def test_the_history_of_a_post_that_arrived_asks_nobody_to_look_for_it(town, network, monkeypatch):
    network.error = Transient("reset", host="sandbox")
    posts(town, 1)
    work(town.functional, seconds=2)
    network.error = None
    later(monkeypatch, timedelta(minutes=1))
    work(town.functional)
    (post,) = town.validator.listed()
    notes = [event["note"] for event in post["log"] if event["name"] == "retry"]
    assert (post["state"], notes) == ("delivered", ["Training network did not answer as expected."])
    tab = town.validator.session.get(f"{town.url}/@@social-desk?filter=published", headers={"Accept": "text/html"}).text
    assert "did not answer as expected" in tab and "may be published" not in tab


def test_a_new_session_that_is_refused_is_not_renewed_for_each_post(town, network):
    network.error = Unauthorized("unauthorized", host="sandbox")
    items = posts(town, 4)
    work(town.functional, seconds=4)
    assert network.calls == ["post", "refresh", "post"]
    assert Accounts(town.site).get(town.account.UID()).link is Link.RECONNECT
    network.error = None
    reconnect(town)
    work(town.functional)
    assert states(town, items) == {State.DELIVERED}


def test_a_session_that_worked_in_between_is_renewed_again(town, network):
    network.renews = True
    items = [town.news(f"Menu {number}") for number in range(2)]
    for post in town.validator.listed():
        network.error = Unauthorized("unauthorized", host="sandbox")
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
        work(town.functional)
    assert states(town, items) == {State.DELIVERED}
    assert network.calls == ["post", "refresh", "post"] * 2


def test_the_result_of_a_try_is_kept_where_nobody_can_be_told(town, network, monkeypatch):
    def away(*args):
        raise OSError("the directory of users is away")

    network.error = Rejected("rejected", host="sandbox", reason="no")
    (item,) = posts(town, 1)
    monkeypatch.setattr(notices, "validators", away)
    monkeypatch.setattr(mail, "administrators", away)
    work(town.functional, seconds=5)
    assert (network.calls, states(town, [item])) == (["post"], {State.FAILED})


def test_a_last_look_that_fails_leaves_no_doubt(town, network, monkeypatch):
    (item,) = posts(town, 1)
    judged = lane.Lane._judged

    def broken(*args):
        monkeypatch.setattr(lane.Lane, "_judged", judged)
        raise OSError("a blob is missing")

    monkeypatch.setattr(lane.Lane, "_judged", broken)
    work(town.functional)
    (stored,) = town.stored(item)
    assert [(event.name, event.note) for event in stored.log][-4:] == [
        ("claim", ""),
        ("retry", "unreadable"),
        ("claim", ""),
        ("deliver", ""),
    ]
    assert network.calls == ["post"]


def test_a_pause_that_was_planned_is_named_in_the_one_that_money_makes(town, network):
    start = clock.now() + timedelta(days=3)
    Accounts(town.site).pause(town.account.UID(), Pause("Réserve électorale", "W", start))
    transaction.commit()
    network.error = Billing("billing", host="sandbox")
    posts(town, 1)
    work(town.functional, seconds=5)
    transaction.begin()
    pause = Accounts(town.site).get(town.account.UID()).pause
    assert pause.frozen(clock.now())
    assert "Réserve électorale" in pause.reason and "plan it again" in pause.reason


def test_a_cleared_catalogue_deletes_no_post(town, network):
    at = (clock.now() + timedelta(days=2)).replace(tzinfo=None)
    items = [town.news(), town.news("Plus tard", social_at=at)]
    approve(town)
    with api.env.adopt_roles(["Manager"]):
        town.site.portal_catalog.manage_catalogClear()
    transaction.commit()
    work(town.functional)
    assert [town.stored(item)[0].state for item in items] == [State.DELIVERED, State.QUEUED]


def test_an_account_that_asks_for_more_approvals_asks_for_those_of_what_waits(town, network, monkeypatch):
    with api.env.adopt_roles(["Manager"]):
        town.account.validation = "none"
    transaction.commit()
    at = (clock.now() + timedelta(days=2)).replace(tzinfo=None)
    item = town.news(social_at=at)
    with api.env.adopt_roles(["Manager"]):
        town.account.validation = "two"
    transaction.commit()
    later(monkeypatch, timedelta(days=2, hours=1))
    work(town.functional)
    (stored,) = town.stored(item)
    assert (stored.state, stored.needed, network.calls) == (State.PENDING, 2, [])
