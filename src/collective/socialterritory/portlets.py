"""Takes our portlets away from wherever they stand: what is stored of them is of our classes."""

from Acquisition import aq_base
from collective.socialterritory.interfaces import PREFIX
from plone.portlets.constants import CONTEXT_ASSIGNMENT_KEY
from plone.portlets.interfaces import IPortletManager
from zope.component import getUtilitiesFor


def remove_portlets(site):
    """From groups, users and types of content, and from every place of the site."""
    for _name, manager in getUtilitiesFor(IPortletManager):
        for category in manager.values():
            _remove(category)
    _remove_local(site)
    site.ZopeFindAndApply(site, search_sub=True, apply_func=lambda obj, path: _remove_local(obj))


def _remove_local(obj):
    stored = getattr(aq_base(obj), "__annotations__", None) or {}
    _remove(stored.get(CONTEXT_ASSIGNMENT_KEY, {}))


def _remove(mappings):
    for mapping in mappings.values():
        for name, portlet in list(mapping.items()):
            if type(aq_base(portlet)).__module__.startswith(PREFIX):
                del mapping[name]
