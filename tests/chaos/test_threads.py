"""Scorecard rows R3 and R4 for long texts: all posts of a thread, each once and in order, and all of them withdrawn."""

from chaos.world import FULL
from chaos.world import POINTS
from chaos.world import share
from collections import Counter
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from faults import FAULTS
from faults import Said
from plone import api

import pytest
import transaction


TEXT = " ".join(f"Phrase numéro {number} du compte rendu de la séance." for number in range(1, 31))
NETWORKS = ("mastodon", "bluesky", "threads")
STEPS = {"mastodon": ("post", "delete"), "bluesky": ("putRecord", "deleteRecord"), "threads": ("publish", "delete")}
"""What posts, and what takes away"""
DEATHS = [(it, point) for n, it in enumerate(NETWORKS) for m, point in enumerate(POINTS) if FULL or (n + m) % 2]
each = pytest.mark.parametrize("network", NETWORKS)


def server_of(world, network):
    return world.servers.get(network, world.server)


def publish(world, network):
    world.account(network, "Ville")
    return world.publish("Séance", social_text=TEXT, social_chain=True)


def root_of(world):
    (root,) = [delivery for delivery in world.deliveries() if delivery.operation is Operation.POST]
    return root


def whole(world, network):
    """Readers see every post of the thread once, in order, each below the one before; the record says the same."""
    parts = root_of(world).rendition.parts
    posts = server_of(world, network).posts()
    assert [" ".join(post.split()) for post in posts] == [" ".join(part.split()) for part in parts]
    assert len(parts) > 2
    made = world.deliveries()
    assert Counter(delivery.state for delivery in made) == {State.DELIVERED: len(parts)}
    receipts = {delivery.rendition.text: delivery for delivery in made}
    above = root_of(world)
    for part in parts[1:]:
        assert (receipts[part].target_id, receipts[part].target) == (above.receipt_id, root_of(world).id)
        above = receipts[part]


def withdrawn(world, network):
    withdraw(world.portal, root_of(world).id)
    transaction.commit()


@pytest.mark.parametrize(("network", "point"), DEATHS, ids=map(" ".join, DEATHS))
def test_r3_a_worker_that_dies_at_any_post_of_the_thread(world, network, point):
    publish(world, network)
    for nth in range(1, share(7, 3)):
        world.crash_at(point, nth)
        world.run(until_crash=True)
    world.run()
    whole(world, network)
    withdrawn(world, network)
    world.crash_at(point, 2)
    world.run()
    assert server_of(world, network).posts() == []


@each
def test_r4_every_fault_of_every_post_and_of_every_withdrawal(world, network):
    post, delete = STEPS[network]
    for fault in FAULTS if FULL else FAULTS[::3]:
        server_of(world, network).script(post, fault)
    publish(world, network)
    world.run()
    whole(world, network)
    for fault in FAULTS if FULL else FAULTS[::3]:
        server_of(world, network).script(delete, fault)
    withdrawn(world, network)
    world.run()
    assert server_of(world, network).posts() == []
    assert {delivery.state for delivery in world.deliveries()} == {State.DELIVERED}


def test_a_thread_that_was_refused_half_way_goes_on_when_a_person_says_so(world):
    server = world.servers["mastodon"]
    publish(world, "mastodon")
    world.crash_at("recorded")
    world.run(until_crash=True)
    server.instead["post"] = Said(422, b'{"error": "Validation failed"}')
    world.run()
    del server.instead["post"]
    (failed,) = [delivery for delivery in world.deliveries() if delivery.state is State.FAILED]
    assert failed.operation is Operation.CONTINUE and len(server.posts()) == 1
    decide(world.portal, failed.id, "resend")
    transaction.commit()
    world.run()
    whole(world, "mastodon")


def test_news_that_leaves_its_readers_half_way_takes_all_its_posts_along(world):
    item = publish(world, "mastodon")
    account = world.portal["social-accounts"]["ville"]
    account.withdrawal = "delete"
    transaction.commit()
    world.crash_at("recorded", 2)
    world.run(until_crash=True)
    assert len(world.servers["mastodon"].posts()) > 1
    api.content.transition(item, to_state="private")
    transaction.commit()
    world.run()
    assert world.servers["mastodon"].posts() == []
