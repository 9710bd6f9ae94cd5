"""The page that adds a source: an address is pasted and recognised, its last entries are shown, then it is saved."""

from collective.socialterritory import _
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.accounts.worker import PATIENCE
from collective.socialterritory.assets import asset
from collective.socialterritory.errors import SocialError
from collective.socialterritory.feeds import children
from collective.socialterritory.feeds import content
from collective.socialterritory.feeds.discovery import Found
from collective.socialterritory.feeds.discovery import recognise
from collective.socialterritory.feeds.model import ACCOUNT
from collective.socialterritory.feeds.model import FEED
from collective.socialterritory.feeds.model import OWN
from collective.socialterritory.http import Http
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import ISpoken
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.local import written
from collective.socialterritory.markup import linked
from collective.socialterritory.messages import feed_sentence
from collective.socialterritory.networks.entries import Feed
from collective.socialterritory.networks.entries import UNDATED
from collective.socialterritory.networks.reading import Follows
from collective.socialterritory.networks.reading import Reads
from plone.dexterity.utils import createContentInContainer
from typing import Any
from zope.component import getUtilitiesFor
from zope.component import queryUtility
from zope.interface import implementer


SHOWN = 5
"""Entries shown before saving"""


@implementer(INamedPage)
class SourcePage(Page):
    """POST `look` asks whoever has it, within the request of a person who waits for it; POST `save` keeps it."""

    page_title = _("Add a source")
    asset = staticmethod(asset)
    found: Found | None = None
    problem: Any = None

    def post(self) -> Any:
        try:
            if self.given("account"):
                self.found = self._of_account()
            else:
                self.found = self._recognised(self.given("address").strip())
        except SocialError as error:
            self.problem = feed_sentence(error.code, error.params)
            return self.index()
        return self._save(self.found) if self.given("save") else self.index()

    def _recognised(self, address: str) -> Found:
        """What was shown is looked at again before it is saved: nobody's form decides what is asked."""
        follows = {name: network for name, network in getUtilitiesFor(INetwork) if isinstance(network, Follows)}
        return recognise(Http.from_environment().within(PATIENCE), address, follows, children.parse)

    def _of_account(self) -> Found:
        """own:UID or account:UID, as the page offers them."""
        kind, _colon, uid = self.given("account").partition(":")
        account = self.accounts.get(uid)
        if account is None or (kind, uid) not in {(row["kind"], row["uid"]) for row in self.ours()}:
            raise SocialError("account_gone")
        entries = tuple(ISpoken(self.site).entries(uid, SHOWN))
        return Found(kind, uid, Feed(account.title, account.identity_url, entries))

    def ours(self) -> list[dict[str, str]]:
        """What accounts of this site said: from the record, and as their networks list it."""
        rows = []
        for account in Accounts(self.site).all():
            network = queryUtility(INetwork, name=account.network)
            names = {"account": account.title}
            rows.append(
                {"kind": OWN, "uid": account.uid, "title": _("${account}: what was posted from here", mapping=names)}
            )
            if isinstance(network, Reads) and account.link == "connected" and not account.by_hand:
                title = _("${account}: everything, read at the network", mapping=names)
                rows.append({"kind": ACCOUNT, "uid": account.uid, "title": title})
        return rows

    def entries(self) -> list[dict[str, Any]]:
        """What the source says, as it will look: text alone, for its pictures are fetched later."""
        feed = self.found.feed if self.found else None
        return [
            {
                "title": entry.title,
                "html": entry.html or linked(entry.text),
                "when": "" if entry.published == UNDATED else written(entry.published),
            }
            for entry in (feed.entries if feed else ())[:SHOWN]
        ]

    @property
    def silent(self) -> Any:
        """Why no entry is shown: what may cost money is not asked for a look."""
        if self.found and self.found.kind == ACCOUNT:
            return _("What it says is read at the network once it is saved.")
        return _("It says nothing yet. Visitors see a link to the profile until it does.")

    @property
    def kind_title(self) -> Any:
        kind = self.found.kind if self.found else ""
        if kind == FEED:
            return _("Feed (RSS, Atom or JSON)")
        return network_title(self._network(kind))

    def _network(self, kind: str) -> str:
        """Id of the network it is of, "" for a feed of its own."""
        if kind in (OWN, ACCOUNT):
            account = self.accounts.get(self.found.where) if self.found else None
            return account.network if account else ""
        return "" if kind == FEED else kind

    def _save(self, found: Found) -> str:
        title = self.given("title").strip() or found.feed.title or found.where
        source = createContentInContainer(
            self.context,
            content.SOURCE,
            title=title[:200],
            kind=found.kind,
            where=found.where,
            page=found.feed.url,
            network=self._network(found.kind),
            staff=bool(self.given("staff")),
        )
        self.leave(_("Saved. The site looks at it from now on; its pictures follow in a minute."))
        self.request.response.redirect(source.absolute_url())
        return ""
