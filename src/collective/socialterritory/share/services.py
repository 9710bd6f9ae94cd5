"""The JSON door of share links."""

from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import SHARES
from collective.socialterritory.share import buttons
from plone.restapi.services import Service
from zope.i18n import translate


class ShareGet(Service):
    """GET <item>/@social-share: {"@id", "url", "title", "shown", "position", "look", "items": [link...]}.

    `shown`: whether the site's own pages have the links there. A link without `url` is for a script to do; one with
    `server` has {host} there, to be replaced by the visitor's own.
    """

    def reply(self):
        page = buttons.page(self.context)
        known = settings()
        return {
            "@id": f"{self.context.absolute_url()}/@social-share",
            "url": page.url,
            "title": page.title,
            "shown": buttons.has_bar(self.context),
            "position": known.share_position,
            "look": known.share_look,
            "items": [self._item(link) for link in buttons.links(self.context, page)],
        }

    def _item(self, link):
        title = translate(SHARES[link.id][0], context=self.request) if link.id in SHARES else link.title
        return {"id": link.id, "title": title, "url": link.url or None, "server": link.server or None}
