"""A network that asks for payment: its account pauses, people are told, nothing is tried in vain or lost."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import Billing
from collective.socialterritory.mail import waiting
from collective.socialterritory.networks.sandbox import Sandbox
from working import work

import pytest
import transaction


@pytest.fixture
def unpaid(monkeypatch):
    """Keys of what the network was asked to publish before it was paid."""
    asked, publish = [], Sandbox.publish

    def refused(self, http, credentials, post, key):
        asked.append(key)
        raise Billing("billing", host="sandbox")

    monkeypatch.setattr(Sandbox, "publish", refused)
    yield asked
    monkeypatch.setattr(Sandbox, "publish", publish)


def test_the_account_pauses_and_each_post_is_decided_again(town, unpaid, monkeypatch):
    items = [town.news(f"Menu {number}") for number in range(2)]
    for post in town.validator.listed():
        assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    work(town.functional)
    assert len(unpaid) == 1
    states = [(stored.state, stored.held) for item in items for stored in town.stored(item)]
    assert states == [(State.QUEUED, "pause")] * 2
    pause = Accounts(town.site).get(town.account.UID()).pause
    assert "asks for payment" in pause.reason and pause.until is None
    told = [mail for _id, mail in waiting(town.site) if "asks for payment" in mail["subject"]]
    assert {mail["to"] for mail in told} >= {"webmaster@town.example"}
    page = town.webmaster.session.get(town.url, headers={"Accept": "text/html"}, timeout=30).text
    assert "Town is paused" in page and "asks for payment" in page

    monkeypatch.undo()
    Accounts(town.site).mark(town.account.UID(), pause_until=pause.start.isoformat())
    transaction.commit()
    for post in town.validator.listed():
        assert town.validator.decide(post, "release").status_code == 200
    work(town.functional)
    assert {stored.state for item in items for stored in town.stored(item)} == {State.DELIVERED}
