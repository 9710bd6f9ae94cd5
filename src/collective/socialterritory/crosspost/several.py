"""Several items posted at once: what would become of each on each account, and doing just that."""

from collections.abc import Iterable
from collections.abc import Mapping
from collective.socialterritory import clock
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import changes
from collective.socialterritory.crosspost import planning
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.content import find
from collective.socialterritory.crosspost.content import ISocialPosting
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.crosspost.rules import absence
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.local import me
from collective.socialterritory.local import time_zone
from collective.socialterritory.public import translation_group
from dataclasses import dataclass
from dataclasses import replace
from plone import api
from typing import Any
from zope.component import queryUtility


MOST = 50
"""Items at once"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of an item on an account: a post that would be made, or one that is there, or why there is none."""

    item: Item
    account: Account
    draft: Delivery | None = None
    known: Delivery | None = None
    why: str = ""
    """A code of views.ABSENCES, or that of `error`"""
    error: ContentError | None = None


def mine(uids: Iterable[str]) -> list[Any]:
    """The items with these UIDs that the current user may change, up to MOST."""
    found = [find(uid) for uid in list(dict.fromkeys(uids))[:MOST]]
    return [obj for obj in found if obj is not None and postable(obj)]


def postable(obj: Any) -> bool:
    may = api.user.has_permission("Modify portal content", obj=obj)
    return bool(may) and ISocialPosting(obj, None) is not None


def outcomes(site: Any, objs: Iterable[Any], account: str = "") -> list[tuple[Any, list[Outcome]]]:
    """For each item, the oldest first, what posting it now would do; nothing is stored.

    `account`: UID of one, "" for all that the current user may post on. However old the items are. Each draft is due
    when its account's hours and pace let it follow those before it, so that news of today need not wait for them all.
    """
    found = []
    told: dict[str, set[str]] = {}
    for obj in objs:
        item = facts(obj)
        found.append((obj, replace(item, effective=item.effective or item.created)))
    found.sort(key=lambda pair: pair[1].effective)
    seen = []
    for obj, item in found:
        # A translation further up is posted first.
        said = told.setdefault(translation_group(obj) or item.uid, set())
        item = replace(item, told=item.told | said)
        accounts = [one for one in actions.usable(site, obj) if account in ("", one.uid)]
        here = _of_item(site, obj, item, accounts)
        said.update(one.account.uid for one in here if one.draft)
        seen.append((obj, here))
    return _spread(seen)


def _of_item(site: Any, obj: Any, item: Item, accounts: list[Account]) -> list[Outcome]:
    outbox = Outbox(site)
    known = {d.account: d for d in reversed(outbox.of_item(item.uid)) if d.operation is Operation.POST}
    authors = outbox.authors(item.uid)
    return [
        Outcome(item, account, known=known[account.uid])
        if account.uid in known
        else _outcome(obj, item, account, authors)
        for account in accounts
    ]


def _outcome(obj: Any, item: Item, account: Account, authors: tuple[str, ...]) -> Outcome:
    now = clock.now()
    planned = plan.plan(item, [account], planning.my_roles(obj), now, None, on_request=True)
    if not item.public:
        return Outcome(item, account, why="not_public")
    if queryUtility(INetwork, name=account.network) is None:
        return Outcome(item, account, why="unknown_network")
    if not planned:
        return Outcome(item, account, why=absence.why(item, account, now, None))
    try:
        return Outcome(item, account, draft=planning.draft(item, planned[0], authors, me()))
    except ContentError as error:
        return Outcome(item, account, why=error.code, error=error)


def _spread(seen: list[tuple[Any, list[Outcome]]]) -> list[tuple[Any, list[Outcome]]]:
    drafts = [one.draft for _obj, here in seen for one in here if one.draft]
    accounts = {one.account.uid: one.account for _obj, here in seen for one in here}
    spread = {
        draft.id: draft
        for uid, account in accounts.items()
        for draft in departure.spread([d for d in drafts if d.account == uid], account, time_zone())
    }
    return [
        (obj, [replace(one, draft=spread[one.draft.id]) if one.draft else one for one in here]) for obj, here in seen
    ]


def anything(site: Any, obj: Any, account: str = "") -> bool:
    """Whether there is anything to post: on that account, or on any."""
    item = facts(obj)
    known = {d.account for d in Outbox(site).of_item(item.uid)}
    left = [one for one in actions.usable(site, obj) if account in ("", one.uid) and one.uid not in known]
    return any(not absence.why(item, one, clock.now(), None) for one in left)


def post(
    site: Any, chosen: Mapping[tuple[str, str], str], account: str = ""
) -> tuple[list[Delivery], list[tuple[Outcome, str]]]:
    """Make what was seen: `chosen` has the fingerprint by (item, account).

    Returns the deliveries, and what was not made with the code of why: it changed since ("stale"), is there already
    ("already_posted"), or may not be posted any more. What is not the current user's is passed over.
    """
    made, refused = [], []
    for obj, here in outcomes(site, mine(uid for uid, _account in chosen), account):
        for one in here:
            seen = chosen.get((one.item.uid, one.account.uid))
            if seen is None:
                continue
            if one.draft and one.draft.fingerprint == seen:
                delivery = replace(one.draft, authors=changes.authors(obj, one.item))
                Outbox(site).enqueue(delivery)
                made.append(delivery)
            else:
                refused.append((one, "stale" if one.draft else "already_posted" if one.known else one.why))
        if made and made[-1].content == obj.UID():
            planning.in_turn(obj)
    return made, refused
