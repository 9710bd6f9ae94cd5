"""Long texts as threads: each post that is out brings the next one, and the first takes all with it when it goes."""

from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rules import chain
from collective.socialterritory.crosspost.store import delivery_id
from collective.socialterritory.crosspost.store import Outbox
from datetime import datetime


def go_on(outbox: Outbox, delivery: Delivery, now: datetime) -> None:
    """After `delivery` was delivered; what it brings or takes along was approved with the first post of its thread.

    To do it twice is the same as once. The caller commits.
    """
    if delivery.operation is Operation.DELETE:
        for one in outbox.standing(delivery.content):
            if one.delivery.operation is Operation.CONTINUE and one.delivery.target == delivery.target:
                _take_away(outbox, one.delivery, now)
    elif delivery.operation is Operation.POST:
        _bring(outbox, delivery, delivery, now)
    elif delivery.operation is Operation.CONTINUE:
        root = outbox.post(delivery.content, delivery.target)
        if root is None:  # taken away while this was on its way
            _take_away(outbox, delivery, now)
        else:
            _bring(outbox, root.delivery, delivery, now)


def _bring(outbox: Outbox, root: Delivery, above: Delivery, now: datetime) -> None:
    """What a person posted by hand has all of its text."""
    number = chain.next_number(above, root)
    if number and not root.by_hand:
        whole = root.rendition
        said = Rendition(whole.parts[number - 1], link=whole.link, language=whole.language)
        outbox.enqueue(_made(Operation.CONTINUE, chain.edition(root, number), said, root.id, above, now))


def _take_away(outbox: Outbox, post: Delivery, now: datetime) -> None:
    outbox.enqueue(_made(Operation.DELETE, post.edition, post.rendition, post.id, post, now))


def _made(operation: Operation, edition: int, said: Rendition, target: str, there: Delivery, now: datetime) -> Delivery:
    """`there`: the post that it is about. A person who said that it is out knows no id of it, so a person goes on."""
    return Delivery(
        id=delivery_id(there.content, there.account, operation, edition),
        content=there.content,
        account=there.account,
        network=there.network,
        created=now,
        due=now,
        state=State.QUEUED,
        operation=operation,
        edition=edition,
        urgent=there.urgent,
        item_title=there.item_title,
        item_path=there.item_path,
        account_title=there.account_title,
        identity=there.identity,
        authors=there.authors,
        rendition=said,
        log=(Event(now, "plan", fingerprint=said.fingerprint),),
        target=target,
        target_id=there.receipt_id,
        target_url=there.receipt_url,
        by_hand=not there.receipt_id,
    )
