"""The pages behind the links of mails about answers: to say yes to them, and to end them."""

from collective.socialterritory import _
from collective.socialterritory.comments import subscriptions
from collective.socialterritory.comments.outside import Outside
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.interfaces import INamedPage
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.interface import implementer


class Answers(Outside):
    """?key=: what the mail's link carries. GET asks, POST does it; once more does no harm."""

    index = ViewPageTemplateFile("templates/answers.pt")
    purpose = ""
    button: Any = None
    question: Any = None
    trouble: Any = None
    done: Any = None
    item: Any = None

    @cached_property
    def key(self) -> str:
        return self.given("key")

    @cached_property
    def id(self) -> str:
        """Of the subscription. Raises signing.BadToken."""
        (id,) = signing.read(self.secret, self.purpose, self.key, self.now)
        return id

    def get(self) -> Any:
        return self._problem() or self.page()

    def post(self) -> Any:
        return self._problem() or self.act()

    def act(self) -> Any:
        raise NotImplementedError

    def _problem(self) -> Any:
        """The page that says why nothing can be done; None where it can."""
        try:
            self.item = self._page(self.id.partition(".")[0])
        except signing.BadToken as bad:
            gone = bad.code == "token_expired"
            return self.said("answers_gone" if gone else "answers_forged", 410 if gone else 404)
        return None

    def _page(self, uid: str) -> Any:
        """What it is about, where who looks may see it; else None."""
        brains = api.content.find(UID=uid)
        return {"title": brains[0].Title, "url": brains[0].getURL()} if brains else None

    def said(self, code: str, status: int) -> Any:
        self.trouble = self.sentence(code)
        return self.page(status)


@implementer(INamedPage)
class Confirm(Answers):
    page_title = _("Answers by e-mail")
    purpose = subscriptions.CONFIRM
    question = _("Do you want a mail when somebody answers in your conversation on this page?")
    button = _("Yes, write to me")

    def get(self) -> Any:
        if (problem := self._problem()) is not None:
            return problem
        one = subscriptions.get(self.site, self.id)
        if one is None:
            return self.said("answers_gone", 410)
        if one.confirmed:
            self.done = YES
        return self.page()

    def act(self) -> Any:
        if subscriptions.get(self.site, self.id) is None:
            return self.said("answers_gone", 410)
        subscriptions.confirm(self.site, self.id, self.now)
        self.done = YES
        return self.page()


@implementer(INamedPage)
class Unsubscribe(Answers):
    """Programs that read mail send a POST as well, with nothing but the address (RFC 8058)."""

    page_title = _("No more answers by e-mail")
    purpose = subscriptions.UNSUBSCRIBE
    question = _("Do you want no more mails about answers on this page?")
    button = _("No more mails")

    def get(self) -> Any:
        if (problem := self._problem()) is not None:
            return problem
        if subscriptions.get(self.site, self.id) is None:
            self.done = NO
        return self.page()

    def act(self) -> Any:
        subscriptions.end(self.site, self.id)
        self.done = NO
        return self.page()


YES = _("That is settled: you get a mail when somebody answers. Each of them has a link that ends it.")
NO = _("You get no more mails about answers on this page, and your address is forgotten.")
