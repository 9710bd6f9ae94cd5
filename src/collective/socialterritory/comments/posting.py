"""The one way in which a comment comes in, whichever door it comes through: form, REST or anything else."""

from AccessControl import getSecurityManager
from AccessControl.SpecialUsers import nobody
from collective.socialterritory.comments import bans
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import facts
from collective.socialterritory.comments import private
from collective.socialterritory.comments import salts
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments import visible
from collective.socialterritory.comments.catalogue import count
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.installing import discussion
from collective.socialterritory.comments.model import Draft
from collective.socialterritory.comments.model import Posted
from collective.socialterritory.comments.model import Refusal
from collective.socialterritory.comments.model import State
from collective.socialterritory.comments.model import Visitor
from collective.socialterritory.comments.opening import opening
from collective.socialterritory.comments.rules import judging
from collective.socialterritory.comments.rules import limits
from collective.socialterritory.comments.rules import people
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules import words
from collective.socialterritory.comments.rules.opening import Why
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.comments.store import Comments
from datetime import date
from datetime import datetime
from functools import lru_cache
from plone import api
from plone.app.discussion.interfaces import IConversation
from plone.uuid.interfaces import IUUID
from secrets import token_bytes
from secrets import token_urlsafe
from typing import Any
from zope.component import createObject


EVERYWHERE = 3
"""On so many pages the same text is suspect"""

_limiter = limits.Limiter()


def submit(item: Any, draft: Draft, visitor: Visitor, now: datetime) -> Posted:
    """Take it in, or raise Refusal; whoever shows a form shows it again with all that was typed.

    `item`: the page; None where it is gone. A refused draft writes nothing to the database.
    """
    if item is None or not getSecurityManager().checkPermission("View", item):
        raise Refusal("item_gone")
    house = House(item, draft, visitor, now)
    verdict = judging.judge(draft, visitor, house, known_rules())
    if isinstance(verdict, Posted):
        return verdict
    return _enter(item, verdict, house)


def visitor(request: Any) -> Visitor:
    """Who sends this request. Nobody is told apart where a proxy hides all of them."""
    user = getSecurityManager().getUser()
    return Visitor("" if user is nobody else user.getId() or "", place(request).network)


def place(request: Any) -> limits.Place:
    """Where this request comes from."""
    environ = request.environ
    remote, forwarded = environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")
    return limits.place(remote, request.getClientAddr(), forwarded, request.get("SERVER_URL", ""))


def form_token(item: Any, now: datetime) -> str:
    """For one form on this page, which no cache may keep."""
    return signing.form_token(Comments(api.portal.get()).secret, IUUID(item), token_urlsafe(9), now)


class House:
    """What the rules ask about the page and its comments."""

    def __init__(self, item: Any, draft: Draft, visitor: Visitor, now: datetime) -> None:
        self.item, self._draft, self.visitor, self.now = item, draft, visitor, now
        self.site = api.portal.get()
        self.store = Comments(self.site)

    def form(self) -> str:
        if self.visitor.user:
            return ""
        return signing.read_form(self.store.secret, IUUID(self.item), self._draft.token, self.now)

    def wait(self) -> float:
        # Zope runs a request again that met another one; it was counted the first time.
        if self.trusted() or getattr(self.item.REQUEST, "retry_count", 0):
            return 0.0
        known, now = settings(), self.now.timestamp()
        who = f"user {self.visitor.user}" if self.visitor.user else self.visitor.network
        own = limits.windows(known.per_network)
        wait = _limiter.wait(self._key(who), own, now) if who else 0.0
        # Only who may come in counts for the site: one network alone cannot keep all others out.
        return wait or _limiter.wait(self._key(""), limits.together(known.per_site), now)

    def check(self) -> None:
        if (why := opening(self.item, self.now).why) is not None:
            raise Refusal("comments_paused" if why is Why.PAUSED else "closed")
        may_reply = getSecurityManager().checkPermission("Reply to item", self.item)
        if not (may_reply if self.visitor.user else discussion().anonymous_comments):
            raise Refusal("log_in")
        if self._draft.parent:
            self._check_parent()

    def digest(self, text: str) -> str:
        return judging.digest(self.store.secret, text)

    def same(self, digest: str, form: str) -> Posted | None:
        here = found([f"item:{IUUID(self.item)}", f"text:{digest}"])
        for comment in (brain._unrestrictedGetObject() for brain in here):
            known = facts.facts(comment)
            if form and known.form == form:
                return posted(comment, self.now, again=True)
            lately = self.now - comment.creation_date < signing.OLD
            if self.visitor.user and lately and known.author in self.authors() and self._answers(comment):
                return posted(comment, self.now, again=True)
            if not self.visitor.user and len(self._draft.text) > judging.SHORT and self._answers(comment):
                raise Refusal("said_here")
        return None

    def banned(self) -> datetime | None:
        network = "" if self.visitor.user else self.visitor.network
        return bans.banned(self.authors(), network, self.now)

    def repeated(self, digest: str) -> bool:
        if len(self._draft.text) <= judging.SHORT or self.trusted():
            return False
        return count([f"text:{digest}"]) >= EVERYWHERE

    def trusted(self) -> bool:
        return bool(self.visitor.user) and may_moderate(self.item)

    def approved(self) -> int:
        known = self.authors()
        if not self.visitor.user and not any(
            one.confirmed for _id, one in subscriptions.of_address(self.site, self._draft.email.strip())
        ):
            return 0
        return count([f"author:{known[0]}"], review_state=str(State.APPROVED)) if known else 0

    def waiting(self) -> int:
        return count(review_state=str(State.WAITING))

    def authors(self) -> list[str]:
        """Names by which its author is known."""
        if self.visitor.user:
            return [people.of_user(self.visitor.user)]
        email = self._draft.email.strip()
        return [people.of_address(self.store.secret, email)] if email else []

    def _check_parent(self) -> None:
        typed = self._draft.parent
        parent = IConversation(self.item).get(typed) if typed.isdecimal() and len(typed) < 19 else None
        if parent is None or facts.facts(parent).gone or not (visible.visible(parent) or may_moderate(parent)):
            raise Refusal("parent_gone")

    def _answers(self, comment: Any) -> bool:
        """Whether it answers the same one."""
        return str(comment.in_reply_to or "") == self._draft.parent

    def _key(self, who: str) -> str:
        return f"{'/'.join(self.site.getPhysicalPath())} {limits.mark(_salt(salts.today(self.now)), who)}"


def posted(comment: Any, now: datetime, again: bool = False) -> Posted:
    site, member = api.portal.get(), facts.facts(comment).author.startswith("user:")
    path = private.member_path(comment) if member else private.path(comment, now)
    link = f"{site.absolute_url()}/{path}"
    return Posted(facts.key(comment), facts.state(comment) != State.APPROVED, link, again)


def _enter(item: Any, verdict: judging.Verdict, house: House) -> Posted:
    draft, now = verdict.draft, house.now
    comment = createObject("plone.Comment")
    conversation = IConversation(item)
    comment.text = draft.text
    comment.in_reply_to = visible.near(conversation, int(draft.parent)) if draft.parent else None
    comment.creation_date = comment.modification_date = now
    if house.visitor.user:
        _sign(comment, house.visitor.user)
    else:
        comment.author_name, comment.author_email = draft.name, draft.email or None
    facts.keep(
        comment,
        author=next(iter(house.authors()), ""),
        origin=_origin(house),
        digest=verdict.digest,
        rules=verdict.rules,
        form=verdict.form,
    )
    entered = conversation[conversation.addComment(comment)]
    if not verdict.waits and facts.state(entered) != State.APPROVED:
        deciding.move(entered, State.APPROVED, now, "")
    if draft.notify:
        subscriptions.wanted(entered, _address(draft, house), now)
    return posted(entered, now)


def _address(draft: Draft, house: House) -> str:
    """Where its author can be told of answers; "" where nobody knows."""
    member = api.user.get(userid=house.visitor.user) if house.visitor.user else None
    return (member.getProperty("email") or "") if member else draft.email


def _sign(comment: Any, user: str) -> None:
    """As Plone's own form does; the address of a member is in the profile."""
    member = api.user.get(userid=user)
    comment.creator = comment.author_username = user
    comment.author_name = (member.getProperty("fullname") or member.getUserName()) if member else user


def _origin(house: House) -> str:
    """The trace of the network, "" where it is unknown or a member writes, who is known anyway."""
    if house.visitor.user or not house.visitor.network:
        return ""
    day = salts.today(house.now)
    return f"{day.isoformat()}:{limits.mark(salts.salt(house.site, day), house.visitor.network)}"


def known_rules() -> judging.Settings:
    """What the settings of the site say."""
    known = settings()
    return judging.Settings(
        known.longest,
        known.first_wait,
        known.anonymous_wait,
        known.queue_most,
        _rules(tuple(known.words or ()), tuple(known.hosts or ()), known.links),
    )


@lru_cache(4)
def _rules(terms: tuple[str, ...], hosts: tuple[str, ...], links: int) -> words.Rules:
    return words.read(terms, hosts, links)


@lru_cache(2)
def _salt(day: date) -> bytes:
    """Of what is kept in memory: no other process knows it, and nothing remembers it tomorrow."""
    return token_bytes(32)
