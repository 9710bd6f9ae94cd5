"""Pictures of others for rooms that may not know this one: fetched and drawn anew as those of feeds are."""

from collective.socialterritory.feeds import children
from collective.socialterritory.feeds.files import fetch
from collective.socialterritory.http import Http
from collective.socialterritory.images import Fitted
from collective.socialterritory.interfaces import IPictures
from zope.interface import implementer


@implementer(IPictures)
class Pictures:
    def fetch(self, http: Http, url: str, side: int) -> Fitted:
        return children.picture(fetch(http, url).body, side)
