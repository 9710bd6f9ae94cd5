"""The JSON door of accounts: those I may use. Secrets never pass it, in either direction."""

from collective.socialterritory import clock
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts import worker
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.store import iso
from collective.socialterritory.errors import ConfigurationError
from plone import api
from plone.restapi.services import Service
from plone.uuid.interfaces import IUUID
from zExceptions import Unauthorized


USES = {
    "submit": "collective.socialterritory: Submit posts",
    "validate": "collective.socialterritory: Validate posts",
    "connect": "collective.socialterritory: Connect accounts",
}


class SocialAccountsGet(Service):
    """GET @social-accounts: {"@id", "items": [account...]}, for whoever is logged in."""

    def reply(self):
        if api.user.is_anonymous():
            raise Unauthorized("Log in to see accounts")
        self.request.response.setHeader("Cache-Control", "private, no-store")
        accounts = Accounts(self.context)
        items = [self.item(accounts.get(IUUID(obj)), obj) for obj in accounts.objects()]
        return {
            "@id": f"{self.context.absolute_url()}/@social-accounts",
            "items": [item for item in items if item["uses"]],
        }

    def item(self, account, obj):
        return {
            "@id": obj.absolute_url(),
            "uid": account.uid,
            "title": account.title,
            "network": account.network,
            "state": rules.standing(account, clock.now()),
            "identity": {"name": account.identity, "url": account.identity_url},
            "abilities": self.abilities(account),
            "replies": account.replies,
            "connected_at": iso(account.connected_at.replace(microsecond=0)) if account.connected_at else None,
            "uses": [use for use, permission in USES.items() if api.user.has_permission(permission, obj=obj)],
        }

    def abilities(self, account):
        try:
            return list(rules.abilities(worker.network_of(account.network)))
        except ConfigurationError:
            return []
