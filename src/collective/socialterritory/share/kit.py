"""The kit with which ambassadors pass a news item on: for staff, and behind a key for whoever has the address."""

from collective.socialterritory import _
from collective.socialterritory import clock
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.accounts.views import Page
from collective.socialterritory.assets import asset
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import frozen
from collective.socialterritory.interfaces import IComposer
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import IOutbox
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import NETWORKS
from collective.socialterritory.messages import sentence
from collective.socialterritory.messages import SHARES
from collective.socialterritory.public import is_public
from collective.socialterritory.public import moment
from collective.socialterritory.public import public_url
from collective.socialterritory.share import buttons
from collective.socialterritory.share import pictures
from collective.socialterritory.share.describing import fields
from collective.socialterritory.share.model import Ready
from collective.socialterritory.share.model import ShareLink
from collective.socialterritory.share.rules import kit as rules
from collective.socialterritory.share.rules import links
from collective.socialterritory.share.rules.described import Picture
from collective.socialterritory.share.store import Keys
from dataclasses import replace
from functools import cached_property
from hmac import compare_digest
from mimetypes import guess_extension
from plone import api
from plone.uuid.interfaces import IUUID
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile
from typing import Any
from zExceptions import NotFound
from zExceptions import Unauthorized
from zope.component import getUtilitiesFor
from zope.component import getUtility
from zope.component import queryUtility
from zope.i18n import translate
from zope.interface import implementer
from zope.publisher.interfaces import IPublishTraverse


PERMISSION = "collective.socialterritory: Use ambassador kits"


class Kit(Page):
    """What both pages show."""

    asset = staticmethod(asset)

    @cached_property
    def uid(self) -> str:
        return str(IUUID(self.context))

    @cached_property
    def key(self) -> str:
        return Keys(self.site).get(self.uid)

    @cached_property
    def validated(self) -> set[tuple[str, str]]:
        """(UID of the account, text) of each post that is out, or may leave."""
        outbox = IOutbox(self.site)
        out = {(one.delivery.account, one.said.text) for one in outbox.standing(self.uid)
               if one.delivery.operation == "post"}  # fmt: skip
        return out | {(one.account, one.rendition.text) for one in self._posts if _may_leave(one)}

    @cached_property
    def _posts(self) -> list[Any]:
        return [one for one in IOutbox(self.site).of_item(self.uid) if one.operation in ("post", "edit")]

    @cached_property
    def absence(self) -> str:
        """The code of why there is no kit now."""
        now = clock.now()
        if frozen(now):
            return "kit_paused"
        item, states = self.context, {str(one.state) for one in self._posts}
        dates = moment(item.effective()), moment(item.expires())
        return rules.absence(is_public(item), *dates, now, bool(self.validated), states)

    @property
    def why(self) -> Any:
        return sentence(self.absence)

    @cached_property
    def page(self) -> Any:
        return buttons.page(self.context)

    @cached_property
    def shared(self) -> bool:
        return buttons.may_be_shared(self.context)

    @property
    def texts(self) -> list[Ready]:
        networks = {id: links.target(network) for id, network in getUtilitiesFor(INetwork)}
        known = {**networks, **buttons.targets()}
        return rules.texts(self.page, self._said(), known, settings().share_targets or (), self.shared)

    def _said(self) -> dict[str, str]:
        """Network -> what its first account says, as long as that is what was validated.

        The training network's where there is no other.
        """
        composer, found = IComposer(self.context), {}
        for account in self.accounts.all():
            network = queryUtility(INetwork, name=account.network)
            if network is None or network.id in found:
                continue
            # Visits that an ambassador brings are not counted as the account's.
            neutral = replace(account, campaign=settings().share_campaign or "")
            try:
                said, shown = composer.compose(account), composer.compose(neutral)
            except ContentError:  # a template that is not valid any more
                continue
            if (account.uid, said.text) in self.validated:
                # A folder's default page is passed on as the folder.
                found[network.id] = shown.text.replace(shown.link, self.page.url) if shown.link else shown.text
        return {id: text for id, text in found.items() if not getUtility(INetwork, name=id).local} or found

    @cached_property
    def picture(self) -> Picture | None:
        """The item's own, at the address in use."""
        found = pictures.own(fields(self.context), self.context.absolute_url())
        return found and replace(found, alt=found.alt or self.page.title)

    @property
    def file_name(self) -> str:
        return f"{self.context.getId()}{guess_extension(self.picture.mime) or ''}"

    @property
    def charter(self) -> str:
        """As HTML, with links where it has addresses."""
        told = settings().kit_charter or ""
        transforms = api.portal.get_tool("portal_transforms")
        return transforms.convertTo("text/html", told, mimetype="text/x-web-intelligent").getData() if told else ""

    def names(self, ready: Ready) -> str:
        """Where the text is for."""
        known = {**NETWORKS, **{id: label for id, (label, _does) in SHARES.items()}}
        return ", ".join(self._translated(known.get(one.id, one.title)) for one in ready.targets)

    def does(self, link: ShareLink) -> str:
        open_it = _("Open ${network}", mapping={"network": link.title})
        return self._translated(SHARES[link.id][1] if link.id in SHARES else open_it)

    def _translated(self, text: Any) -> str:
        return str(translate(text, context=self.request))


def _may_leave(post: Any) -> bool:
    return post.state in rules.YES_SAID and not post.held


class StaffKit(Kit):
    """POST `public`: "on" makes a public link, another one each time; "off" takes it away."""

    staff = True
    opening = ViewPageTemplateFile("templates/opening.pt")

    def __call__(self) -> str:
        if not self._mine():
            raise Unauthorized("Only for staff")
        return super().__call__()

    def _mine(self) -> bool:
        """Roles on an account count for its posts."""
        posted = {one.account for one in self._posts}
        places = [self.context, *(Accounts(self.site).object(uid) for uid in posted)]
        return any(place is not None and api.user.has_permission(PERMISSION, obj=place) for place in places)

    @property
    def here(self) -> str:
        return f"{self.context.absolute_url()}/@@social-kit"

    back = here

    @property
    def public(self) -> bool:
        """Whether the site lets kits be public."""
        return bool(settings().kit_public)

    @cached_property
    def may_open(self) -> bool:
        return bool(api.user.has_permission("Modify portal content", obj=self.context))

    @property
    def link(self) -> str:
        """The address to give away, "" while there is none."""
        url = public_url("/".join(self.context.getPhysicalPath())) or self.context.absolute_url()
        return f"{url}/@@social-kit-public/{self.key}" if self.key and self.public else ""

    def post(self) -> str:
        if not self.may_open:
            raise Unauthorized("Modify portal content")
        wanted = self.given("public")
        if wanted == "off":
            Keys(self.site).forget(self.uid)
            return self.leave(_("The public link is switched off: its address leads nowhere any more."))
        if wanted != "on" or not self.public or self.absence:
            return self.get()
        Keys(self.site).make(self.uid)
        return self.leave(_("There is a public link now. Whoever has its address sees this kit."))


@implementer(IPublishTraverse)
class PublicKit(Kit):
    """At <item>/@@social-kit-public/<key>: what the staff's page has, as long as the item has a kit and that key."""

    staff = False
    typed = ""

    def publishTraverse(self, request: Any, name: str) -> Any:
        if self.typed:
            raise NotFound(name)
        self.typed = name
        return self

    def __call__(self) -> str:
        known = compare_digest(self.typed.encode(), self.key.encode())
        if not (self.key and known and settings().kit_public) or self.absence:
            raise NotFound(self.__name__)
        self.request.response.setHeader("X-Robots-Tag", "noindex, nofollow")
        self.request.response.setHeader("Referrer-Policy", "same-origin")
        return super().__call__()
