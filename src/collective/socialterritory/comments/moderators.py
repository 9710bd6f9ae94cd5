"""Who is written to about a comment: those who may decide about it, by role or in its section, and have an address."""

from collective.socialterritory.accounts.store import members
from collective.socialterritory.comments.catalogue import MODERATE
from dataclasses import dataclass
from plone import api
from typing import Any


MARK = "moderate:"
STEWARDS = frozenset({"Manager", "Site Administrator"})
"""They may decide everywhere, and are written to where nobody else is"""
ALL = frozenset({"Anonymous", "Authenticated", "Member"})
"""Too many to write to, should a site let them moderate"""


@dataclass(frozen=True, slots=True)
class Moderator:
    id: str
    address: str
    user: Any
    """As the user folder knows them"""

    def may(self, comment: Any) -> bool:
        return bool(self.user.has_permission(MODERATE, comment))


class Moderators:
    """Asks each thing once: comments of one section have the same moderators, however many they are."""

    def __init__(self, site: Any) -> None:
        self.site = site
        self._catalogue = api.portal.get_tool("portal_catalog")
        self._index = self._catalogue._catalog.getIndex("allowedRolesAndUsers")
        self._known: dict[str, Moderator | None] = {}
        self._holding: dict[str, set[str]] = {}
        self._sections: dict[frozenset[str], list[Moderator]] = {}

    def of(self, brain: Any) -> list[Moderator]:
        """Of the comment that the catalogue found, sorted by id."""
        tokens = self._index.getEntryForObject(brain.getRID(), ())
        holders = frozenset(token.removeprefix(MARK) for token in tokens if token.startswith(MARK))
        if holders not in self._sections:
            near = self._people(holders - STEWARDS - ALL)
            self._sections[holders] = near or self._people(holders & STEWARDS)
        return self._sections[holders]

    def words(self, moderator: Moderator) -> list[str]:
        """What the catalogue is asked for, to find what this one moderates."""
        return [f"{MARK}{one}" for one in self._catalogue._listAllowedRolesAndUsers(moderator.user)]

    def _people(self, holders: frozenset[str]) -> list[Moderator]:
        ids = set().union(*map(self._ids, holders)) if holders else set()
        return [found for id in sorted(ids) if (found := self.known(id))]

    def _ids(self, holder: str) -> set[str]:
        """Of a role, or of "user:<id of a user or group>"."""
        if holder not in self._holding:
            _user, mark, principal = holder.partition(":")
            if not mark:
                assigned = self.site.acl_users.portal_role_manager.listAssignedPrincipals(holder)
                self._holding[holder] = members(self.site, {id for id, _title in assigned})
            else:
                self._holding[holder] = members(self.site, {principal})
        return self._holding[holder]

    def known(self, id: str) -> Moderator | None:
        """None for somebody who is gone, or has no address."""
        if id not in self._known:
            self._known[id] = moderator(id)
        return self._known[id]


def moderator(id: str) -> Moderator | None:
    member = api.user.get(userid=id) if id else None
    address = member and member.getProperty("email")
    return Moderator(id, address, api.portal.get_tool("acl_users").getUserById(id)) if address else None
