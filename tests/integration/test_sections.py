"""The folders an account speaks for, as REST and the form set them."""

from plone import api
from plone.testing.zope import Browser
from rest import PASSWORD

import pytest
import transaction


@pytest.fixture
def folder(town):
    with api.env.adopt_roles(["Manager"]):
        folder = api.content.create(town.site, "Folder", title="Culture")
        town.account.sections = [folder.UID()]
    transaction.commit()
    return folder


def saved(town, sections):
    """What the account speaks for after somebody saved its form with `sections`, as the widget's JavaScript sends."""
    browser = Browser(town.functional["app"])
    browser.addHeader("Authorization", f"Basic webmaster:{PASSWORD}")
    browser.open(f"{town.account.absolute_url()}/edit")
    browser.getControl(name="form.widgets.sections").value = sections
    browser.getControl(name="form.buttons.save").click()
    assert "Changes saved" in browser.contents
    transaction.begin()
    return town.account.sections


def test_a_folder_that_is_gone_is_not_replaced_by_the_whole_site(town, folder):
    uid = folder.UID()
    with api.env.adopt_roles(["Manager"]):
        api.content.delete(folder)
        other = api.content.create(town.site, "Folder", title="Sports")
    transaction.commit()
    assert saved(town, "") == [uid]
    assert saved(town, other.UID()) == [other.UID()]
    assert saved(town, "") is None
