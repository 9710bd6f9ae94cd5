"""Why a news item has no ambassador kit."""

from collections.abc import Mapping
from collective.socialterritory import _
from zope.i18nmessageid import Message


KIT: Mapping[str, Message] = {
    "kit_paused": _("Everything is paused: there is no kit until somebody resumes."),
    "kit_not_public": _(
        "Readers do not see this item. It has a kit once it is public and one of its posts is approved."
    ),
    "kit_expired": _("The item has expired: it is not to be passed on any more."),
    "kit_not_yet": _("The publication date is still to come. There will be a kit from then on."),
    "kit_waits": _("The posts of this item still wait for validation. There will be a kit once one is approved."),
    "kit_held": _("The posts of this item are on hold. There will be a kit once one is released."),
    "kit_withdrawn": _("The posts of this item were taken away: it is not to be passed on any more."),
    "kit_refused": _("The posts of this item were refused. There will be a kit once one is approved."),
    "kit_nothing": _("Nothing of this item was posted: there is no approved text. There will be a kit once there is."),
}
