"""Whether people can comment on a page, asked by every door: the facts of Plone's content, handed to the rule."""

from Acquisition import aq_base
from Acquisition import aq_chain
from Acquisition import aq_inner
from collections.abc import Iterator
from collective.socialterritory import clock
from collective.socialterritory.comments.installing import discussion
from collective.socialterritory.comments.rules import opening as rules
from collective.socialterritory.comments.rules.opening import Opening
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.settings import settings
from collective.socialterritory.interfaces import frozen
from dataclasses import replace
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.discussion.browser.conversation import ConversationView
from plone.base.interfaces import IPloneSiteRoot
from Products.CMFCore.interfaces import IFolderish
from typing import Any


try:
    from plone.app.iterate.interfaces import IWorkingCopy
except ImportError:  # pragma: no cover
    IWorkingCopy = None


def opening(item: Any, now: datetime | None = None) -> Opening:
    """Of a page on a site that lets us look after comments."""
    now = now or clock.now()
    return rules.opening(page(item, now), now)


def page(item: Any, now: datetime) -> rules.Page:
    days = settings().close_days
    return rules.Page(
        own(item),
        above(item),
        of_type(item.portal_type),
        published(item),
        90 if days is None else days,
        site=bool(discussion().globally_enabled),
        paused=frozen(now) is not None,
        copy=bool(IWorkingCopy and IWorkingCopy.providedBy(item)),
    )


def inherited(item: Any, new_type: str, now: datetime) -> Opening:
    """What holds where the page says nothing itself. `new_type`: of what is being added to `item`, "" for it itself."""
    known = replace(page(item, now), own=None, paused=False, copy=False)
    if new_type:
        known = replace(known, above=[own(item), *above(item)], type=of_type(new_type), since=None)
    return rules.opening(known, now)


def of_type(name: str) -> bool:
    """What its type says."""
    return bool(api.portal.get_tool("portal_types")[name].getProperty("allow_discussion"))


def own(item: Any) -> bool | None:
    """What the page itself says: the field that contributors fill in."""
    return getattr(aq_base(item), "allow_discussion", None)


def above(item: Any) -> Iterator[bool | None]:
    """What the sections say that it lies in, the nearest first. The site itself says nothing."""
    for place in aq_chain(aq_inner(item))[1:]:
        if IPloneSiteRoot.providedBy(place):
            return
        if IFolderish.providedBy(place):
            yield own(place)


def published(item: Any) -> datetime | None:
    """When visitors first saw it; None while they do not."""
    effective = getattr(aq_base(item), "effective_date", None)
    return effective.asdatetime().astimezone(UTC) if effective else None


class Conversation(ConversationView):
    """What Plone's own forms and services ask."""

    def enabled(self) -> bool:
        return opening(self.context).open if active() else bool(super().enabled())
