"""What of ours is out at the networks, and what can be done about it once its news has changed or is gone."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.crosspost.model import ANSWERS
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import FINISHED
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.networks.model import Deletes
from collective.socialterritory.networks.model import Edits
from collective.socialterritory.networks.model import Publishes
from collective.socialterritory.networks.model import Replies
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from datetime import UTC
from typing import Any


GRACE = timedelta(minutes=10)
"""News that was taken back to be mended is often public again before that: its posts stay"""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Standing:
    """A post of ours that is out. `said`: what readers see of it now."""

    delivery: Delivery
    said: Rendition
    busy: bool = False
    """Something is already being done about it"""
    answered: str = ""
    """`source` of the news when the last of its answers that are out was written"""


def standing(deliveries: Iterable[Delivery]) -> tuple[Standing, ...]:
    """Of all the deliveries of an item, what went out and was not taken away, oldest first."""
    found: dict[str, Standing] = {}
    known = sorted(deliveries, key=lambda delivery: delivery.finished or _LONG_AGO)
    for delivery in known:
        if delivery.state is not State.DELIVERED:
            continue
        if not delivery.target or delivery.operation in ANSWERS:
            found[delivery.id] = Standing(delivery, delivery.rendition)
        elif delivery.target in found and delivery.operation is Operation.EDIT:
            found[delivery.target] = replace(found[delivery.target], said=delivery.rendition)
        elif delivery.operation is Operation.DELETE:
            found.pop(delivery.target, None)
    over = {*FINISHED, State.REJECTED, State.FAILED}
    ours = [delivery for delivery in known if delivery.operation not in (Operation.ANSWER, Operation.CONTINUE)]
    busy = {delivery.target for delivery in ours if delivery.state not in over}
    answers = {delivery.target: delivery.rendition.source for delivery in ours if delivery.id in found}
    return tuple(replace(one, busy=id in busy, answered=answers.get(id, "")) for id, one in found.items())


def counts(records: Sequence[tuple[str, Mapping[str, Any]]]) -> Counter[str]:
    """How many deliveries of an item, as (id, primitives), are in each state; "held" is what a person must release.

    What is out counts once, whatever was corrected of it and however many posts its thread has.
    """
    found: Counter[str] = Counter()
    below = {id for id, record in records if record.get("operation") == Operation.CONTINUE}
    for id, record in records:
        name = "held" if record.get("held") and record["state"] == State.QUEUED else record["state"]
        if name != State.DELIVERED:
            found[name] += 1
        elif below.isdisjoint((id, record.get("target"))):
            found[name] += {Operation.EDIT: 0, Operation.DELETE: -1}.get(record.get("operation", Operation.POST), 1)
    return found


def outdated(one: Standing, wanted: Rendition) -> bool:
    """Whether the post says something else than its news, because of the news and not of the account's template."""
    moved = not one.said.source or wanted.source not in (one.said.source, one.answered)
    return one.delivery.operation is Operation.POST and moved and one.said.fingerprint != wanted.fingerprint


def may_return(made: Delivery, deliveries: Iterable[Delivery]) -> bool:
    """Whether the post, of all the item's `deliveries`, was taken away and its account has said nothing of it since."""
    mine = [delivery for delivery in deliveries if delivery.account == made.account]
    posts = [delivery for delivery in mine if delivery.operation is Operation.POST]
    last = max((post.edition for post in posts if post.state is not State.CANCELLED), default=0)
    over = {*FINISHED, State.REJECTED}
    quiet = all(delivery.state in over for delivery in mine) and not standing(mine)
    posted = made.operation is Operation.POST and made.state is State.DELIVERED
    return quiet and posted and made.edition == last


def parts(before: Rendition, after: Rendition) -> frozenset[str]:
    """What differs: text, picture, link."""
    sides = {
        "text": ("text", "language"),
        "picture": ("images", "recipe"),
        "link": ("link", "card_title", "card_description"),
    }
    return frozenset(
        part for part, names in sides.items() if any(getattr(before, name) != getattr(after, name) for name in names)
    )


def ways(network: Any, before: Rendition, after: Rendition) -> tuple[str, ...]:
    """How the network lets us correct the post, the gentlest first: edit, replace, reply; by_hand always."""
    found = {
        "edit": _edits(network, before, after),
        "replace": isinstance(network, Deletes) and isinstance(network, Publishes),
        "reply": isinstance(network, Replies),
        "by_hand": True,
    }
    return tuple(way for way, there in found.items() if there)


def _edits(network: Any, before: Rendition, after: Rendition) -> bool:
    """A thread has other posts when its text is another one: it goes as a whole."""
    single = not (before.parts or after.parts)
    return single and isinstance(network, Edits) and parts(before, after) <= network.rewrites


def able(network: Any, operation: Operation) -> bool:
    """Whether the network does it; what it does not do, a person does there."""
    ability = {
        Operation.POST: Publishes,
        Operation.EDIT: Edits,
        Operation.DELETE: Deletes,
        Operation.REPLY: Replies,
        Operation.ANSWER: Replies,
        Operation.CONTINUE: Replies,
    }[operation]
    return isinstance(network, ability)


def possible(network: Any, delivery: Delivery, there: Standing | None) -> bool:
    """As able(): a correction may have come to change more of the post `there` than can be changed."""
    if delivery.operation is Operation.EDIT:
        return there is not None and _edits(network, there.said, delivery.rendition)
    return able(network, delivery.operation)
