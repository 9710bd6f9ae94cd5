"""Plone's own doors to comments: each leads to ours, so that one place decides and the log knows."""

from collective.socialterritory.comments import facts
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.rules import people
from collective.socialterritory.comments.rules.drawing import address
from collective.socialterritory.comments.serializing import may_see
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.showing import page_address
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.local import me
from plone import api
from plone.app.discussion.browser import comment as discussion
from plone.app.discussion.browser import moderation
from plone.app.discussion.interfaces import IComment
from plone.app.discussion.interfaces import IConversation
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.component import adapter
from zope.component import queryMultiAdapter
from zope.interface import implementer
from zope.publisher.interfaces.browser import IBrowserPublisher
from zope.traversing import namespace
from zope.traversing.interfaces import ITraversable
from zope.traversing.interfaces import TraversalError
from ZPublisher.BaseRequest import DefaultPublishTraverse


VIEWS = frozenset(
    ("view", "edit-comment", "moderate-delete-comment", "delete-own-comment", "transmit-comment", "translationhelper")
)
"""Pages that a comment has. All others, of every content, would change or show it behind our back."""


class Former(BrowserView):
    """`former`: Plone's own view, for sites where comments are not ours to look after."""

    former: Any = None

    def __call__(self) -> Any:
        if not active():
            return self.former(self.context, self.request)()
        return self.request.response.redirect(self.target())

    def target(self) -> str:
        return f"{api.portal.get().absolute_url()}/@@social-moderation"

    def __getattr__(self, name: str) -> Any:
        """What templates and tests ask of Plone's."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.former(self.context, self.request), name)


class ModerateComments(Former):
    former = moderation.View


class BulkActions(Former):
    former = moderation.BulkActionsView


class Comment(Former):
    """Where it is read, or decided about. Raises NotFound for one that the caller may not see."""

    former = discussion.View

    def target(self) -> str:
        if not may_see(self.context):
            raise NotFound(self.context.id)
        return address(page_address(facts.page(self.context)), int(self.context.id))


class Moderated(Former):
    def target(self) -> str:
        if not may_moderate(self.context):
            raise Unauthorized("Review comments")
        return f"{api.portal.get().absolute_url()}/@@social-moderated?id={facts.key(self.context)}"


class EditComment(Moderated):
    former = discussion.EditComment


class DeleteComment(Moderated):
    former = moderation.DeleteComment


class Transition(Moderated):
    former = moderation.CommentTransition


class DeleteOwn(Former):
    former = moderation.DeleteOwnComment

    def target(self) -> str:
        if not me() or facts.facts(self.context).author != people.of_user(me()):
            raise Unauthorized("Delete own comments")
        return f"{api.portal.get().absolute_url()}/@@social-my-comment?comment={facts.key(self.context)}"


@implementer(IBrowserPublisher)
class Narrow(DefaultPublishTraverse):
    """Everything that Plone's classes can do has an address by itself; here, only what is meant to has one."""

    def publishTraverse(self, request: Any, name: str) -> Any:
        if not active():
            return super().publishTraverse(request, name)
        found = self.step(request, name)
        if found is None:
            raise NotFound(name)
        return found

    def step(self, request: Any, name: str) -> Any:
        raise NotImplementedError


@adapter(IConversation, IBrowserLayer)
class ConversationPublisher(Narrow):
    """Comments by id."""

    def step(self, request: Any, name: str) -> Any:
        found = self.context.get(name) if name.isdecimal() and len(name) < 19 else None
        return found if found is not None and may_see(found) else None

    def browserDefault(self, request: Any) -> Any:
        if active():
            raise NotFound("conversation")
        return super().browserDefault(request)


@adapter(IComment, IBrowserLayer)
class CommentPublisher(Narrow):
    def step(self, request: Any, name: str) -> Any:
        return queryMultiAdapter((self.context, request), name=name) if name in VIEWS else None

    def browserDefault(self, request: Any) -> Any:
        return (self.context, ("view",)) if active() else super().browserDefault(request)


@implementer(ITraversable)
@adapter(IComment, IBrowserLayer)
class CommentViews(namespace.view):
    """The same of what is written @@name."""

    def traverse(self, name: str, ignored: Any) -> Any:
        if active() and name not in VIEWS:
            raise TraversalError(self.context, name)
        return super().traverse(name, ignored)


@implementer(ITraversable)
class Nowhere:
    """Other namespaces, which lead to attributes, items, adapters and views by name. `theirs`: what leads there."""

    theirs: Any = None

    def __init__(self, context: Any, request: Any = None) -> None:
        self.context, self.request = context, request

    def traverse(self, name: str, ignored: Any) -> Any:
        if active():
            raise TraversalError(self.context, name)
        return self.theirs(self.context, self.request).traverse(name, ignored)


class NoAttribute(Nowhere):
    theirs = namespace.attr


class NoItem(Nowhere):
    theirs = namespace.item


class NoAdapter(Nowhere):
    theirs = namespace.adapter


class NoAcquiring(Nowhere):
    theirs = namespace.acquire


class NoView(Nowhere):
    theirs = namespace.view
