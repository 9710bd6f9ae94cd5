"""Where visitors find the body's own accounts."""

from collective.socialterritory.accounts.model import Link
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.share.model import Profile
from collective.socialterritory.share.rules import links
from functools import cached_property
from plone import api
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from zope.component import queryUtility


def profiles(site) -> list[Profile]:
    """Of accounts that are linked, or were until their session ended, and that a webmaster shows.

    In the order of their container, without a look at what an account speaks for: this is drawn on every page.
    """
    known = Accounts(site)
    records = known.records()
    found = [_profile(obj, records.get(obj.UID(), {})) for obj in known.objects() if obj.follow is not False]
    return links.labelled(dict.fromkeys(filter(None, found)))


def _profile(obj, record) -> Profile | None:
    network = queryUtility(INetwork, name=obj.network)
    url = record.get("identity_url", "")
    linked = record.get("link") in (Link.CONNECTED, Link.RECONNECT)
    if not linked or getattr(network, "local", False) or not url.startswith(("https://", "http://")):
        return None
    symbol = getattr(network, "icon", "share")
    return Profile(obj.network, network_title(obj.network), record.get("identity", ""), url, symbol)


class Follow(BrowserView):
    """The list as HTML; "" where there is nobody to follow."""

    html = ViewPageTemplateFile("templates/follow.pt")

    def __call__(self):
        return self.html() if self.profiles else ""

    @cached_property
    def profiles(self):
        return profiles(api.portal.get())

    def icon(self, name):
        return icon(self.context, self.request, name)
