"""What visitors may see of content, and the addresses where they and staff see it."""

from AccessControl.PermissionRole import rolesForPermissionOn
from collective.socialterritory import address
from collective.socialterritory.interfaces import settings
from datetime import datetime
from datetime import UTC
from plone import api
from typing import Any


try:
    from plone.app.multilingual.interfaces import ATTRIBUTE_NAME
    from plone.app.multilingual.interfaces import ITranslatable
except ImportError:  # pragma: no cover
    ITranslatable = None


def public_url(item_path: str) -> str:
    """The address visitors use for the object at this physical path; "" while the setting is empty."""
    site_path = "/".join(api.portal.get().getPhysicalPath())
    return address.item_url(settings().public_url or "", site_path, item_path)


def page_url(item_path: str, portal_type: str, without: str = "") -> str:
    """Where visitors read about the item: of files and images Plone's address alone is the bare file.

    `without`: the item's address while the setting is empty.
    """
    url = public_url(item_path) or without
    bare = api.portal.get_registry_record("plone.types_use_view_action_in_listings", default=None) or ()
    return f"{url}/view" if url and portal_type in bare else url


def staff_url(obj: Any) -> str:
    """The address where staff see the object: from a setting, never of a request, which may lie. A path without one."""
    site = api.portal.get()
    base = settings().staff_url or settings().public_url
    if not base:
        return "/".join(obj.getPhysicalPath())
    return address.item_url(base, "/".join(site.getPhysicalPath()), "/".join(obj.getPhysicalPath()))


def is_public(obj: Any) -> bool:
    """Whether Anonymous holds View, whatever the workflow calls that."""
    return "Anonymous" in rolesForPermissionOn("View", obj)


def translation_group(obj: Any) -> str:
    """What its translations have in common; "" where there are none. What it would acquire is its folder's."""
    if ITranslatable is None or not ITranslatable.providedBy(obj):
        return ""
    return getattr(obj.aq_base, ATTRIBUTE_NAME, None) or ""


def moment(value: Any) -> datetime | None:
    """A Zope DateTime as UTC; None for the floor and ceiling that stand for "no date"."""
    if value is None or not 1970 < value.year() < 2499:
        return None
    return value.asdatetime().astimezone(UTC)
