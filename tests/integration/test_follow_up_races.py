"""Corrections and withdrawals that meet each other, another account, or an answer that never came."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.store import Outbox
from dataclasses import replace
from follow import by_operation
from follow import change
from follow import policy
from follow import press
from follow import published
from follow import said_yes
from follow import transition
from working import work

import pytest
import transaction


OLD, NEW = "Marché samedi à 8 h", "Marché samedi à 9 h"


@pytest.fixture
def item(town):
    return published(town, OLD)


def is_now(town, name):
    """The account is linked to somebody at the network."""
    Accounts(town.site).mark(town.account.UID(), identity_id=name)
    transaction.commit()


@pytest.mark.parametrize("way", ["edit", "reply", "withdraw", "policy"])
def test_what_was_asked_before_the_account_was_linked_to_somebody_else_is_done_by_a_person(town, item, later, way):
    """A number of a post at one network may be that of another post at another, or of none: "it is gone already"."""
    is_now(town, "before")
    (made,) = town.stored(item)
    Outbox(town.site).save(replace(made, identity="before"))
    transaction.commit()
    if way == "policy":
        transition(town, item, "retract")
        later()
        work(town.functional)
    else:
        change(town, item, title=NEW)
        press(town.editor, item, way, note="Erratum : 9 h")
    is_now(town, "after")
    said_yes(town)
    (asked,) = [made for made in town.stored(item) if made.target]
    assert (asked.state, asked.error, asked.identity) == (State.UNCONFIRMED, "do_by_hand", "before")
