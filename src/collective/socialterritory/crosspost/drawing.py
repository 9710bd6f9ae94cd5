"""A post as the network's readers will see it, drawn on our pages."""

from collective.socialterritory import _
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost.live import behind
from collective.socialterritory.crosspost.live import card
from collective.socialterritory.crosspost.live import pieces
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Rendition
from collective.socialterritory.crosspost.words import Words
from collective.socialterritory.icons import icon
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any


LOOKS = {
    "pending": ("person-check", "warning"),
    "queued": ("clock", "info"),
    "sending": ("send", "primary"),
    "delivered": ("check-circle", "success"),
    "unconfirmed": ("question-circle", "warning"),
    "failed": ("exclamation-triangle", "danger"),
    "rejected": ("x-circle", "danger"),
    "cancelled": ("slash-circle", "secondary"),
    "held": ("pause-circle", "secondary"),
}
"""Icon and colour of each state, and of a held one, on every page."""


class Preview(BrowserView):
    """`item`: the content whose post it is, None when that is gone."""

    html = ViewPageTemplateFile("templates/preview.pt")
    measures = ViewPageTemplateFile("templates/measures.pt")

    def __init__(self, context: Any, request: Any, said: Rendition, account: Account, words: Words, item: Any) -> None:
        super().__init__(context, request)
        self.said = said
        self.account = account
        self.words = words
        self.images = [{"url": _address(item, image), "alt": image.alt} for image in said.images]

    @property
    def post(self) -> dict[str, Any]:
        """What the shared card macro draws."""
        return {
            "title": self.account.title,
            "identity": self.account.identity,
            "pieces": pieces(self.said.text, behind(self.said, self.account.network)),
            "images": [image for image in self.images if image["url"]],
            "card": card(self.said),
        }

    @property
    def measure(self) -> str:
        if not self.said.limit:
            return self.words.say(_("${used} characters"), used=str(self.said.used))
        told = _("${used} of ${limit} characters")
        if self.said.parts:
            told = _("Thread of ${number} posts; the longest has ${used} of ${limit} characters")
        used, limit, number = self.said.used, self.said.limit, len(self.said.parts)
        return self.words.say(told, used=str(used), limit=str(limit), number=str(number))

    @property
    def warnings(self) -> list[str]:
        return [self.words.sentence(code, **self.said.params) for code in self.said.warnings]

    def icon(self, name: str) -> str:
        return icon(self.context, self.request, name)


def _address(item: Any, image: Image) -> str:
    """Of the ImageView; "" of an image that is not the item's any more, or is another one now."""
    there = item is not None and pictures.field(item, image) is not None
    return f"{item.absolute_url()}/@@social-image?v={image.digest}&of={image.place}" if there else ""
