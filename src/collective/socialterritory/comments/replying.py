"""What a moderator says about a comment: the body's answer, for all to read, and a mail to a department."""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.hearing import speaking
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.departments import departments
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.local import full_name
from collective.socialterritory.local import me
from collective.socialterritory.local import written
from collective.socialterritory.public import staff_url
from datetime import datetime
from plone import api
from typing import Any
from zope.component import createObject
from zope.i18n import translate


def possible(comment: Any) -> bool:
    """Whether the body can answer it where it was said. To what visitors do not see there is nothing to answer."""
    known, where = facts.facts(comment), facts.state(comment)
    if known.source != SITE:
        return speaking.possible(comment)
    shown = where in (State.WAITING, State.APPROVED) and not known.hidden
    return not known.official and shown and not visible.below_hidden(comment)


def answer(comment: Any, text: str, now: datetime) -> None:
    """Published at once, in the name of the body; what waits is approved by that. Raises Refusal.

    What was said at a network is answered there.
    """
    if facts.facts(comment).source != SITE:
        speaking.answer_out(comment, text, now)
        return
    if not possible(comment):
        raise Refusal("answer_hidden")
    if frozen(now):
        raise Refusal("answer_paused")
    if not text:
        raise Refusal("comment_empty", "text")
    if len(text) > settings().longest:
        raise Refusal("comment_long", "text")
    if facts.state(comment) == State.WAITING:
        deciding.decide(comment, Action.APPROVE, now)
    said = say(comment, text)
    deciding.log(comment, Action.ANSWER, now, me())
    if facts.state(said) != State.APPROVED:
        deciding.move(said, State.APPROVED, now, me())


def say(comment: Any, text: str) -> Any:
    """A comment of the body below another."""
    reply = createObject("plone.Comment")
    reply.text, reply.author_name = text, api.portal.get_registry_record("plone.site_title", default="")
    reply.in_reply_to = int(comment.id)
    facts.keep(reply, official=True, author=f"user:{me()}")
    conversation = comment.__parent__
    return conversation[conversation.addComment(reply)]


def departments_known() -> dict[str, str]:
    """Addresses by name, of the settings."""
    return departments(settings().departments or ())


def forward(comment: Any, department: str, note: str, now: datetime) -> None:
    """By mail, with its text. Raises Refusal."""
    known = departments_known()
    if department not in known:
        raise Refusal("department_needed", "to")
    told = f"{department}: {note}" if note else department
    last = deciding.latest(comment)
    if last is not None and (last.by, last.action, last.note) == (me(), Action.FORWARD, told):
        raise Refusal("forwarded_already")
    site, language = api.portal.get(), api.portal.get_default_language()
    subject, body = letter(comment, department, note, language)
    said = "\n".join(translate(line, target_language=language) for line in body)
    mail.queue(site, known[department], translate(subject, target_language=language), said, now)
    deciding.log(comment, Action.FORWARD, now, me(), note=told)


def letter(comment: Any, department: str, note: str, language: str) -> tuple[Any, list[Any]]:
    """Subject and lines. The address of who wrote the comment stays here."""
    item = facts.page(comment)
    names = {"who": full_name(me()), "department": department, "title": item.Title()}
    names |= {"name": comment.author_name or "–", "when": written(comment.creation_date, language)}
    member = api.user.get(userid=me())
    back = member and member.getProperty("email")
    parts = [
        _("${who} forwards this comment to you (${department}).", mapping=names),
        note,
        _("${name} on “${title}”, ${when}:", mapping=names),
        comment.text,
        staff_url(item),
        _("To answer ${who}: ${address}", mapping={**names, "address": back}) if back else "",
    ]
    return _("Comment on “${title}”", mapping=names), [line for part in parts if part for line in (part, "")]
