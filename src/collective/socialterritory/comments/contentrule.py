"""What content rules can wait for: a comment that waits, is approved, refused, marked as spam, or reported.

Rules get no text that visitors could not read. They are heard of by the page, like Plone's own events of comments.
"""

from collective.socialterritory import _
from collective.socialterritory import logger
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.deciding import AUTHOR
from collective.socialterritory.comments.deciding import SOURCE
from collective.socialterritory.comments.letters import desk
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.rules.lines import reasons
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.visible import visible
from collective.socialterritory.public import page_url
from plone import api
from plone.app.contentrules import handlers
from plone.contentrules.engine.interfaces import IRuleStorage
from plone.stringinterp.adapters import BaseSubstitution
from typing import Any
from ZODB.POSException import ConflictError
from zope.component import queryUtility
from zope.interface import alsoProvides
from zope.interface import Interface

import transaction


class ICommentEvent(Interface):
    """Of ours. `object`: the page; `comment`: what rules may know of it."""


class ICommentWaits(ICommentEvent):
    """A comment waits for a moderator."""


class ICommentApproved(ICommentEvent):
    """A comment was approved."""


class ICommentRefused(ICommentEvent):
    """A comment was refused."""


class ICommentSpam(ICommentEvent):
    """A comment was marked as spam."""


class ICommentReported(ICommentEvent):
    """A visitor reported a comment."""


TRIGGERS = {
    Action.APPROVE: ICommentApproved,
    Action.REJECT: ICommentRefused,
    Action.SPAM: ICommentSpam,
    Action.REPORT: ICommentReported,
}
OURS = (ICommentWaits, *TRIGGERS.values())
BY_ITSELF = frozenset({AUTHOR, SOURCE, ""})


class Known:
    """What Plone's ${comment_…} find: of a comment that was not approved right now for all to see, its id alone."""

    def __init__(self, comment: Any, trigger: Any) -> None:
        seen = trigger is ICommentApproved and visible(comment)
        self.comment_id = comment.comment_id
        self.text = comment.text if seen else ""
        self.author_name = comment.author_name if seen else ""
        self.author_username = comment.author_username if seen else ""
        self.author_email = ""


class CommentEvent:
    def __init__(self, comment: Any, trigger: Any) -> None:
        self.object, self.comment = facts.page(comment), Known(comment, trigger)
        self.state, self.reason = facts.state(comment), facts.facts(comment).reason
        item = self.object
        url = page_url("/".join(item.getPhysicalPath()), item.portal_type, item.absolute_url())
        self.link = address(url, int(comment.id)) if visible(comment) else desk(api.portal.get())
        alsoProvides(self, trigger)


def added(comment: Any, event: Any) -> None:
    """Whether it waits shows when all that its door does is done: at the end of the transaction."""
    if active() and _waited_for(ICommentWaits):
        transaction.get().addBeforeCommitHook(waits, (facts.key(comment),))


def waits(key: str) -> None:
    comment = deciding.find(key)
    if comment is not None and facts.state(comment) == State.WAITING:
        fire(comment, ICommentWaits)


def logged(event: Any) -> None:
    line = event.line
    trigger = TRIGGERS.get(line.action)
    if line.action is Action.RECALL and line.after == State.WAITING and line.by in BY_ITSELF:
        trigger = ICommentWaits
    if trigger and _waited_for(trigger):
        fire(event.comment, trigger)


def fire(comment: Any, trigger: Any) -> None:
    """Plone runs a rule once a request for each page; for us each comment counts, and the worker has no requests."""
    handlers.init()
    status = handlers._status.rule_filter
    if not status.in_progress:
        storage = queryUtility(IRuleStorage)
        ours = {name for name, rule in storage.items() if rule.event in OURS}
        status.executed = {(uid, name) for uid, name in status.executed if name not in ours}
    event = CommentEvent(comment, trigger)
    request = event.object.REQUEST
    outer, before = request.get("event"), transaction.savepoint(optimistic=True)
    request.set("event", event)
    try:
        handlers.execute(event.object, event)
    except ConflictError:
        raise
    except Exception:
        # Nobody's comment or decision is lost because an action of a rule stumbles, over a missing sender for example.
        logger.exception("A content rule for %s stumbled; what it waited for is done", trigger.__name__)
        before.rollback()
        status.reset()
    finally:
        request.set("event", outer)


def _waited_for(trigger: Any) -> bool:
    """Whether any rule does: a bulk decision should not look for rules three hundred times."""
    storage = queryUtility(IRuleStorage)
    return storage is not None and storage.active and any(rule.event is trigger for rule in storage.values())


def remove() -> None:
    """Rules that wait for ours: without this package nothing could read them."""
    storage = queryUtility(IRuleStorage)
    for name in [name for name, rule in (storage or {}).items() if rule.event in OURS]:
        del storage[name]


class Substitution(BaseSubstitution):
    category = _("Comments")

    def safe_call(self) -> str:
        event = self.context.REQUEST.get("event")
        return self.of(event) if ICommentEvent.providedBy(event) else ""

    def of(self, event: CommentEvent) -> str:
        raise NotImplementedError


class Link(Substitution):
    description = _("Address of the comment; of the moderation desk, where visitors do not see it")

    def of(self, event: CommentEvent) -> str:
        return event.link


class Reason(Substitution):
    description = _("Article of the charter that a refusal cites")

    def of(self, event: CommentEvent) -> str:
        article = reasons(settings().reasons).get(event.reason)
        return article.said(api.portal.get_default_language()) if article else ""
