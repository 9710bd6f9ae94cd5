"""The desk: what waits for me, what is planned, what to look at and what was published, over all items."""

from AccessControl import Unauthorized
from collections import Counter
from collections.abc import Iterator
from collective.socialterritory import _
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost.correcting import CORRECT
from collective.socialterritory.crosspost.deciding import Deciding
from collective.socialterritory.crosspost.entries import readable
from collective.socialterritory.crosspost.follow import Follow
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.rows import Row
from collective.socialterritory.errors import SocialError
from collective.socialterritory.interfaces import INamedPage
from collective.socialterritory.plain import whole
from datetime import datetime
from functools import cached_property
from itertools import islice
from plone import api
from typing import Any
from zExceptions import BadRequest
from zope.interface import implementer


SIZE = 20
FILTERS = {
    "waiting": (_("filter_waiting", default="To approve"), _("Nothing to approve.")),
    "planned": (_("filter_planned", default="Planned"), _("Nothing is planned.")),
    "check": (
        _("filter_check", default="To check or failed"),
        _("Nothing to check: every post that should have left did."),
    ),
    "published": (_("filter_published", default="Published"), _("Nothing was published yet.")),
    "cancelled": (_("filter_cancelled", default="Cancelled"), _("Nothing was cancelled.")),
}
"""Title, and what is said when there is nothing. Titles have msgids of their own: they are plurals in French."""

COUNTED = ("waiting", "planned", "check")
_LOOK = (State.UNCONFIRMED, State.FAILED, State.REJECTED)
_KEPT = {State.DELIVERED: "published", State.CANCELLED: "cancelled"}


def filter_of(delivery: Delivery, open: tuple[str, ...]) -> str:
    """Under which filter a person finds the delivery. `open`: what they may do to it while it is pending."""
    if delivery.state in _KEPT:
        return _KEPT[delivery.state]
    if delivery.state is State.PENDING and "approve" in open:
        return "waiting"
    return "check" if delivery.state in _LOOK or delivery.held else "planned"


@implementer(INamedPage)
class DeskView(Deciding):
    page_title = _("Social networks")
    note = ""
    bulk_problem = ""
    note_problem = ""

    def __call__(self) -> str:
        if api.user.is_anonymous():
            raise Unauthorized("Please log in.")
        return super().__call__()

    @cached_property
    def filter(self) -> str:
        wanted = self.given("filter")
        return wanted if wanted in FILTERS else "waiting"

    @cached_property
    def account(self) -> str:
        return self.given("account")

    @cached_property
    def start(self) -> int:
        given = self.given("b_start")
        return min(int(given[:10]), 100_000) if given.isdecimal() else 0

    @property
    def here(self) -> str:
        return f"{self.site.absolute_url()}/@@social-desk"

    @property
    def calendar(self) -> str:
        return f"{self.site.absolute_url()}/@@social-calendar"

    @property
    def register(self) -> str:
        """Where all that was said is looked up, "" for whom it is not."""
        return f"{self.site.absolute_url()}/@@social-register" if readable(self.site) else ""

    @property
    def several(self) -> str:
        """Where items are posted that were not, "" for whom it is not."""
        return f"{self.site.absolute_url()}/@@social-bulk" if actions.usable(self.site, self.site) else ""

    @property
    def listening(self) -> str:
        """Where staff read what others say, "" for whom it is not."""
        may = api.user.has_permission("collective.socialterritory: Listen", obj=self.site)
        return f"{self.site.absolute_url()}/@@social-listening" if may else ""

    @property
    def back(self) -> str:
        return self.link()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The first page, the first filter and all accounts go without saying."""
        now = {"filter": self.filter, "account": self.account, "b_start": str(self.start), "id": self.given("id")}
        return [pair for pair in now.items() if pair[1] and pair not in (("filter", "waiting"), ("b_start", "0"))]

    @cached_property
    def _live(self) -> list[tuple[str, Delivery]]:
        """(filter, delivery) of all that is not in the history and that I may see."""
        mine = [delivery for delivery in self.outbox.live() if self.sees(delivery)]
        return [(filter_of(delivery, self._open(delivery)), delivery) for delivery in mine]

    def _open(self, delivery: Delivery) -> tuple[str, ...]:
        return actions.open_to_me(self.site, delivery) if delivery.state is State.PENDING else ()

    def _chosen_account(self, delivery: Delivery) -> bool:
        return self.account in ("", delivery.account)

    def _listed(self) -> Iterator[Delivery]:
        found = [d for name, d in self._live if name == self.filter and self._chosen_account(d)]
        if self.filter not in _KEPT.values():
            yield from sorted(found, key=lambda d: (d.due, d.created), reverse=self.filter == "check")
            return
        yield from sorted(found, key=lambda d: d.log[-1].at, reverse=True)
        for delivery in self.outbox.history():
            if _KEPT[delivery.state] == self.filter and self._chosen_account(delivery) and self.sees(delivery):
                yield delivery

    @cached_property
    def first(self) -> Row | None:
        """The decision that a mail links to, or one that could not be taken and is not in the list any more."""
        refused = self.typed.get("id", "")
        listed = {delivery.id for delivery in self._page[:SIZE]}
        id = refused if refused and refused not in listed else self.given("id")
        delivery = self.outbox.get(id) if id else None
        return Row(self, delivery, below=self._below(delivery)) if delivery and self.sees(delivery) else None

    @property
    def missing(self) -> bool:
        return bool(self.given("id")) and self.first is None

    @cached_property
    def _page(self) -> list[Delivery]:
        """One more than is shown, so that we know whether there is a next page."""
        return list(islice(self._listed(), self.start, self.start + SIZE + 1))

    @cached_property
    def rows(self) -> list[Row]:
        pinned = self.first.delivery.id if self.first else ""
        found = [delivery for delivery in self._page[:SIZE] if delivery.id != pinned]
        bulk = self.filter == "waiting" and len(found) > 1
        return [Row(self, delivery, bulk=bulk, below=self._below(delivery)) for delivery in found]

    def _below(self, delivery: Delivery) -> str:
        """News that was deleted has no tab any more: its posts are taken away from here."""
        gone = delivery.state is State.DELIVERED and self.item(delivery.content) is None
        one = self.outbox.post(delivery.content, delivery.id) if gone else None
        if one is None or one.busy or not actions.permitted(self.site, delivery, CORRECT):
            return ""
        return str(Follow(self, one, None).html())

    @property
    def previous(self) -> str:
        return self.link(b_start=max(0, self.start - SIZE), id="") if self.start else ""

    @property
    def next(self) -> str:
        return self.link(b_start=self.start + SIZE, id="") if len(self._page) > SIZE else ""

    @property
    def filters(self) -> list[dict[str, Any]]:
        counts = Counter(name for name, delivery in self._live if self._chosen_account(delivery))
        return [
            {
                "title": title,
                "url": self.link(filter=name, b_start=0, id=""),
                "current": name == self.filter,
                "count": counts[name] if name in COUNTED else None,
            }
            for name, (title, _empty) in FILTERS.items()
        ]

    @property
    def title(self) -> Any:
        return FILTERS[self.filter][0]

    @property
    def account_options(self) -> list[tuple[str, str]]:
        return self.choices(delivery for _name, delivery in self._live)

    @property
    def empty(self) -> list[str]:
        if self._page:
            return [self.words.say(_("Nothing else here."))]
        told = [self.words.say(FILTERS[self.filter][1])]
        when = self.next_post
        if self.filter == "waiting" and when:
            told.append(self.words.say(_("Next post: ${when}."), when=self.words.at(when)))
        return told

    @property
    def next_post(self) -> datetime | None:
        """When the next post leaves, as far as its date and its account's pace tell."""
        queued = [d for name, d in self._live if d.state is State.QUEUED and not d.held]
        verdicts = [Row(self, delivery).sayings.verdict for delivery in sorted(queued, key=lambda d: d.due)[:SIZE]]
        whens = [verdict.until or self.words.now for verdict in verdicts if verdict.until or verdict.act == "go"]
        return min(whens, default=None)

    def post(self) -> str:
        return self._bulk(self.given("bulk")) if self.given("bulk") else super().post()

    def _bulk(self, name: str) -> str:
        """The same decision on all chosen ones, each with the bytes that were seen."""
        chosen = self.request.form.get("chosen", [])
        self.chosen = [whole(str(value)) for value in (chosen if isinstance(chosen, list) else [chosen])]
        self.note = self.given("note")
        if name not in actions.JUDGEMENTS:
            raise BadRequest("decision")
        if not self.chosen:
            self.bulk_problem = self.words.say(_("Choose at least one post."))
        elif name == "reject" and not self.note.strip():
            self.note_problem = self.words.sentence("reason_needed")
        if self.bulk_problem or self.note_problem:
            return self.get()
        decided = [self._one_of_many(name, value) for value in self.chosen]
        told = _("${count} approved.") if name == "approve" else _("${count} refused.")
        done = self.words.say(told, count=str(decided.count("")))
        return self.leave(" ".join([done, *filter(None, decided)]), "warning" if any(decided) else "info")

    def _one_of_many(self, name: str, value: str) -> str:
        """ "" when it is done, else why not."""
        id, _space, fingerprint = value.partition(" ")
        try:
            actions.decide(self.site, id, name, self.note, fingerprint)
        except KeyError:
            return self.words.say(_("One of them is not there any more."))
        except SocialError as error:
            known = self.outbox.get(id)
            names = {"title": known.item_title, "account": known.account_title}
            return self.words.say(_("${title} (${account}): ${problem}"), **names, problem=self.words.problem(error))
        return ""
