"""What a person needs who does it by hand: words and image to copy, where to go, and where to say it is done."""

from collective.socialterritory.crosspost.model import Operation
from collective.socialterritory.interfaces import network_title
from Products.Five.browser import BrowserView
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any


class Pack(BrowserView):
    """`row`: a rows.Row."""

    html = ViewPageTemplateFile("templates/pack.pt")

    def __init__(self, row: Any) -> None:
        super().__init__(row.context, row.request)
        self.row = row
        self.page = row.page
        self.delivery = row.delivery
        self.dom = f"pack-{row.dom}"

    @property
    def network(self) -> str:
        return str(self.page.words.say(network_title(self.delivery.network)))

    @property
    def place(self) -> str:
        """Where to go: the post that is out, else the account's page; "" when it must not be done now."""
        if not self.row.may_post:
            return ""
        account = self.page.account_of(self.delivery.account)
        return self.row.permalink or (account.identity_url if account else "")

    @property
    def text(self) -> str:
        """ "" where nothing is to be copied."""
        copied = self.delivery.operation is not Operation.DELETE and self.row.may_post
        return self.delivery.rendition.text if copied else ""

    @property
    def images(self) -> list[dict[str, str]]:
        """`url` and `alt` of each image, as the network takes it."""
        shown = self.row.preview.post["images"] if self.text else []
        return [{**image, "url": f"{image['url']}&account={self.delivery.account}"} for image in shown]

    @property
    def asks(self) -> bool:
        """Whether the address of what was posted is asked for."""
        return not self.delivery.target

    @property
    def typed(self) -> str:
        return str(self.row.typed.get("permalink", ""))

    @property
    def problem(self) -> str:
        return str(self.row.typed.get("problem", "")) if "permalink" in self.row.typed else ""
