"""What was heard becomes comments: new ones wait, changed ones wait again, those that are gone there go here."""

from collections.abc import Callable
from collective.socialterritory import logger
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import keep
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.hearing import rules
from collective.socialterritory.comments.hearing.model import Heard
from collective.socialterritory.comments.hearing.model import Kept
from collective.socialterritory.comments.hearing.model import Post
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Facts
from collective.socialterritory.comments.model import Remote
from collective.socialterritory.comments.model import SITE
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.rules import judging
from collective.socialterritory.comments.rules import words
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.comments.visible import near
from collective.socialterritory.networks.entries import Reply
from dataclasses import asdict
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from functools import cached_property
from plone.app.discussion.interfaces import IConversation
from typing import Any
from ZODB.POSException import ConflictError
from zope.component import createObject

import transaction


MOST = 50
"""Changes that one transaction makes: it must not hold up who moderates meanwhile"""


def enter(site: Any, item: Any, post: Post, heard: Heard, now: datetime, takes: bool = True) -> timedelta | None:
    """When to ask again, where that is soon. To do it again is harmless: what is here is known by its id there.

    `takes`: whether the page takes new comments; what was said is followed in any case.
    """
    return Entering(site, item, post, heard, now, takes).all()


class Entering:
    def __init__(self, site: Any, item: Any, post: Post, heard: Heard, now: datetime, takes: bool) -> None:
        self.site, self.item, self.post, self.now = site, item, post, now
        self.hearing, self._faces = heard.hearing, heard.faces
        self.store, self.conversation = Hearsay(site), IConversation(item)
        self.listed = {reply.id: reply for reply in heard.hearing.replies}
        self._keyed = {rules.key(post.account, reply.id): reply for reply in heard.hearing.replies}
        self._left, self._longest = MOST, settings().longest
        self._room = _room() if takes else 0

    def all(self) -> timedelta | None:
        for mark, picture in self._faces.items():
            self.store.keep_face(mark, picture)
        missed = False
        for key, kept in self.store.replies(self.post.item, self.post.id):
            missed |= self._settle(key, kept)
        banned = self._banned()
        for key, reply in self._keyed.items():
            kept = self.store.reply(self.post.item, key)
            if kept is None and rules.comes_in(reply, banned):
                self._one(self._add, key, reply)
            elif kept is not None and kept.post == self.post.id and not reply.barred and self._differs(kept, reply):
                self._one(self._follow, key, kept, reply)
        if self._left <= 0:
            return timedelta(0)
        return rules.SOON if missed else None

    def _one(self, do: Callable[..., None], *args: Any) -> None:
        """What goes wrong with one keeps no other back."""
        if self._left <= 0:
            return
        before = transaction.savepoint(optimistic=True)
        try:
            do(*args)
        except ConflictError:
            raise
        except Exception:
            logger.exception("A reply to %s cannot be taken in; it is tried again with the next look", self.post.id)
            before.rollback()

    def _comment(self, kept: Kept) -> Any:
        """None where a moderator deleted it, or it was emptied."""
        found = self.conversation.get(kept.comment)
        return None if found is None or facts(found).gone else found

    def _settle(self, key: str, kept: Kept) -> bool:
        """Whether it must be looked at again soon."""
        fate = rules.fate(kept, self.hearing, self._keyed.get(key), self.now)
        if fate == "miss":
            self.store.keep(self.post.item, key, replace(kept, missed=self.now.isoformat()))
            return True
        if fate == "keep" and kept.missed:
            self.store.keep(self.post.item, key, replace(kept, missed=""))
        if fate == "go":
            self._one(self._withdraw, key, kept)
        return False

    def _withdraw(self, key: str, kept: Kept) -> None:
        self._left -= 1
        if (comment := self._comment(kept)) is not None:
            deciding.withdraw(comment, self.now, deciding.SOURCE, "source")
        self.store.drop(self.post.item, key)

    def _add(self, key: str, reply: Reply) -> None:
        if self._room <= 0:
            return  # it is heard again when some of those that wait were decided
        self._left, self._room = self._left - 1, self._room - 1
        comment = createObject("plone.Comment")
        comment.author_name = rules.name(reply)
        comment.text, comment.mime_type = self._text(reply), "text/plain"
        comment.in_reply_to = self._parent(reply)
        comment.creation_date = comment.modification_date = rules.said_at(reply, self.post.at, self.now)
        keep(comment, source=self.post.network, author=self._author(reply), **self._said(reply, comment))
        id = self._here[reply.id] = str(self.conversation.addComment(comment))
        self.store.keep(self.post.item, key, Kept(self.post.id, reply.id, id, rules.digest(self._text(reply))))

    def _differs(self, kept: Kept, reply: Reply) -> bool:
        """Whether there may be something to follow; of a thousand there hardly ever is."""
        return rules.mark(reply.author.avatar) in self._faces or kept.digest != rules.digest(self._text(reply))

    def _follow(self, key: str, kept: Kept, reply: Reply) -> None:
        """What its author changed there. A picture is as it was when somebody said yes to it."""
        comment = self._comment(kept)
        if comment is None:
            return
        text = self._text(reply)
        if kept.digest == rules.digest(text):
            face = self.store.face(rules.mark(reply.author.avatar))
            if face and not facts(comment).remote.get("avatar") and state(comment) == State.WAITING:
                keep(comment, remote={**facts(comment).remote, "avatar": face})
            return
        self._left -= 1
        comment.author_name = rules.name(reply)
        keep(comment, **self._said(reply, comment))
        deciding.rewrite(comment, text, self.now, deciding.SOURCE)
        if state(comment) in (State.APPROVED, State.REJECTED):
            deciding.move(comment, State.WAITING, self.now, deciding.SOURCE)
        self.store.keep(self.post.item, key, replace(kept, digest=rules.digest(text), missed=""))

    def _said(self, reply: Reply, comment: Any) -> dict[str, Any]:
        """What is known of its words, and of who said them where."""
        text, name = self._text(reply), comment.author_name
        remote = Remote(
            id=reply.id,
            url=reply.url,
            author_id=reply.author.id,
            author_url=reply.author.url,
            account=self.post.account,
            parent=reply.parent,
            avatar=self.store.face(rules.mark(reply.author.avatar)) if reply.author.avatar else "",
            edited=reply.edited.isoformat() if reply.edited else "",
            post=self.post.id,
            handle=reply.author.handle,
            mention=reply.author.mention,
        )
        return {
            "remote": asdict(remote),
            "rules": judging.held(Draft(text, name), self._rules),
            "digest": judging.digest(Comments(self.site).secret, text),
        }

    def _text(self, reply: Reply) -> str:
        return rules.text(reply, self._longest)

    def _author(self, reply: Reply) -> str:
        return f"net:{self.post.network}:{reply.author.id}" if reply.author.id else Facts.author

    def _parent(self, reply: Reply) -> int | None:
        """Of what is here. An emptied one keeps its place."""
        known = {there: comment for there, comment in self._here.items() if comment in self.conversation}
        found = rules.above(reply, self.listed, known)
        return near(self.conversation, int(known[found])) if found else None

    @cached_property
    def _here(self) -> dict[str, str]:
        """Ids at the network -> ids of comments."""
        told = {*self.listed, *(reply.parent for reply in self.listed.values())}
        found = {there: self.store.reply(self.post.item, rules.key(self.post.account, there)) for there in told}
        return {there: kept.comment for there, kept in found.items() if kept}

    def _banned(self) -> set[str]:
        people = {reply.author.id: self._author(reply) for reply in self.hearing.replies}
        return {id for id, author in people.items() if author and bans.banned([author], "", self.now)}

    @cached_property
    def _rules(self) -> words.Rules:
        known = settings()
        return words.read(known.words or (), known.hosts or (), known.links)


def _room() -> int:
    """How many more may wait. Networks have half of the queue at most, so that a flood there shuts out nobody here."""
    most, waits = settings().queue_most, str(State.WAITING)
    all, ours = count(review_state=waits), count([f"source:{SITE}"], review_state=waits)
    return min(most - all, most // 2 - (all - ours))
