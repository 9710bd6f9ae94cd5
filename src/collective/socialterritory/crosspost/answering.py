"""What an account says back to somebody who answered a post of ours: a delivery like any other."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.correcting import edition
from collective.socialterritory.crosspost.correcting import reached
from collective.socialterritory.crosspost.correcting import roles
from collective.socialterritory.crosspost.correcting import written
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.crosspost.words import state_told
from collective.socialterritory.errors import DecisionError
from collective.socialterritory.interfaces import IAnswering
from collective.socialterritory.local import me
from dataclasses import replace
from plone import api
from typing import Any
from zope.i18nmessageid import Message
from zope.interface import implementer


OVER = frozenset({State.CANCELLED, State.REJECTED})


@implementer(IAnswering)
class Answering:
    def __init__(self, context: Any) -> None:
        self.site = context

    def answer(self, post: str, to: str, url: str, text: str) -> str:
        """Whoever may ask the comments' room for it is known there; on the account they may have no right at all."""
        outbox = Outbox(self.site)
        made = outbox.get(post)
        there = outbox.post(made.content, post) if made else None
        obj = find(made.content, made.item_path) if made else None
        account = Accounts(self.site).get(made.account) if made else None
        if made is None or there is None or obj is None or account is None:
            raise DecisionError("no_such_way")
        item = facts(obj)
        said = written(item, account, text)
        if (before := _before(outbox, item.uid, to, said.text)) is not None:
            return before.id
        planned = _planned(self.site, account, obj)
        number = edition(outbox, item, account, Operation.ANSWER)
        delivery = actions.planned_delivery(
            item, planned, said, (me(),), me(), clock.now(), Operation.ANSWER, number, target=post, target_id=to
        )
        # It is said by who said the post, whoever the account has become since.
        who = {"network": made.network, "identity": made.identity, "by_hand": not reached(made, account)}
        delivery = replace(delivery, target_url=url, **who)
        outbox.enqueue(delivery)
        return delivery.id

    def answers(self, post: str, to: str) -> list[tuple[str, Message, str]]:
        outbox = Outbox(self.site)
        made = outbox.get(post)
        said = (
            [one for one in outbox.of_item(made.content) if (one.target, one.target_id) == (post, to)] if made else []
        )
        return [(one.rendition.text, state_told(one, outbox.gone(one)), one.receipt_url) for one in said]


def _before(outbox: Outbox, uid: str, to: str, text: str) -> Delivery | None:
    """The same answer to the same words, as after a second click."""
    asked = (one for one in outbox.of_item(uid) if one.operation is Operation.ANSWER and one.state not in OVER)
    return next((one for one in asked if (one.target_id, one.rendition.text) == (to, text)), None)


def _planned(site: Any, account: Any, obj: Any) -> Planned:
    """Who may neither post there nor here asks for an approval also where the account wants none."""
    planned = plan.asked(account, roles(obj), clock.now())
    places = (obj, Accounts(site).object(account.uid))
    rights = (actions.SUBMIT, actions.VALIDATE)
    may = any(api.user.has_permission(right, obj=place) for right in rights for place in places)
    return planned if may else replace(planned, state=State.PENDING, needed=max(planned.needed, 1))
