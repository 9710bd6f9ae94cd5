"""Scorecard rows R7 and R8 for each network: a limit is obeyed to the second, a refused session is not insisted on."""

from chaos.test_networks import CALLS
from chaos.world import NOTHING
from chaos.world import share
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from datetime import timedelta
from itertools import pairwise

import pytest


CALLS = {**CALLS, "bluesky": ("putRecord", "getRecord")}
WAIT = timedelta(seconds=1799)
RENEW = {"bluesky": "refreshSession", "x": "token", "linkedin": "token"}
REFUSED = {"bluesky": (1, 2), "x": (1, 1), "linkedin": (1, 1), "instagram": (0, 1), "threads": (0, 2)}
"""Calls that post, and others: some renew the session, some are asked whether they may post before"""
each = pytest.mark.parametrize("network", CALLS)


@pytest.fixture
def server(world, network):
    return world.servers.get(network, world.server)


@pytest.fixture
def asked(world, server, monkeypatch):
    """(method, when, fault) of each call."""
    calls, fault = [], server.fault

    def noted(method):
        calls.append((method, world.clock.now(), fault(method)))
        return calls[-1][2]

    monkeypatch.setattr(server, "fault", noted)
    return calls


def states(world):
    return {delivery.state for delivery in world.deliveries()}


@each
def test_r7_no_call_comes_before_the_network_allowed_it(world, server, network, asked):
    server.retry_after = 1800
    world.account(network, "Ville")
    limits = share(25, 2)
    for number in range(limits):
        server.script(CALLS[network][0], "429", "429", "")
        for half in "ab":
            world.publish(f"Nouvelle {number}{half}")
        world.run()
    assert world.losses() == NOTHING
    early = [after for (_, at, fault), (_, after, _) in pairwise(asked) if fault == "429" and after - at < WAIT]
    assert early == []
    assert server.faulted["429"] == 2 * limits


@each
def test_r7_a_network_that_is_dead_for_an_hour_keeps_no_other(world, server, network):
    other = "x" if network != "x" else "mastodon"
    world.account(network, "Muette")
    world.account(other, "Vive")
    server.down()
    for number in range(share(25, 3)):
        item = world.publish(f"Nouvelle {number}")
        world.run(hours=0.01)
        (alive,) = [d for d in world.deliveries() if d.content == item.UID() and d.network == other]
        assert alive.state is State.DELIVERED
        assert alive.finished - alive.created < timedelta(seconds=5)
    world.clock.skip(3600)
    server.up()
    world.run()
    assert world.losses() == NOTHING
    assert states(world) == {State.DELIVERED}


@each
def test_r8_after_the_first_refusal_one_call_and_then_silence(world, server, network, asked):
    world.webmaster = False
    uid = world.account(network, "Ville")
    for number in range(share(15, 3)):
        world.publish(f"Nouvelle {number}")
    if network == "bluesky":
        server.revoke(next(iter(server.accounts.values())))
    else:
        server.revoke()
    world.run(hours=3)
    posts = [method for method, _, _ in asked if method == CALLS[network][0]]
    others = [method for method, _, _ in asked if method != CALLS[network][0]]
    assert (len(posts), len(others)) == REFUSED.get(network, (1, 0))
    assert Accounts(world.portal).get(uid).link is Link.RECONNECT
    assert states(world) == {State.QUEUED}
    world.relink(uid, network)
    world.run()
    assert world.losses() == NOTHING
    assert states(world) == {State.DELIVERED}


@pytest.mark.parametrize("point", ["claimed", "sent", "recorded"])
@pytest.mark.parametrize("network", RENEW)
def test_r8_a_crash_while_the_session_is_renewed_loses_and_doubles_nothing(world, server, network, point):
    """Where the new session is lost with the process, a person reconnects."""
    world.webmaster = False
    uid = world.account(network, "Ville")
    for number in range(share(10, 2)):
        server.expire()
        world.publish(f"Nouvelle {number}")
        world.crash_at(point, nth=2)
        world.run(hours=1)
        if Accounts(world.portal).get(uid).link is Link.RECONNECT:
            world.relink(uid, network)
        world.run()
    assert world.losses() == NOTHING
    assert states(world) == {State.DELIVERED}
