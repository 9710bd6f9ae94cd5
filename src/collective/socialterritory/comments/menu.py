"""What the menu of people asks: whether they find the desk there, ours or Plone's."""

from collective.socialterritory.comments.catalogue import moderates
from collective.socialterritory.comments.settings import active
from plone import api
from plone.app.discussion.browser.moderation import ModerateCommentsEnabled
from Products.Five.browser import BrowserView


class Moderates(BrowserView):
    def __call__(self) -> bool:
        return not api.user.is_anonymous() and active() and moderates()


class Plones(ModerateCommentsEnabled):
    def __call__(self) -> bool:
        return not active() and bool(super().__call__())
