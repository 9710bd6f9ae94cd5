"""Mails of listening: what a person forwards, and the digest of the day; to departments of the settings alone."""

from collections.abc import Mapping
from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.departments import departments
from collective.socialterritory.feeds.listening.model import Match
from collective.socialterritory.feeds.listening.model import Watch
from collective.socialterritory.feeds.listening.rules import address
from collective.socialterritory.feeds.listening.rules import newest
from collective.socialterritory.interfaces import settings
from collective.socialterritory.local import full_name
from collective.socialterritory.local import written
from collective.socialterritory.networks.entries import UNDATED
from collective.socialterritory.public import staff_url
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from datetime import datetime
from plone import api
from typing import Any
from zope.i18n import translate


SHOWN = 30
"""Matches of a watch that a digest shows"""
LENGTH = 300
"""Characters of each of them"""


def known() -> dict[str, str]:
    """The departments of the settings: addresses by name."""
    return departments(settings().departments or ())


def forward(site: Any, match: Match, department: str, note: str, by: str, now: datetime) -> None:
    """Raises KeyError for a department that the settings do not have."""
    names = {"who": full_name(by), "department": department, "what": _short(match, 60)}
    member = api.user.get(userid=by)
    answer = member and member.getProperty("email")
    parts = [
        _("${who} forwards this to you (${department}).", mapping=names),
        note,
        place(match),
        match.title,
        match.text if match.text != match.title else "",
        address(match.url, staff_url(site)),
        _("To answer ${who}: ${address}", mapping={**names, "address": answer}) if answer else "",
    ]
    lines = [line for part in parts if part for line in (part, "")]
    _queue(site, known()[department], _("Forwarded: ${what}", mapping=names), lines, now)


def digest(site: Any, told: Mapping[Watch, list[Match]], now: datetime) -> None:
    """One mail for each department that any of the watches names; none where it is not in the settings any more."""
    for department, to in known().items():
        parts = {watch: matches for watch, matches in told.items() if department in watch.departments}
        if not parts:
            continue
        count = len({match.id for matches in parts.values() for match in matches})
        subject = _("Listening: ${count} new", mapping={"count": str(count)})
        lines = [line for watch, matches in parts.items() for line in _part(watch, matches, staff_url(site))]
        _queue(site, to, subject, [*lines, _("Everything, to read and forward:"), page(site)], now)


def page(site: Any) -> str:
    """Where staff read all of it."""
    return f"{staff_url(site).rstrip('/')}/@@social-listening"


def _part(watch: Watch, matches: list[Match], root: str) -> list[Any]:
    lines: list[Any] = [f"{watch.title} ({len(matches)})", ""]
    for match in newest(matches)[:SHOWN]:
        lines += [place(match), _short(match, LENGTH), address(match.url, root), ""]
    if len(matches) > SHOWN:
        lines += [_("And ${count} more.", mapping={"count": str(len(matches) - SHOWN)}), ""]
    return lines


def _short(match: Match, length: int) -> str:
    return cut(" ".join((match.title or match.text).split()), length, codepoints)


def place(match: Match, *said: str) -> str:
    """Who said it, where, and when; without what is said already."""
    when = "" if match.published == UNDATED else written(match.published)
    return ", ".join(part for part in (match.author, match.source, when) if part and part not in said)


def _queue(site: Any, to: str, subject: Any, lines: list[Any], now: datetime) -> None:
    language = api.portal.get_default_language()
    body = "\n".join(translate(line, target_language=language) for line in lines)
    mail.queue(site, to, translate(subject, target_language=language), body, now)
