"""Share links above or below an item's text, and "Follow us" in the footer."""

from collective.socialterritory.interfaces import settings
from collective.socialterritory.share.buttons import has_bar
from collective.socialterritory.share.follow import Follow
from collective.socialterritory.share.views import Bar
from plone.app.layout.viewlets.common import ViewletBase


class Below(ViewletBase):
    position = "below"

    def render(self):
        wanted = settings().share_position in (self.position, "both") and has_bar(self.context)
        return Bar(self.context, self.request)() if wanted else ""


class Above(Below):
    position = "above"


class Footer(ViewletBase):
    def update(self):
        self.html = Follow(self.context, self.request)() if settings().follow_footer else ""
