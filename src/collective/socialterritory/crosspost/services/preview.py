"""What accounts would say of an item now."""

from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.composer import foreseen
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.rules.plan import speaks_for
from collective.socialterritory.crosspost.services import shown
from collective.socialterritory.doors import Door
from collective.socialterritory.errors import ContentError
from plone import api
from typing import Any
from zope.component import ComponentLookupError


class PreviewGet(Door):
    """GET <item>/@social-preview: what each account I validate for, or may use for an item I may change, would say.

    `speaks` false: the account is not there for this item, or the editor left it out.
    """

    def answer(self) -> Any:
        item = facts(self.context)
        return {
            "@id": f"{self.context.absolute_url()}/@social-preview",
            "items": [self.said(item, account) for account in self.accounts()],
        }

    def accounts(self) -> list[Account]:
        site = api.portal.get()
        mine = actions.validated(site)
        if api.user.has_permission("Modify portal content", obj=self.context):
            mine |= {account.uid for account in actions.usable(site, self.context)}
        return [account for account in Accounts(site).all() if account.uid in mine]

    def said(self, item: Any, account: Account) -> dict[str, Any]:
        about = {"account": shown.account(account), "speaks": item.choice.post and speaks_for(item, account)}
        try:
            return {**about, **shown.rendition(foreseen(item, account), self.request), "error": None}
        except ContentError as error:
            return {**about, "error": shown.problem(error.code, error.params, self.request)}
        except ComponentLookupError:
            return {**about, "error": shown.problem("unknown_network", {}, self.request)}
