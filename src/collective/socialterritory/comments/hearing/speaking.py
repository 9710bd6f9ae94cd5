"""A moderator's answer to what was said at a network: said there, by the account, after its validation."""

from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import IAnswering
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import me
from collective.socialterritory.plain import plain
from datetime import datetime
from plone import api
from typing import Any
from zope.component import queryAdapter
from zope.i18nmessageid import Message


WHY = {"text_needed": "comment_empty", "text_too_long": "answer_long_there", "note_too_long": "answer_long_there"}
"""What other rooms' codes are called here; all others: the post is not out any more"""


def possible(comment: Any) -> bool:
    """Whether our account can answer it there. It is public there, whatever visitors see of it here."""
    known = facts.facts(comment)
    said = known.remote
    here = known.source != SITE and said.get("post") and facts.state(comment) in (State.WAITING, State.APPROVED)
    site = api.portal.get()
    return bool(here and queryAdapter(site, IAnswering) and Accounts(site).get(said["account"]))


def answer_out(comment: Any, text: str, now: datetime) -> str:
    """Let the account answer; the id of the delivery, which stands on the desk of posts. Raises Refusal.

    The caller checks that the current user may moderate the comment.
    """
    known = facts.facts(comment)
    if not possible(comment):
        raise Refusal("answer_gone")
    if frozen(now):
        raise Refusal("answer_paused")
    site, said = api.portal.get(), known.remote
    try:
        id = IAnswering(site).answer(said["post"], said["id"], said["url"], addressed(known, text))
    except SocialError as error:
        code = WHY.get(error.code, "answer_gone")
        raise Refusal(code, "" if code == "answer_gone" else "text") from error
    deciding.log(comment, Action.ANSWER, now, me(), note=str(network_title(known.source)))
    return str(id)


def answers(comment: Any) -> list[tuple[str, Message, str]]:
    """What our account says to it, as IAnswering.answers tells."""
    said, asked = facts.facts(comment).remote, queryAdapter(api.portal.get(), IAnswering)
    return asked.answers(said["post"], said["id"]) if asked and said.get("post") else []


def addressed(known: Facts, text: str) -> str:
    """The text with whom it answers, where they would not learn of it otherwise."""
    text, mention = plain(text).strip(), known.remote.get("mention", "")
    named = not text or not mention or mention.lower() in text.lower()
    return text if named else f"{mention} {text}"
