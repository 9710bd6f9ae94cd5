"""Ids beforehand: Plone would make the same of the title, but later, and renaming takes a third of creating."""

from plone.i18n.normalizer.interfaces import IURLNormalizer
from zope.component import getUtility


def id_of(title, container):
    """None where it is taken: then Plone looks for another."""
    id = getUtility(IURLNormalizer).normalize(title)
    return None if id in container else id
