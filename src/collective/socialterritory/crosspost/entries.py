"""The register as the current user may read it: posts that went out, newest first, and what is told of each."""

from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.model import Approval
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Event
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.rules import validation
from collective.socialterritory.crosspost.rules.register import Search
from collective.socialterritory.crosspost.sayings import CAUSES
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import full_name
from collective.socialterritory.messages import DONE
from collective.socialterritory.messages import EVENTS
from collective.socialterritory.messages import OPERATIONS
from collective.socialterritory.messages import STATES
from functools import cached_property
from itertools import chain
from plone import api
from typing import Any
from zExceptions import Unauthorized
from zope.i18n import translate


MANAGE = "collective.socialterritory: Manage settings"
LOOKED = 2_000
"""Most records that one request looks at"""
ROLES = {
    "Social Validator": _("Validator"),
    "Site Administrator": _("role_site_administrator", default="Site Administrator"),
    "Manager": _("role_manager", default="Manager"),
}
"""Words for validation.ROLES"""
TRUSTED = _("Trusted author")
NO_SERVICE = frozenset({"AuthenticatedUsers", "Administrators", "Site Administrators", "Reviewers"})
"""Groups that every Plone site has: they tell what people may do and not where they work"""


def readable(site: Any) -> bool:
    """Whether the current user may read any of the register."""
    return bool(api.user.has_permission(MANAGE, obj=site) or actions.validated(site))


class Entries:
    """Validators read of their accounts, who manages the settings of all of them, also of those that are gone."""

    def __init__(self, site: Any, request: Any) -> None:
        """Raises Unauthorized for everybody else."""
        if not readable(site):
            raise Unauthorized("The register is for validators and for those who manage the settings.")
        self.site = site
        self.request = request
        self.outbox = Outbox(site)
        self._people: dict[str, dict[str, Any]] = {}

    @cached_property
    def mine(self) -> set[str] | None:
        """UIDs of accounts, None for all there ever were."""
        return None if api.user.has_permission(MANAGE, obj=self.site) else actions.validated(self.site)

    @cached_property
    def accounts(self) -> dict[str, Account]:
        """Those that there are, by UID."""
        known = Accounts(self.site).all()
        return {account.uid: account for account in known if self.mine is None or account.uid in self.mine}

    def page(self, search: Search, start: int, size: int) -> tuple[list[Delivery], int | None]:
        """Up to `size` posts after the first `start` records, and where to go on, None at the end.

        Fewer where the search has looked at enough. A start counts records and not posts, so that a page far back
        costs no more than the first.
        """
        found, passed = register.batch(self._records(search, start), lambda d: self._wanted(d, search), size, LOOKED)
        return found, None if passed is None else start + passed

    def all(self, search: Search) -> Iterator[Delivery]:
        return (delivery for delivery in self._records(search) if self._wanted(delivery, search))

    def _records(self, search: Search, start: int = 0) -> Iterator[Delivery]:
        live = [d for d in self.outbox.live() if register.posted(d) and register.within(d, search)]
        live.sort(key=lambda delivery: delivery.finished, reverse=True)
        before = max(start - len(live), 0)
        return chain(live[start:], self.outbox.history(before, since=search.since, until=search.until))

    def _wanted(self, delivery: Delivery, search: Search) -> bool:
        mine = self.mine is None or delivery.account in self.mine
        if not (mine and register.posted(delivery) and register.chosen(delivery, search)):
            return False
        return not search.words or register.says(delivery, self.later(delivery), search.words)

    def later(self, post: Delivery) -> tuple[Delivery, ...]:
        return register.later(post, self.outbox.of_item(post.content))

    def told(self, post: Delivery) -> dict[str, Any]:
        """The entry, ready for JSON; words are in the reader's language."""
        after = self.later(post)
        history = [self._act(post, one) for one in after] + [self._left(event) for event in register.left(post)]
        return {
            **self._said(post),
            "kind": "post",
            "title": self._say(STATES["delivered"]),
            "account": {"uid": post.account, "title": post.account_title, "identity": self._identity(post)},
            "network": {"id": post.network, "title": self._say(network_title(post.network))},
            "item": self._item(post),
            "replaces": self._former(post),
            "withdrawn": register.withdrawn(post, after),
            "history": sorted(history, key=lambda act: act["at"]),
        }

    def _said(self, delivery: Delivery) -> dict[str, Any]:
        said = delivery.rendition
        return {
            "id": delivery.id,
            "at": shown.time(delivery.finished),
            "text": said.text,
            "link": said.link,
            "language": said.language,
            "images": [image.alt for image in said.images],
            "url": shown.address(self.site, delivery.receipt_url),
            "by_hand": delivery.by_hand,
            "authors": [self.person(user) for user in delivery.authors],
            "approvals": [self._approval(delivery, given) for given in validation.standing(delivery)],
        }

    def _act(self, post: Delivery, one: Delivery) -> dict[str, Any]:
        """What was done about a post that is out."""
        kind = one.operation.value
        title = DONE.get(kind, OPERATIONS[kind])
        if one.operation is Operation.DELETE and one.target != post.id:
            title = _("Answer taken away")
        return {
            **self._said(one),
            "kind": kind,
            "title": self._say(title),
            "before": one.before,
            "by": self.person(one.log[0].by) if one.log else None,
            "reason": self._reason(one),
        }

    def _left(self, event: Event) -> dict[str, Any]:
        cause = self._say(CAUSES.get(event.note, event.note))
        title = self._say(EVENTS["leave"])
        return {"kind": "leave", "at": shown.time(event.at), "title": title, "reason": cause, "by": self.person("")}

    def _reason(self, one: Delivery) -> str:
        if one.operation is Operation.DELETE and one.partner:
            return self._say(_("It was posted again, corrected."))
        return self._say(CAUSES[one.cause]) if one.cause in CAUSES else ""

    def _approval(self, delivery: Delivery, given: Approval) -> dict[str, Any]:
        title = TRUSTED if given.trusted else ROLES.get(given.role, "")
        return {
            **self.person(given.by),
            "at": shown.time(given.at),
            "role": given.role,
            "role_title": self._say(title),
            "trusted": given.trusted,
            "reason": register.reason(delivery, given),
        }

    def person(self, user: str) -> dict[str, Any]:
        """Id, full name and services, as they are now; the site itself has the id ""."""
        if user not in self._people:
            name = full_name(user) or self._say(_("The site"))
            self._people[user] = {"id": user, "name": name, "services": services(user)}
        return self._people[user]

    def _identity(self, post: Delivery) -> str:
        """Who the account was at the network."""
        account = self.accounts.get(post.account)
        same = account and post.identity in ("", account.identity_id)
        return post.identity_name or (account.identity if account and same else post.identity)

    def _item(self, post: Delivery) -> dict[str, Any]:
        obj = find(post.content, post.item_path)
        seen = obj is not None and api.user.has_permission("View", obj=obj)
        url = obj.absolute_url() if seen else None
        return {"@id": url, "uid": post.content, "title": post.item_title, "deleted": obj is None}

    def _former(self, post: Delivery) -> str | None:
        """Id of the post in whose place it went out."""
        taken = self.outbox.get(post.partner) if post.partner else None
        return taken.target if taken else None

    def _say(self, message: Any) -> str:
        return str(translate(message, context=self.request))


def services(user: str) -> list[str]:
    """Titles of the groups that somebody is in now, which is where Plone can know their service from."""
    member = api.user.get(userid=user) if user else None
    ids = [id for id in member.getGroups() if id not in NO_SERVICE] if member else []
    groups = filter(None, (api.group.get(groupname=id) for id in ids))
    return sorted((group.getProperty("title") or group.getId() for group in groups), key=str.casefold)
