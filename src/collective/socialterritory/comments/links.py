"""The links of a mail that decide about one comment, in the name of one moderator, once."""

from collective.socialterritory.comments import facts
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.public import staff_url
from dataclasses import dataclass
from datetime import datetime
from typing import Any


PURPOSE = "moderate"
PAGE = "@@social-decide"
DECISIONS = (Action.APPROVE, Action.REJECT, Action.SPAM)
REPORTED = (Action.SETTLE, Action.REJECT, Action.SPAM)
"""About what visitors reported"""


@dataclass(frozen=True, slots=True)
class Link:
    """`key`: of the comment, as facts.key gives it; `revision`: the one that was seen: any decision ends the link."""

    user: str
    key: str
    revision: int
    action: Action


def token(site: Any, user: str, comment: Any, action: Action, until: datetime) -> str:
    """What the address of the link ends with."""
    parts = (user, facts.key(comment), str(facts.facts(comment).revision), str(action))
    return signing.sign(Comments(site).secret, PURPOSE, parts, until)


def address(site: Any, user: str, comment: Any, action: Action, until: datetime) -> str:
    return f"{staff_url(site).rstrip('/')}/{PAGE}/{token(site, user, comment, action, until)}"


def read(site: Any, token: str, now: datetime) -> Link:
    """Raises signing.BadToken."""
    user, key, revision, action = signing.read(Comments(site).secret, PURPOSE, token, now)
    return Link(user, key, int(revision), Action(action))
