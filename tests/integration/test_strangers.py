"""An account that is linked to somebody else, or to another network, says nothing that was meant for the one before."""

from collective.socialterritory import clock
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.errors import OutcomeUnknown
from collective.socialterritory.networks.model import Connection
from collective.socialterritory.networks.model import Identity
from collective.socialterritory.networks.model import Receipt
from collective.socialterritory.networks.sandbox import Sandbox
from datetime import timedelta
from linking import later
from plone import api
from working import work
from zope.lifecycleevent import modified

import pytest
import transaction


class Said:
    """What each person said on the network, by whom the account was at that time."""

    def __init__(self, monkeypatch):
        self.who, self.posts, self.lost = "town", [], False
        monkeypatch.setattr(Sandbox, "whoami", lambda network, http, known: Identity(self.who, f"@{self.who}", ""))
        monkeypatch.setattr(Sandbox, "publish", lambda network, http, known, post, key: self.publish(known, post))
        monkeypatch.setattr(Sandbox, "find", lambda network, http, known, post, key: self.find(post))

    def publish(self, known, post):
        assert not known, "the credentials of another network"
        self.posts.append((self.who, post.text))
        if self.lost:
            raise OutcomeUnknown("read_timeout", host="sandbox")
        return Receipt("1", "x")

    def find(self, post):
        return Receipt("1", "x") if (self.who, post.text) in self.posts else None


@pytest.fixture
def said(monkeypatch):
    return Said(monkeypatch)


@pytest.fixture
def item(town, said):
    relink(town, said, "town")
    item = town.news()
    (post,) = town.validator.listed()
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    return item


def relink(town, said, who):
    said.who = who
    worker.connect(town.site, town.account.UID(), {}, clock.now())
    transaction.commit()


def stored(town, item):
    (found,) = town.stored(item)
    return found


def release(town):
    (post,) = town.validator.listed()
    assert town.validator.decide(post, "release").status_code == 200


def test_a_person_decides_whether_a_post_leaves_in_the_new_name(town, said, item):
    relink(town, said, "private-person")
    work(town.functional)
    assert (stored(town, item).state, stored(town, item).held, said.posts) == (State.QUEUED, "other_identity", [])
    (post,) = town.validator.listed()
    assert "linked to somebody else" in post["held"]["message"]
    release(town)
    work(town.functional)
    assert [who for who, _text in said.posts] == ["private-person"]


def test_linking_the_same_one_again_holds_nothing(town, said, item):
    worker.disconnect(town.site, town.account.UID())
    relink(town, said, "town")
    work(town.functional)
    assert (stored(town, item).state, len(said.posts)) == (State.DELIVERED, 1)


def test_a_doubt_is_not_looked_up_at_somebody_else_and_not_sent_again(town, said, item, monkeypatch):
    said.lost = True
    work(town.functional, seconds=3)
    assert stored(town, item).doubt
    said.lost = False
    relink(town, said, "other")
    later(monkeypatch, timedelta(minutes=31))
    work(town.functional)
    assert [who for who, _text in said.posts] == ["town"]
    assert stored(town, item).held == "other_identity"


def test_an_account_of_another_network_gets_nothing_of_the_former(town, said, item):
    town.account.network = "bluesky"
    with api.env.adopt_roles(["Manager"]):
        modified(town.account)
    mine = Connection(Identity("did:x", "town.example", ""), {"did": "did:x", "app_password": "secret"})
    worker.link(town.site, town.account.UID(), worker.network_of("bluesky"), {}, mine, clock.now())
    transaction.commit()
    work(town.functional)
    assert Vault(town.site).holds(town.account.UID())
    assert (stored(town, item).held, said.posts) == ("other_network", [])
    release(town)
    work(town.functional)
    assert (stored(town, item).held, said.posts) == ("other_network", [])


def test_a_release_while_nobody_is_linked_is_no_yes_to_whoever_comes(town, said, item):
    (post,) = town.validator.listed()
    assert town.validator.decide(post, "hold").status_code == 200
    worker.disconnect(town.site, town.account.UID())
    transaction.commit()
    release(town)
    relink(town, said, "other")
    work(town.functional)
    assert (stored(town, item).held, said.posts) == ("other_identity", [])


def test_who_approves_after_the_move_means_the_new_name(town, said):
    relink(town, said, "town")
    item = town.news()
    relink(town, said, "new-town")
    (post,) = town.validator.listed()
    assert town.validator.decide(post, "approve", fingerprint=post["fingerprint"]).status_code == 200
    work(town.functional)
    assert (stored(town, item).state, [who for who, _text in said.posts]) == (State.DELIVERED, ["new-town"])
