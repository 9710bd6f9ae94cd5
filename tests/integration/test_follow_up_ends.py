"""What people can still do about a post that is out, wherever a correction or a withdrawal has ended."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.worker import disconnect
from collective.socialterritory.crosspost import correcting
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.errors import Rejected
from collective.socialterritory.networks.sandbox import Sandbox
from dataclasses import replace
from datetime import timedelta
from follow import by_operation
from follow import change
from follow import HTML
from follow import offered
from follow import page
from follow import policy
from follow import press
from follow import published
from follow import said_yes
from follow import tab
from plone import api
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


OLD, NEW = "Marché samedi à 8 h", "Marché samedi à 9 h"
CORRECTIONS = {"edit", "replace", "reply", "by_hand"}


@pytest.fixture
def item(town):
    return published(town, OLD)


@pytest.fixture
def answered(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "reply", note="Erratum : 10 h")
    said_yes(town)
    return item


def take_away(town, item, operation):
    """The editor withdraws what that delivery brought out."""
    (made,) = by_operation(town, item, operation)
    setRequest(town.functional["request"])
    with api.env.adopt_user(username="editor"):
        correcting.withdraw(town.site, made.id)
    transaction.commit()
    said_yes(town)


def test_a_post_whose_answer_was_taken_away_can_be_corrected_again(town, answered):
    assert not CORRECTIONS & offered(tab(town.editor, answered))
    take_away(town, answered, "reply")
    assert offered(tab(town.editor, answered)) == CORRECTIONS | {"withdraw"}


def test_answers_go_with_the_post_that_a_person_takes_away(town, answered):
    take_away(town, answered, "post")
    assert [made.state for made in by_operation(town, answered, "delete")] == [State.DELIVERED] * 2
    assert correction.standing(town.stored(answered)) == ()
    assert offered(tab(town.editor, answered)) == {"again"}


def test_where_a_post_was_that_is_gone_no_program_is_sent(town, answered):
    (told,) = [one for one in town.editor.listed() if one["operation"] == "post"]
    assert told["receipt_url"]
    take_away(town, answered, "post")
    gone = town.editor.get(f"@social-deliveries/{told['id']}").json()
    assert {one["receipt_url"] for one in (gone, *town.editor.listed())} == {None}


@pytest.mark.parametrize("way", ["edit", "replace", "reply", "withdraw"])
def test_what_failed_is_not_in_the_way(town, item, way, monkeypatch):
    """And when it is sent again after the post is gone, nothing comes of it."""

    def refused(self, *args):
        raise Rejected("rejected", host="sandbox.example", reason="no")

    change(town, item, title=NEW)
    with monkeypatch.context() as patched:
        for name in ("edit", "delete", "reply"):
            patched.setattr(Sandbox, name, refused)
        press(town.editor, item, way, note="Erratum")
        said_yes(town)
    (failed,) = [made for made in town.stored(item) if made.target]
    assert failed.state is State.FAILED
    assert offered(tab(town.editor, item)) == CORRECTIONS | {"withdraw"}
    press(town.editor, item, "withdraw")
    said_yes(town)
    assert correction.standing(town.stored(item)) == ()
    assert town.editor.decide({"id": failed.id}, "resend").status_code == 200
    for _turn in range(2):
        work(town.functional)
    assert correction.standing(town.stored(item)) == ()
    assert {made.state for made in town.stored(item)} == {State.DELIVERED, State.CANCELLED}


def cancel(town):
    """The new post, which waits for a validator."""
    (waiting,) = [made for made in town.editor.listed(state="pending") if made["operation"] == "post"]
    assert town.editor.decide(waiting, "cancel").status_code == 200
    work(town.functional)


def test_who_cancels_a_post_of_before_may_ask_for_it_once_more(town, item):
    take_away(town, item, "post")
    for _time in range(2):
        assert offered(tab(town.editor, item)) == {"again"}
        press(town.editor, item, "again")
        assert offered(tab(town.editor, item)) == set()
        cancel(town)
    press(town.editor, item, "again")
    said_yes(town)
    assert len(correction.standing(town.stored(item))) == 1


def test_a_replacement_that_was_cancelled_is_no_post_of_before(town, item):
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    cancel(town)
    press(town.editor, item, "withdraw")
    said_yes(town)
    assert offered(tab(town.editor, item)) == {"again"}


def test_a_new_post_that_was_refused_is_revised_and_not_asked_for_beside(town, item):
    take_away(town, item, "post")
    press(town.editor, item, "again")
    (waiting,) = town.validator.listed(state="pending")
    town.validator.decide(waiting, "reject", note="Pas encore")
    assert offered(tab(town.editor, item)) == set()
    assert town.editor.decide(waiting, "revise").status_code == 200


@pytest.mark.parametrize("gone", [True, False])
def test_news_that_has_expired_is_neither_corrected_nor_posted_again(town, item, later, gone):
    if gone:
        take_away(town, item, "post")
    change(town, item, title=NEW, expires=(clock.now() + timedelta(minutes=3)).isoformat())
    later()
    assert offered(tab(town.editor, item)) == (set() if gone else {"withdraw"})


def test_what_a_person_does_at_the_network_waits_for_no_reconnection(town, item):
    change(town, item, title=NEW)
    Accounts(town.site).mark(town.account.UID(), link="reconnect")
    transaction.commit()
    press(town.editor, item, "by_hand")
    said_yes(town)
    assert [made.state for made in by_operation(town, item, "edit")] == [State.UNCONFIRMED]
    pack = tab(town.editor, item).find(class_="social-pack")
    assert NEW in pack.find("textarea").get_text()


def test_posts_of_an_account_that_was_disconnected_are_taken_away_by_a_person(town, item):
    with api.env.adopt_roles(["Manager"]):
        disconnect(town.site, town.account.UID())
    transaction.commit()
    press(town.editor, item, "withdraw")
    said_yes(town)
    (made,) = by_operation(town, item, "delete")
    assert (made.state, made.error) == (State.UNCONFIRMED, "do_by_hand")
    answer = town.editor.decide({"id": made.id}, "confirm")
    assert answer.status_code == 200
    assert correction.standing(town.stored(item)) == ()


def test_an_answer_has_an_end_where_the_network_knows_none(town, item, monkeypatch):
    monkeypatch.setattr(Sandbox, "limits", replace(Sandbox.limits, text=0, text_bytes=0))
    change(town, item, title=NEW)
    assert "5000" in press(town.editor, item, "reply", note="e" * 5001).get_text()
    assert by_operation(town, item, "reply") == []


@pytest.mark.parametrize("query", ["filter=published", "id={id}", "register"])
def test_posts_of_news_that_was_deleted_are_taken_away_from_the_desk(town, item, query):
    policy(town, "leave")
    (made,) = town.stored(item)
    desk = f"@@social-desk?{query.format(id=made.id)}"
    assert offered(page(town.validator, desk)) == set()  # its own tab is for that
    assert town.editor.session.delete(f"{town.url}/{item.getId()}").status_code == 204
    if query == "register":
        link = page(town.validator, "@@social-register").find("article").find("a", href=lambda url: "desk" in url)
        desk = link["href"].removeprefix(f"{town.url}/")
    assert offered(page(town.editor, desk)) == set()
    form = page(town.validator, desk).find("button", {"name": "correct"}).find_parent("form")
    fields = {field["name"]: field["value"] for field in form.find_all("input")} | {"correct": "withdraw"}
    refused = {name: value for name, value in fields.items() if name != "_authenticator"}
    assert town.validator.session.post(form["action"], data=refused, headers=HTML).status_code == 403
    assert "The withdrawal is planned" in town.validator.session.post(form["action"], data=fields, headers=HTML).text
    said_yes(town, "second")
    assert correction.standing(town.stored(item)) == ()
    assert offered(page(town.validator, desk)) == set()
    (told,) = town.validator.get("@social-register").json()["items"]
    assert told["withdrawn"]
