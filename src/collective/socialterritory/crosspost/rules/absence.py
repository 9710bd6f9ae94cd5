"""Why an account says nothing of a news item."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Link
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.rules import plan
from datetime import datetime
from datetime import timedelta


def why(item: Item, account: Account, now: datetime, max_age: timedelta | None) -> str:
    """A code, "" when nothing of the item or the account forbids the post. In the order an editor can do something.

    `max_age` as in plan.plan().
    """
    effective = item.effective or now
    if item.working_copy:
        return "working_copy"
    if not item.choice.post:
        return "not_wanted"
    if item.choice.accounts is not None and account.uid not in item.choice.accounts:
        return "not_chosen"
    if plan.translated(item, account):
        return "translated"
    if not plan.speaks_for(item, account):
        return "other_scope"
    if account.link is Link.NEW:
        return "not_connected"
    if item.expires and item.expires <= plan.due_from(item, now):
        return "item_expired"
    if max_age is None:
        return ""
    if effective < now - max_age:
        return "too_old"
    return "linked_later" if account.connected_at and account.connected_at > effective else ""
