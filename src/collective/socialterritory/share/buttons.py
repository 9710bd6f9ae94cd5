"""What an item's share links are: its facts, the settings and the networks handed to the rules."""

from Acquisition import aq_base
from collective.socialterritory.address import tracked
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import settings
from collective.socialterritory.messages import LOOKS
from collective.socialterritory.messages import POSITIONS
from collective.socialterritory.messages import SHARES
from collective.socialterritory.public import is_public
from collective.socialterritory.public import page_url
from collective.socialterritory.share.model import Page
from collective.socialterritory.share.model import ShareLink
from collective.socialterritory.share.model import Target
from collective.socialterritory.share.rules import links as rules
from plone import api
from plone.app.uuid.utils import uuidToPhysicalPath
from typing import Any
from zope.component import getUtilitiesFor
from zope.component import getUtility
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


def targets() -> dict[str, Target]:
    return rules.targets(network for _id, network in getUtilitiesFor(INetwork))


def page(item: Any) -> Page:
    """A folder's default page is passed on as the folder; without a public address, as this site calls it."""
    shown = api.content.get_view("plone_context_state", item, item.REQUEST).canonical_object()
    url = page_url("/".join(shown.getPhysicalPath()), shown.portal_type) or shown.absolute_url()
    return Page(tracked(url, settings().share_campaign or ""), item.Title(), item.absolute_url())


def may_be_shared(item: Any) -> bool:
    """Whether visitors see it, and nobody switched its share links off."""
    return is_public(item) and getattr(aq_base(item), "share_buttons", True) is not False


def has_bar(item: Any) -> bool:
    """Whether the settings want share links on the item's page."""
    known = settings()
    if item.portal_type not in (known.share_types or ()) or not may_be_shared(item):
        return False
    # A section that was deleted matches nothing.
    sections = [uuidToPhysicalPath(uid) or "/gone/" for uid in known.share_sections or ()]
    return rules.within("/".join(item.getPhysicalPath()), sections)


def links(item: Any, page: Page) -> list[ShareLink]:
    """In the order of the settings; none for what must not be shared."""
    return rules.links(targets(), settings().share_targets or (), page) if may_be_shared(item) else []


def label(id: str, title: str) -> Any:
    return SHARES[id][0] if id in SHARES else title


@provider(IVocabularyFactory)
def share_targets(context):
    return SimpleVocabulary([SimpleTerm(id, id, label(id, target.title)) for id, target in targets().items()])


@provider(IVocabularyFactory)
def share_types(context):
    """All but our own, which are settings."""
    known = getUtility(IVocabularyFactory, "plone.app.vocabularies.ReallyUserFriendlyTypes")(context)
    return SimpleVocabulary([term for term in known if term.value not in ("SocialAccount", "SocialAccounts")])


@provider(IVocabularyFactory)
def positions(context):
    return SimpleVocabulary([SimpleTerm(id, id, title) for id, title in POSITIONS.items()])


@provider(IVocabularyFactory)
def looks(context):
    return SimpleVocabulary([SimpleTerm(id, id, title) for id, title in LOOKS.items()])
