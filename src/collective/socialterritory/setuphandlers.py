"""What installing makes beyond the profile, and what uninstalling takes away and leaves behind."""

from collective.socialterritory import _
from collective.socialterritory import caching
from collective.socialterritory import clock
from collective.socialterritory.interfaces import ISocialSettings
from collective.socialterritory.interfaces import PREFIX
from collective.socialterritory.leaving import leave
from collective.socialterritory.leaving import STEWARDS
from collective.socialterritory.portlets import remove_portlets
from collective.socialterritory.wake import wake
from plone import api
from plone.base.interfaces import INonInstallable
from plone.dexterity.utils import createContentInContainer
from plone.portlets.constants import CONTEXT_CATEGORY
from plone.portlets.interfaces import ILocalPortletAssignmentManager
from plone.portlets.interfaces import IPortletManager
from plone.registry.interfaces import IRegistry
from zope.annotation.interfaces import IAnnotations
from zope.component import getMultiAdapter
from zope.component import getUtility
from zope.i18n import translate
from zope.interface import implementer

import transaction


CONTAINER = "social-accounts"
SEARCH = "plone.types_not_searched"
FEEDS = "social-feeds"
TYPES = ("SocialAccount", "SocialAccounts", "SocialFeeds", "SocialMix", "SocialSource")
ROLES = ("Social Submitter", "Social Validator", "Social Connector", "Social Listener", "Social Moderator")
PRIVATE = {
    "Access contents information": (*STEWARDS, "Social Connector"),
    "List folder contents": (*STEWARDS, "Social Connector"),
    "Modify portal content": (*STEWARDS, "Social Connector"),
    "View": (*STEWARDS, "Social Connector"),
    # Plone gives these to Editor, Reviewer or Owner: they could then give themselves the right to validate.
    "Copy or Move": STEWARDS,
    "Delete objects": STEWARDS,
    "Sharing page: Delegate roles": STEWARDS,
    "collective.socialterritory: Delegate roles": STEWARDS,
}


OURS = {
    "List folder contents": STEWARDS,
    "Modify portal content": STEWARDS,
    "Copy or Move": STEWARDS,
    "Delete objects": STEWARDS,
    "Sharing page: Delegate roles": STEWARDS,
}
"""In the folder of feeds, which visitors see"""
RECORD = _("The record of what was posted is kept in a file that administrators alone can read: ${url}")


@implementer(INonInstallable)
class HiddenProfiles:
    def getNonInstallableProfiles(self):
        return ["collective.socialterritory:uninstall"]

    def getNonInstallableProducts(self):
        return ["collective.socialterritory.upgrades"]


def install(setup):
    from collective.socialterritory import mail
    from collective.socialterritory.comments import installing as comments
    from collective.socialterritory.crosspost import store
    from collective.socialterritory.environment import setting
    from collective.socialterritory.feeds import store as feeds
    from collective.socialterritory.feeds.listening import store as listening
    from collective.socialterritory.share import store as kits

    site = api.portal.get()
    store.install(site)
    mail.install(site)
    feeds.install(site)
    listening.install(site, clock.now())
    kits.install(site)
    comments.install(setup)
    caching.install()
    accounts = site.get(CONTAINER) or make_container(site, "SocialAccounts", CONTAINER, _("Social network accounts"))
    guard(accounts, PRIVATE)
    guard(site.get(FEEDS) or make_container(site, "SocialFeeds", FEEDS, _("On our networks")), OURS)
    settings = getUtility(IRegistry).forInterface(ISocialSettings, prefix=PREFIX, check=False)
    settings.deployment = settings.deployment or setting("SOCIALTERRITORY_DEPLOYMENT") or None
    transaction.get().addAfterCommitHook(lambda stored: stored and wake())  # or pages say for a minute that none works


def guard(container, permissions):
    for permission, roles in permissions.items():
        container.manage_permission(permission, roles=list(roles), acquire=False)
    container.reindexObjectSecurity()


def make_container(site, type, id, title):
    title = translate(title, target_language=api.portal.get_default_language())
    container = createContentInContainer(site, type, checkConstraints=False, id=id, title=title)
    container.exclude_from_nav = True
    hide_portlets(container)
    container.reindexObject(idxs=["exclude_from_nav"])
    return container


def hide_portlets(container):
    """Accounts are settings: what stands beside news is not for them."""
    for name in ("plone.leftcolumn", "plone.rightcolumn"):
        column = getUtility(IPortletManager, name=name)
        getMultiAdapter((container, column), ILocalPortletAssignmentManager).setBlacklistStatus(CONTEXT_CATEGORY, True)


def uninstall(setup):
    from collective.socialterritory.comments import contentrule as triggers
    from collective.socialterritory.comments import installing as comments
    from collective.socialterritory.crosspost import contentrule
    from collective.socialterritory.crosspost.store import Outbox

    site = api.portal.get()
    leave(site, "social-networks", Outbox(site).export(), RECORD)
    comments.leave(site)
    for id in {CONTAINER, FEEDS} & set(site.objectIds()):
        site._delObject(id, suppress_events=False)
    caching.install(add=False)
    annotations = IAnnotations(site)
    for key in [key for key in annotations if key.startswith(PREFIX)]:
        del annotations[key]
    registry = getUtility(IRegistry)
    registry[SEARCH] = tuple(name for name in registry[SEARCH] if name not in TYPES)
    contentrule.remove()
    triggers.remove()
    remove_behaviours(site)
    remove_portlets(site)
    remove_roles(site)


def remove_behaviours(site):
    """All of ours, from whatever types they were added to."""
    for type in site.portal_types.objectValues():
        known = getattr(type, "behaviors", ())
        kept = tuple(name for name in known if not name.startswith(f"{PREFIX}."))
        if kept != tuple(known):
            type.manage_changeProperties(behaviors=kept)


def remove_roles(site):
    # First, because the role manager copies the site's roles whenever it lists its own.
    site.__ac_roles__ = tuple(role for role in site.__ac_roles__ if role not in ROLES)
    managers = site.acl_users.portal_role_manager
    for role in ROLES:
        if role in managers.listRoleIds():
            managers.removeRole(role)
    forget_local_roles(site)
    site.ZopeFindAndApply(site, search_sub=True, apply_func=lambda obj, path: forget_local_roles(obj))


def forget_local_roles(obj):
    if not hasattr(obj, "get_local_roles"):
        return
    for principal, roles in obj.get_local_roles():
        kept = [role for role in roles if role not in ROLES]
        if len(kept) == len(roles):
            continue
        if kept:
            obj.manage_setLocalRoles(principal, kept)
        else:
            obj.manage_delLocalRoles([principal])
        if hasattr(obj, "reindexObjectSecurity"):
            obj.reindexObjectSecurity()
