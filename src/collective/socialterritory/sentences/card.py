"""What would make the card of a shared link look poor."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


CARD: Mapping[str, Message] = {
    "card_no_image": _("There is no image of its own: every page without one looks alike."),
    "card_image_small": _(
        "The image is small (${width} × ${height} pixels): some networks show a thumbnail, or blow it up. "
        "Best are 1200 × 630."
    ),
    "card_image_shape": _(
        "The image is ${width} × ${height} pixels. Cards are about twice as wide as they are high, so networks cut it. "
        "Best are 1200 × 630."
    ),
    "card_no_alt": _("The image has no description for people who do not see it: the title stands in for it."),
    "card_no_description": _("Without a summary, the card shows the title alone."),
    "card_title_cut": _("The title is cut on ${networks}. A shorter one can be given for sharing."),
    "card_image_unfit": _("Networks cannot show this image in link cards. Choose a JPEG or PNG file."),
}
