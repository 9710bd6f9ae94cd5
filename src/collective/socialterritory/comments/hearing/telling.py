"""How reading replies goes, for those who look after accounts."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Trouble
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.comments.deciding import find
from collective.socialterritory.comments.hearing.rules import key
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import IReplies
from collective.socialterritory.messages import replies_sentence
from collective.socialterritory.networks.reading import Hears
from datetime import datetime
from typing import Any
from zope.component import queryUtility
from zope.i18nmessageid import Message
from zope.interface import implementer


MUTE = Trouble("cannot_hear")
"""Of a network that gives no replies, or an account that a person posts for"""


def heard(site: Any) -> list[tuple[Account, Trouble | None]]:
    """Accounts whose replies are shown here, each with what keeps them from being read."""
    store = Hearsay(site)
    wanted = [account for account in Accounts(site).all() if account.replies]
    return [(account, store.trouble(account.uid) if _hears(account) else MUTE) for account in wanted]


def _hears(account: Account) -> bool:
    return isinstance(queryUtility(INetwork, name=account.network), Hears) and not account.by_hand


@implementer(IReplies)
class Replies:
    def __init__(self, context: Any) -> None:
        self.site = context

    def said(self, item: str, account: str, there: str) -> datetime | None:
        kept = Hearsay(self.site).reply(item, key(account, there))
        comment = find(f"{item}.{kept.comment}") if kept and kept.comment else None
        return None if comment is None else comment.creation_date


def why(trouble: Trouble) -> Message:
    return replies_sentence(trouble.code, trouble.params)
