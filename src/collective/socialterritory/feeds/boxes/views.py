"""“Social media and privacy”: what this site asks of networks, and the choices that visitors can take back."""

from collective.socialterritory import _
from collective.socialterritory.assets import asset
from collective.socialterritory.feeds.boxes.rules import SERVICES
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.interfaces import settings
from collective.socialterritory.markup import linked
from Products.Five.browser import BrowserView
from zope.interface import implementer


@implementer(INamedPage)
class Privacy(BrowserView):
    page_title = _("Social media and privacy")
    asset = staticmethod(asset)
    services = SERVICES

    @property
    def text(self) -> str:
        """What the webmaster wrote, as HTML; "" where our own words stand."""
        known = settings()
        french = str(self.request.get("LANGUAGE", "")).startswith("fr")
        return linked((known.privacy_text_fr if french else known.privacy_text_en) or "")
