"""All that the room knows of one person, by e-mail address or member id: gathered to take along, or erased."""

from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory import mail
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.catalogue import found
from collective.socialterritory.comments.facts import facts
from collective.socialterritory.comments.facts import keep
from collective.socialterritory.comments.facts import key
from collective.socialterritory.comments.facts import page
from collective.socialterritory.comments.facts import state
from collective.socialterritory.comments.rules import keeping
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.rules.people import of_user
from collective.socialterritory.comments.store import Comments
from dataclasses import asdict
from dataclasses import dataclass
from datetime import datetime
from plone import api
from typing import Any
from zope.annotation.interfaces import IAnnotations


ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Person:
    """`mail`: what `people.of_address` makes of their address, `user`: a member's id; either may be ""."""

    mail: str = ""
    user: str = ""

    @property
    def names(self) -> set[str]:
        """As Facts.author and bans have them."""
        return {name for name in (self.mail, self.user and of_user(self.user)) if name}


def of(site: Any, typed: str) -> Person:
    """Of what a webmaster typed: an address, or the id of a member who may be gone."""
    return by_address(site, typed) if "@" in typed else Person(user=typed.strip())


def by_address(site: Any, address: str) -> Person:
    """With the member whose profile has this address, where there is exactly one."""
    name = of_address(Comments(site).secret, address)
    folder = api.portal.get_tool("acl_users")
    known = {one["userid"] for one in folder.searchUsers(email=address.strip(), exact_match=True)}
    same = [id for id in known if name == of_address(Comments(site).secret, _address(id))]
    return Person(name, same[0] if len(same) == 1 else "")


def _address(user: str) -> str:
    member = api.user.get(userid=user)
    return str((member and member.getProperty("email")) or "")


def comments(person: Person) -> list[Any]:
    """That the person wrote, the newest first, so that answers come before what they answer.

    Not what they said in the name of the body.
    """
    brains = [brain for name in person.names for brain in found([f"author:{name}"])]
    brains += found([f"address:{person.mail}"]) if person.mail else []
    brains += found(Creator=person.user) if person.user else []
    paths = {brain.getPath() for brain in brains}
    here = (api.portal.get().unrestrictedTraverse(path, None) for path in paths)
    mine = (one for one in here if one is not None and not facts(one).official)
    return sorted(mine, key=lambda one: (one.creation_date, one.id), reverse=True)


def reported(person: Person) -> list[Any]:
    """Comments that the person reported and left an address with."""
    brains = found([f"reporter:{person.mail}"]) if person.mail else []
    return [brain._unrestrictedGetObject() for brain in brains]


def subscribed(site: Any, person: Person) -> Iterator[tuple[str, Any]]:
    """(id, subscription): of their address, or asked for with a comment of theirs."""
    store = Comments(site)
    for id in list(store.subscriptions.keys(min="0", max=subscriptions.unasked.MARK)):
        one = subscriptions.get(site, id)
        if one is not None and person.names & {one.author, of_address(store.secret, one.to)}:
            yield id, one


def count(site: Any, person: Person) -> dict[str, int]:
    """How many comments, reports and subscriptions there are."""
    known = {"comments": len(comments(person)), "subscriptions": sum(1 for _one in subscribed(site, person))}
    return {**known, "reports": len(reported(person))}


def gathered(site: Any, person: Person) -> dict[str, Any]:
    """To take along: comments with what was decided about them, reports, subscriptions, decisions of their own."""
    store = Comments(site)
    log = [asdict(event) for event in store.log() if person.user and event.by == person.user]
    return {
        "comments": [_comment(store, comment) for comment in comments(person)],
        "reports": [report for comment in reported(person) for report in _theirs(store, comment, person)],
        "subscriptions": [asdict(one) for _id, one in subscribed(site, person)],
        "bans": [{"of": name, **_alone(store.bans[name])} for name in sorted(person.names) if name in store.bans],
        "decisions": log,
    }


def _comment(store: Comments, comment: Any) -> dict[str, Any]:
    known, about = facts(comment), page(comment)
    said = {"page": about.absolute_url(), "title": about.Title(), "at": comment.creation_date.isoformat()}
    said |= {"name": comment.author_name, "email": comment.author_email, "text": comment.text}
    said |= {"state": str(state(comment)), "reason": known.reason, "origin": known.origin, "rules": known.rules}
    lines = store.history(key(comment))
    log = [asdict(event) if event.by == deciding.AUTHOR else _alone(asdict(event)) for event in lines]
    return {**said, "reported": len(known.reports), "log": log}


def _alone(decided: Mapping[str, Any]) -> dict[str, Any]:
    """Who decided is a person too: the body answers for it. Notes are among colleagues, and may name others."""
    return {**decided, "by": "", "note": ""}


def _theirs(store: Comments, comment: Any, person: Person) -> list[dict[str, Any]]:
    mine = [one for one in facts(comment).reports if of_address(store.secret, one.get("email", "")) == person.mail]
    return [{**one, "by": "", "page": page(comment).absolute_url(), "comment": comment.id} for one in mine]


def erase(site: Any, person: Person, now: datetime, by: str) -> dict[str, int]:
    """Comments are deleted, or emptied where others answered; reports lose who sent them; mails end. How many of each.

    Who decided what and when stays on record; so does a ban, without its note, until it ends by itself: it is not for
    them to lift.
    """
    done, store = count(site, person), Comments(site)
    theirs = {key(comment): comment for comment in comments(person)}
    for name, comment in theirs.items():
        if not facts(comment).gone:
            deciding.withdraw(comment, now, by, ERASED)
        if deciding.find(name) is not None:
            empty(comment)
        store.redact(name)
    for comment in reported(person):
        keep(comment, reports=keeping.anonymous(facts(comment), person.mail, store.secret))
        comment.reindexObject(idxs=["social_comment"])
    for id, _one in list(subscribed(site, person)):
        subscriptions.end(site, id)
    for who, ban in list(store.bans.items()):
        if who in person.names or ban["comment"] in theirs:
            store.bans[who] = {**ban, "note": ""}
    drop_mails(site, person)
    return done


def empty(comment: Any) -> None:
    """The place of a comment that others answered, without who wrote it."""
    user, conversation = comment.author_username, comment.__parent__
    if user and conversation._commentators.get(user):
        conversation._commentators[user] -= 1
        if not conversation._commentators[user]:
            del conversation._commentators[user]
    comment.text = comment.author_name = ""
    comment.creator = comment.author_username = comment.author_email = comment.user_notification = None
    comment.__ac_local_roles__ = {}
    comment._owner = None
    for name, lines in list((comment.workflow_history or {}).items()):
        plain = tuple({**line, "actor": "" if line.get("actor") == user else line.get("actor")} for line in lines)
        comment.workflow_history[name] = tuple({**line, "comments": ""} for line in plain)
    keep(comment, author="", origin="", digest="", form="", words="", former={}, appeal="", remote={}, reports=())
    comment.reindexObject()
    page(comment).reindexObject(idxs=["commentators"])


def drop_mails(site: Any, person: Person) -> None:
    """That wait for the address, such as answers to what is erased."""
    waiting = IAnnotations(site)[mail.KEY]
    for id, one in list(mail.waiting(site)):
        if person.mail and of_address(Comments(site).secret, one["to"]) == person.mail:
            del waiting[id]
