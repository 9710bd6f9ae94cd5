from collective.socialterritory.accounts.content import BEHAVIOUR
from collective.socialterritory.crosspost.store import Outbox
from collective.socialterritory.interfaces import IBrowserLayer
from collective.socialterritory.interfaces import ISocialSettings
from collective.socialterritory.interfaces import PREFIX
from collective.socialterritory.measures.store import Counted
from collective.socialterritory.networks.entries import Counts
from collective.socialterritory.setuphandlers import CONTAINER
from collective.socialterritory.setuphandlers import ROLES
from datetime import datetime
from datetime import UTC
from plone import api
from plone.app.testing import TEST_USER_ID
from plone.base.interfaces.syndication import IFeedSettings
from plone.browserlayer.utils import registered_layers
from plone.dexterity.utils import createContentInContainer
from plone.registry.interfaces import IRegistry
from Products.statusmessages.interfaces import IStatusMessage
from zope.annotation.interfaces import IAnnotations
from zope.component import getUtility

import json
import pytest
import transaction


SHARING = "collective.socialterritory.sharing"


@pytest.fixture
def uninstalled(portal):
    container = portal[CONTAINER]
    account = createContentInContainer(
        container, "SocialAccount", checkConstraints=False, title="Town", network="sandbox"
    )
    account.manage_setLocalRoles(TEST_USER_ID, ["Social Validator"])
    portal.manage_setLocalRoles(TEST_USER_ID, ["Owner", "Social Validator"])
    api.user.grant_roles(username=TEST_USER_ID, roles=["Social Connector", "Member"])
    Counted(portal).keep("news.town", Counts(1), datetime(2026, 11, 23, tzinfo=UTC))
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    return portal


def shared(portal):
    types = portal.portal_types.objectItems()
    return {name for name, type in types if SHARING in getattr(type, "behaviors", ())}


def test_layer_settings_and_behaviour_are_installed(portal):
    assert IBrowserLayer in registered_layers()
    assert getUtility(IRegistry).forInterface(ISocialSettings, prefix=PREFIX).give_up == 12
    assert "collective.socialterritory.posting" in portal.portal_types["News Item"].behaviors
    assert shared(portal) == {"News Item", "Document", "Event", "Image"}
    assert set(ROLES) <= set(portal.valid_roles())


def test_the_container_is_private_and_out_of_the_way(portal):
    container = portal[CONTAINER]
    for permission in ("View", "Access contents information", "Modify portal content", "List folder contents"):
        roles = {role["name"] for role in container.rolesOfPermission(permission) if role["selected"]}
        assert roles == {"Manager", "Site Administrator", "Social Connector"}
        assert not container.acquiredRolesAreUsedBy(permission)
    assert container.exclude_from_nav
    icons = api.content.get_view("iconresolver", portal, portal.REQUEST.clone())
    assert icons.url("contenttype/socialaccount").endswith("share.svg")
    hidden = getUtility(IRegistry)["plone.types_not_searched"]
    assert {"SocialAccount", "SocialAccounts"} <= set(hidden)


def test_an_editor_may_not_give_roles_on_an_account(portal):
    with api.env.adopt_roles(["Editor", "Reviewer", "Owner", "Contributor"]):
        assert not api.user.has_permission("Sharing page: Delegate roles", obj=portal[CONTAINER])
        assert not api.user.has_permission("Delete objects", obj=portal[CONTAINER])


def test_our_roles_are_given_on_accounts_and_nowhere_else(portal):
    with api.env.adopt_roles(["Manager"]):
        account = createContentInContainer(portal[CONTAINER], "SocialAccount", title="Town", network="sandbox")
        ours = set(ROLES) - {"Social Listener"}
        for place, shown in ((portal, set()), (portal[CONTAINER], ours), (account, ours)):
            roles = {role["id"] for role in api.content.get_view("sharing", place, portal.REQUEST.clone()).roles()}
            assert roles & set(ROLES) == {*shown, "Social Moderator"}


def test_installing_again_keeps_what_is_there(portal):
    before = portal[CONTAINER].UID()
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:default")
    assert portal[CONTAINER].UID() == before


def test_uninstalling_leaves_nothing_of_ours(uninstalled):
    assert CONTAINER not in uninstalled
    assert not [key for key in IAnnotations(uninstalled) if key.startswith(PREFIX)]
    assert not [key for key in getUtility(IRegistry).records if key.startswith(PREFIX)]
    assert not set(ROLES) & set(uninstalled.valid_roles())
    assert not set(ROLES) & set(uninstalled.acl_users.portal_role_manager.listRoleIds())
    assert uninstalled.get_local_roles_for_userid(TEST_USER_ID) == ("Owner",)
    assert not set(ROLES) & set(api.user.get_roles(username=TEST_USER_ID))
    assert "SocialAccount" not in uninstalled.portal_types
    assert "collective.socialterritory.posting" not in uninstalled.portal_types["News Item"].behaviors
    assert not shared(uninstalled)
    assert "SocialAccount" not in getUtility(IRegistry)["plone.types_not_searched"]
    assert "plone.icon.contenttype/socialaccount" not in getUtility(IRegistry)
    assert IBrowserLayer not in registered_layers()
    assert not [name for name in uninstalled.portal_actions.user.objectIds() if name.startswith("social-")]
    assert "social-networks" not in uninstalled.portal_actions.object


def test_installed_anew_nothing_is_remembered(uninstalled):
    uninstalled.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:default")
    assert CONTAINER in uninstalled and Counted(uninstalled).series("news.town") is None
    assert {"social-desk", "social-calendar"} <= set(uninstalled.portal_actions.user.objectIds())


def test_uninstalling_takes_our_behaviours_from_types_that_got_them_later(portal):
    before = {name: portal.portal_types[name].behaviors for name in ("Folder", "File")}
    for name, others in before.items():
        portal.portal_types[name].manage_changeProperties(behaviors=(*others, BEHAVIOUR, SHARING))
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    assert {name: portal.portal_types[name].behaviors for name in before} == before
    assert not shared(portal)


def test_no_search_for_words_finds_an_account(portal):
    with api.env.adopt_roles(["Manager"]):
        api.content.create(portal["social-accounts"], "SocialAccount", title="Bluesky de la ville", network="bluesky")
        assert not api.content.find(SearchableText="bluesky")


def test_the_site_s_own_feed_has_none_of_our_containers(town):
    with api.env.adopt_roles(["Manager"]):
        IFeedSettings(town.site).enabled = True
        api.content.create(town.site, "Document", id="page", title="A page")
    transaction.commit()
    told = town.webmaster.session.get(f"{town.url}/rss.xml", headers={"Accept": "*/*"})
    assert told.status_code == 200 and "A page" in told.text
    assert CONTAINER not in told.text and "social-feeds" not in told.text


def test_uninstalling_with_nothing_posted_leaves_no_file(uninstalled):
    assert not uninstalled.portal_catalog.unrestrictedSearchResults(portal_type="File")


def test_uninstalling_leaves_the_record_as_a_private_file(portal, monkeypatch):
    monkeypatch.setattr(Outbox, "export", lambda self: [{"text": "Fête \ud800", "state": "delivered"}])
    portal.portal_setup.runAllImportStepsFromProfile("collective.socialterritory:uninstall")
    (brain,) = portal.portal_catalog.unrestrictedSearchResults(portal_type="File")
    record = brain._unrestrictedGetObject()
    assert record.getId().startswith("social-networks-20")
    (told,) = IStatusMessage(portal.REQUEST).show()
    assert f"/{record.getId()}/view" in told.message
    assert json.loads(record.file.data) == [{"text": "Fête \ud800", "state": "delivered"}]
    assert "Fête".encode() in record.file.data
    roles = {role["name"] for role in record.rolesOfPermission("View") if role["selected"]}
    assert roles == {"Manager", "Site Administrator"}
    assert not record.acquiredRolesAreUsedBy("View")


def test_a_site_remembers_which_deployment_it_belongs_to(portal):
    assert getUtility(IRegistry)[f"{PREFIX}.deployment"] == "tests"
