"""Mails to those who reported a comment: that it arrived, and what was decided."""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import unasked
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.model import REFUSED
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.rules.reports import due
from collective.socialterritory.comments.rules.reports import known
from collective.socialterritory.comments.rules.reports import Report
from collective.socialterritory.comments.rules.reports import stored
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.visible import visible
from collective.socialterritory.plain import one_line
from collective.socialterritory.public import page_url
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any
from zope.i18n import translate


AGREED = _("A moderator looked at it and agrees with you.")
STANDS = _("A moderator looked at it and lets the comment stand.")
HIDDEN = _("The comment is not shown any more.")
BATCH = 100
"""Comments looked at in one transaction"""
GONE = _("The comment is not there any more: its author took it back, or it was removed.")
REDRESS = _(
    "A person decided this, and no program. If you do not agree, answer this mail and say why; you can also turn to "
    "the courts."
)


def received(site: Any, comment: Any, report: Report, now: datetime) -> None:
    """Tell whoever sent a notice of illegal content that it arrived. Nothing that was typed goes along."""
    if report.legal and report.email and unasked.may_write(site, report.email, now):
        lines = [
            _("We have received your report. Its reference number is ${reference}.", mapping={"reference": report.id}),
            _("A moderator looks at it, and you are told by mail what was decided and why."),
        ]
        _queue(site, comment, report, lines, now)


def answer(site: Any, now: datetime) -> None:
    """A duty of the worker: who reported is told what was decided, and their name and address are forgotten."""
    until = (now - timedelta(minutes=settings().undo_minutes)).isoformat()
    for brain in found(["to-answer"])[:BATCH]:
        comment = brain._unrestrictedGetObject()
        if _undoable(site, comment, until):
            continue
        all = known(facts.facts(comment).reports)
        told = [one for one in all if due(one, until)]
        for report in told:
            _decided(site, comment, report, now)
        if told:
            after = [replace(one, name="", email="") if one in told else one for one in all]
            facts.keep(comment, reports=stored(after))
            comment.reindexObject(idxs=["social_comment"])


def _undoable(site: Any, comment: Any, until: str) -> bool:
    """Whether the last word about it, and so about its reports, is not spoken yet."""
    last = Comments(site).latest(facts.key(comment))
    return last is not None and last.action in OUTCOMES and last.at.isoformat() > until


def gone(site: Any, comment: Any, now: datetime) -> None:
    """Tell those who were not told yet: there is nothing to decide about any more."""
    for report in known(facts.facts(comment).reports):
        if report.settled:
            _decided(site, comment, report, now, there=False)
        elif report.email:
            _queue(site, comment, report, [GONE], now, there=False)


def _decided(site: Any, comment: Any, report: Report, now: datetime, there: bool = True) -> None:
    """What became of the comment counts, not what was thought of the report at first. `there`: whether it is."""
    if report.email:
        agreed = facts.state(comment) in REFUSED
        article = reasons(settings().reasons).get(facts.facts(comment).reason) if agreed else None
        lines = [AGREED if agreed else STANDS]
        lines += [] if there and visible(comment) else [HIDDEN]
        lines += [_article(article.said(_language(report)))] if article else []
        lines += [report.note] if report.note and agreed == (report.upheld == "yes") else []
        _queue(site, comment, report, [*lines, REDRESS], now, there)


def _article(words: str) -> Any:
    return _("It offends against the charter: ${article}.", mapping={"article": words.rstrip(".")})


def _queue(site: Any, comment: Any, report: Report, lines: list[Any], now: datetime, there: bool = True) -> None:
    """`there`: whether readers find its page."""
    item = facts.page(comment)
    names = {"title": one_line(item.Title()), "reference": report.id}
    about = _("It is about a comment on the page “${title}”.", mapping=names)
    subject = _("Your report ${reference}", mapping=names)
    language = _language(report)
    said = [translate(line, target_language=language) for line in (about, *lines)]
    said += [page_url("/".join(item.getPhysicalPath()), item.portal_type)] if there else []
    mail.queue(site, report.email, translate(subject, target_language=language), "\n\n".join(said), now)


def _language(report: Report) -> str:
    """That in which it was written."""
    return report.language or str(api.portal.get_default_language())
