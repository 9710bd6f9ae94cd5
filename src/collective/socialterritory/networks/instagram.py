"""Instagram, by hand: links in its captions lead nowhere, and nothing is posted without a picture."""

from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.text import codepoints


class Instagram(Network):
    """https://developers.facebook.com/docs/instagram-platform/content-publishing

    Length and number of images: not verified.
    """

    id = "instagram"
    title = "Instagram"
    icon = "instagram"
    home = "instagram.com"
    limits = Limits(
        text=2200, measure=codepoints, images=10, image_bytes=8_000_000, image_types=("image/jpeg",), card=False
    )
    permalink = r"https://(www\.)?instagram\.com/([\w.]+/)?(p|reel)/(?P<post>[\w-]+)/?([?#]\S*)?"


network = Instagram()
