"""The news is not public any more: each account deletes its posts, asks its validators, or leaves them."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.pause import Pause
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from follow import by_operation
from follow import change
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


def retract(town, item, name="retract"):
    answer = town.editor.post(f"{item.getId()}/@workflow/{name}")
    assert answer.status_code == 200, answer.text


def deleted(town, item):
    answer = town.editor.session.delete(f"{town.url}/{item.getId()}")
    assert answer.status_code == 204, answer.text
    transaction.begin()


def expired(town, item):
    answer = town.editor.patch(item.getId(), {"expires": (clock.now() + timedelta(minutes=3)).isoformat()})
    assert answer.status_code == 204, answer.text


@contextmanager
def managing(town):
    """As a manager's request would; the worker has forgotten that of the test."""
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        yield
    transaction.commit()


def private(town, item):
    """The permission is taken away, without a change of state."""
    with managing(town):
        town.site[item.getId()].manage_permission("View", ["Manager", "Editor", "Owner"])
        town.site[item.getId()].reindexObjectSecurity()


def folder_deleted(town, item):
    with managing(town):
        folder = api.content.create(town.site, "Folder", title="Rubrique")
        api.content.move(town.site[item.getId()], folder)
        transaction.commit()
        api.content.delete(folder, check_linkintegrity=False)


WAYS = {"unpublished": retract, "deleted": deleted, "expired": expired, "private": private, "folder": folder_deleted}


def test_the_tab_tells_until_when_posts_stay(town, later):
    item = published(town)
    assert "Its posts stay until" not in tab(town.editor, item).get_text()
    retract(town, item)
    assert "Its posts stay until" in " ".join(tab(town.editor, item).get_text().split())
    later(timedelta(minutes=11))
    work(town.functional)
    assert "Its posts stay until" not in tab(town.editor, item).get_text()


@pytest.mark.parametrize("way", WAYS)
def test_deleted_at_the_network_after_a_while(town, later, way):
    policy(town, "delete")
    item = published(town)
    WAYS[way](town, item)
    if way == "expired":
        work(town.functional)
        later(timedelta(minutes=5))
    work(town.functional)
    assert by_operation(town, item, "delete") == []  # who takes news back often mends it
    later()
    work(town.functional)
    (made,) = by_operation(town, item, "delete")
    assert made.state is State.DELIVERED
    assert made.cause == {"deleted": "item_deleted", "folder": "item_deleted", "expired": "item_expired"}.get(
        way, "not_public"
    )
    assert len(town.stored(item)) == 2  # what was said stays on the record
    assert [made.rendition.text for made in by_operation(town, item, "post")] == [made.rendition.text]
    later()
    work(town.functional)
    assert len(town.stored(item)) == 2


def test_back_within_the_while_nothing_happens(town, later):
    policy(town, "delete")
    item = published(town)
    retract(town, item)
    work(town.functional)
    later(timedelta(minutes=5))
    retract(town, item, "publish")
    later()
    work(town.functional)
    assert len(town.stored(item)) == 1
    assert Outbox(town.site).left() == []


def test_moved_news_stays(town, later):
    policy(town, "delete")
    item = published(town)
    with managing(town):
        folder = api.content.create(town.site, "Folder", title="Rubrique")
        api.content.move(town.site[item.getId()], folder)
    later()
    work(town.functional)
    assert by_operation(town, folder[item.getId()], "delete") == []


@pytest.mark.parametrize(("answer", "becomes"), [("approve", State.DELIVERED), ("reject", State.REJECTED)])
def test_validators_are_asked(town, later, answer, becomes):
    item = published(town)
    retract(town, item)
    later()
    work(town.functional)
    (asked,) = town.validator.listed(state="pending")
    desk = page(town.validator, "@@social-desk").get_text()
    assert "Withdrawal" in desk and "no longer public" in desk
    if answer == "approve":
        said_yes(town)
    else:
        assert town.validator.decide(asked, "reject", note="Elle reste vraie").status_code == 200
        work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [becomes]
    shown = page(town.validator, "@@social-sandbox").select(".social-post")
    assert shown == []  # on the training page a post is seen by those who see the news


def test_what_was_asked_is_dropped_when_the_news_is_public_again(town, later):
    item = published(town)
    retract(town, item)
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.PENDING]
    retract(town, item, "publish")
    work(town.functional)
    (made,) = by_operation(town, item, "delete")
    assert made.state is State.CANCELLED and made.log[-1].note == "item_public"


def test_left_where_it_is_and_said_so(town, later):
    policy(town, "leave")
    item = published(town)
    retract(town, item)
    later()
    work(town.functional)
    (made,) = town.stored(item)
    assert made.state is State.DELIVERED
    assert (made.log[-1].name, made.log[-1].note) == ("leave", "not_public")


def test_a_person_takes_a_post_away(town):
    item = published(town)
    press(town.editor, item, "withdraw")
    (made,) = by_operation(town, item, "delete")
    assert made.state is State.PENDING
    said_yes(town)
    assert page(town.anonymous, "@@social-sandbox").select(".social-post") == []
    shown = tab(town.editor, item)
    assert "Published" not in [badge.get_text() for badge in shown.select(".badge")]
    assert "See the post" not in shown.get_text()
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]


def test_answers_go_with_their_post(town, later):
    policy(town, "delete")
    item = published(town)
    town.editor.patch(item.getId(), {"title": "Marché à 9 h"})
    press(town.editor, item, "reply", note="Erratum : 9 h")
    said_yes(town)
    retract(town, item)
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED] * 2


def test_posts_of_years_ago_too(town, later):
    policy(town, "delete")
    item = published(town)
    Outbox(town.site).archive(clock.now() + timedelta(days=400))
    transaction.commit()
    deleted(town, item)
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]


def test_nothing_is_taken_away_during_a_pause(town, later):
    policy(town, "delete")
    item = published(town)
    retract(town, item)
    Accounts(town.site).pause(town.account.UID(), Pause("Silence électoral", "webmaster", clock.now()))
    transaction.commit()
    later()
    work(town.functional)
    (made,) = by_operation(town, item, "delete")
    assert made.state is State.QUEUED and made.held == "pause"


@pytest.mark.parametrize("way", ["edit", "replace", "reply"])
def test_a_correction_that_waits_keeps_no_post_out(town, later, way):
    policy(town, "delete")
    item = published(town)
    change(town, item, title="Marché à 9 h")
    press(town.editor, item, way, note="Erratum")
    retract(town, item)
    later()
    for _sweep in range(2):
        work(town.functional)
        later(timedelta(minutes=2))
    states = {made.state for made in town.stored(item)}
    assert states == {State.DELIVERED, State.CANCELLED}
    assert correction.standing(town.stored(item)) == ()


def test_one_that_is_being_sent_is_waited_for(town, later):
    policy(town, "delete")
    item = published(town)
    change(town, item, title="Marché à 9 h")
    press(town.editor, item, "edit")
    (made,) = by_operation(town, item, "edit")
    sending = replace(made, state=State.SENDING, token="t", lease=clock.now() + timedelta(hours=1))
    Outbox(town.site).save(sending)
    transaction.commit()
    retract(town, item)
    later()
    work(town.functional)
    assert by_operation(town, item, "delete") == []
    Outbox(town.site).save(replace(sending, state=State.DELIVERED, finished=clock.now()))
    transaction.commit()
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]


def test_posted_again_when_it_was_taken_away_by_mistake(town, later):
    policy(town, "delete")
    item = published(town)
    retract(town, item)
    later()
    work(town.functional)
    assert offered(tab(town.editor, item)) == set()
    retract(town, item, "publish")
    assert offered(tab(town.editor, item)) == {"again"}
    press(town.editor, item, "again")
    assert offered(tab(town.editor, item)) == set()
    said_yes(town)
    assert [made.state for made in by_operation(town, item, "post")] == [State.DELIVERED] * 2
    assert len(correction.standing(town.stored(item))) == 1
