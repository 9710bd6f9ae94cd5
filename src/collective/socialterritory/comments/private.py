"""The private link of a comment's author: who has it may do what the author may, and needs no log-in."""

from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.local import me
from datetime import datetime
from datetime import timedelta
from plone import api
from typing import Any


PAGE = "@@social-my-comment"
AUTHOR = "author"
"""Purpose of its tokens"""


def path(comment: Any, now: datetime) -> str:
    """Its address below the site's. It works as long as an e-mail address of its author would be kept."""
    return f"{PAGE}?key={token(facts.key(comment), now)}"


def member_path(comment: Any) -> str:
    """The same for a member, who has to be logged in."""
    return f"{PAGE}?comment={facts.key(comment)}"


def token(key: str, now: datetime) -> str:
    """`key`: as facts.key gives it."""
    until = now + timedelta(days=settings().keep_email)
    return signing.sign(Comments(api.portal.get()).secret, AUTHOR, (key,), until)


def read(token: str, now: datetime) -> str:
    """The key of the comment, which may be gone. Raises signing.BadToken."""
    (key,) = signing.read(Comments(api.portal.get()).secret, AUTHOR, token, now)
    return key


def mine(key: str) -> Any:
    """The comment of this key where the current user wrote it; None for others and where it is gone."""
    comment = deciding.find(key) if me() else None
    return comment if comment is not None and written_by(comment, me()) else None


def written_by(comment: Any, user: str) -> bool:
    """Whether this member wrote it. A name that a visitor typed is no proof."""
    return bool(user) and facts.facts(comment).author == f"user:{user}"
