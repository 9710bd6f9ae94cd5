"""Whether people can comment on a page: the one answer for every door."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from enum import StrEnum


class Why(StrEnum):
    """Why a page takes no comment."""

    OFF = "off"
    """The whole site takes none"""
    PAUSED = "paused"
    COPY = "copy"
    """It is a working copy: what is said about it is said about the page itself"""
    HERE = "here"
    """The page itself says no"""
    SECTION = "section"
    TYPE = "type"
    OVER = "over"
    """Its days are over"""


@dataclass(frozen=True, slots=True)
class Page:
    """What is known of it. `own`: what it says itself, None for nothing; `above`: what folders say, the nearest first;

    `type`: what its type says; `since`: when it was published, None where it was not; `days`: 0 for no end.
    """

    own: bool | None
    above: Iterable[bool | None]
    type: bool
    since: datetime | None
    days: int
    site: bool = True
    paused: bool = False
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """`why`: "" where it is open; `until`: when it closes by itself, or did; None for never."""

    why: Why | None = None
    until: datetime | None = None

    @property
    def open(self) -> bool:
        return self.why is None


def opening(page: Page, now: datetime) -> Opening:
    """The nearest word counts. What the page itself says has no end: somebody chose it for this page alone."""
    for stops, why in ((not page.site, Why.OFF), (page.paused, Why.PAUSED), (page.copy, Why.COPY)):
        if stops:
            return Opening(why)
    if page.own is not None:
        return Opening() if page.own else Opening(Why.HERE)
    said = next((word for word in page.above if word is not None), None)
    if said is False:
        return Opening(Why.SECTION)
    if said is None and not page.type:
        return Opening(Why.TYPE)
    until = page.since + timedelta(days=page.days) if page.since and page.days else None
    return Opening(Why.OVER if until and until <= now else None, until)
