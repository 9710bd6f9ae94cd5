"""The page on which people see, take along or erase what is kept of them, by a link that is mailed to their address."""

from collective.socialterritory import _
from collective.socialterritory.comments import asking
from collective.socialterritory.comments import persons
from collective.socialterritory.comments.deciding import AUTHOR
from collective.socialterritory.comments.outside import Outside
from collective.socialterritory.comments.rules import signing
from collective.socialterritory.comments.rules.reports import good_address
from collective.socialterritory.comments.store import Comments
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.plain import as_json
from functools import cached_property
from plone import api
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zope.interface import implementer


SENT = _(
    "If we keep anything about this address, a mail with a link is on its way to it. It comes within a few minutes; "
    "look among unwanted mails too."
)
ERASED = _("Done: nothing of you is kept here any more. Copies in backups go when these are overwritten.")
ERASED_BUT_BAN = _(
    "Done: what is still kept is that you may not comment for a while, under a keyed hash or the id of your account, "
    "until that is over. Copies in backups go when these are overwritten."
)
DOWNLOAD = "my-data.json"


@implementer(INamedPage)
class MyData(Outside):
    """?key=: what the mail's link carries; without it, a form that asks for an address."""

    page_title = _("Your data")
    index = ViewPageTemplateFile("templates/my_data.pt")
    trouble: Any = None
    problem: Any = None
    """What is wrong with the address"""
    done: Any = None
    person: persons.Person | None = None

    @cached_property
    def key(self) -> str:
        return self.given("key")

    @property
    def address(self) -> str:
        return self.given("address").strip()

    @property
    def token(self) -> str:
        return asking.form_token(self.now)

    def get(self) -> Any:
        return self._opened() or self.page()

    def post(self) -> Any:
        if problem := self._opened():
            return problem
        return self._act() if self.person else self._ask()

    def _opened(self) -> Any:
        """The page that says what is wrong with the link; None where nothing is, or where there is none."""
        if not self.key:
            return None
        try:
            self.person = asking.read(self.site, self.key, self.now)
        except signing.BadToken as bad:
            gone = bad.code == "token_expired"
            self.trouble = OLD if gone else FORGED
            return self.page(410 if gone else 404)
        return None

    def _ask(self) -> Any:
        """One answer for every address."""
        try:
            signing.read_form(self.secret, asking.PURPOSE, self.given("token"), self.now)
        except signing.BadToken as bad:
            if bad.code != "token_young":  # a browser that fills in the only field is fast
                self.trouble = _("This page was open for too long. Please send it again.")
                return self.page(400)
        if not good_address(self.address):
            self.problem = _("This is no e-mail address.")
            return self.page(400)
        if not self.given("website"):  # nobody sees that field; who fills it in is told the same
            if minutes := self.wait():
                self.trouble = _(
                    "Too many questions at once. Please try again in ${count} min.", mapping={"count": minutes}
                )
                return self.page(429)
            asking.ask(self.site, self.address, str(api.portal.get_current_language()), self.now)
        self.done = SENT
        return self.page()

    def _act(self) -> Any:
        if self.given("do") == "download":
            response = self.request.response
            response.setHeader("Content-Type", "application/json; charset=utf-8")
            response.setHeader("X-Content-Type-Options", "nosniff")
            response.setHeader("Content-Disposition", f'attachment; filename="{DOWNLOAD}"')
            return as_json(persons.gathered(self.site, self.person))
        if self.given("do") == "erase" and self.given("sure"):
            persons.erase(self.site, self.person, self.now, AUTHOR)
            banned = self.person.names & set(Comments(self.site).bans)
            self.done, self.person = ERASED_BUT_BAN if banned else ERASED, None
            return self.page()
        self.problem = _("Tick the box, so that nothing is erased by accident.")
        return self.page(400)

    @cached_property
    def counts(self) -> list[tuple[Any, int]]:
        known = persons.count(self.site, self.person)
        return [(words, known[name]) for name, words in COUNTED.items()]


OLD = _("This link was good for one day. Ask for another one below.")
FORGED = _("This link is not complete, or not ours. Copy the whole of it, or ask for another one below.")
COUNTED = {
    "comments": _("Comments that you wrote"),
    "reports": _("Reports that you sent"),
    "subscriptions": _("Pages whose answers you are told of"),
}
