"""Scorecard rows R3 and R4 for each network that has a scripted server; Mastodon's honours Idempotency-Keys or not."""

from chaos.world import FULL
from chaos.world import NOTHING
from chaos.world import photo
from chaos.world import POINTS
from chaos.world import share
from collections import Counter
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.mail import waiting
from faults import FAULTS
from faults import Said
from plone import api
from scripted_containers import Shelf
from scripted_facebook import ScriptedFacebook
from scripted_linkedin import ScriptedLinkedIn
from scripted_webhook import ScriptedWebhook
from scripted_x import ScriptedX

import pytest
import transaction


CALLS = {
    "mastodon": ("post", "statuses"),
    "x": ("tweet", "tweets"),
    "facebook": ("feed", "posts"),
    "linkedin": ("post", "posts"),
    "webhook": ("post.created", ""),
    "instagram": ("publish", "media"),
    "threads": ("publish", "posts"),
}
"""What posts, and what looks for it, by network; "" where the same is sent again"""
PREPARING = ("instagram", "threads")
"""They post in two steps, and only for what they say is published they are looked through"""
KINDS = [(network, "gotosocial") for network in CALLS]
KINDS += [("mastodon", "mastodon")] if FULL else []
UNSEEN = [(*kind, fault) for kind in KINDS if CALLS[kind[0]][1] for fault in ("reset_before", "reset_after")]
UNSEEN = [one for one in UNSEEN if one[0] not in PREPARING or one[2] == "reset_after"]
UNSEEN = UNSEEN if FULL else [UNSEEN[0], UNSEEN[3], UNSEEN[4]]
"""Whether the post is there, which a look that is never answered cannot tell"""
DEATHS = [(*kind, point) for n, kind in enumerate(KINDS) for m, point in enumerate(POINTS) if FULL or (n + m) % 2]
"""Where a worker dies: in a small run every other point with each network"""
WAYS = KINDS if FULL else [kind for kind in KINDS if kind[0] != "instagram"]
"""Its calls are those of Threads"""
each = pytest.mark.parametrize(("network", "dialect"), KINDS, indirect=["dialect"], ids=map(" ".join, KINDS))
each_way = pytest.mark.parametrize(("network", "dialect"), WAYS, indirect=["dialect"], ids=map(" ".join, WAYS))


@pytest.fixture
def server(world, network):
    return world.servers[network]


def all_arrived(world, server, count):
    """Readers see each post once, whatever the records say; and the records say so."""
    assert world.losses() == NOTHING
    assert Counter(d.state for d in world.deliveries()) == {State.DELIVERED: count}
    assert len(set(server.posts())) == len(server.posts()) == count


def pictured(server):
    """How many posts readers see with a picture."""
    if isinstance(server, Shelf):
        return sum(bool(made.published and made.pictures) for made in server.containers.values())
    if isinstance(server, ScriptedFacebook):
        return sum(bool(post["media"]) for page in server.pages.values() for post in page.posts)
    if isinstance(server, ScriptedWebhook):
        return sum(bool(post["images"]) for account in server.accounts for post in account.posts.values())
    if isinstance(server, ScriptedLinkedIn):
        return sum("thumbnail" in str(post.get("content")) for page in server.pages.values() for post in page.posts)
    if isinstance(server, ScriptedX):
        return sum(bool(tweet["media"]) for account in server.accounts for tweet in account.tweets)
    return sum(bool(status["media_attachments"]) for account in server.accounts for status in account.statuses)


@pytest.mark.parametrize(("network", "dialect", "point"), DEATHS, indirect=["dialect"], ids=map(" ".join, DEATHS))
def test_r3_a_worker_that_dies_loses_and_doubles_nothing(world, server, network, point):
    world.account(network, "Ville")
    count = share(88, 3)
    for number in range(count):
        world.publish(f"Nouvelle {number}", image=photo() if number % 2 else None)
        world.crash_at(point, nth=1 + number % 3 if network in PREPARING else 1)  # at each step
        world.run()
    all_arrived(world, server, count)
    posts, looks = CALLS[network]
    again = server.calls["token"] if looks else count if point == "sent" else 0  # where a session had ended, or a doubt
    assert count <= server.calls[posts] <= count + again
    looked = ("sent",) if network in PREPARING else ("claimed", "sent")
    assert bool(server.calls[looks]) == (bool(looks) and point in looked)


@each
def test_r3_workers_that_die_at_random_lose_and_double_nothing(world, server, network):
    world.account(network, "Ville")
    count = share(1000, 3)
    for number in range(count):
        world.publish(f"Nouvelle {number}")
        world.crash_at(world.random.choice(POINTS), world.random.randint(1, 2))
        world.run()
    all_arrived(world, server, count)


@each_way
def test_r4_network_faults_lose_and_double_nothing(world, server, network):
    """Pictures, posts and looks fail alike. All can be looked up or sent again, so no person is asked about any.

    What was given up after twelve hours is sent again by a person: it must not be there.
    """
    world.account(network, "Ville")
    server.chaos(0.35, seed=11)
    count = 0
    for _day in range(share(72, 1)):
        for _number in range(4 if network in PREPARING else 14):  # they take five calls each, and each may fail
            count += 1
            world.publish(f"Nouvelle {count}", image=None if count % 3 else photo())
        world.run()
        while failed := [d for d in world.deliveries() if d.state is State.FAILED]:
            for delivery in failed:
                decide(world.portal, delivery.id, "resend")
            transaction.commit()
            world.run()
    all_arrived(world, server, count)
    assert pictured(server) == (count if world.pictured else count // 3)
    assert {*filter(None, CALLS[network])} <= set(server.calls) or (network in PREPARING and not FULL)
    assert sum(server.faulted.values()) > (share(400, 2) if network == "webhook" else share(600, 5))
    assert set(server.faulted) == set(FAULTS) or not FULL


@each_way
def test_r4_every_fault_of_the_post_itself_and_of_the_look_after_it(world, server, network):
    world.account(network, "Ville")
    for fault in FAULTS:
        for call in CALLS[network]:
            server.script(call, fault)
        world.publish(f"Nouvelle {fault}")
        world.run()
    all_arrived(world, server, len(FAULTS))


@pytest.mark.parametrize(("network", "dialect", "fault"), UNSEEN, indirect=["dialect"], ids=map(" ".join, UNSEEN))
def test_r4_where_the_look_is_never_answered_a_person_is_asked(world, server, network, fault):
    """For twelve hours it is looked up and never sent again; then people are told."""
    api.user.create(email="chef@ville.example", username="chef", password="A-long-one-1", roles=("Social Validator",))
    world.account(network, "Ville")
    server.script(CALLS[network][0], fault)
    server.instead[CALLS[network][1]] = Said(503, b"<h1>Maintenance</h1>", "text/html")
    world.publish("Qui sait")
    world.run()
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.error) == (State.UNCONFIRMED, "server_error")
    assert world.losses() == NOTHING
    assert server.calls[CALLS[network][0]] == 1
    assert server.calls[CALLS[network][1]] > 20
    assert [mail["to"] for _id, mail in waiting(world.portal)] == ["chef@ville.example"]
