"""The JSON doors of cross-posting."""

from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.store import Outbox
from typing import Any
from zExceptions import NotFound


def known(site: Any, id: str) -> Delivery:
    """Raises NotFound, also when I may not know of it: whether an id exists is nobody's business."""
    delivery = Outbox(site).get(id) if id.isascii() else None
    if delivery is None or not actions.visible(site, delivery):
        raise NotFound(id)
    return delivery
