"""Scorecard rows R3 and R4 for what is done about a post that is out: edited, replaced, answered, taken away."""

from chaos.world import FULL
from chaos.world import POINTS
from collections import Counter
from collective.socialterritory.crosspost.correcting import correct
from collective.socialterritory.crosspost.correcting import withdraw
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import correction
from faults import FAULTS

import pytest
import transaction


OLD, NEW, ANSWER = "Marché samedi", "Marché dimanche", "Erratum"
SEEN = {"edit": [NEW], "replace": [NEW], "reply": [OLD, ANSWER], "withdraw": []}
"""What readers see in the end"""
STEPS = {"edit": ["edit"], "replace": ["delete", "post"], "reply": ["post"], "withdraw": ["delete"]}
"""What the scripted Mastodon is asked"""
CANNOT = {"mastodon": (), "bluesky": ("edit",), "x": ("edit",), "threads": ("edit",), "webhook": ()}
CANNOT |= dict.fromkeys(("facebook", "linkedin"), ("edit", "reply"))
"""Facebook and LinkedIn edit words alone, and here the link's card changes too."""
KINDS = [(network, way) for network, lacking in CANNOT.items() for way in SEEN if way not in lacking]
DEATHS = [
    (*kind, point)
    for n, kind in enumerate(KINDS)
    for m, point in enumerate(POINTS)
    if FULL or kind[1] == "edit" or (n + m) % 2
]
"""Where a worker dies: in a small run every other point with each network and way, every point of an edit"""
SPOILT = [
    (way, fault)
    for n, fault in enumerate(FAULTS)
    for m, way in enumerate(SEEN)
    if FULL or way in ("edit", "replace") or (n + m) % 2
]
"""In a small run each call meets each fault; what repeats the calls of a replacement, every other one"""


@pytest.fixture
def out(world, network):
    """An item with a post that is out, and that it no longer agrees with."""
    world.account(network, "Ville")
    item = world.publish(OLD)
    world.run()
    item.title = NEW
    item.reindexObject()
    transaction.commit()
    return item


def begin(world, way):
    (made,) = world.deliveries()
    withdraw(world.portal, made.id) if way == "withdraw" else correct(world.portal, made.id, way, ANSWER)
    transaction.commit()


def as_wanted(world, network, way):
    """Readers and the record say the same."""
    posts = world.servers.get(network, world.server).posts()
    assert sorted(text.split(" http")[0] for text in posts) == sorted(SEEN[way])
    made = world.deliveries()
    assert Counter(delivery.state for delivery in made) == {State.DELIVERED: len(made)}
    assert sorted(one.said.text for one in correction.standing(made)) == sorted(posts)


@pytest.mark.parametrize(("network", "way", "point"), DEATHS, ids=map(" ".join, DEATHS))
def test_r3_a_worker_that_dies(world, network, out, way, point):
    begin(world, way)
    world.crash_at(point)
    world.run()
    as_wanted(world, network, way)


@pytest.mark.parametrize("network", ["mastodon"])
@pytest.mark.parametrize(("way", "fault"), SPOILT, ids=map(" ".join, SPOILT))
def test_r4_every_fault_of_the_call(world, network, out, way, fault):
    begin(world, way)
    for step in STEPS[way]:
        world.servers[network].script(step, fault)
    world.run()
    assert sum(world.servers[network].faulted.values()) == len(STEPS[way])
    as_wanted(world, network, way)
