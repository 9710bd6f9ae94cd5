"""Sources and mixes as content: what a webmaster sets. What they tell is in the store."""

from collective.socialterritory import _
from collective.socialterritory.feeds.model import Filters
from collective.socialterritory.feeds.model import OWN
from collective.socialterritory.feeds.model import Source
from plone import api
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.supermodel import model
from plone.uuid.interfaces import ATTRIBUTE_NAME
from typing import Any
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from z3c.form.interfaces import IDisplayForm
from zope import schema
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


CONTAINER = "social-feeds"
"""Id of the container in the site root."""
SOURCE, MIX = "SocialSource", "SocialMix"


class ISocialFeeds(model.Schema):
    """The container of sources and mixes."""

    title = schema.TextLine(title=_("Title"))


class ISocialSource(model.Schema):
    title = schema.TextLine(title=_("Title"), description=_("Visitors read it above the feed."))
    every = schema.Int(
        title=_("Minutes between two looks"),
        description=_("What was posted from here is looked at every minute, whatever stands here."),
        default=10,
        min=5,
        max=10080,
    )
    staff = schema.Bool(
        title=_("For staff only"),
        description=_("For listening: visitors see it nowhere, neither here nor on pages nor in a mix."),
        default=False,
        required=False,
    )
    # The page that adds a source finds these out: see adding.py. An address may hold a key.
    directives.omitted("kind", "where", "page", "network")
    directives.read_permission(where="collective.socialterritory.manage")
    kind = schema.ASCIILine(title=_("Kind of source"), required=False)
    where = schema.TextLine(title=_("What is looked at"), required=False)
    page = schema.TextLine(title=_("Page that people read"), required=False)
    network = schema.ASCIILine(title=_("Network"), required=False)


def lines(title: Any, description: Any) -> schema.List:
    """A field of any number of words, one a line."""
    return schema.List(
        title=title,
        description=description,
        value_type=schema.TextLine(),
        default=[],
        missing_value=[],
        required=False,
    )


class ISocialMix(model.Schema):
    title = schema.TextLine(title=_("Title"), description=_("Visitors read it above the feed."))
    directives.widget("sources", CheckBoxFieldWidget)
    sources = schema.List(
        title=_("Sources"),
        value_type=schema.Choice(vocabulary="collective.socialterritory.Sources"),
        min_length=1,
    )
    model.fieldset(
        "filters",
        label=_("Filters"),
        fields=["words", "tags", "languages", "images", "replies", "reposts"],
    )
    words = lines(_("Words"), _("One a line. Only what has one of them is shown. Empty: everything."))
    tags = lines(_("Hashtags"), _("One a line, with or without #. Only what has one of them is shown."))
    directives.widget("languages", CheckBoxFieldWidget)
    languages = schema.List(
        title=_("Languages"),
        description=_("Nothing ticked: all languages. What names no language is always shown."),
        value_type=schema.Choice(vocabulary="plone.app.vocabularies.SupportedContentLanguages"),
        default=[],
        missing_value=[],
        required=False,
    )
    images = schema.Bool(title=_("Only entries with an image"), default=False, required=False)
    replies = schema.Bool(title=_("Show replies"), default=False, required=False)
    reposts = schema.Bool(title=_("Show reposts"), default=True, required=False)


@provider(IFormFieldProvider)
class ISocialFeed(model.Schema):
    """A section of a page that shows a source or a mix."""

    model.fieldset(
        "social_feed",
        label=_("Social feed"),
        fields=["social_feed", "social_feed_place", "social_feed_layout", "social_feed_size"],
    )
    directives.omitted(IDisplayForm, "social_feed", "social_feed_place", "social_feed_layout", "social_feed_size")
    social_feed = schema.Choice(
        title=_("Feed"),
        description=_("What the body's accounts say, shown on this page. None: no feed."),
        vocabulary="collective.socialterritory.Boxes",
        required=False,
    )
    social_feed_place = schema.Choice(
        title=_("Place"), vocabulary="collective.socialterritory.Places", default="below", required=False
    )
    social_feed_layout = schema.Choice(
        title=_("Layout"), vocabulary="collective.socialterritory.Layouts", default="list", required=False
    )
    social_feed_size = schema.Int(title=_("Entries shown"), default=5, min=1, max=50, required=False)


LAYOUTS = {"list": _("List"), "cards": _("Cards"), "compact": _("Compact")}
PLACES = {"above": _("Above the text"), "below": _("Below the text")}


def _named(words: Any) -> Any:
    terms = [SimpleTerm(name, name, word) for name, word in words.items()]
    return provider(IVocabularyFactory)(lambda context: SimpleVocabulary(terms))


layouts = _named(LAYOUTS)
places = _named(PLACES)


def uid(obj: Any) -> str:
    """Pages ask it of every source; plone.uuid's adapters would look for translations each time."""
    return str(getattr(obj, ATTRIBUTE_NAME))


def source(obj: Any) -> Source:
    every = 1 if obj.kind == OWN else obj.every or 10
    return Source(uid(obj), obj.title or "", obj.kind or "", obj.where or "", every)


def filters(obj: Any) -> Filters:
    """Of a mix; a source by itself shows all but answers to others."""
    if obj.portal_type == SOURCE:
        return Filters(replies=False)
    return Filters(
        words=tuple(obj.words or ()),
        tags=tuple(obj.tags or ()),
        languages=tuple(obj.languages or ()),
        images=bool(obj.images),
        replies=bool(obj.replies),
        reposts=obj.reposts is not False,
    )


def for_staff(obj: Any) -> bool:
    """Whether it is a source that visitors must not see."""
    return bool(obj.portal_type == SOURCE and obj.staff)


def _public_source(obj: Any) -> bool:
    return bool(obj.portal_type == SOURCE and not obj.staff)


def sources_of(obj: Any) -> list[Any]:
    """The objects of sources that a mix shows; of a source itself."""
    if obj.portal_type == SOURCE:
        return [obj]
    wanted = set(obj.sources or ())
    return [found for found in feeds(api.portal.get()) if uid(found) in wanted and _public_source(found)]


def find(site: Any, wanted: str) -> Any:
    """A source or a mix that pages may show by its UID, None when there is no such."""
    return next((obj for obj in feeds(site) if uid(obj) == wanted and not for_staff(obj)), None)


def seen(uid: str | None) -> Any:
    """A source or mix that whoever asks may see, or None."""
    feed = find(api.portal.get(), uid) if uid else None
    return feed if feed is not None and api.user.has_permission("View", obj=feed) else None


def feeds(site: Any) -> list[Any]:
    """All sources and mixes, in the order of their folder."""
    folder = site.get(CONTAINER)
    known = () if folder is None else folder.objectValues()
    return [obj for obj in known if getattr(obj, "portal_type", "") in (SOURCE, MIX)]


@provider(IVocabularyFactory)
def sources(context: Any) -> SimpleVocabulary:
    """Sources that a mix can show, by UID."""
    return _terms(filter(_public_source, feeds(api.portal.get())))


@provider(IVocabularyFactory)
def boxes(context: Any) -> SimpleVocabulary:
    """Sources and mixes, by UID: what a box can show."""
    return _terms(obj for obj in feeds(api.portal.get()) if not for_staff(obj))


def _terms(objects: Any) -> SimpleVocabulary:
    return SimpleVocabulary([SimpleTerm(uid(obj), uid(obj), obj.title) for obj in objects])
