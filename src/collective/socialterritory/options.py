"""Settings of single rooms, which the one schema of the control panel is made of."""

from collections.abc import Iterable
from collective.socialterritory import _
from collective.socialterritory import address
from collective.socialterritory.departments import department
from collective.socialterritory.messages import sentence
from plone.app.z3cform.widgets.contentbrowser import ContentBrowserFieldWidget
from plone.autoform import directives
from plone.supermodel import model
from z3c.form.browser.checkbox import CheckBoxFieldWidget
from zope import schema


SHARING = (
    "share_targets",
    "share_types",
    "share_sections",
    "share_position",
    "share_look",
    "share_campaign",
    "follow_footer",
    "kit_public",
    "kit_charter",
)
PRIVACY = ("privacy_text_fr", "privacy_text_en")


class Refused(schema.ValidationError):
    """A value that a rule refuses; its only argument is the sentence."""

    def doc(self):
        return self.args[0]


def good_campaign(value: str | None) -> bool:
    if code := address.campaign_problem(value or ""):
        raise Refused(sentence(code))
    return True


def several(title: str, vocabulary: str, description: str = "", default: Iterable[str] = ()) -> schema.List:
    """A field of any number of terms."""
    return schema.List(
        title=title,
        description=description,
        value_type=schema.Choice(vocabulary=vocabulary),
        default=list(default),
        missing_value=[],
        required=False,
    )


def good_department(value: str) -> bool:
    if department(value) is None:
        raise Refused(_("Write a name and an address, such as “Roads: roads@town.example”."))
    return True


class IListeningOptions(model.Schema):
    """Whom staff may forward to what they found."""

    model.fieldset("listening", label=_("Listening"), fields=["departments"])

    departments = schema.List(
        title=_("Departments that get what was found"),
        description=_(
            "One a line, a name and an address: “Roads: roads@town.example”. Staff forward to these alone, and the "
            "daily digest goes to them."
        ),
        value_type=schema.TextLine(constraint=good_department),
        default=[],
        missing_value=[],
        required=False,
    )


class IShareOptions(model.Schema):
    """Which share links visitors find, and where; and whether they find our accounts in the footer."""

    model.fieldset("share", label=_("Sharing"), fields=SHARING)

    directives.widget(share_targets="collective.socialterritory.share.ordering.OrderedFieldWidget")
    share_targets = several(
        _("Share links"),
        "collective.socialterritory.ShareTargets",
        _("In this order; drag them. None: no page has any. They are plain links: nothing is loaded from elsewhere."),
        ("facebook", "x", "linkedin", "whatsapp", "email", "copy"),
    )
    directives.widget("share_types", CheckBoxFieldWidget)
    share_types = several(
        _("Types of content with share links"),
        "collective.socialterritory.ShareTypes",
        _("An item can do without. What is not public has none."),
        ("News Item", "Event"),
    )
    directives.widget("share_sections", ContentBrowserFieldWidget)
    # UIDs: the Catalog vocabulary wants content for a context, which the registry is not.
    share_sections = schema.List(
        title=_("Sections with share links"),
        description=_("None chosen: the whole site."),
        value_type=schema.TextLine(),
        missing_value=None,
        required=False,
    )
    share_position = schema.Choice(
        title=_("Where share links stand"),
        vocabulary="collective.socialterritory.SharePositions",
        default="below",
    )
    share_look = schema.Choice(
        title=_("What share links show"),
        vocabulary="collective.socialterritory.ShareLooks",
        default="labels",
    )
    share_campaign = schema.TextLine(
        title=_("Campaign parameters of shared links"),
        description=_("Added to the address, such as utm_source=share. Empty: nothing is added."),
        constraint=good_campaign,
        required=False,
    )
    follow_footer = schema.Bool(
        title=_("“Follow us” in the footer"),
        description=_("Links to the connected accounts that are set to be shown."),
        default=True,
        required=False,
    )
    kit_public = schema.Bool(
        title=_("Ambassador kits can have a public link"),
        description=_("An editor makes one for an item and switches it off again. Unticked: no such link works."),
        default=True,
        required=False,
    )
    kit_charter = schema.Text(
        title=_("Charter for ambassadors"),
        description=_("Shown in each kit: what the body asks of those who pass its news on. Empty: nothing is shown."),
        default="",
        missing_value="",
        required=False,
    )


class IMeasureOptions(model.Schema):
    """Whether it is counted how far posts got."""

    model.fieldset("measures", label=_("Figures of posts"), fields=["measures", "measures_paid"])

    measures = schema.Bool(
        title=_("Count likes, reposts, replies and views of our posts"),
        description=_("Numbers alone, asked of the networks less and less often for a month. No name is kept."),
        default=True,
        required=False,
    )
    measures_paid = schema.Bool(
        title=_("Count them also where that costs money"),
        description=_("On X, three times a post, for accounts that have a ceiling of cost, and never beyond it."),
        default=False,
        required=False,
    )


class IPrivacyOptions(model.Schema):
    """The text of the page “Social media and privacy”."""

    model.fieldset("privacy", label=_("Privacy"), fields=PRIVACY)

    privacy_text_fr = schema.Text(
        title=_("Text of “Social media and privacy” in French"),
        description=_("Plain text; an empty line begins a paragraph, addresses become links. Empty: our own words."),
        required=False,
    )
    privacy_text_en = schema.Text(
        title=_("Text of “Social media and privacy” in English and other languages"),
        description=_("Plain text; an empty line begins a paragraph, addresses become links. Empty: our own words."),
        required=False,
    )
