"""Corrections and withdrawals that meet each other, another account, or an answer that never came."""

from collective.socialterritory import clock
from collective.socialterritory import images
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.networks.sandbox import Sandbox
from dataclasses import replace
from datetime import timedelta
from follow import by_operation
from follow import change
from follow import offered
from follow import policy
from follow import press
from follow import published
from follow import said_yes
from follow import tab
from follow import transition
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage
from transaction import TransactionManager
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


OLD, NEW = "Marché samedi à 8 h", "Marché samedi à 9 h"


@pytest.fixture
def item(town):
    return published(town, OLD)


def is_now(town, name):
    """The account is linked to somebody at the network."""
    Accounts(town.site).mark(town.account.UID(), identity_id=name)
    transaction.commit()


@pytest.mark.parametrize("way", ["edit", "reply", "withdraw", "policy"])
def test_what_was_asked_before_the_account_was_linked_to_somebody_else_is_done_by_a_person(town, item, later, way):
    """A number of a post at one network may be that of another post at another, or of none: "it is gone already"."""
    is_now(town, "before")
    (made,) = town.stored(item)
    Outbox(town.site).save(replace(made, identity="before"))
    transaction.commit()
    if way == "policy":
        transition(town, item, "retract")
        later()
        work(town.functional)
    else:
        change(town, item, title=NEW)
        press(town.editor, item, way, note="Erratum : 9 h")
    is_now(town, "after")
    said_yes(town)
    (asked,) = [made for made in town.stored(item) if made.target]
    assert (asked.state, asked.error, asked.identity) == (State.UNCONFIRMED, "do_by_hand", "before")


@pytest.fixture
def unanswered(monkeypatch):
    """What is asked to be taken away is not confirmed, until undo()."""

    def lost(self, http, credentials, id):
        raise OutcomeUnknown("read_timeout", host="sandbox.example")

    with monkeypatch.context() as patched:
        patched.setattr(Sandbox, "delete", lost)
        yield patched


def test_a_post_that_may_be_gone_is_not_said_to_be_out(town, item, later, unanswered):
    policy(town, "delete")
    transition(town, item, "retract")
    later()
    work(town.functional, seconds=2)
    assert "to do it once more does no harm" in tab(town.editor, item).get_text()
    transition(town, item, "publish")
    later()
    unanswered.undo()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.DELIVERED]
    assert offered(tab(town.editor, item)) == {"again"}


def test_the_new_post_is_not_stopped_while_the_old_one_may_be_gone(town, item, later, unanswered):
    change(town, item, title=NEW)
    press(town.editor, item, "replace")
    (waiting,) = [made for made in town.validator.listed(state="pending") if made["operation"] == "post"]
    town.validator.decide(waiting, "approve", fingerprint=waiting["fingerprint"])
    work(town.functional, seconds=2)
    assert town.editor.decide(waiting, "cancel").status_code == 403
    unanswered.undo()
    later()
    work(town.functional)
    assert [one.said.text.splitlines()[0] for one in correction.standing(town.stored(item))] == [NEW]


def test_what_was_being_claimed_while_its_news_was_taken_back_goes_too(town, item, later):
    """The request that takes it back read the post as it was before the claim."""
    policy(town, "delete")
    (made,) = town.stored(item)
    Outbox(town.site).save(replace(made, state=State.QUEUED, finished=None))
    transaction.commit()
    manager = TransactionManager()
    beside = town.site._p_jar.db().open(manager)
    before = Outbox(beside.root()["Application"][town.site.getId()])
    assert before.get(made.id).state is State.QUEUED
    work(town.functional)
    assert [one.state for one in town.stored(item)] == [State.DELIVERED]
    before.leave(item.UID(), clock.now())
    manager.commit()
    beside.close()
    setRequest(town.functional["request"])
    with api.env.adopt_roles(["Manager"]):
        town.site[item.getId()].manage_permission("View", ["Manager"])
    transaction.commit()
    later()
    work(town.functional)
    assert correction.standing(town.stored(item)) == ()


def test_news_that_the_catalogue_has_lost_was_not_deleted(town, item, later):
    transition(town, item, "retract")
    api.portal.get_tool("portal_catalog").uncatalog_object("/".join(item.getPhysicalPath()))
    transaction.commit()
    later()
    work(town.functional)
    assert [made.cause for made in by_operation(town, item, "delete")] == ["not_public"]


def test_to_take_a_post_away_no_picture_is_made(town, monkeypatch):
    made = []
    monkeypatch.setattr(images, "fit", lambda *args, fit=images.fit: made.append(args) or fit(*args))
    picture = BytesIO()
    Image.new("RGB", (90, 60), "green").save(picture, "PNG")
    item = published(town, image=NamedBlobImage(picture.getvalue(), "image/png"), image_caption="Des étals")
    assert len(made) == 1
    press(town.editor, item, "withdraw")
    said_yes(town)
    assert [one.state for one in by_operation(town, item, "delete")] == [State.DELIVERED]
    assert len(made) == 1


def test_an_answer_that_somebody_must_check_keeps_no_post_out(town, item, later):
    policy(town, "delete")
    change(town, item, title=NEW)
    press(town.editor, item, "reply", note="Erratum : 9 h")
    (answer,) = by_operation(town, item, "reply")
    Outbox(town.site).save(replace(answer, state=State.UNCONFIRMED, error="read_timeout"))
    transaction.commit()
    transition(town, item, "retract")
    later()
    work(town.functional)
    assert correction.standing(town.stored(item)) == ()
    assert town.editor.decide({"id": answer.id}, "confirm").status_code == 200  # it was there
    later()
    work(town.functional)
    assert [made.state for made in by_operation(town, item, "delete")] == [State.UNCONFIRMED, State.DELIVERED]


@pytest.fixture
def unsure(town, item):
    """News with an answer that somebody must check, so that it is looked at every minute once it is gone."""
    change(town, item, title=NEW)
    press(town.editor, item, "reply", note="Erratum : 9 h")
    (answer,) = by_operation(town, item, "reply")
    Outbox(town.site).save(replace(answer, state=State.UNCONFIRMED, error="read_timeout"))
    transaction.commit()
    return item


def sweeps(town, later, minutes=(11, 2, 2)):
    for some in minutes:
        later(timedelta(minutes=some))
        work(town.functional)


def test_that_a_post_stays_is_noted_once_for_each_time_that_its_news_went(town, unsure, later):
    policy(town, "leave")
    for times in (1, 2):
        transition(town, unsure, "retract")
        sweeps(town, later)
        (post,) = by_operation(town, unsure, "post")
        assert [event.name for event in post.log].count("leave") == times
        transition(town, unsure, "publish")


@pytest.mark.parametrize(("wanted", "answer"), [("ask", "reject"), ("delete", "cancel")])
def test_who_lets_a_post_stay_is_not_asked_every_minute(town, unsure, later, wanted, answer):
    policy(town, wanted)
    Accounts(town.site).mark(town.account.UID(), link="reconnect")  # nothing leaves
    transaction.commit()
    transition(town, unsure, "retract")
    sweeps(town, later, [11])
    (asked,) = [one for one in town.validator.listed() if one["operation"] == "delete"]
    assert town.validator.decide(asked, answer, note="Elle reste vraie").status_code == 200
    sweeps(town, later)
    assert len(by_operation(town, unsure, "delete")) == 1


def test_a_correction_that_broke_keeps_no_post_out(town, item, later, monkeypatch):
    def broken(self, *args):
        raise RuntimeError("a mistake of ours")

    policy(town, "delete")
    monkeypatch.setattr(Sandbox, "edit", broken)
    change(town, item, title=NEW)
    press(town.editor, item, "edit")
    (waiting,) = town.validator.listed(state="pending")
    town.validator.decide(waiting, "approve", fingerprint=waiting["fingerprint"])
    work(town.functional, seconds=1)
    assert [made.error for made in by_operation(town, item, "edit")] == ["interrupted"]
    transition(town, item, "retract")
    later()
    work(town.functional, seconds=3)
    later()
    work(town.functional)
    assert correction.standing(town.stored(item)) == ()
