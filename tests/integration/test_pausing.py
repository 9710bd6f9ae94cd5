"""A pause in force stays, and what a pause caught waits for a person whatever was planned since."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import last_pause
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from plone import api
from working import work
from zope.globalrequest import setRequest

import pytest
import transaction


pytest_plugins = ["editing"]
LATER = "2197-01-01T00:00"


@pytest.fixture(params=["account", "site"])
def place(request, commune, feed):
    feed.validation = "none"
    transaction.commit()
    return feed if request.param == "account" else commune


@pytest.fixture
def pause(commune, feed, place):
    """The pause as last set."""

    def get():
        transaction.begin()
        return last_pause() if place is commune else Accounts(commune).get(feed.UID()).pause

    return get


@pytest.fixture
def post(staff, place):
    """POST the pause's form. The authenticator is of a page that was opened before."""
    staff.open(f"{place.absolute_url()}/@@social-pause")
    token = staff.getControl(name="_authenticator").value

    def post(**form):
        words = "&".join(f"{name}={value}" for name, value in {**form, "_authenticator": token}.items())
        staff.post(f"{place.absolute_url()}/@@social-pause", words)
        transaction.begin()
        return staff.contents

    return post


def test_a_form_that_was_opened_before_does_not_end_the_pause_in_force(post, pause):
    post(reason="Crue")
    before = pause()
    assert "Nothing has changed: a pause is in force." in post(reason="Vacances", start=LATER)
    assert pause() == before
    assert pause().frozen(clock.now())


def published(functional, commune, title):
    setRequest(functional["request"])
    item = api.content.create(commune, "News Item", title=title)
    api.content.transition(item, to_state="published")
    transaction.commit()
    return item


def choose(item, yes):
    item.social_post = yes
    item.reindexObject()
    transaction.commit()


@pytest.fixture
def caught(functional, commune, feed, post):
    """A post that was ready, that its author took back, and that met a pause meanwhile."""
    item = published(functional, commune, "Menu de la cantine")
    choose(item, False)
    post(reason="Crue")
    work(functional)
    post(resume="1")
    work(functional)
    return item


def state(commune, item):
    (delivery,) = Outbox(commune).of_item(item.UID())
    return delivery.state, delivery.held


@pytest.mark.parametrize("planned", [[], ["plan"], ["plan", "plan"], ["plan", "drop"]])
def test_what_a_pause_caught_waits_for_a_person_whatever_was_planned_since(
    functional, commune, post, pause, caught, planned
):
    assert state(commune, caught) == (State.QUEUED, "")
    for act in planned:
        post(**({"reason": "Vacances", "start": LATER} if act == "plan" else {"resume": "1"}))
    assert not pause().frozen(clock.now())
    choose(caught, True)
    work(functional)
    assert state(commune, caught) == (State.QUEUED, "pause")


def test_what_is_published_after_a_pause_leaves_though_another_is_planned(functional, commune, post, pause, caught):
    post(reason="Vacances", start=LATER)
    assert timedelta() < datetime.now(UTC) - pause().over < timedelta(minutes=5)
    item = published(functional, commune, "Fête de la musique")
    work(functional)
    assert state(commune, item) == (State.DELIVERED, "")
