"""What visitors report about a comment: what a report must hold, when reports hide, which ones are answered."""

from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from collective.socialterritory.plain import one_line
from dataclasses import asdict
from dataclasses import dataclass
from datetime import date

import re


ILLEGAL = "illegal"
MINORS = "minors"
"""Sexual abuse of children: the one kind of illegal content that may be reported without a name"""
LEGAL = (ILLEGAL, MINORS)
"""Reasons beside the charter's: notices in the sense of Regulation (EU) 2022/2065, Article 16"""
LONGEST = 2000
"""Characters of an explanation"""
LONGEST_NAME = 100
MOST = 50
"""Reports that one comment keeps"""
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of reference numbers: none that is read as another"""

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """One of `Facts.reports`, which keeps it as a mapping.

    `id`: its reference number; `at`, `settled`: ISO times; `reason`: id of an article of the charter, or one of
    LEGAL; `origin`: as Facts.origin; `name`, `email`: of who reports, until it is answered; `upheld`: "yes" where
    the moderator agreed, "no"; `note`: the moderator's words to who reported it.
    """

    id: str
    at: str
    reason: str
    origin: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    settled: str = ""
    by: str = ""
    upheld: str = ""
    note: str = ""

    @property
    def legal(self) -> bool:
        return self.reason in LEGAL

    def stored(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def known(stored: Iterable[Mapping[str, str]]) -> tuple[Report, ...]:
    """Reports as `Facts` keeps them; a name that this version does not know is left alone."""
    names = Report.__dataclass_fields__
    return tuple(Report(**{name: value for name, value in one.items() if name in names}) for one in stored)


def stored(reports: Iterable[Report]) -> tuple[dict[str, str], ...]:
    """As `Facts` keeps them."""
    return tuple(one.stored() for one in reports)


def due(report: Report, until: str) -> bool:
    """Whether it was settled before `until`, an ISO time, and who sent it is still to be told."""
    return bool(report.settled and report.settled <= until and (report.email or report.name))


def reference(day: date, choose: Callable[[str], str]) -> str:
    """A number for people to quote, such as 20261123-K7QX9M. `choose`: one of these letters by chance."""
    return f"{day:%Y%m%d}-{''.join(choose(LETTERS) for _ in range(6))}"


def problems(report: Report, reasons: Collection[str], sure: bool) -> dict[str, str]:
    """Codes of what is missing or wrong, by field. `sure`: whether it was sent in good faith, as its sender says."""
    found = {}
    if report.reason not in (*reasons, *LEGAL):
        found["reason"] = "report_reason"
    must = report.reason in LEGAL
    if len(report.text) > LONGEST:
        found["text"] = "report_long"
    elif must and not report.text.strip():
        found["text"] = "report_text"
    if report.email and not good_address(report.email):
        found["email"] = "email_bad"
    elif report.reason == ILLEGAL and not report.email:
        found["email"] = "report_email"
    if report.reason == ILLEGAL and not report.name:
        found["name"] = "report_name"
    if must and not sure:
        found["sure"] = "report_sure"
    return found


def good_address(address: str) -> bool:
    """Whether mail can be sent there, and nothing else be said by it to a mail server."""
    return len(address) <= 200 and bool(_ADDRESS.fullmatch(address))


def name(typed: str) -> str:
    return one_line(typed)[:LONGEST_NAME]


def again(reports: Iterable[Report], new: Report) -> Report | None:
    """The one that says this already and waits for somebody to look: of the same person or network, the same reason."""
    for one in reports:
        same = one.email.lower() == new.email.lower() if new.legal and new.email else one.origin == new.origin
        if same and one.reason == new.reason and not one.settled:
            return one
    return None


def origin(reports: Iterable[Report], traces: Sequence[str]) -> str:
    """What a network is kept as: as it was at its first report, for its trace is another one each day.

    `traces`: those that it leaves, today's first.
    """
    return next((one.origin for one in reports if one.origin in traces), traces[0])


def hides(reports: Sequence[Report], most: int) -> bool:
    """Whether so many networks object that nobody should read it before somebody has looked; `most`: 0 for never.

    What a moderator has looked at and let stand hides nothing, whoever reports it again.
    """
    looked = {one.reason for one in reports if one.upheld == "no"}
    voices = {one.origin for one in reports if not one.settled and one.reason not in looked}
    return 0 < most <= len(voices)
