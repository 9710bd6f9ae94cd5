"""What people must not reach through corrections and withdrawals, and what must not be lost on the way."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from datetime import timedelta
from follow import by_operation
from follow import change
from follow import HTML
from follow import offered
from follow import policy
from follow import press
from follow import published
from follow import said_yes
from follow import tab
from follow import transition
from working import work

import pytest
import transaction


OLD, NEW = "Marché samedi à 8 h", "Marché samedi à 9 h"


@pytest.fixture
def item(town):
    return published(town, OLD)


def out(town, item):
    return [one.said.text.splitlines()[0] for one in correction.standing(town.stored(item))]


def hold(town, item):
    (new,) = [made for made in town.editor.listed(state="pending") if made["operation"] == "post"]
    assert town.editor.decide(new, "hold", note="Plus tard").status_code == 200


KEPT = {
    "held": hold,
    "later": lambda town, item: change(town, item, social_at="2099-01-01T08:00:00"),
    "unticked": lambda town, item: change(town, item, social_post=False),
    "private": lambda town, item: transition(town, item, "retract"),
}


@pytest.mark.parametrize("way", KEPT)
def test_the_old_post_stays_while_the_new_one_may_not_leave(town, item, way):
    policy(town, "leave")
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    KEPT[way](town, item)
    said_yes(town)
    work(town.functional)
    assert out(town, item) == [OLD]


def test_the_new_post_is_not_stopped_once_the_old_one_is_gone(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    (new,) = by_operation(town, item, "post")[:1]
    (old,) = by_operation(town, item, "delete")
    Outbox(town.site).save(replace(old, state=State.DELIVERED, finished=clock.now()))
    transaction.commit()
    for person in (town.editor, town.validator):
        for name in ("cancel", "hold"):
            assert person.post(f"@social-deliveries/{new.id}/{name}").status_code == 403


@pytest.mark.parametrize("way", ["withdraw", "policy"])
def test_an_account_that_is_somebody_else_now_is_not_asked_to_delete(town, item, later, way):
    policy(town, "delete")
    outbox = Outbox(town.site)
    (made,) = town.stored(item)
    outbox.save(replace(made, identity="before"))
    Accounts(town.site).mark(town.account.UID(), identity_id="after")
    transaction.commit()
    if way == "withdraw":
        change(town, item, title=NEW)
        assert offered(tab(town.editor, item)) == {"by_hand", "withdraw"}
        press(town.editor, item, "withdraw")
        said_yes(town)
    else:
        transition(town, item, "retract")
        later()
        work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.UNCONFIRMED]


def test_a_post_without_a_known_id_is_taken_away_by_a_person(town, item):
    (made,) = town.stored(item)
    Outbox(town.site).save(replace(made, receipt_id=""))
    transaction.commit()
    press(town.editor, item, "withdraw")
    said_yes(town)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.UNCONFIRMED]


@pytest.mark.parametrize(("answer", "becomes"), [("approve", State.DELIVERED), ("reject", State.REJECTED)])
def test_validators_decide_on_news_that_was_deleted(town, item, later, answer, becomes):
    assert town.editor.session.delete(f"{town.url}/{item.getId()}").status_code == 204
    later()
    work(town.functional)
    (asked,) = town.validator.listed(state="pending")
    body = {"fingerprint": asked["fingerprint"], "note": "Elle reste vraie"}
    assert town.validator.decide(asked, answer, **body).status_code == 200
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [becomes]


def test_an_expiry_in_the_past_counts(town, item, later):
    policy(town, "delete")
    change(town, item, expires=(clock.now() - timedelta(days=1)).isoformat())
    later()
    work(town.functional)
    assert out(town, item) == []


@pytest.mark.parametrize("state", [State.SENDING, State.UNCONFIRMED])
def test_what_arrives_after_its_news_went_goes_too(town, item, later, state):
    policy(town, "delete")
    outbox = Outbox(town.site)
    (made,) = town.stored(item)
    lease = clock.now() + timedelta(hours=2)
    outbox.save(replace(made, state=state, token="t", lease=lease, finished=None))
    transaction.commit()
    transition(town, item, "retract")
    later()
    work(town.functional)
    outbox.save(replace(made, state=State.DELIVERED, finished=clock.now()))
    transaction.commit()
    later()
    work(town.functional)
    assert out(town, item) == []


def test_a_refused_withdrawal_is_asked_again_only_when_the_news_was_public_meanwhile(town, item, later):
    transition(town, item, "retract")
    later()
    work(town.functional)
    (asked,) = town.validator.listed(state="pending")
    town.validator.decide(asked, "reject", note="Elle reste vraie")
    change(town, item, description="Autre chose")
    later()
    work(town.functional)
    assert len(by_operation(town, item, "delete")) == 1
    transition(town, item, "publish")
    transition(town, item, "retract")
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.PENDING, State.REJECTED]


def test_each_retraction_has_its_own_while(town, item, later):
    policy(town, "delete")
    transition(town, item, "retract")
    later(timedelta(minutes=7))
    transition(town, item, "publish")
    transition(town, item, "retract")
    later(timedelta(minutes=7))
    work(town.functional)
    assert out(town, item) == [OLD]


def test_editors_stop_no_withdrawal_that_the_site_asks_for(town, item, later):
    transition(town, item, "retract")
    later()
    work(town.functional)
    (asked,) = town.editor.listed(state="pending")
    for name in ("cancel", "hold"):
        assert town.editor.decide(asked, name).status_code == 403


def test_a_page_that_is_old_corrects_nothing(town, item):
    """A trusted person says yes to what they saw, not to what somebody wrote since."""
    town.account.trusted = ["Site Administrator"]
    transaction.commit()
    change(town, item, title=NEW)
    form = tab(town.webmaster, item).find("button", {"value": "edit"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")} | {"correct": "edit"}
    change(town, item, title="Une insulte")
    answer = town.webmaster.session.post(form["action"], data=fields, headers=HTML)
    assert "The post changed since you looked" in answer.text
    work(town.functional)
    assert out(town, item) == [OLD]


def test_a_delete_that_may_have_arrived_is_not_forgotten(town, item, later):
    policy(town, "delete")
    transition(town, item, "retract")
    later()
    outbox = Outbox(town.site)
    work(town.functional)
    (gone,) = by_operation(town, item, "delete")
    outbox.save(
        replace(gone, state=State.SENDING, token="lost", lease=clock.now() - timedelta(minutes=1), finished=None)
    )
    transaction.commit()
    transition(town, item, "publish")
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]
