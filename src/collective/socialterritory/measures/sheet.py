"""An account's month as a sheet to take away."""

from collective.socialterritory import _
from collective.socialterritory.plain import cell
from io import StringIO
from typing import Any

import csv


COLUMNS = (
    _("Date"),
    _("News item"),
    _("Address of the post"),
    _("Likes"),
    _("Reposts"),
    _("Replies"),
    _("Views"),
    _("Counted"),
)
TIME = "%Y-%m-%d %H:%M"


def written(page: Any) -> bytes:
    """Of a views.MonthView. Semicolons, and a mark at the beginning, for Excel: see crosspost/filing.py."""
    out = StringIO()
    sheet = csv.writer(out, delimiter=";")
    sheet.writerow([page.words.say(column) for column in COLUMNS])
    for delivery, measured in page.out:
        counts, last = measured.counts, measured.last
        numbers = ["" if n is None else n for n in (counts.likes, counts.reposts, counts.replies, counts.views)]
        told = [cell(delivery.item_title), cell(delivery.receipt_url)]
        counted = f"{last.at.astimezone(page.zone):{TIME}}" if last else ""
        sheet.writerow([f"{measured.at:{TIME}}", *told, *numbers, counted])
    return out.getvalue().encode("utf-8-sig", "replace")
