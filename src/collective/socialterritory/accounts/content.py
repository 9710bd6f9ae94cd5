"""The account as content: what a webmaster sets. Its standing is in the store, secrets in the vault."""

from Acquisition import aq_base
from collective.socialterritory import _
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts import template
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.model import Validation
from collective.socialterritory.accounts.model import Withdrawal
from collective.socialterritory.errors import ContentError
from collective.socialterritory.interfaces import BUNDLE
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.interfaces import network_title
from collective.socialterritory.messages import sentence
from collective.socialterritory.messages import VALIDATIONS
from collective.socialterritory.messages import WITHDRAWALS
from collective.socialterritory.options import good_campaign
from collective.socialterritory.options import Refused
from collective.socialterritory.options import several
from plone import api
from plone.app.vocabularies.catalog import CatalogSource
from plone.app.z3cform.widgets.contentbrowser import ContentBrowserWidget
from plone.app.z3cform.widgets.select import SelectFieldWidget
from plone.autoform import directives
from plone.supermodel import model
from Products.CMFPlone.resources import add_bundle_on_request
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from z3c.form.interfaces import IFieldWidget
from z3c.form.interfaces import NO_VALUE
from z3c.form.widget import FieldWidget
from zope import schema
from zope.component import getUtilitiesFor
from zope.component import getUtility
from zope.interface import implementer
from zope.interface import provider
from zope.schema.interfaces import IVocabularyFactory
from zope.schema.vocabulary import SimpleTerm
from zope.schema.vocabulary import SimpleVocabulary


BEHAVIOUR = "collective.socialterritory.posting"
DEFAULT_TYPES = ("News Item",)
CONTAINER = "social-accounts"
"""Id of the container in the site root."""


@provider(IVocabularyFactory)
def networks(context):
    """Networks by title; a value is a network's id."""
    ids = sorted(id for id, _network in getUtilitiesFor(INetwork))
    return SimpleVocabulary([SimpleTerm(id, id, network_title(id)) for id in ids])


@provider(IVocabularyFactory)
def validations(context):
    return SimpleVocabulary([SimpleTerm(str(value), str(value), VALIDATIONS[value]) for value in Validation])


@provider(IVocabularyFactory)
def withdrawals(context):
    return SimpleVocabulary([SimpleTerm(str(value), str(value), WITHDRAWALS[value]) for value in Withdrawal])


@provider(IVocabularyFactory)
def trusted_roles(context):
    """Roles that somebody gave to somebody: trusting everybody is what "no validation" is for."""
    roles = getUtility(IVocabularyFactory, "plone.app.vocabularies.Roles")(context)
    return SimpleVocabulary([term for term in roles if term.value not in ("Anonymous", "Authenticated", "Member")])


@provider(IVocabularyFactory)
def posted_types(context):
    """Types of content with the "Social networks" behaviour, and those that the account has already."""
    known = api.portal.get_tool("portal_types")
    stored = getattr(aq_base(context), "types", None)
    names = {name for name, fti in known.objectItems() if BEHAVIOUR in getattr(fti, "behaviors", ())}
    names.update(DEFAULT_TYPES, stored if isinstance(stored, list) else ())
    terms = [SimpleTerm(name, name, known[name].Title() if name in known else name) for name in names]
    return SimpleVocabulary(sorted(terms, key=lambda term: term.title))


class SectionsWidget(ContentBrowserWidget):
    """Its JavaScript takes out folders that are gone: who saves another setting must not open the whole site."""

    vocabulary = "plone.app.vocabularies.Catalog"

    def extract(self, default=NO_VALUE):
        chosen = super().extract(default)
        stored = getattr(aq_base(self.context), "sections", None)
        if chosen or not stored or api.portal.get_tool("portal_catalog")(UID=stored):
            return chosen
        return self.separator.join(stored)


@implementer(IFieldWidget)
def sections_widget(field, request):
    return FieldWidget(field, SectionsWidget(request))


def good_template(value):
    return _good(template.parse, value)


def good_hours(value):
    return _good(rules.hours, value)


def _good(read, value):
    try:
        read(value)
    except ContentError as error:
        raise Refused(sentence(error.code, error.params)) from error
    return True


def by_uid(value):
    """Paths, which CatalogSource takes as well, would not follow what is moved."""
    return isinstance(value, str) and not value.startswith("/")


@implementer(IFieldWidget)
def tags(field, request):
    """A list of tags that looks as the add-on's style sheet wants it."""
    add_bundle_on_request(request, BUNDLE)
    return SelectFieldWidget(field, request)


class ISocialAccounts(model.Schema):
    """The container of accounts."""

    title = schema.TextLine(title=_("Title"))


class ISocialAccount(model.Schema):
    title = schema.TextLine(
        title=_("Title"),
        description=_("How editors will know this account, for example “Bluesky of the town”."),
    )
    network = schema.Choice(title=_("Network"), vocabulary="collective.socialterritory.Networks")
    follow = schema.Bool(
        title=_("In “Follow us”"),
        description=_("Once it is connected, visitors find a link to it. The training network is never shown."),
        default=True,
        required=False,
    )
    replies = schema.Bool(
        title=_("Replies shown here"),
        description=_(
            "What people answer to its posts there is read, and waits for a moderator: approved, it stands below the "
            "news. For Mastodon, Bluesky, Threads and Facebook. A page on Facebook must be linked again, for one more "
            "right."
        ),
        default=False,
        required=False,
    )

    model.fieldset("scope", label=_("Speaks for"), fields=["sections", "types", "subjects", "languages", "by_itself"])
    directives.widget("sections", sections_widget)
    sections = schema.List(
        title=_("Sections"),
        description=_("The account speaks for news in these folders. None chosen: for the whole site."),
        value_type=schema.Choice(source=CatalogSource(), constraint=by_uid),
        # The widget writes any other missing value into its text field, as "[]".
        missing_value=None,
        required=False,
    )
    directives.widget("types", CheckBoxFieldWidget)
    types = several(
        _("Types of content"),
        "collective.socialterritory.Types",
        _("Nothing ticked: all types listed here, which are those with the behaviour “Social networks”."),
        DEFAULT_TYPES,
    )
    directives.widget("subjects", tags, klass="pat-select2", size=6)
    subjects = several(_("Tags"), "plone.app.vocabularies.Keywords", _("None chosen: all tags."))
    directives.widget("languages", CheckBoxFieldWidget)
    languages = several(
        _("Languages"), "plone.app.vocabularies.SupportedContentLanguages", _("Nothing ticked: all languages.")
    )
    by_itself = schema.Bool(
        title=_("Posts by itself"),
        description=_("At publication. Unticked: only what a content rule or a person asks for."),
        default=True,
        required=False,
    )

    directives.widget("template", rows=5)
    template = schema.Text(
        title=_("Message template"),
        description=_("Can hold {title}, {description}, {link}, {subjects} (as hashtags) and {date}."),
        default=Account.__dataclass_fields__["template"].default,
        constraint=good_template,
    )
    campaign = schema.TextLine(
        title=_("Campaign parameters"),
        description=_("Added to links so that your statistics show where readers come from: utm_source=bluesky"),
        constraint=good_campaign,
        required=False,
    )

    model.fieldset("validation", label=_("Validation"), fields=["validation", "trusted", "withdrawal"])
    validation = schema.Choice(
        title=_("Who must approve a post"),
        vocabulary="collective.socialterritory.Validations",
        default="one",
    )
    directives.widget("trusted", CheckBoxFieldWidget)
    trusted = several(
        _("Trusted roles"),
        "collective.socialterritory.TrustedRoles",
        _(
            "What people with one of these roles publish needs nobody else's approval. "
            "Plone's reviewers are those who may publish content. Nothing ticked: nobody."
        ),
        ["Reviewer", "Site Administrator"],
    )

    withdrawal = schema.Choice(
        title=_("When the news is no longer public"),
        description=_("Unpublished, expired, made private or deleted. Posts are looked at ten minutes later."),
        vocabulary="collective.socialterritory.Withdrawals",
        default="ask",
    )

    model.fieldset("rhythm", label=_("Rhythm"), fields=["hours", "gap", "daily", "ceiling"])
    hours = schema.List(
        title=_("Hours when it may post"),
        description=_("One period per line, for example “mon-fri 8:00-18:00”. Empty: at any time."),
        value_type=schema.TextLine(),
        constraint=good_hours,
        default=[],
        missing_value=[],
        required=False,
    )
    gap = schema.Int(title=_("Least minutes between two posts"), default=0, min=0, max=1440)
    daily = schema.Int(
        title=_("Most posts in 24 hours"), description=_("0: no limit. Urgent posts do not wait."), default=0, min=0
    )
    ceiling = schema.Int(
        title=_("Most US dollars a month"),
        description=_(
            "A whole number, for networks that charge for posts, such as X. What would cost more is held. 0: no limit."
        ),
        default=0,
        min=0,
    )
