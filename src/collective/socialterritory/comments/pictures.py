"""Plone's search as one types asks every result for its picture: a comment has none, and asking it ends in an error."""

from collective.socialterritory.comments.catalogue import TYPE
from plone.namedfile.scaling import NavigationRootScaling
from typing import Any


class Pictures(NavigationRootScaling):
    """In place of Plone's own: the rest of the results were lost with the first comment among them."""

    def tag(self, brain: Any, fieldname: str, **options: Any) -> Any:
        return None if brain.portal_type == TYPE else super().tag(brain, fieldname, **options)
