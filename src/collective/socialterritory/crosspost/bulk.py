"""The page "Post several items": choose among what is public, see what would happen, confirm."""

from AccessControl import Unauthorized
from collections import Counter
from collective.socialterritory import _
from collective.socialterritory.accounts.content import BEHAVIOUR
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import several
from collective.socialterritory.crosspost.deciding import Deciding
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rows import Row
from collective.socialterritory.crosspost.rules import register
from collective.socialterritory.crosspost.several import Outcome
from collective.socialterritory.crosspost.views import ABSENCES
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.local import time_zone
from collective.socialterritory.plain import whole
from DateTime import DateTime
from datetime import date
from functools import cached_property
from plone import api
from plone.app.contenttypes.behaviors.collection import ISyndicatableCollection
from plone.base.utils import munge_search_term
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from Products.ZCTextIndex.ParseTree import ParseError
from typing import Any
from zope.interface import implementer


SIZE = 20
LOOKED = 300
"""Most items that one request looks at"""
FILTERS = ("q", "type", "account", "from", "to", "show")
REFUSALS = {
    **ABSENCES,
    "not_public": _("The item is not public: nothing of it can be posted now."),
    "stale": _("It changed since you looked: nothing was planned. Look again."),
    "already_posted": _("It is there already: an item and an account have one post."),
    "lost": _("It is gone, or it is not yours to post."),
}


@implementer(INamedPage)
class BulkView(Deciding):
    """In a folder or for the whole site: what lies there; for a collection: what it finds."""

    page_title = _("Post several items")
    foreseen = ViewPageTemplateFile("templates/foreseen.pt")
    problem = ""

    def __call__(self) -> Any:
        if api.user.is_anonymous():
            raise Unauthorized("Please log in.")
        return super().__call__()

    def get(self) -> Any:
        if not self.given("look"):
            return self.index()
        if not self.chosen_items:
            self.problem = self.words.say(_("Choose at least one item."))
            return self.index()
        return self.foreseen()

    @property
    def here(self) -> str:
        return f"{self.context.absolute_url()}/@@social-bulk"

    @property
    def kept(self) -> list[tuple[str, str]]:
        return [(name, value) for name in FILTERS if (value := self.given(name))]

    @property
    def back(self) -> str:
        return self.link()

    @property
    def filtered(self) -> bool:
        return bool(self.kept)

    @cached_property
    def _days(self) -> dict[str, Any]:
        """What was given for `from` and `to`: a day, or the text when it is none."""
        return {name: _day(self.given(name)) for name in ("from", "to")}

    @property
    def wrong_days(self) -> list[str]:
        return [name for name, day in self._days.items() if isinstance(day, str)]

    @cached_property
    def types(self) -> list[tuple[str, str]]:
        """Types of content that can be posted: (id, title)."""
        found = api.portal.get_tool("portal_types").objectItems()
        named = [(id, self.words.say(fti.Title())) for id, fti in found if BEHAVIOUR in getattr(fti, "behaviors", ())]
        return sorted(named, key=lambda pair: pair[1].casefold())

    @cached_property
    def account_options(self) -> list[tuple[str, str]]:
        """Accounts that the current user may post on here: (UID, title)."""
        found = [(account.uid, account.title) for account in actions.usable(self.site, self.context)]
        return sorted(found, key=lambda pair: pair[1].casefold())

    def _brains(self) -> Any:
        """What visitors may read now, newest first, whoever asks."""
        types = [id for id, _title in self.types if self.given("type") in ("", id)]
        query: dict[str, Any] = {
            "portal_type": types,
            "allowedRolesAndUsers": ["Anonymous"],
            "effectiveRange": DateTime(),
            "sort_on": "effective",
            "sort_order": "reverse",
        }
        if ISyndicatableCollection.providedBy(self.context):
            query["UID"] = [brain.UID for brain in self.context.results(batch=False, brains=True)]
        else:
            query["path"] = "/".join(self.context.getPhysicalPath())
        since, until = register.period(self._days["from"], self._days["to"], time_zone())
        whens = [DateTime(when.isoformat()) for when in (since, until) if when]
        if whens:
            query["effective"] = {"query": whens, "range": ":".join(filter(None, [since and "min", until and "max"]))}
        if words := self.given("q").strip():
            query["SearchableText"] = munge_search_term(words)
        try:
            return api.portal.get_tool("portal_catalog").unrestrictedSearchResults(query)
        except ParseError:
            return []

    @cached_property
    def start(self) -> int:
        given = self.given("b_start")
        return min(int(given[:10]), 1_000_000) if given.isascii() and given.isdigit() else 0

    @cached_property
    def _page(self) -> tuple[list[Any], int | None]:
        if self.wrong_days:
            return [], None
        found, passed = register.batch(self._brains()[self.start :], self._wanted, SIZE, LOOKED)
        return [brain._unrestrictedGetObject() for brain in found], None if passed is None else self.start + passed

    def _wanted(self, brain: Any) -> bool:
        obj = brain._unrestrictedGetObject()
        if not several.postable(obj):
            return False
        return self.given("show") == "all" or several.anything(self.site, obj, self.given("account"))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [self._row(obj) for obj in self._page[0]]

    def _row(self, obj: Any) -> dict[str, Any]:
        item = several.facts(obj)
        return {
            "uid": item.uid,
            "title": item.title,
            "url": f"{obj.absolute_url()}/view",
            "when": self.words.at(item.effective or item.created),
            "posts": sum(self.outbox.counts(item.uid).values()),
        }

    @property
    def ticked(self) -> bool:
        return self.given("tick") == "all"

    @property
    def partial(self) -> bool:
        """Whether the search stopped before it had found a page full."""
        return self._page[1] is not None and len(self.rows) < SIZE

    @property
    def next(self) -> str:
        return "" if self._page[1] is None else self.link(b_start=self._page[1])

    @cached_property
    def chosen_items(self) -> list[Any]:
        return several.mine(self._values("items"))

    def _values(self, name: str) -> list[str]:
        given = self.request.form.get(name, [])
        return [whole(str(value)) for value in (given if isinstance(given, list) else [given])]

    @cached_property
    def _outcomes(self) -> list[tuple[Any, list[Outcome]]]:
        return several.outcomes(self.site, self.chosen_items, self.given("account"))

    @cached_property
    def found(self) -> list[dict[str, Any]]:
        """Each item with what becomes of it on each account."""
        return [
            {
                "title": here[0].item.title if here else obj.Title(),
                "url": f"{obj.absolute_url()}/@@social-networks",
                "lines": [self._line(one) for one in here],
            }
            for obj, here in self._outcomes
        ]

    def _line(self, one: Outcome) -> dict[str, Any]:
        delivery = one.draft or one.known
        row = Row(self, delivery, by_account=True) if delivery else None
        return {
            "account": one.account.title,
            "row": row,
            "new": one.draft is not None,
            "why": "" if row else self._why(one, one.why),
        }

    def _why(self, one: Outcome, code: str) -> str:
        return self.words.problem(one.error) if one.error else self.words.say(REFUSALS[code])

    @cached_property
    def drafts(self) -> list[Any]:
        return [one.draft for _obj, here in self._outcomes for one in here if one.draft]

    @property
    def values(self) -> list[str]:
        """What confirming asks for: which item and account, and which bytes were seen."""
        return [f"{draft.content} {draft.account} {draft.fingerprint}" for draft in self.drafts]

    @property
    def summary(self) -> list[str]:
        say, kinds = self.words.say, Counter(draft.state for draft in self.drafts)
        told = [say(_("Posts to plan: ${count}."), count=str(len(self.drafts)))]
        if kinds[State.PENDING]:
            told.append(say(_("To be approved first: ${count}."), count=str(kinds[State.PENDING])))
        if len(self.drafts) > 1:
            last = max(draft.due for draft in self.drafts)
            told.append(say(_("The last one leaves ${when} at the earliest."), when=self.words.at(last)))
        return told

    @property
    def hasty(self) -> list[str]:
        """Titles of accounts that would post them all at once."""
        many = Counter(draft.account for draft in self.drafts)
        accounts = {one.account.uid: one.account for _obj, here in self._outcomes for one in here}
        return [a.title for uid, a in accounts.items() if many[uid] > 2 and not a.gap and not a.daily]

    def post(self) -> Any:
        chosen = {}
        for value in self._values("chosen"):
            uid, _space, rest = value.partition(" ")
            account, _space, fingerprint = rest.partition(" ")
            chosen[uid, account] = fingerprint
        made, refused = several.post(self.site, chosen, self.given("account"))
        told = [self.words.say(_("Planned: ${count}."), count=str(len(made)))]
        lost = [self.words.say(REFUSALS["lost"])] * (len(chosen) - len(made) - len(refused))
        for problem, count in Counter([*(self._why(*pair) for pair in refused), *lost]).items():
            told.append(self.words.say(_("Not planned: ${count}. ${problem}"), count=str(count), problem=problem))
        return self.leave(" ".join(told), "info" if made else "warning")


def _day(text: str) -> date | str | None:
    try:
        return register.day(text)
    except ValueError:
        return text
