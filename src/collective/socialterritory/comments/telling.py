"""Authors who left an address are told what was decided, once it cannot be undone any more."""

from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import private
from collective.socialterritory.comments.deciding import AUTHOR
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.deciding import SOURCE
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Event
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.rules.author import Door
from collective.socialterritory.comments.rules.author import doors
from collective.socialterritory.comments.rules.drawing import address as place
from collective.socialterritory.comments.rules.letters import DAY
from collective.socialterritory.comments.rules.letters import may_tell
from collective.socialterritory.comments.rules.letters import quoted
from collective.socialterritory.comments.rules.letters import span
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.visible import visible
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.public import page_url
from collective.socialterritory.public import public_url
from collective.socialterritory.public import staff_url
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any
from zope.i18n import translate


MEMORY = "told"
"""In the worker's mapping of the store: `until`, an ISO time, and `people`: {of_address: ISO times of mails}"""
LENGTH = 2000
"""Characters of what a moderator writes to an author"""
DECISIONS = (Action.APPROVE, Action.REJECT)
"""Whoever sends spam learns nothing about filters"""


def write(site: Any, now: datetime) -> None:
    """A duty of the worker. Mails and the memory of them are stored together."""
    memory = Comments(site).worker.get(MEMORY, {})
    until = datetime.fromisoformat(memory["until"]) if memory.get("until") else None
    since, end = span(until, now - timedelta(minutes=settings().undo_minutes))
    events = list(_between(site, since, end))
    people = dict(memory.get("people", {}))
    for event in {event.key: event for event in events if event.action in DECISIONS}.values():
        if settings().tell_authors:
            tell(site, event, people, now)
    # Nothing of an address, not even its hash, is kept longer than it is needed.
    fresh = {who: times for who, times in people.items() if now - datetime.fromisoformat(times[-1]) < DAY}
    after = {"until": end.isoformat() if events else memory.get("until", ""), "people": fresh}
    if events or fresh != memory.get("people", {}):
        Comments(site).worker[MEMORY] = after


def tell(site: Any, event: Event, people: dict[str, list[str]], now: datetime) -> None:
    """`people`: mails of the last day; this one is added, or not written where it would be one too many."""
    comment = find(event.key)
    if comment is None or event.by in (AUTHOR, SOURCE, "") or not possible(comment):
        return
    if facts.state(comment) != OUTCOMES[event.action] or facts.facts(comment).quiet:
        return
    to = address(comment)
    who = of_address(Comments(site).secret, to)
    times = may_tell(map(datetime.fromisoformat, people.get(who, ())), now)
    if times is not None:
        people[who] = [at.isoformat() for at in times]
        _write(site, comment, to, event, now)


def possible(comment: Any) -> bool:
    """Whether there is anybody to tell. Those who wrote on a network are not written to."""
    known = facts.facts(comment)
    return known.source == SITE and not known.gone and not known.official and bool(address(comment))


def address(comment: Any) -> str:
    """Of its author, whom a member's own profile names; "" where none was left."""
    kind, _colon, user = facts.facts(comment).author.partition(":")
    member = api.user.get(userid=user) if kind == "user" else None
    return (member and member.getProperty("email")) or comment.author_email or ""


def _between(site: Any, since: datetime, end: datetime) -> Iterator[Event]:
    for event in Comments(site).log(since):
        if event.at > end:
            return
        if event.at > since:
            yield event


def _write(site: Any, comment: Any, to: str, event: Event, now: datetime) -> None:
    """Nothing that its author typed is in it: whose address this is has not been confirmed."""
    item = facts.page(comment)
    language = item.Language() or api.portal.get_default_language()
    names = {"title": one_line(item.Title())}
    if event.action is Action.APPROVE:
        subject = _("Your comment on “${title}” was approved", mapping=names)
        lines = _approved(comment, item, names)
    else:
        subject = _("Your comment on “${title}” was refused", mapping=names)
        lines = _refused(comment, event, names, language, now)
    site_url = public_url("/".join(site.getPhysicalPath())) or staff_url(site)
    link = f"{site_url.rstrip('/')}/{private.path(comment, now)}"
    lines += [_("Your comment, and what you can do with it:"), link, ""]
    lines += [_("You get this mail because your address was left with the comment. It is not published.")]
    body = "\n".join(translate(line, target_language=language) for line in lines)
    mail.queue(site, to, translate(subject, target_language=language), body, now)


def _approved(comment: Any, item: Any, names: dict[str, str]) -> list[Any]:
    if not visible(comment):
        return [_("Your comment on “${title}” was approved.", mapping=names), ""]
    told = _("Your comment on “${title}” was approved. All can read it:", mapping=names)
    url = page_url("/".join(item.getPhysicalPath()), item.portal_type, item.absolute_url())
    return [told, place(url, int(comment.id)), ""]


def _refused(comment: Any, event: Event, names: dict[str, str], language: str, now: datetime) -> list[Any]:
    lines: list[Any] = [_("Your comment on “${title}” was refused: it is not published.", mapping=names)]
    article = reasons(settings().reasons).get(event.reason)
    if article:
        lines += ["", _("The reason, from our charter:"), article.said(language)]
    if settings().charter_url:
        lines += ["", _("The whole charter:"), settings().charter_url]
    known, made = facts.facts(comment), comment.creation_date
    if known.words:
        lines += ["", _("A moderator writes to you:"), *quoted(plain(known.words), LENGTH)[0]]
    if Door.APPEAL in doors(facts.state(comment), known, made, 0, now, paused=False):
        lines += ["", _("If you think that this is a mistake, you may ask once for another look, with the link below.")]
    return [*lines, ""]
