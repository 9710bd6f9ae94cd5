"""Which comments somebody moderates, as they filter them: for the desk and for programs."""

from collections.abc import Callable
from collections.abc import Iterator
from collective.socialterritory.comments import deciding
from collective.socialterritory.comments.catalogue import may_moderate
from collective.socialterritory.comments.catalogue import moderated
from collective.socialterritory.comments.facts import key
from collective.socialterritory.comments.model import Action
from collective.socialterritory.comments.model import OUTCOMES
from collective.socialterritory.comments.rules.filters import COUNTED
from collective.socialterritory.comments.rules.filters import filters
from collective.socialterritory.comments.rules.filters import search
from collective.socialterritory.comments.rules.filters import Show
from collective.socialterritory.comments.rules.filters import STATES
from collective.socialterritory.comments.rules.people import of_address
from collective.socialterritory.comments.store import Comments
from contextlib import suppress
from dataclasses import replace
from DateTime import DateTime
from datetime import datetime
from functools import cached_property
from itertools import islice
from plone import api
from typing import Any


NOBODY = ("", deciding.AUTHOR, deciding.SOURCE)
"""Who is no moderator"""
DECISIONS = (*OUTCOMES, Action.SETTLE)
LOOKED_THROUGH = 2000
"""Lines of the log, to find what was decided last"""


class Listing:
    """`given`: what an address says by name, "" for nothing."""

    def __init__(self, site: Any, given: Callable[[str], str], now: datetime) -> None:
        self.site, self.now = site, now
        self.filters = filters(given, self.sections)
        if "@" in self.filters.author and not self.filters.token:
            token = of_address(Comments(site).secret, self.filters.author)
            self.filters = replace(self.filters, author=token)

    @cached_property
    def sections(self) -> dict[str, str]:
        """Titles of the site's first folders by path, "/sport"."""
        root = "/".join(self.site.getPhysicalPath())
        folders = api.portal.get_tool("portal_catalog")(
            path={"query": root, "depth": 1}, is_folderish=True, sort_on="getObjPositionInParent"
        )
        ours = ("SocialAccounts", "SocialFeeds")
        return {one.getPath()[len(root) :]: one.Title for one in folders if one.portal_type not in ours}

    def query(self, show: Show, until: datetime | None = None) -> dict[str, Any]:
        wanted = replace(self.filters, show=show)
        found: dict[str, Any] = {"words": wanted.tokens()}
        if show in STATES:
            found["review_state"] = str(STATES[show])
        if wanted.q:
            found["SearchableText"] = search(wanted.q)
        if wanted.section:
            found["path"] = "/".join(self.site.getPhysicalPath()) + wanted.section
        after, before = wanted.between(self.now)
        before = min(filter(None, (before, until)), default=None)
        if after and before:
            found["created"] = {"query": (DateTime(after), DateTime(before)), "range": "min:max"}
        elif after or before:
            found["created"] = {"query": DateTime(after or before), "range": "min" if after else "max"}
        return found

    def brains(self, show: Show | None = None, until: datetime | None = None, most: int = 0) -> Any:
        """What waits comes oldest first, so that nobody waits for ever; all else newest first.

        `until`: not what was written in a later minute; `most`: how many are needed, 0 for all.
        """
        show = show or self.filters.show
        query = self.query(show, until)
        if self.filters.q and not query["SearchableText"]:
            return []
        order = "ascending" if show is Show.WAITING else "descending"
        limit = {"sort_limit": most} if most else {}
        return moderated(**query, sort_on="created", sort_order=order, **limit)

    @cached_property
    def counts(self) -> dict[Show, int]:
        """Of what somebody has to look at, and of what is shown."""
        shown = {*COUNTED, self.filters.show} - {Show.DECIDED}
        if self.filters.q and not search(self.filters.q):
            return dict.fromkeys(shown, 0)
        return {show: len(moderated(**self.query(show))) for show in shown}

    def comments(self, start: int, size: int) -> list[Any]:
        if self.filters.show is Show.DECIDED:
            return list(islice(self.decided(), start, start + size))
        return list(_comments(self.brains(most=start + size)[start : start + size]))

    def keys(self, until: datetime, most: int) -> list[str]:
        """Of what was there at `until`: an id tells when it came, in microseconds."""
        found = _comments(self.brains(until=until, most=most)[:most])
        return [key(comment) for comment in found if int(comment.comment_id) <= until.timestamp() * 1e6]

    def decided(self) -> Iterator[Any]:
        """What was decided last, newest first, each comment once."""
        seen: set[str] = set()
        mine: dict[str, bool] = {}
        for event in islice(Comments(self.site).log(newest_first=True), LOOKED_THROUGH):
            if (
                event.action not in DECISIONS
                or event.by in NOBODY
                or event.key in seen
                or not mine.get(event.item, True)
            ):
                continue
            seen.add(event.key)
            comment = deciding.find(event.key)
            if comment is not None:
                # Of a page all or none are.
                mine[event.item] = may_moderate(comment)
                if mine[event.item]:
                    yield comment


def _comments(brains: Any) -> Iterator[Any]:
    """But those of which only the catalogue tells any more."""
    for brain in brains:
        with suppress(AttributeError, KeyError):
            yield brain._unrestrictedGetObject()
