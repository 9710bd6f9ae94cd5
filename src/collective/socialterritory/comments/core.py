"""What Plone's own subscribers do when a comment comes in, changes or goes: only for what visitors see.

Plone fires its events, runs content rules and mails texts before anybody has decided. Here each of these subscribers
is asked for in its old place, and answers when the comment is visible; a comment that appears later is announced then.
"""

from Acquisition import aq_base
from collections.abc import Callable
from collective.socialterritory.comments import facts
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.visible import visible
from plone.app.contentrules import handlers as rules
from plone.app.discussion import comment as discussion
from plone.app.discussion.events import CommentPublishedEvent
from plone.app.discussion.interfaces import IComment
from typing import Any
from zope.component import getGlobalSiteManager
from zope.configuration.exceptions import ConfigurationError
from zope.configuration.fields import GlobalObject
from zope.configuration.fields import Tokens
from zope.event import notify
from zope.interface import Interface
from zope.lifecycleevent import ObjectAddedEvent


class IInstead(Interface):
    """A handler in place of one that another package has registered; it may call that one."""

    of = GlobalObject(title="The handler that is replaced")
    handler = GlobalObject(title="Its successor")
    for_ = Tokens(title="What both are for", value_type=GlobalObject())


def instead(_context: Any, of: Any, handler: Any, for_: list[Any]) -> None:
    _context.action(discriminator=("instead", of, *for_), callable=replace, args=(of, handler, for_))


def replace(of: Any, handler: Any, required: list[Any]) -> None:
    """Raises ConfigurationError where it is not there: another version of Plone has to be looked at first."""
    registry = getGlobalSiteManager()
    # Tests stack registries, and it is in the one of a layer below.
    if not any(one.unregisterHandler(of, required) for one in _all(registry)):
        raise ConfigurationError(f"{of} is registered for nothing like {required}")
    registry.registerHandler(handler, required)


def _all(registry: Any) -> list[Any]:
    return [registry, *(found for base in registry.__bases__ for found in _all(base))]


def appeared(event: Any) -> None:
    """Visitors see it, for the first time: what Plone tells of a new comment is told now."""
    comment = event.comment
    if facts.facts(comment).announced:
        return
    facts.keep(comment, announced=True)
    discussion.notify_comment_added(comment, None)
    notify(CommentPublishedEvent(facts.page(comment), comment))
    rules.added(ObjectAddedEvent(comment, comment.__parent__, comment.id))


def before_move(comment: Any, event: Any) -> None:
    """See `after_move`."""
    conversation = aq_base(comment.__parent__)
    conversation._v_social_untouched = conversation._p_jar is not None and not conversation._p_changed


def after_move(comment: Any, event: Any) -> None:
    """A workflow deletes roles from all that View protects on a comment, its conversation among it, where none are.

    That marks the conversation as changed, and two who write on one page at a time would be in conflict for nothing.
    """
    conversation = aq_base(comment.__parent__)
    if getattr(conversation, "_v_social_untouched", False):
        conversation._p_changed = False


def never(of: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Plone's mails, which ours take the place of, and its counting of comments that come in, of which none is seen."""

    def handler(comment: Any, event: Any) -> None:
        if not active():
            of(comment, event)

    return handler


def when_seen(of: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def handler(comment: Any, event: Any) -> None:
        if not active() or visible(comment):
            of(comment, event)

    return handler


def rule(of: Callable[[Any], None]) -> Callable[[Any], None]:
    """Of what is no comment nothing changes."""

    def handler(event: Any) -> None:
        if not IComment.providedBy(event.object) or not active() or visible(event.object):
            of(event)

    return handler


def unasked(comment: Any, event: Any) -> None:
    """`appeared` tells of new ones."""
    if not active():
        discussion.notify_comment_added(comment, event)


def rules_added(event: Any) -> None:
    if not IComment.providedBy(event.object) or not active():
        rules.added(event)


mail_user = never(discussion.notify_user)
mail_moderator = never(discussion.notify_moderator)
counted_in = never(discussion.notify_content_object)
counted_out = when_seen(discussion.notify_content_object)
comment_modified = when_seen(discussion.notify_comment_modified)
comment_removed = when_seen(discussion.notify_comment_removed)
rules_removed = rule(rules.removed)
rules_modified = rule(rules.modified)
rules_moved = rule(rules.workflow_action)
