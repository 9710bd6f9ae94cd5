"""A pasted address in rich text becomes a box, in two steps.

What output filters give is cleaned by Plone, which takes buttons away, and kept for an hour, whatever the language of
the visitor and the pause of the site. So the filter only marks the paragraph, which stays a plain link wherever
nothing else happens to it (REST, RSS), and the box is drawn when a page leaves.
"""

from collective.socialterritory.feeds.boxes import rules
from collective.socialterritory.feeds.boxes.showing import Placeholder
from plone import api
from plone.dexterity.interfaces import IDexterityContent
from plone.outputfilters.interfaces import IFilter
from plone.transformchain.interfaces import ITransform
from typing import Any
from zope.interface import implementer


@implementer(IFilter)
class Mark:
    """In content alone: what visitors paste into comments stays as it is."""

    order = 900

    def __init__(self, context: Any, request: Any) -> None:
        self.context = context

    def is_enabled(self) -> bool:
        return bool(IDexterityContent.providedBy(self.context))

    def __call__(self, data: str) -> str:
        return rules.marked(data)


@implementer(ITransform)
class Draw:
    """Before the page is parsed by anybody: its bytes are all that is looked at."""

    order = 7000

    def __init__(self, published: Any, request: Any) -> None:
        self.request = request

    def transformIterable(self, result: Any, encoding: str) -> str | None:
        kind = self.request.response.getHeader("Content-Type") or ""
        if not isinstance(result, list) or not kind.startswith("text/html"):
            return None
        page = b"".join(result)
        if rules.MARK.encode() not in page:
            return None
        site = api.portal.get()
        return rules.drawn(page.decode(encoding, "replace"), lambda box: Placeholder(site, self.request, box)())

    def transformBytes(self, result: bytes, encoding: str) -> str | None:
        return self.transformIterable([result], encoding)

    def transformUnicode(self, result: str, encoding: str) -> str | None:
        return self.transformIterable([result.encode(encoding)], encoding)
