"""What pages share that people reach without logging in, with a key or a form of theirs."""

from collective.socialterritory import clock
from collective.socialterritory.comments import posting
from collective.socialterritory.comments.rules import limits
from collective.socialterritory.comments.settings import active
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.local import me
from collective.socialterritory.messages import sentence
from collective.socialterritory.plain import whole
from functools import cached_property
from plone import api
from plone.protect import CheckAuthenticator
from Products.CMFPlone.resources import add_bundle_on_request
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound


LONGEST = 25_000
"""Characters of a field that are looked at"""
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",  # the address may hold a key
}
OWN, ALL = limits.windows(20), limits.windows(300)
"""What one network, and all together, may send in ten minutes"""

_limiter = limits.Limiter()


class Outside(BrowserView):
    """Nobody's cache or search engine keeps it, and what is shown by GET or HEAD changes nothing.

    Of people who are logged in, a POST needs Plone's authenticator as well.
    """

    def __call__(self) -> Any:
        if not active():
            raise NotFound(self.request.URL)
        for column in ("left", "right"):
            self.request.set(f"disable_plone.{column}column", 1)
        add_bundle_on_request(self.request, BUNDLE)
        for name, value in HEADERS.items():
            self.request.response.setHeader(name, value)
        if self.request.method != "POST":
            page = self.get()
            return "" if self.request.method == "HEAD" else page
        if me():
            CheckAuthenticator(self.request)
        return self.post()

    def get(self) -> Any:
        return self.index()

    def post(self) -> Any:
        return self.get()

    @cached_property
    def site(self) -> Any:
        return api.portal.get()

    @cached_property
    def now(self) -> Any:
        return clock.now()

    @property
    def secret(self) -> bytes:
        return Comments(self.site).secret

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@{self.__name__}"

    @property
    def authenticator(self) -> str:
        """For who is logged in; "" for others."""
        return str(api.content.get_view("authenticator", self.context, self.request).authenticator()) if me() else ""

    def given(self, name: str) -> str:
        """What the form or the address says, "" for nothing."""
        said = self.request.form.get(name, "")
        return whole(said[:LONGEST]) if isinstance(said, str) else ""

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)

    def page(self, status: int = 200) -> Any:
        self.request.response.setStatus(status)
        return self.index()

    def sentence(self, code: str, **facts: Any) -> Any:
        return sentence(code, facts)

    def wait(self) -> int:
        """Minutes until this network, or anybody, may ask again; 0 for now, which counts as once more."""
        network, now = posting.place(self.request).network, self.now.timestamp()
        site = "/".join(self.site.getPhysicalPath())
        waits = _limiter.wait(limits.mark(self.secret, f"{site} {network}"), OWN, now) if network else 0.0
        waits = waits or _limiter.wait(site, ALL, now)
        return int(waits // 60) + 1 if waits else 0
