"""How long what is known of people is kept: which of it is past its days, and by which words it is found."""

from collections.abc import Mapping
from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import REFUSED
from collective.socialterritory.comments.rules.people import of_address
from dataclasses import dataclass
from datetime import date
from datetime import datetime
from datetime import timedelta
from typing import Any


ADDRESS = "keeps-address"
TRACE = "keeps-trace"
"""Words of comments that hold an address, or a trace of a network: theirs, or of who reported them"""
PERSONAL = ("email", "name", "text")
"""Of a report"""


@dataclass(frozen=True, slots=True)
class Days:
    """That each kind of data is kept, at most."""

    email: int
    origin: int
    rejected: int
    log: int


def words(facts: Facts, address: str, secret: bytes) -> list[str]:
    """For the catalogue, so that the worker finds what to forget, and a person what is theirs.

    `address`: the author's, "" where none is kept.
    """
    reporters = {of_address(secret, email) for report in facts.reports if (email := report.get("email"))}
    found = [f"address:{of_address(secret, address)}"] if address else []
    found += [f"reporter:{one}" for one in sorted(reporters)]
    if address or facts.author.startswith("mail:") or any(set(PERSONAL) & set(one) for one in facts.reports):
        found.append(ADDRESS)
    if facts.origin or any(report.get("origin") for report in facts.reports):
        found.append(TRACE)
    return found


def forgotten(facts: Facts, said: datetime, now: datetime, days: Days) -> dict[str, Any]:
    """Fields of Facts whose data is past its days, and what they become. `said`: when the comment was written."""
    found: dict[str, Any] = {}
    if facts.author.startswith("mail:") and over(said, now, days.email):
        found["author"] = ""
    if _faded(facts.origin, now, days.origin):
        found["origin"] = ""
    reports = tuple(_report(report, now, days) for report in facts.reports)
    if reports != tuple(facts.reports):
        found["reports"] = reports
    return found


def over(when: datetime, now: datetime, days: int) -> bool:
    """Whether it is longer ago than that."""
    return now - when >= timedelta(days=days)


def refuse(state: str, facts: Facts, decided: datetime, now: datetime, days: Days) -> bool:
    """Whether a comment that nobody is meant to read has been kept long enough."""
    return state in REFUSED and not facts.gone and over(decided, now, days.rejected)


def anonymous(facts: Facts, reporter: str, secret: bytes) -> tuple[Mapping[str, str], ...]:
    """The reports, without what tells who `reporter`, a name made by `people.of_address`, is."""
    return tuple(
        _without(one, {"email", "name", "text", "origin"})
        if (email := one.get("email")) and of_address(secret, email) == reporter
        else one
        for one in facts.reports
    )


def _report(report: Mapping[str, str], now: datetime, days: Days) -> Mapping[str, str]:
    gone = set(PERSONAL) if over(datetime.fromisoformat(report["at"]), now, days.email) else set()
    gone |= {"origin"} if _faded(report.get("origin", ""), now, days.origin) else set()
    return _without(report, gone) if gone & set(report) else report


def _without(report: Mapping[str, str], names: set[str]) -> dict[str, str]:
    return {name: value for name, value in report.items() if name not in names}


def _faded(origin: str, now: datetime, days: int) -> bool:
    """Whether the salt of its day is destroyed, see salts.py."""
    return bool(origin) and date.fromisoformat(origin[:10]) < now.date() - timedelta(days=days)
