"""Reports of visitors: taken in, hiding what many object to, settled by a moderator."""

from collections.abc import Iterable
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import report_letters
from collective.socialterritory.comments import salts
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Decided
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.rules import reports as rules
from collective.socialterritory.comments.rules.limits import mark
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.visible import visible
from dataclasses import replace
from datetime import date
from datetime import datetime
from plone import api
from secrets import choice
from typing import Any


def submit(comment: Any, new: Report, network: str, now: datetime) -> Report:
    """Keep a report that rules.problems has nothing against, with its reference number, and hide what is due.

    `network`: of who sends it, "" where that is not known. Returns the one that was there before, where this says the
    same. Raises Refusal where nobody sees the comment, or nobody could read more reports of it.
    """
    if not visible(comment):
        raise Refusal("report_gone")
    site, before = api.portal.get(), known(facts.facts(comment).reports)
    traced = replace(new, origin=rules.origin(before, traces(site, before, network, now)))
    if first := rules.again(before, traced):
        return first
    if len(before) >= rules.MOST:
        before = _with_room(before)
    report = replace(traced, id=rules.reference(now.date(), choice), at=now.isoformat())
    keep(comment, [*before, report])
    deciding.log(comment, Action.REPORT, now, "", report.reason)
    official = facts.facts(comment).official  # what the body itself says is no visitors' to hide
    if not official and rules.hides([*before, report], settings().hide_reports):
        deciding.hide(comment, True, now, "")
    comment.reindexObject(idxs=["social_comment"])
    report_letters.received(site, comment, report, now)
    return report


def _with_room(before: tuple[Report, ...]) -> tuple[Report, ...]:
    """Without the first one that is done with: a moderator let the comment stand, and nobody is to be told.

    Raises Refusal where all others have to be looked at.
    """
    done = next((one for one in before if one.upheld == "no" and not one.email), None)
    if done is None:
        raise Refusal("report_many")
    return tuple(one for one in before if one is not done)


def traces(site: Any, reports: Iterable[Report], network: str, now: datetime) -> list[str]:
    """What a network leaves today, and left on the days of these reports whose salt is not destroyed yet."""
    if not network:
        return [""]
    today = salts.today(now)
    days = {date.fromisoformat(one.origin.partition(":")[0]) for one in reports if one.origin} - {today}
    known_salts = {day: salts.known(site, day) for day in days}
    former = [_trace(salt, day, network) for day, salt in known_salts.items() if salt]
    return [_trace(salts.salt(site, today), today, network), *former]


def _trace(salt: bytes, day: date, network: str) -> str:
    return f"{day.isoformat()}:{mark(salt, network)}"


def settle(comment: Any, report_id: str, upheld: bool, now: datetime, by: str, note: str = "") -> None:
    """A moderator has looked. The worker tells whoever left an address, `note` too, once it cannot be undone any more.

    Raises Unauthorized, Decided where somebody was first, and Refusal for a report that is not there.
    """
    deciding.check(comment, None)
    all = known(facts.facts(comment).reports)
    report = next((one for one in all if one.id == report_id), None)
    if report is None:
        raise Refusal("report_unknown")
    if report.settled:
        raise Decided(deciding.latest(comment))
    settled = replace(report, settled=now.isoformat(), by=by, upheld="yes" if upheld else "no", note=note)
    after = [settled if one is report else one for one in all]
    deciding.log(comment, Action.SETTLE, now, by, report.reason, note)
    keep(comment, after)
    comment.reindexObject(idxs=["social_comment"])


def settle_all(comment: Any, upheld: bool, now: datetime, by: str, note: str = "") -> None:
    """All that wait for somebody to look. What stands visitors see again, whatever was decided about it before."""
    if not upheld:
        deciding.hide(comment, False, now, by)
    for report in known(facts.facts(comment).reports):
        if not report.settled:
            settle(comment, report.id, upheld, now, by, note)


def reopen(comment: Any, at: datetime, now: datetime, by: str) -> None:
    """What was settled with a decision made then, which is undone. What was answered meanwhile stays."""
    before = known(facts.facts(comment).reports)
    undone = [one for one in before if one.settled == at.isoformat()]
    if undone:
        after = [replace(one, settled="", by="", upheld="", note="") if one in undone else one for one in before]
        keep(comment, after)
        if rules.hides(after, settings().hide_reports):
            deciding.hide(comment, True, now, by)
        comment.reindexObject(idxs=["social_comment"])


def keep(comment: Any, reports: Iterable[Report]) -> None:
    facts.keep(comment, reports=rules.stored(reports))
