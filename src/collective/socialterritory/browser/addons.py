"""Plone's own page of add-ons, where ours is uninstalled."""

from collective.socialterritory.crosspost.store import Outbox
from itertools import chain
from plone.app.layout.viewlets.common import ViewletBase


class Record(ViewletBase):
    """Offers the record before it is too late, when anything was posted."""

    def recorded(self):
        outbox = Outbox(self.context)
        return any(chain(outbox.live(), outbox.history(size=1)))
