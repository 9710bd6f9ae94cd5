"""The line on a news item for those who may change it: what publishing will do, then what became of it."""

from collections import Counter
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.correcting import outdated
from collective.socialterritory.crosspost.drawing import LOOKS
from collective.socialterritory.crosspost.preview import notice
from collective.socialterritory.crosspost.preview import outlooks
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.icons import icon
from collective.socialterritory.messages import STATES
from collective.socialterritory.public import is_public
from plone import api
from plone.app.layout.viewlets.common import ViewletBase
from typing import Any


ORDER = ("pending", "held", "sending", "queued", "unconfirmed", "failed", "rejected", "delivered", "cancelled")
"""What asks for somebody first"""


class Summary(ViewletBase):
    def update(self) -> None:
        # The class, not the manager, asks: visitors pay for one question only.
        self.shown = bool(api.user.has_permission("Modify portal content", obj=self.context))
        if not self.shown:
            return
        self.public = is_public(self.context)
        names = Outbox(api.portal.get()).counts(self.context.UID())
        self.counts = self._counts(names)
        self.gone = "delivered" in names  # what was taken away counts as none
        # Nothing is composed before something is out.
        self.outdated = len(outdated(api.portal.get(), facts(self.context))) if self._out else 0
        if not self.counts:
            item = facts(self.context)
            self.found = outlooks(self.context, item)
            self.notice = notice(self.found, item)

    @property
    def _out(self) -> bool:
        return self.public and any(count["name"] == "delivered" for count in self.counts)

    def _counts(self, names: Counter[str]) -> list[dict[str, Any]]:
        return [
            {
                "name": name,
                "word": STATES[name],
                "number": names[name],
                "icon": icon(self.context, self.request, LOOKS[name][0]),
            }
            for name in ORDER
            if names[name]
        ]

    def _icon(self, name: str) -> str:
        return icon(self.context, self.request, LOOKS[name][0])
