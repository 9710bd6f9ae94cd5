"""The page of what moderation comes to, in numbers alone: for staff, and for everybody where the site says so."""

from AccessControl import Unauthorized
from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.comments.catalogue import moderates
from collective.socialterritory.comments.listing import NOBODY
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.rules.figures import COUNTED
from collective.socialterritory.comments.rules.figures import Month
from collective.socialterritory.comments.rules.figures import months
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.words import Words
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import time_zone
from collective.socialterritory.plain import cell
from csv import writer
from functools import cached_property
from io import StringIO
from typing import Any
from zope.interface import implementer


COLUMNS = {
    Action.APPROVE: _("figures_approved", default="Approved"),
    Action.REJECT: _("figures_refused", default="Refused"),
    Action.SPAM: _("figures_spam", default="Spam"),
    Action.DELETE: _("figures_deleted", default="Deleted"),
    Action.EDIT: _("figures_edited", default="Texts changed"),
    Action.REPORT: _("figures_reported", default="Reports"),
}
_known: dict[tuple[str, ...], list[Month]] = {}
"""The last figures of each site: a log of years takes a second to read"""


def figures(site: Any) -> list[Month]:
    log, zone, path = Comments(site), time_zone(), "/".join(site.getPhysicalPath())
    key = (path, zone.key, *log.extent)
    if key not in _known:
        for old in [old for old in _known if old[0] == path]:
            _known.pop(old, None)
        decided = (one for one in log.log() if one.by not in NOBODY or one.action is Action.REPORT)
        _known[key] = months(decided, zone)
    return _known[key]


@implementer(INamedPage)
class FiguresView(Page):
    page_title = _("Figures of moderation")

    def __call__(self) -> Any:
        if not active() or not (self.staff or settings().figures_public):
            raise Unauthorized("Review comments")
        return super().__call__()

    def get(self) -> Any:
        return self._csv() if self.given("format") == "csv" else super().get()

    @cached_property
    def staff(self) -> bool:
        return moderates()

    @cached_property
    def words(self) -> Words:
        return Words(self.request, clock.now())

    @property
    def desk_url(self) -> str:
        return f"{self.site.absolute_url()}/@@social-moderation" if self.staff else ""

    @property
    def csv_url(self) -> str:
        return f"{self.site.absolute_url()}/@@social-moderation-figures?format=csv"

    @cached_property
    def months(self) -> list[Month]:
        return figures(self.site)

    @property
    def columns(self) -> list[str]:
        return [self.words.say(COLUMNS[action]) for action in COUNTED]

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        """Articles that were ever cited, as the settings order them: (id, words)."""
        cited = {id for month in self.months for id, number in month.reasons.items() if number}
        known = [id for id in self.words.reasons if id in cited]
        return [(id, self.words.reason(id)) for id in [*known, *sorted(cited - set(known))]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "month": one.month,
                "numbers": [one.actions[action] for action in COUNTED],
                "reasons": [one.reasons[id] for id, _words in self.reasons],
            }
            for one in self.months
        ]

    @property
    def by_reason(self) -> list[tuple[str, list[int]]]:
        """(an article's words, how many refusals cite it in each month)"""
        return [(words, [one.reasons[id] for one in self.months]) for id, words in self.reasons]

    def _csv(self) -> bytes:
        out = StringIO()
        sheet = writer(out, delimiter=";")  # for Excel in French: see crosspost/filing.py
        heads = [cell(words) for _id, words in self.reasons]
        sheet.writerow([self.words.say(_("Month")), *self.columns, *heads])
        sheet.writerows([row["month"], *row["numbers"], *row["reasons"]] for row in self.rows)
        return self.file(out.getvalue().encode("utf-8-sig"), "text/csv", "moderation.csv")
