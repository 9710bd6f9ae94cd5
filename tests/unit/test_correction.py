"""What is out, whether it is outdated, and how each kind of network lets it be corrected."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.networks.model import Network
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC

import pytest


NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OLD = Rendition("à 8 h", source="1", link="https://ville.example/a", images=(Image("d1", "Étals"),), recipe="jpeg")
NEW = replace(OLD, text="à 9 h", source="2")


def done(id, minutes, said=OLD, operation="post", **fields):
    at = NOW + timedelta(minutes=minutes)
    fields = {"state": State.DELIVERED, "finished": at, **fields}
    return Delivery(id, "i", "a", "n", at, at, operation=Operation(operation), rendition=said, **fields)


POST = done("p", 0)
EDIT = done("e", 1, NEW, "edit", target="p")
REPLY = done("r", 2, NEW, "reply", target="p")
DELETE = done("d", 3, operation="delete", target="p")


def out(*deliveries):
    return {one.delivery.id: one.said.text for one in correction.standing(deliveries)}


def test_what_readers_see():
    assert out(POST) == {"p": "à 8 h"}
    assert out(EDIT, POST) == {"p": "à 9 h"}
    assert out(REPLY, EDIT, POST) == {"p": "à 9 h", "r": "à 9 h"}
    assert out(DELETE, REPLY, EDIT, POST) == {"r": "à 9 h"}
    assert out(done("p2", 4, NEW), DELETE, POST) == {"p2": "à 9 h"}
    assert out(POST, replace(EDIT, finished=NOW - timedelta(days=1))) == {"p": "à 8 h"}


@pytest.mark.parametrize("state", [state for state in State if state is not State.DELIVERED])
def test_what_did_not_happen_changes_nothing(state):
    assert out(POST, replace(DELETE, state=state, finished=None)) == {"p": "à 8 h"}
    assert out(replace(POST, state=state)) == {}


@pytest.mark.parametrize("state", State)
def test_busy_while_something_is_under_way(state):
    (one,) = correction.standing([POST, replace(EDIT, state=state, finished=None)])
    assert one.busy is (state not in (State.DELIVERED, State.CANCELLED, State.REJECTED, State.FAILED))


def outdated(said, wanted):
    return correction.outdated(correction.Standing(POST, said), wanted)


def test_outdated_when_the_news_changed_and_the_post_would():
    assert outdated(OLD, NEW)
    assert not outdated(OLD, OLD)
    assert not outdated(OLD, replace(NEW, source="1"))  # another template
    assert not outdated(OLD, replace(OLD, source="2"))  # a change that no post shows
    assert outdated(replace(OLD, source=""), NEW)  # kept by an older version
    assert not correction.outdated(correction.Standing(REPLY, OLD), NEW)


class Post(Network):
    def publish(self, http, credentials, post, key): ...


class Deletes(Post):
    def delete(self, http, credentials, id): ...


class Words(Deletes):
    rewrites = frozenset({"text"})

    def edit(self, http, credentials, id, post): ...


class All(Words):
    rewrites = frozenset({"text", "picture", "link"})

    def reply(self, http, credentials, to, post, key): ...


CHANGES = {
    "text": NEW,
    "picture": replace(OLD, images=(Image("d2", "Étals"),)),
    "link": replace(OLD, link="https://ville.example/b"),
}
WAYS = {
    None: ("by_hand",),
    Post: ("by_hand",),
    Deletes: ("replace", "by_hand"),
    All: ("edit", "replace", "reply", "by_hand"),
}


@pytest.mark.parametrize("part", CHANGES)
def test_ways_follow_from_abilities(part):
    assert correction.parts(OLD, CHANGES[part]) == {part}
    for kind, ways in WAYS.items():
        assert correction.ways(kind and kind(), OLD, CHANGES[part]) == ways
    in_place = ("edit",) if part == "text" else ()
    assert correction.ways(Words(), OLD, CHANGES[part]) == (*in_place, "replace", "by_hand")


def test_what_a_network_cannot_do_a_person_does():
    able = {operation: correction.able(Words(), operation) for operation in Operation}
    lacks = (Operation.REPLY, Operation.ANSWER, Operation.CONTINUE)
    assert able == {operation: operation not in lacks for operation in Operation}
