"""What Plone knows of a page, for those who share it: read without a write and, but for translations, a search."""

from AccessControl import getSecurityManager
from Acquisition import aq_base
from Acquisition import aq_chain
from collections.abc import Iterator
from collections.abc import Mapping
from collective.socialterritory.accounts import rules
from collective.socialterritory.accounts.model import Account
from collective.socialterritory.accounts.store import Accounts
from collective.socialterritory.interfaces import INetwork
from collective.socialterritory.local import time_zone
from collective.socialterritory.plain import one_line
from collective.socialterritory.public import moment
from collective.socialterritory.public import page_url
from collective.socialterritory.public import public_url
from collective.socialterritory.public import translation_group
from collective.socialterritory.share import pictures
from collective.socialterritory.share.rules.credits import credits
from collective.socialterritory.share.rules.described import Described
from collective.socialterritory.share.rules.described import Happening
from collective.socialterritory.share.rules.described import Kind
from collective.socialterritory.share.rules.described import Picture
from plone import api
from plone.app.contenttypes.interfaces import IImage
from plone.base.interfaces import INavigationRoot
from plone.base.interfaces import IPloneSiteRoot
from plone.event.interfaces import IEvent
from typing import Any
from zope.component import queryUtility


KINDS = {"News Item": Kind.NEWS, "Document": Kind.DOCUMENT}


def described(context: Any, request: Any, typed: Mapping[str, Any] | None = None, new: bool = False) -> Described:
    """`context`: content, or the site itself; with `new`, the folder that gets the item of which `typed` is all.

    `typed`: values of fields that are not stored yet.
    """
    site = api.portal.get()
    stored = {**({} if new else fields(context)), **(typed or {})}
    shown = api.content.get_view("plone_context_state", context, request).canonical_object()
    name = one_line(_plone("site_title") or site.Title())
    home = public_url("/".join(site.getPhysicalPath())) or site.absolute_url()
    address = _address(context)
    kind = Kind.OTHER if IPloneSiteRoot.providedBy(shown) else _kind(context)
    return Described(
        kind=kind,
        url=canonical(shown),
        title=one_line(stored.get("share_title") or stored.get("title") or ""),
        description=one_line(stored.get("share_description") or stored.get("description") or ""),
        site=name,
        home=home,
        picture=pictures.own(stored, address) or pictures.fallback(home, name),
        language=(context.Language() or api.portal.get_default_language()).lower(),
        translations=tuple(_translations(context)),
        published=moment(context.effective()),
        modified=moment(context.modified()),
        section=_section(context),
        subjects=tuple(filter(None, map(one_line, context.Subject()))),
        happening=_happening(stored) if kind is Kind.EVENT else None,
        original=_original(stored, address) if kind is Kind.IMAGE else None,
        credits=credits(_speaking(site, context), _x_name()),
        properties=tuple(_properties(stored, address)),
    )


def canonical(obj: Any) -> str:
    """The one address of the page: for visitors, and without one in the settings as Plone has it."""
    return page_url("/".join(obj.getPhysicalPath()), obj.portal_type, obj.absolute_url())


def fields(obj: Any) -> Mapping[str, Any]:
    """What is stored on it; for what never was, Dexterity would search all schemas."""
    base = aq_base(obj)
    base._p_activate()
    return vars(base)


def _address(obj: Any) -> str:
    return public_url("/".join(obj.getPhysicalPath())) or obj.absolute_url()


def _plone(name: str) -> str:
    return api.portal.get_registry_record(f"plone.{name}", default=None) or ""


def _kind(context: Any) -> Kind:
    if IEvent.providedBy(context):
        return Kind.EVENT
    if IImage.providedBy(context):
        return Kind.IMAGE
    return KINDS.get(context.portal_type, Kind.OTHER)


def _section(context: Any) -> str:
    """The title of the topmost folder it is in, unless the visitor may not see that."""
    above = []
    for obj in aq_chain(context)[1:]:
        if INavigationRoot.providedBy(obj):
            break
        above.append(obj)
    if not above or not getSecurityManager().checkPermission("View", above[-1]):
        return ""
    return one_line(above[-1].Title())


def _translations(context: Any) -> Iterator[str]:
    """Languages in which everybody may read it. The one search, on sites in several languages alone."""
    if group := translation_group(context):
        query = {"TranslationGroup": group, "allowedRolesAndUsers": ["Anonymous"]}
        found = api.portal.get_tool("portal_catalog").unrestrictedSearchResults(query)
        yield from sorted({brain.Language for brain in found})


def _happening(stored: Mapping[str, Any]) -> Happening | None:
    start, end = stored.get("start"), stored.get("end")
    if start is None:
        return None
    end = None if stored.get("open_end") else end
    place = one_line(stored.get("location") or "")
    if stored.get("whole_day"):
        return Happening(start.date(), end and end.date(), place)
    return Happening(start.astimezone(time_zone()), end and end.astimezone(time_zone()), place)


def _original(stored: Mapping[str, Any], address: str) -> Picture | None:
    image = stored.get("image")
    if image is None:
        return None
    return Picture(f"{address}/@@images/image", image.contentType, image._width, image._height)


def _speaking(site: Any, context: Any) -> Iterator[tuple[str, Account]]:
    """Accounts that speak for such content, with the names of their tags. Only those are looked at that have one."""
    accounts = Accounts(site)
    for uid, record in accounts.records().items():
        tag = getattr(queryUtility(INetwork, name=record.get("network", "")), "credit", "")
        account = accounts.get(uid) if tag and record.get("identity") else None
        path, type = "/".join(context.getPhysicalPath()), context.portal_type
        if account and rules.speaks_for(account, path, type, context.Subject(), context.Language()):
            yield tag, account


def _x_name() -> str:
    name = _plone("twitter_username").lstrip("@")
    return f"@{name}" if name else ""


def _properties(stored: Mapping[str, Any], address: str) -> Iterator[tuple[str, str]]:
    """What Plone's own settings add, and films and sounds themselves."""
    yield "fb:app_id", _plone("facebook_app_id")
    if name := _plone("facebook_username"):
        yield "article:publisher", f"https://www.facebook.com/{name}"
    file = stored.get("file")
    kind = getattr(file, "contentType", "").partition("/")[0]
    if kind in ("audio", "video"):
        yield f"og:{kind}", f"{address}/@@download/file"
        yield f"og:{kind}:type", file.contentType
