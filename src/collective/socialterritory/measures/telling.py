"""What was counted, for rooms that may not know this one; and who may read it."""

from collective.socialterritory import _
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.interfaces import IMeasured
from collective.socialterritory.measures.rules import charts
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.networks.answers import total
from collective.socialterritory.networks.entries import Counts
from datetime import datetime
from plone import api
from typing import Any
from zope.globalrequest import getRequest
from zope.i18n import translate
from zope.interface import implementer


PAGE = "@@social-month"
RIGHTS = (
    "View",
    "collective.socialterritory: Connect accounts",
    "collective.socialterritory: Submit posts",
    "collective.socialterritory: Validate posts",
)
"""Whoever has one of them on an account reads its figures"""


def readable(account: Any) -> bool:
    return any(api.user.has_permission(right, obj=account) for right in RIGHTS)


@implementer(IMeasured)
class Told:
    def __init__(self, context: Any) -> None:
        self.site = context

    def last(self, id: str) -> tuple[datetime, Counts] | None:
        point = Counted(self.site).last(id)
        return (point.at, point.counts) if point else None

    def course(self, id: str) -> str:
        series = Counted(self.site).series(id)
        counts = [point.counts for point in series.points] if series else []
        numbers = [total(one.likes, one.reposts) or 0 for one in counts]
        if len(numbers) < 2:
            return ""
        said = _("Reactions each time they were counted: ${numbers}", mapping={"numbers": ", ".join(map(str, numbers))})
        return charts.line(numbers, translate(said, context=getRequest()))

    def page(self, account: str) -> str:
        found = Accounts(self.site).object(account)
        return f"{found.absolute_url()}/{PAGE}" if found is not None and readable(found) else ""
