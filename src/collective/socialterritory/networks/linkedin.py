"""LinkedIn, by hand: its API is open to approved apps only, which many public bodies are not."""

from collective.socialterritory.networks.model import Limits
from collective.socialterritory.networks.model import Network
from collective.socialterritory.text import codepoints


class LinkedIn(Network):
    """https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api and /multiimage-post-api.

    Length and number of images: not verified.
    """

    id = "linkedin"
    title = "LinkedIn"
    icon = "linkedin"
    share_template = "https://www.linkedin.com/sharing/share-offsite/?url={url}"
    home = "linkedin.com"
    limits = Limits(text=3000, measure=codepoints, images=20, image_bytes=5_000_000, card=False)
    permalink = r"https://(www\.)?linkedin\.com/(?P<post>posts/[^/?#\s]+|feed/update/urn:li:\w+:\d+)/?([?#]\S*)?"


network = LinkedIn()
