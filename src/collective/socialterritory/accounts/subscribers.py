"""What happens to an account's record and secrets when the content is added, changed or removed."""

from collective.socialterritory import clock
from collective.socialterritory.accounts.rules import DISCONNECTED
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import iso
from collective.socialterritory.accounts.vault import Vault
from collective.socialterritory.interfaces import PREFIX
from collective.socialterritory.local import me
from plone.uuid.interfaces import IUUID
from zope.component.hooks import getSite


def added(account, event):
    """A copy has a UID of its own, hence a record of its own and no credentials."""
    accounts = Accounts(getSite())
    accounts.create(IUUID(account))
    accounts.mark(IUUID(account), wording=_wording(account))


def modified(account, event):
    """Credentials of one network mean nothing to another. Who changes the account's words is an author of its posts."""
    accounts = Accounts(getSite())
    uid = IUUID(account)
    if accounts.runtime(uid).get("network") not in (None, "", account.network):
        Vault(getSite()).forget(uid)
        accounts.mark(uid, **DISCONNECTED)
    if accounts.runtime(uid).get("wording") != _wording(account):
        accounts.mark(uid, wording=_wording(account))
        _rewritten(accounts, uid)


def readdressed(event):
    """Who changes the public address changes the link of every post."""
    if event.record.__name__ == f"{PREFIX}.public_url" and event.oldValue != event.newValue and getSite() is not None:
        accounts = Accounts(getSite())
        for uid in accounts.records():
            _rewritten(accounts, uid)


def _rewritten(accounts, uid):
    editor = me()
    rewriters = [user for user in accounts.runtime(uid).get("rewriters", ()) if user != editor]
    accounts.mark(uid, rewriters=[*rewriters, editor], rewritten=iso(clock.now()))


def _wording(account):
    return [account.template, account.campaign or ""]


def removed(account, event):
    site = getSite()
    if site is not None:
        Vault(site).forget(IUUID(account))
        Accounts(site).remove(IUUID(account))
