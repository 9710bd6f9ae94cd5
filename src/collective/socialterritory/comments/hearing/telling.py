"""How reading replies goes, for those who look after accounts."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.comments.hearing.model import Trouble
from collective.socialterritory.comments.hearing.store import Hearsay
from collective.socialterritory.messages import replies_sentence
from typing import Any
from zope.i18nmessageid import Message


def heard(site: Any) -> list[tuple[Account, Trouble | None]]:
    """Accounts whose replies are shown here, each with what keeps them from being read."""
    store = Hearsay(site)
    return [(account, store.trouble(account.uid)) for account in Accounts(site).all() if account.replies]


def why(trouble: Trouble) -> Message:
    return replies_sentence(trouble.code, trouble.params)
