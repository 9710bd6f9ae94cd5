"""The worker tells people of answers that visitors see, once a moderator's second thoughts are over."""

from collective.socialterritory import _
from collective.socialterritory import mail
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.rules.answers import Answer
from collective.socialterritory.comments.rules.answers import Subscription
from collective.socialterritory.comments.rules.answers import wants
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.visible import visible
from collective.socialterritory.plain import one_line
from collective.socialterritory.plain import plain
from collective.socialterritory.public import page_url
from collective.socialterritory.text import codepoints
from collective.socialterritory.text import cut
from datetime import datetime
from datetime import timedelta
from plone.uuid.interfaces import IUUID
from typing import Any
from zope.i18n import translate


BATCH = 100
"""Answers looked at in one transaction"""
LONGEST = 2000
"""Characters of an answer that a mail shows"""


def tell(site: Any, now: datetime) -> None:
    """Of what is hidden again meanwhile nobody is told; should it come back, it is due again."""
    for key in subscriptions.due(site, now - timedelta(minutes=settings().undo_minutes), BATCH):
        comment = find(key)
        if comment is not None and not facts.facts(comment).gone and visible(comment):
            _tell(site, comment, now)


def _tell(site: Any, comment: Any, now: datetime) -> None:
    known = facts.facts(comment)
    answer = Answer(int(comment.id), _top(comment), known.author, comment.author_email or "")
    conversation = comment.__parent__
    for id, one in subscriptions.of_page(site, IUUID(facts.page(comment))):
        threads = {mine: _top(conversation[mine]) for mine in one.comments if mine in conversation}
        if wants(one, answer, threads):
            _write(site, id, one, comment, now)
            subscriptions.told(site, id, answer.id)


def _top(comment: Any) -> int:
    """Id of the comment at the top of its thread."""
    conversation = comment.__parent__
    while comment.in_reply_to and comment.in_reply_to in conversation:
        comment = conversation[comment.in_reply_to]
    return int(comment.id)


def _write(site: Any, id: str, one: Subscription, comment: Any, now: datetime) -> None:
    item = facts.page(comment)
    names = {"title": one_line(item.Title()), "name": one_line(comment.author_name or "")}
    leave = subscriptions.unsubscribe_link(site, id)
    url = page_url("/".join(item.getPhysicalPath()), item.portal_type)
    lines = [
        _("${name} wrote on “${title}”:", mapping=names)
        if names["name"]
        else _("An answer on “${title}”:", mapping=names),
        cut(plain(comment.text), LONGEST, codepoints),
        address(url, int(comment.id)),
        _("To get no more mails about answers on this page:"),
        leave,
    ]
    said = [translate(line, target_language=one.language) for line in lines]
    subject = translate(_("Answer on “${title}”", mapping=names), target_language=one.language)
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail.queue(site, one.to, subject, "\n\n".join(said), now, headers=headers)
