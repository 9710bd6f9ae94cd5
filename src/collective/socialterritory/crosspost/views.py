"""The "Networks" tab of an item, and the picture that its posts carry."""

from AccessControl import Unauthorized
from collective.socialterritory import _
from collective.socialterritory import images
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.crosspost import actions
from collective.socialterritory.crosspost import pictures
from collective.socialterritory.crosspost.composer import foreseen
from collective.socialterritory.crosspost.content import facts
from collective.socialterritory.crosspost.correcting import CORRECT
from collective.socialterritory.crosspost.correcting import Outdated
from collective.socialterritory.crosspost.correcting import outdated
from collective.socialterritory.crosspost.deciding import Deciding
from collective.socialterritory.crosspost.drawing import Preview
from collective.socialterritory.crosspost.follow import Follow
from collective.socialterritory.crosspost.model import Delivery
from collective.socialterritory.crosspost.model import Image
from collective.socialterritory.crosspost.model import Item
from collective.socialterritory.crosspost.model import State
from collective.socialterritory.crosspost.planning import submit
from collective.socialterritory.crosspost.preview import approval
from collective.socialterritory.crosspost.rows import Row
from collective.socialterritory.crosspost.rules import absence
from collective.socialterritory.crosspost.rules import chain
from collective.socialterritory.crosspost.rules import correction
from collective.socialterritory.crosspost.rules import departure
from collective.socialterritory.crosspost.rules import plan
from collective.socialterritory.crosspost.rules.correction import Standing
from collective.socialterritory.crosspost.rules.plan import Planned
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import max_age
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.networks.model import Limits
from functools import cached_property
from plone import api
from Products.Five.browser import BrowserView
from typing import Any
from zExceptions import NotFound
from zope.component import queryUtility


ABSENCES = {
    "working_copy": _("This is a working copy: the news item itself is posted, not the copy."),
    "not_wanted": _("“Post on social networks” is switched off for this item."),
    "not_chosen": _("This account was not chosen for this item."),
    "translated": _("Another translation of this item is posted on this account, which names no languages."),
    "other_scope": _("The account does not speak for such items: see its sections, types, subjects and languages."),
    "not_connected": _("The account is not connected yet."),
    "item_expired": _("The item has expired."),
    "too_old": _("The item is too old to be posted by itself."),
    "linked_later": _("The account was linked after this item was published."),
    "not_mine": _("You may not post on this account."),
    "unknown_network": _("This network is not installed any more."),
}
"""Words for rules.absence, and for what only Plone knows."""


def may_see(obj: Any) -> bool:
    """Those who may change the item, and the validators of an account that has a post of it."""
    if api.user.has_permission("Modify portal content", obj=obj):
        return True
    site = api.portal.get()
    return any(actions.visible(site, delivery) for delivery in Outbox(site).of_item(obj.UID()))


class NetworksView(Deciding):
    def __call__(self) -> str:
        if not may_see(self.context):
            raise Unauthorized("Modify portal content")
        return super().__call__()

    @property
    def here(self) -> str:
        return f"{self.context.absolute_url()}/@@social-networks"

    @cached_property
    def item_facts(self) -> Item:
        return facts(self.context)

    @cached_property
    def rows(self) -> list[Row]:
        found = [d for d in self.outbox.of_item(self.context.UID()) if actions.visible(self.site, d)]
        return [Row(self, delivery, by_account=True, below=self._below(delivery)) for delivery in chain.telling(found)]

    @cached_property
    def _standing(self) -> dict[str, Standing]:
        """What is out and nobody is at work on, by delivery id."""
        return {one.delivery.id: one for one in self.outbox.standing(self.context.UID()) if not one.busy}

    @property
    def grace(self) -> str:
        """Until when the posts stay of an item that its readers do not see any more; "" else."""
        since = dict(self.outbox.left()).get(self.context.UID())
        return self.words.at(since + correction.GRACE) if since and self._standing else ""

    @cached_property
    def _outdated(self) -> dict[str, Outdated]:
        return {one.standing.delivery.id: one for one in outdated(self.site, self.item_facts)}

    def _below(self, delivery: Delivery) -> str:
        one = self._standing.get(delivery.id)
        if not actions.permitted(self.site, delivery, CORRECT):
            return ""
        if one is None:
            known = self.outbox.of_item(self.context.UID())
            there = not departure.absence(self.item_facts, self.words.now)
            back = there and correction.may_return(delivery, known)
            return str(Follow(self, Standing(delivery, delivery.rendition), None, gone=True).html()) if back else ""
        return str(Follow(self, one, self._outdated.get(delivery.id)).html())

    @cached_property
    def changeable(self) -> bool:
        return bool(api.user.has_permission("Modify portal content", obj=self.context))

    @cached_property
    def _silent(self) -> list[Account]:
        """Accounts without a post of this item."""
        posted = {delivery.account for delivery in self.outbox.of_item(self.context.UID())}
        return [account for account in self.accounts.all() if account.uid not in posted] if self.changeable else []

    @cached_property
    def _planned(self) -> dict[str, Planned]:
        """What submit() would make now, by account."""
        usable = {account.uid for account in actions.usable(self.site, self.context)}
        mine = [account for account in self._silent if account.uid in usable and _network(account)]
        roles = frozenset(api.user.get_roles(obj=self.context))
        found = plan.plan(self.item_facts, mine, roles, self.words.now, max_age(), on_request=True)
        return {planned.account.uid: planned for planned in found}

    @property
    def planned(self) -> list[dict[str, Any]]:
        return [self._shown(planned) for planned in self._planned.values()]

    def _shown(self, planned: Planned) -> dict[str, Any]:
        try:
            preview, problem = self._preview(planned.account), ""
        except ContentError as error:
            preview, problem = None, self.words.problem(error)
        return {
            "account": planned.account,
            "network": self.words.say(network_title(planned.account.network)),
            "preview": preview,
            "problem": problem,
            "approval": approval(self.site, self.item_facts, planned),
            "when": self._when(planned),
        }

    def _preview(self, account: Account) -> Preview:
        """Raises ContentError."""
        said = foreseen(self.item_facts, account)
        return Preview(self.context, self.request, said, account, self.words, self.context)

    def _when(self, planned: Planned) -> str:
        told = []
        if not planned.account.by_itself:
            told.append(self.words.say(_("This account posts only what a content rule or a person asks for.")))
        if planned.due > self.words.now:
            told.append(self.words.say(_("It leaves ${when}."), when=self.words.at(planned.due)))
        return " ".join(told)

    @property
    def to_ask(self) -> bool:
        return any(planned.state is State.PENDING for planned in self._planned.values())

    @property
    def all_wait(self) -> bool:
        """Whether nothing leaves when this is submitted."""
        return not self.item_facts.public or all(planned.state is State.PENDING for planned in self._planned.values())

    @property
    def absent(self) -> list[tuple[str, Any]]:
        """(title of the account, why it says nothing)."""
        return [(account.title, ABSENCES[self._why(account)]) for account in self._silent if self._left_out(account)]

    def _left_out(self, account: Account) -> bool:
        return account.uid not in self._planned

    def _why(self, account: Account) -> str:
        if _network(account) is None:
            return "unknown_network"
        return absence.why(self.item_facts, account, self.words.now, max_age()) or "not_mine"

    def post(self) -> str:
        if not self.request.form.get("submit"):
            return super().post()
        if not self.changeable:
            raise Unauthorized("Modify portal content")
        try:
            made = submit(self.context, on_request=True)
        except ContentError as error:
            return self.leave(self.words.problem(error), "error")
        return self.leave(self._told(made))

    def _told(self, made: list[Delivery]) -> str:
        if not made:
            return self.words.say(_("Everything was planned already."))
        asked = sum(delivery.state is State.PENDING for delivery in made)
        if asked == len(made):
            return self.words.say(_("Validation asked for. Nothing is sent before somebody approves."))
        first = self.words.say(_("To be approved first: ${count}."), count=str(asked)) if asked else ""
        return " ".join(filter(None, [self.words.say(_("Planned.")), first]))


def _network(account: Account) -> Any:
    return queryUtility(INetwork, name=account.network)


class ImageView(BrowserView):
    """An image of the item as small as a preview needs, for those who see its posts.

    `v` and `of`: its digest and place, as Image has them. `account`: its UID, for a copy as its network takes it, to
    download.
    """

    limits = Limits(text=0, measure=len, image_side=640, image_bytes=150_000, image_types=("image/jpeg",))

    def __call__(self) -> bytes:
        if not may_see(self.context):
            raise Unauthorized("View")
        asked = Image(*(str(self.request.form.get(name, "")) for name in ("v", "alt", "of")))
        files = pictures.opened(self.context, [asked])
        if not files:
            raise NotFound("image")
        try:
            with files[0] as file:
                data, mime, _width, _height = images.fit(file, self._limits)
        except ContentError:
            raise NotFound("image") from None
        for name, value in (
            ("Content-Type", mime),
            ("Cache-Control", "private, max-age=86400"),
            ("X-Content-Type-Options", "nosniff"),
        ):
            self.request.response.setHeader(name, value)
        if self.request.form.get("account"):
            name = f"{self.context.getId()}.{mime.partition('/')[2]}"
            self.request.response.setHeader("Content-Disposition", f'attachment; filename="{name}"')
        return data

    @property
    def _limits(self) -> Limits:
        account = Accounts(api.portal.get()).get(str(self.request.form.get("account", "")))
        network = _network(account) if account else None
        return network.limits_of(account.facts) if account and network else self.limits
