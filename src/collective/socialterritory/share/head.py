"""What the heads of pages tell networks and search engines, in place of Plone's own tags."""

from collective.socialterritory.share.describing import canonical
from collective.socialterritory.share.describing import described
from collective.socialterritory.share.rules import metadata
from html import escape
from plone import api
from plone.app.layout.globals.interfaces import IViewView
from plone.app.layout.viewlets.common import ViewletBase
from plone.base.interfaces import IPloneSiteRoot
from plone.dexterity.interfaces import IDexterityContent


class Tags(ViewletBase):
    """On the page of an item, not on its forms: their address is not what anybody shares."""

    def render(self):
        content = IDexterityContent.providedBy(self.context) or IPloneSiteRoot.providedBy(self.context)
        asked = api.portal.get_registry_record("plone.share_social_data", default=True)
        if not (content and asked and IViewView.providedBy(self.view)):
            return ""
        page = described(self.context, self.request)
        tags = [
            f'<meta {attribute}="{name}" content="{escape(said)}" />' for attribute, name, said in metadata.meta(page)
        ]
        # Data, which no browser runs: https://html.spec.whatwg.org/multipage/scripting.html#data-block
        data = f'<script type="application/ld+json">{metadata.script(metadata.linked(page))}</script>'
        return "\n".join([*tags, data])


class Canonical(ViewletBase):
    """Once, at the address that the tags tell as well."""

    def render(self):
        shown = api.content.get_view("plone_context_state", self.context, self.request).canonical_object()
        return f'<link rel="canonical" href="{escape(canonical(shown))}" />'


class Nothing(ViewletBase):
    """In place of Plone's microdata in the body: the head says it."""

    def render(self):
        return ""
