"""Scorecard rows R3 and R4 for servers of the Mastodon kind, whether they honour Idempotency-Keys or not."""

from chaos.conftest import DIALECTS
from chaos.world import FULL
from chaos.world import NOTHING
from chaos.world import POINTS
from chaos.world import share
from collections import Counter
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.mail import waiting
from faults import FAULTS
from faults import Said
from io import BytesIO
from PIL import Image
from plone import api
from plone.namedfile.file import NamedBlobImage

import pytest
import transaction


both = pytest.mark.parametrize("dialect", DIALECTS, indirect=True)


def photo():
    stream = BytesIO()
    Image.new("RGB", (80, 60), "orange").save(stream, "JPEG")
    return NamedBlobImage(stream.getvalue(), "image/jpeg", "a.jpg")


def all_arrived(world, count):
    """Readers see each post once, whatever the records say; and the records say so."""
    assert world.losses() == NOTHING
    assert Counter(d.state for d in world.deliveries()) == {State.DELIVERED: count}
    assert len(set(world.mastodon.posts())) == len(world.mastodon.posts()) == count


def shown(world):
    return [status for account in world.mastodon.accounts for status in account.statuses]


@both
@pytest.mark.parametrize("point", POINTS)
def test_r3_a_worker_that_dies_loses_and_doubles_nothing(world, point):
    world.account("mastodon", "Ville")
    count = share(88, 3)
    for number in range(count):
        world.publish(f"Nouvelle {number}", image=photo() if number % 2 else None)
        world.crash_at(point)
        world.run()
    all_arrived(world, count)
    assert world.mastodon.calls["post"] == count
    assert bool(world.mastodon.calls["statuses"]) == (point in ("claimed", "sent"))


@both
def test_r3_workers_that_die_at_random_lose_and_double_nothing(world):
    world.account("mastodon", "Ville")
    count = share(1000, 5)
    for number in range(count):
        world.publish(f"Nouvelle {number}")
        world.crash_at(world.random.choice(POINTS), world.random.randint(1, 2))
        world.run()
    all_arrived(world, count)


@both
def test_r4_network_faults_lose_and_double_nothing(world):
    """Pictures, posts and looks fail alike. Since all can be looked up, no person is asked about any.

    What was given up after twelve hours is sent again by a person: it must not be there.
    """
    world.account("mastodon", "Ville")
    world.mastodon.chaos(0.35, seed=11)
    count = 0
    for _day in range(share(72, 1)):
        for _number in range(14):
            count += 1
            world.publish(f"Nouvelle {count}", image=None if count % 3 else photo())
        world.run()
        while failed := [d for d in world.deliveries() if d.state is State.FAILED]:
            for delivery in failed:
                decide(world.portal, delivery.id, "resend")
            transaction.commit()
            world.run()
    all_arrived(world, count)
    assert sum(bool(status["media_attachments"]) for status in shown(world)) == count // 3
    assert {"post", "media", "media_state", "statuses"} <= set(world.mastodon.calls)
    assert sum(world.mastodon.faulted.values()) > share(600, 5)
    assert set(world.mastodon.faulted) == set(FAULTS) or not FULL


@both
def test_r4_every_fault_of_the_post_itself_and_of_the_look_after_it(world):
    world.account("mastodon", "Ville")
    for fault in FAULTS:
        world.mastodon.script("post", fault)
        world.mastodon.script("statuses", fault)
        world.publish(f"Nouvelle {fault}")
        world.run()
    all_arrived(world, len(FAULTS))


@both
@pytest.mark.parametrize("fault", ["reset_before", "reset_after"])
def test_r4_where_the_look_is_never_answered_a_person_is_asked(world, fault):
    """For twelve hours it is looked up and never sent again; then people are told."""
    api.user.create(email="chef@ville.example", username="chef", password="A-long-one-1", roles=("Social Validator",))
    world.account("mastodon", "Ville")
    world.mastodon.script("post", fault)
    world.mastodon.instead["statuses"] = Said(503, b"<h1>Maintenance</h1>", "text/html")
    world.publish("Qui sait")
    world.run()
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.error) == (State.UNCONFIRMED, "server_error")
    assert world.losses() == NOTHING
    assert world.mastodon.calls["post"] == 1
    assert world.mastodon.calls["statuses"] > 20
    assert [mail["to"] for _id, mail in waiting(world.portal)] == ["chef@ville.example"]
