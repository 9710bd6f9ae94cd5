"""What is told within the room and to other packages, when the log has a new line."""

from collective.socialterritory.comments.model import Event
from typing import Any
from zope.interface import Attribute
from zope.interface import implementer
from zope.interface import Interface


class ICommentLogged(Interface):
    """Something was done to a comment."""

    comment = Attribute("The comment, in the state it is in now")
    line = Attribute("The line of the log, a model.Event")


@implementer(ICommentLogged)
class CommentLogged:
    def __init__(self, comment: Any, line: Event) -> None:
        self.comment, self.line = comment, line
