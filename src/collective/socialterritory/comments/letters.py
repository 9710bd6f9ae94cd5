"""The mails to moderators: what waits, with links that decide without a log-in."""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import links
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.moderators import Moderator
from collective.socialterritory.comments.rules.letters import quoted
from collective.socialterritory.comments.rules.letters import SHOWN
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.words import LEGAL
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import written
from collective.socialterritory.messages import rules_told
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.public import staff_url
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any
from zope.i18n import translate
from zope.i18nmessageid import Message


WORDS = {
    Action.APPROVE: _("Approve:"),
    Action.SETTLE: _("Keep it:"),
    Action.REJECT: _("Refuse:"),
    Action.SPAM: _("Spam:"),
}
SUBJECT = _("To moderate: ${name} on “${title}”")
SUBJECT_REPORTED = _("Reported: ${name} on “${title}”")
REPORTED = _("Visitors reported comments")
IN_DIGEST = 30
"""Comments in one digest"""
LENGTH, SHORT = 2000, 300
"""Characters of a comment, and in a digest"""


def waiting(
    site: Any, who: Moderator, words: list[str], brains: list[Any], now: datetime, digest: bool = False
) -> None:
    """Queue a mail that shows the comments of `brains`, or tells how many there are where it has none.

    `words`: what the catalogue is asked for to find what this one moderates. No mail where nothing is left to look at.
    """
    waits = count(review_state=str(State.WAITING), allowedRolesAndUsers=words)
    reported = count(["reported"], allowedRolesAndUsers=words)
    if not waits and not reported:
        return
    until = now + timedelta(days=settings().link_days)
    length = SHORT if digest else LENGTH
    shown = [comment for brain in brains[: IN_DIGEST if digest else SHOWN] if (comment := _seen(brain, who))]
    lines = [line for comment in shown for line in _entry(site, who, comment, until, length)]
    told = sum(facts.facts(comment).reported for comment in shown)
    lines += _rest(site, waits - len(shown) + told, reported - told, bool(shown), until)
    subject = how_many(waits) if waits else REPORTED
    if len(brains) == len(shown) == 1 and not digest:
        subject = Message(SUBJECT_REPORTED if told else SUBJECT, mapping=_names(shown[0]))
    _queue(site, who, subject, lines, now)


def how_many(total: int) -> Message:
    many = _("${count} comments wait for a moderator", mapping={"count": str(total)})
    return many if total > 1 else _("1 comment waits for a moderator")


def desk(site: Any) -> str:
    return f"{staff_url(site).rstrip('/')}/@@social-moderation"


def _seen(brain: Any, who: Moderator) -> Any:
    """The comment, None where it was decided meanwhile or is not for this one to see."""
    comment = brain._unrestrictedGetObject()
    open = facts.state(comment) == State.WAITING or facts.facts(comment).reported
    return comment if open and who.may(comment) else None


def _entry(site: Any, who: Moderator, comment: Any, until: datetime, length: int) -> list[Any]:
    lines, whole = quoted(plain(comment.text), length)
    told: list[Any] = [_("${name} on “${title}”, ${when}:", mapping=_names(comment)), *lines, ""]
    if not whole:
        told += [_("The page behind the links shows all of it."), ""]
    told += _why(comment)
    waits = facts.state(comment) == State.WAITING
    for action in links.DECISIONS if waits else links.REPORTED:
        told += [WORDS[action], links.address(site, who.id, comment, action, until)]
    return [*told, "", "-" * 40, ""]


def _why(comment: Any) -> list[Any]:
    """Where it was said, what its author has against a refusal, what visitors reported, which rules hold it."""
    known, last = facts.facts(comment), deciding.latest(comment)
    told: list[Any] = []
    if known.source != SITE:
        told += [_("Said on ${network}", mapping={"network": network_title(known.source)}), ""]
    if last is not None and last.at.isoformat() == known.appeal:
        told += [_("Appeal of its author:"), *quoted(plain(last.note), SHORT)[0], ""]
    for report in (report for report in known.reports if not report.get("settled")):
        told += [_("Reported:"), _reason(report.get("reason", "")), *quoted(plain(report.get("text", "")), SHORT)[0]]
    if known.reported:
        told += [_("It is hidden until somebody has looked.") if known.hidden else _("Visitors see it for now."), ""]
    waits = facts.state(comment) == State.WAITING
    held = rules_told(known.rules) if waits else []
    return [*told, _("It waits because of:"), *held, ""] if held else told


def _reason(id: str) -> Any:
    article = reasons(settings().reasons).get(id)
    return LEGAL.get(id) or (article.said(api.portal.get_default_language()) if article else id)


def _names(comment: Any) -> dict[str, str]:
    name = cut(one_line(comment.author_name or ""), 80, codepoints)
    title = one_line(facts.page(comment).Title())
    return {"name": name or "–", "title": title, "when": written(comment.creation_date)}


def _rest(site: Any, waits: int, reported: int, shown: bool, until: datetime) -> list[Any]:
    """What no comment of the mail tells; `waits`, `reported`: how many of these there are beside those shown."""
    told: list[Any] = []
    if waits > 0:
        told += [_("Others that wait: ${count}.", mapping={"count": str(waits)}) if shown else how_many(waits), ""]
    if reported > 0:
        told += [_("Reported by visitors, to look at: ${count}.", mapping={"count": str(reported)}), ""]
    told += [_("All of them:"), desk(site)]
    if shown:
        works = _("Each link opens a page that asks once more. It needs no log-in and works once, until ${when}.")
        told += ["", Message(works, mapping={"when": written(until)})]
        told += [_("The links decide in your name: do not pass this mail on.")]
    return told


def _queue(site: Any, who: Moderator, subject: Any, lines: list[Any], now: datetime) -> None:
    language = api.portal.get_default_language()
    body = "\n".join(translate(line, target_language=language) for line in lines)
    mail.queue(site, who.address, translate(subject, target_language=language), body, now, who.id)
