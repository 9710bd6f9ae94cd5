"""The share bar as HTML, the QR code, and the page that asks for a visitor's own server."""

from collective.socialterritory import _
from collective.socialterritory.assets import asset
from collective.socialterritory.icons import icon
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import SHARES
from collective.socialterritory.share import buttons
from collective.socialterritory.share.rules import links
from functools import cached_property
from html import escape
from io import BytesIO
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from segno import make
from zExceptions import NotFound
from zope.i18n import translate


DAY = 86400


def _tag(name, inner, **attributes):
    """An element; an attribute of None is left out."""
    said = "".join(f' {key}="{escape(str(value))}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{said}>{inner}</{name}>"


class Bar(BrowserView):
    """What viewlets and the portlet draw; "" where there is nothing to share."""

    html = ViewPageTemplateFile("templates/bar.pt")

    def __call__(self):
        return self.html() if self.links else ""

    @cached_property
    def links(self):
        return buttons.links(self.context, self.page)

    @property
    def items(self):
        """The list, drawn here: on every page of content, so that a template's dozen expressions a link cost."""
        return "".join(map(self._item, self.links))

    def _item(self, link):
        label, does = SHARES.get(link.id) or (link.title, _("Share on ${network}", mapping={"network": link.title}))
        does = self._translated(does)
        inner = self._icon(link.icon) + (f"<span>{escape(self._translated(label))}</span>" if self.labels else "")
        named = {"aria-label": does, "title": None if self.labels else does}
        if not link.url:
            button = _tag("button", inner, **named, type="button", **{"data-act": link.id})
            return _tag("li", button, hidden="hidden")
        there = {"href": link.url, "rel": "nofollow"}
        shown = _tag("li", _tag("a", inner, **named, **there, **{"data-server": link.server or None}))
        if not link.server:
            return shown
        other = self._translated(_("Another server of ${network}", mapping={"network": link.title}))
        named = {"aria-label": other, "title": other, "data-other": link.id}
        return shown + _tag("li", _tag("a", self._icon("pencil"), **named, **there), hidden="hidden")

    def _translated(self, text):
        return translate(text, context=self.request)

    def _icon(self, name):
        return icon(self.context, self.request, name, "")

    @cached_property
    def page(self):
        return buttons.page(self.context)

    @cached_property
    def labels(self):
        return settings().share_look != "icons"

    @property
    def copies(self):
        return any(link.id == "copy" for link in self.links)

    asset = staticmethod(asset)


class QrCode(BrowserView):
    """The item's public address as SVG."""

    def __call__(self):
        if not buttons.may_be_shared(self.context):
            raise NotFound("social-share-qr")
        page = buttons.page(self.context)
        drawn = BytesIO()
        code = make(page.url, error="m", micro=False)
        code.save(drawn, kind="svg", xmldecl=False, omitsize=True, light="#fff", title=page.url)
        response = self.request.response
        response.setHeader("Content-Type", "image/svg+xml; charset=utf-8")
        response.setHeader("Cache-Control", f"public, max-age={DAY}")
        return drawn.getvalue()


class ServerPage(BrowserView):
    """Asks for the visitor's server at a network of many, and leads to its share page.

    The name of the page ends with the network's id. Only the form itself leads on at once: what comes from another
    site shows a link with the host's name, so that nobody is sent through this address to where they know nothing of.
    """

    def __call__(self):
        self.target = buttons.targets().get(self.__name__.removeprefix("social-share-"))
        if self.target is None or not buttons.may_be_shared(self.context):
            raise NotFound(self.__name__)
        response = self.request.response
        response.setHeader("Cache-Control", "private, no-store")
        response.setHeader("X-Robots-Tag", "noindex")
        self.typed = str(self.request.form.get("server") or "")
        self.host = links.server(self.typed)
        self.refused = bool(self.typed and not self.host)
        if self.host and self.request.getHeader("Sec-Fetch-Site") == "same-origin":
            return response.redirect(self.onward())
        return self.index()

    @cached_property
    def page(self):
        return buttons.page(self.context)

    def onward(self):
        return links.filled(self.target, self.page, self.host)

    asset = staticmethod(asset)

    @property
    def heading(self):
        return _("Share on ${network}", mapping={"network": self.target.title})
