"""What happens to an account's record and secrets when the content is added, changed or removed."""

from collective.socialterritory.accounts.rules import DISCONNECTED
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.vault import Vault
from plone.uuid.interfaces import IUUID
from zope.component.hooks import getSite


def added(account, event):
    """A copy has a UID of its own, hence a record of its own and no credentials."""
    Accounts(getSite()).create(IUUID(account))


def modified(account, event):
    """Credentials of one network mean nothing to another."""
    accounts = Accounts(getSite())
    uid = IUUID(account)
    if accounts.runtime(uid).get("network") not in (None, "", account.network):
        Vault(getSite()).forget(uid)
        accounts.mark(uid, **DISCONNECTED)


def removed(account, event):
    site = getSite()
    if site is not None:
        Vault(site).forget(IUUID(account))
        Accounts(site).remove(IUUID(account))
