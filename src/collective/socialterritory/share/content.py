"""The "Sharing" fields of an item: what its link card says, and whether it has share buttons."""

from collective.socialterritory import _
from collective.socialterritory import images
from collective.socialterritory.errors import ContentError
from collective.socialterritory.messages import sentence
from collective.socialterritory.options import Refused
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.namedfile.field import NamedBlobImage
from plone.supermodel import model
from z3c.form.interfaces import IDisplayForm
from zope import schema
from zope.interface import provider


FIELDS = ("share_buttons", "share_title", "share_description", "share_image", "share_image_alt")


def fit_image(picture):
    """Raises Refused for what networks do not show, whatever its name and type say."""
    if picture:
        try:
            with images.file_of(picture) as stream:
                mime = images.describe(stream)[0]
        except ContentError as error:
            raise Refused(sentence("card_image_unfit")) from error
        if not {mime, picture.contentType} <= images.IN_CARDS.keys():
            raise Refused(sentence("card_image_unfit"))
    return True


@provider(IFormFieldProvider)
class ISocialSharing(model.Schema):
    model.fieldset("sharing", label=_("Sharing"), fields=FIELDS)
    directives.omitted(IDisplayForm, *FIELDS)

    share_buttons = schema.Bool(
        title=_("Share buttons on this page"),
        description=_("Where the site shows them."),
        default=True,
        required=False,
    )
    share_title = schema.TextLine(
        title=_("Title when shared"),
        description=_("Empty: the title."),
        default="",
        missing_value="",
        required=False,
    )
    share_description = schema.Text(
        title=_("Summary when shared"),
        description=_("Empty: the summary. One or two sentences."),
        default="",
        missing_value="",
        required=False,
    )
    directives.widget(share_image="collective.socialterritory.uploaded.ImageFieldWidget")
    share_image = NamedBlobImage(
        title=_("Image when shared"),
        description=_("Empty: the item's image. Best in JPEG or PNG, 1200 pixels wide and 630 high."),
        constraint=fit_image,
        required=False,
    )
    directives.widget(share_image_alt="collective.socialterritory.share.widgets.CardsFieldWidget")
    share_image_alt = schema.TextLine(
        title=_("Description of the image when shared"),
        description=_("For people who do not see it."),
        default="",
        missing_value="",
        required=False,
    )
