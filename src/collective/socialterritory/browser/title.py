"""The browser's title bar on pages that are about no content."""

from html import escape
from plone.app.layout.viewlets.common import TitleViewlet
from zope.i18n import translate


class Title(TitleViewlet):
    """For views that are an INamedPage."""

    def update(self):
        name = translate(self.view.page_title, context=self.request)
        self.site_title = f"{escape(name)}{self.sep}{escape(self.site_title_setting)}"
