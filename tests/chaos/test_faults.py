"""Scorecard rows R3, R4, R10, R11: crashes, network faults, changes of mind and restored copies."""

from chaos.world import NOTHING
from chaos.world import POINTS
from chaos.world import share
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.worker import disconnect
from collective.socialterritory.crosspost.actions import decide
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import settings
from DateTime import DateTime
from datetime import timedelta
from plone import api
from zope.lifecycleevent import modified

import pytest
import transaction


NETWORKS = ("bluesky", "finds_only", "blind")


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("point", POINTS)
def test_r3_a_worker_that_dies_loses_and_doubles_nothing(world, network, point):
    world.account(network, "Ville")
    for number in range(share(59, 3)):
        world.publish(f"Nouvelle {number}")
        world.crash_at(point)
        world.run()
    assert world.losses() == NOTHING
    unconfirmed = [d for d in world.deliveries() if d.state is State.UNCONFIRMED]
    assert bool(unconfirmed) == (network == "blind" and point in ("claimed", "sent"))


def test_r3_workers_that_die_at_random_lose_and_double_nothing(world):
    for network in NETWORKS[:2]:
        world.account(network, network)
    for number in range(share(2000, 6)):
        world.publish(f"Nouvelle {number}")
        world.crash_at(world.random.choice(POINTS), world.random.randint(1, 3))
        world.run()
    assert world.losses() == NOTHING
    assert all(d.state is State.DELIVERED for d in world.deliveries())


def test_r4_network_faults_lose_and_double_nothing(world):
    """All three kinds of network, 35 % of answers faulty; only where nobody can look may a person be asked."""
    for network in NETWORKS:
        world.account(network, network)
    world.server.chaos(0.35, seed=11)
    for day in range(share(48, 1)):
        for number in range(14):
            world.publish(f"Nouvelle {day}.{number}")
        world.run()
    assert world.losses() == NOTHING
    assert {d.network for d in world.deliveries() if d.state is State.UNCONFIRMED} <= {"blind"}
    assert sum(world.server.faulted.values()) > share(600, 5)


def test_a_network_that_is_down_delays_its_own_posts_only(world):
    ours = world.account("bluesky", "Ville")
    world.publish("Pendant la panne")
    world.server.down()
    world.run(hours=1)
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.error) == (State.QUEUED, "refused_connection")
    world.server.up()
    world.run()
    assert world.losses() == NOTHING
    assert len(world.server.posts()) == 1
    assert Accounts(world.portal).get(ours).sent


def test_a_network_that_stays_down_fails_the_post_after_twelve_hours_and_tells(world):
    world.account("bluesky", "Ville")
    world.publish("Jamais partie")
    world.server.down()
    world.run()
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.error) == (State.FAILED, "refused_connection")
    world.server.up()
    decide(world.portal, delivery.id, "resend")
    transaction.commit()
    world.run()
    assert world.losses() == NOTHING


def test_a_session_that_ended_is_renewed_once(world):
    world.account("bluesky", "Ville")
    world.server.expire()
    world.publish("Après deux heures")
    world.run()
    assert world.losses() == NOTHING
    assert world.server.calls["refreshSession"] == 1


def test_a_revoked_password_asks_a_person_and_loses_nothing(world):
    uid = world.account("bluesky", "Ville")
    world.webmaster = False
    world.server.revoke(world.server.accounts["ville.example"])
    world.publish("En attente")
    world.run(hours=2)
    (delivery,) = world.deliveries()
    assert (delivery.state, delivery.error) == (State.QUEUED, "unauthorized")
    assert Accounts(world.portal).get(uid).link == "reconnect"
    assert world.server.posts() == []


def _retract(world, item, uid):
    api.content.transition(item, to_state="private")


def _edit_approved(world, item, uid):
    item.title = "Autre chose"
    modified(item)


def _delete(world, item, uid):
    api.content.delete(item)


def _disconnect(world, item, uid):
    disconnect(world.portal, uid)


def _expire(world, item, uid):
    item.expiration_date = DateTime() - 1


def _pause(world, item, uid):
    settings().pause_start = (world.clock.now() - timedelta(minutes=1)).replace(tzinfo=None)
    settings().pause_reason = "Réserve électorale"


def _leave_out(world, item, uid):
    item.social_post = False


def _withdraw_yes(world, item, uid):
    (delivery,) = Outbox(world.portal).of_item(item.UID())
    decide(world.portal, delivery.id, "hold", note="Attendez")


CHANGES = (_retract, _edit_approved, _delete, _disconnect, _expire, _pause, _leave_out, _withdraw_yes)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_r10_what_changed_after_the_yes_does_not_leave(world, change):
    """The change is written straight after the approval and just before the worker looks."""
    uid = world.account("bluesky", "Ville", validation="one", trusted=[])
    for number in range(share(10, 1)):
        item = world.publish(f"Nouvelle {number}")
        (delivery,) = Outbox(world.portal).of_item(item.UID())
        decide(world.portal, delivery.id, "approve", fingerprint=delivery.fingerprint)
        change(world, item, uid)
        transaction.commit()
        world.run(hours=2)
        assert world.server.posts() == []
        if change in (_pause, _disconnect):
            break
    assert world.server.calls["putRecord"] == 0


def test_r10_would_have_left_without_a_change(world):
    world.account("bluesky", "Ville", validation="one", trusted=[])
    item = world.publish("Approuvée")
    (delivery,) = Outbox(world.portal).of_item(item.UID())
    world.run(hours=2)
    assert world.server.posts() == []
    decide(world.portal, delivery.id, "approve", fingerprint=delivery.fingerprint)
    transaction.commit()
    world.run()
    assert world.losses() == NOTHING
    assert len(world.server.posts()) == 1


@pytest.mark.parametrize("deployment", ["", "staging"])
def test_r11_a_copy_of_the_site_never_posts(world, monkeypatch, deployment):
    world.account("bluesky", "Ville")
    monkeypatch.setenv("SOCIALTERRITORY_DEPLOYMENT", deployment)
    for number in range(share(5, 2)):
        world.publish(f"Nouvelle {number}")
    world.run(hours=3)
    assert not world.server.calls
    monkeypatch.setenv("SOCIALTERRITORY_DEPLOYMENT", settings().deployment)
    world.run()
    assert world.losses() == NOTHING


def test_r11_a_restored_backup_asks_before_it_posts(world):
    """Its queue is old: what should have left 6 hours ago waits for a person, who releases it or not."""
    world.account("bluesky", "Ville")
    world.publish("De la semaine dernière")
    world.clock.skip(7 * 3600)
    world.run(hours=3)
    (delivery,) = world.deliveries()
    assert (delivery.held, world.server.posts()) == ("overdue", [])
    decide(world.portal, delivery.id, "release")
    transaction.commit()
    world.run()
    assert len(world.server.posts()) == 1


def test_after_a_pause_each_post_is_decided_again(world):
    world.account("bluesky", "Ville")
    _pause(world, None, None)
    world.publish("Pendant la pause")
    world.run(hours=1)
    settings().pause_until = world.clock.now().replace(tzinfo=None)
    transaction.commit()
    world.run(hours=2)
    (delivery,) = world.deliveries()
    assert (delivery.held, world.server.posts()) == ("pause", [])
    world.publish("Après la pause")
    world.run(hours=1)
    assert len(world.server.posts()) == 1
    decide(world.portal, delivery.id, "release")
    transaction.commit()
    world.run()
    assert len(world.server.posts()) == 2


def test_one_damaged_item_does_not_stop_the_others(world, monkeypatch):
    from collective.socialterritory.crosspost import lane

    world.account("bluesky", "Ville")
    bad = world.publish("Abîmée").UID()
    world.publish("Bonne")
    facts = lane.facts

    def broken(obj):
        if obj.UID() == bad:
            raise OSError("its blob is missing")
        return facts(obj)

    monkeypatch.setattr(lane, "facts", broken)
    world.run(hours=1)
    assert [text.split()[0] for text in world.server.posts()] == ["Bonne"]


def test_r11_a_backup_from_before_the_post_left_does_not_double_it(world):
    """The record says queued, the network has the post: it is written over, under the same key."""
    world.account("bluesky", "Ville")
    item = world.publish("Restaurée")
    (before,) = Outbox(world.portal).of_item(item.UID())
    world.run()
    assert len(world.server.posts()) == 1
    transaction.begin()
    Outbox(world.portal).save(before)
    transaction.commit()
    world.clock.skip(3600)
    world.run()
    assert world.losses() == NOTHING
    assert len(world.server.posts()) == 1
