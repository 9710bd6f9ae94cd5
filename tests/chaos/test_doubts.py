"""Scorecard rows R8, R10 and R11 for posts in doubt: what a look did not find leaves only if it still may."""

from chaos.test_faults import CHANGES
from chaos.world import NOTHING
from chaos.world import share
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.mail import waiting
from dataclasses import replace
from plone import api
from zope.component import getGlobalSiteManager

import pytest
import transaction


TRY = {"bluesky": "putRecord", "finds_only": "posts.create"}


def in_doubt(world, network="bluesky", **fields):
    """An approved post whose first try was lost on its way: nothing is there, and nobody knows."""
    uid = world.account(network, "Ville", validation="one", trusted=[], **fields)
    item = world.publish("En doute")
    approve(world, item)
    world.server.script(TRY[network], "reset_before")
    world.run(hours=0.001)
    (delivery,) = Outbox(world.portal).of_item(item.UID())
    assert (delivery.state, delivery.doubt) == (State.QUEUED, True)
    return uid, item


def approve(world, item):
    (delivery,) = Outbox(world.portal).of_item(item.UID())
    decide(world.portal, delivery.id, "approve", fingerprint=delivery.fingerprint)
    transaction.commit()


def tries(world):
    return sum(world.server.calls[name] for name in TRY.values())


@pytest.mark.parametrize("network", TRY)
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_r10_what_changed_while_in_doubt_does_not_leave_after_the_look(world, change, network):
    for _number in range(share(4, 1)):
        uid, item = in_doubt(world, network)
        before = tries(world)
        change(world, item, uid)
        transaction.commit()
        world.run(hours=2)
        assert (world.server.posts(), tries(world)) == ([], before)
        settings().pause_start = None
        world.portal["social-accounts"].manage_delObjects([api.content.get(UID=uid).getId()])


@pytest.mark.parametrize("network", TRY)
def test_r10_would_have_left_after_the_look_without_a_change(world, network):
    in_doubt(world, network)
    world.run()
    assert world.losses() == NOTHING
    assert (len(world.server.posts()), tries(world)) == (1, 2)


def test_r10_a_post_without_its_yes_goes_back_to_its_validators(world):
    """However it came into the queue."""
    world.account("bluesky", "Ville", validation="two", trusted=[])
    item = world.publish("Sans oui")
    (delivery,) = Outbox(world.portal).of_item(item.UID())
    Outbox(world.portal).save(replace(delivery, state=State.QUEUED))
    transaction.commit()
    world.run(hours=2)
    (delivery,) = world.deliveries()
    assert (delivery.state, world.server.posts()) == (State.PENDING, [])


def test_r10_a_trusted_yes_suffices_where_two_are_asked_for(world):
    world.account("bluesky", "Ville", validation="two", trusted=["Manager"])
    world.publish("De confiance")
    world.run()
    assert world.losses() == NOTHING
    assert len(world.server.posts()) == 1


@pytest.mark.parametrize("network", ["bluesky", "finds_only", "blind"])
@pytest.mark.parametrize("point", ["claimed", "sent"])
def test_r11_a_backup_from_while_it_was_sent_sends_nothing_by_itself(world, network, point):
    """Restored a day later: what is there is found; what is not waits for a person."""
    world.account(network, "Ville")
    world.publish("Pendant l’envoi")
    world.crash_at(point)
    world.run(until_crash=True)
    there = world.server.posts()
    world.clock.skip(24 * 3600)
    world.restart()
    world.run(hours=3)
    (delivery,) = world.deliveries()
    expected = {"claimed": (State.QUEUED, "overdue"), "sent": (State.DELIVERED, "")}[point]
    assert (delivery.state, delivery.held) == ((State.UNCONFIRMED, "") if network == "blind" else expected)
    assert world.server.posts() == there
    if delivery.held:
        decide(world.portal, delivery.id, "release")
        transaction.commit()
        world.run()
        assert world.losses() == NOTHING
        assert len(world.server.posts()) == 1


@pytest.mark.parametrize("network", TRY)
def test_r11_a_backup_with_a_post_in_doubt_sends_nothing_by_itself(world, network):
    in_doubt(world, network)
    before = tries(world)
    world.clock.skip(24 * 3600)
    world.restart()
    world.run(hours=3)
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.held, delivery.doubt) == (State.QUEUED, "overdue", False)
    assert (world.server.posts(), tries(world)) == ([], before)


def test_r11_what_waited_for_its_account_is_not_sent_by_reconnecting_a_restored_site(world):
    uid = world.account("bluesky", "Ville")
    Accounts(world.portal).mark(uid, link="reconnect")
    transaction.commit()
    world.webmaster = False
    world.publish("De la semaine dernière")
    world.clock.skip(24 * 3600)
    world.run(hours=1)
    Accounts(world.portal).mark(uid, link="connected")
    transaction.commit()
    world.run(hours=3)
    (delivery,) = world.deliveries()
    assert (delivery.held, world.server.posts()) == ("overdue", [])


def test_what_is_public_again_after_weeks_asks_first(world):
    world.account("bluesky", "Ville")
    item = world.publish("Reprise", effective_date=api.portal.get().ZopeTime())
    api.content.transition(item, to_state="private")
    transaction.commit()
    world.run(hours=1)
    world.clock.skip(8 * 24 * 3600)
    api.content.transition(item, to_state="published")
    transaction.commit()
    world.run(hours=3)
    (delivery,) = world.deliveries()
    assert (delivery.held, world.server.posts()) == ("overdue", [])


def test_r8_a_doubt_at_a_revoked_account_is_asked_about_once_and_told_once(world):
    api.user.create(email="chef@ville.example", username="chef", password="A-long-one-1", roles=("Site Administrator",))
    uid, _item = in_doubt(world, "finds_only")
    world.webmaster = False
    world.server.revoke(world.server.accounts["ville.example"])
    before = sum(world.server.calls.values())
    world.run(hours=6)
    assert Accounts(world.portal).get(uid).link == "reconnect"
    assert sum(world.server.calls.values()) - before == 1
    told = [mail for _id, mail in waiting(world.portal) if "Reconnect" in mail["subject"]]
    assert [mail["to"] for mail in told] == ["chef@ville.example"]
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.doubt) == (State.QUEUED, True)


def test_a_network_that_is_gone_holds_its_posts_once(world):
    world.account("blind", "Ville")
    world.publish("Sans réseau")
    getGlobalSiteManager().unregisterUtility(provided=INetwork, name="blind")
    world.run(hours=1)
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.held) == (State.QUEUED, "unknown_network")
    assert [event.name for event in delivery.log] == ["plan", "hold"]


def test_what_was_being_sent_when_its_account_was_deleted_ends(world):
    uid = world.account("finds_only", "Ville")
    world.publish("Orpheline")
    world.crash_at("claimed")
    world.run(until_crash=True)
    world.portal["social-accounts"].manage_delObjects([api.content.get(UID=uid).getId()])
    transaction.commit()
    for _sweep in range(2):
        world.run(hours=1)
        world.clock.skip(61)
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.log[-1].note) == (State.CANCELLED, "account_deleted")
