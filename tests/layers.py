"""The layer of functional tests."""

from collective.socialterritory.testing import FIXTURE
from plone.app.testing import applyProfile
from plone.app.testing import FunctionalTesting
from plone.app.testing import ploneSite
from plone.app.viewletmanager.interfaces import IViewletSettingsStorage
from plone.testing.zodb import stackDemoStorage
from plone.testing.zope import WSGI_SERVER_FIXTURE
from rest import settle
from zope.component import getUtility
from zope.globalrequest import setRequest


AROUND = {
    "plone.toolbar": ("plone.contentviews",),
    "plone.portalheader": ("plone.searchbox", "plone.anontools", "plone.membertools", "plone.logo"),
    "plone.mainnavigation": ("plone.global_sections",),
    "plone.abovecontent": ("plone.path_bar",),
    "plone.belowcontenttitle": ("plone.documentbyline",),
    "plone.belowcontent": ("plone.documentactions",),
    "plone.portalfooter": ("plone.footer", "plone.site_actions", "plone.colophon"),
}
"""Viewlets of Plone's own by their managers, around what tests look at"""


class Functional(FunctionalTesting):
    """What takes longer than most tests is done once, and each test commits above it: settling a town, giving it the
    theme that browsers see; and for all others taking away what Plone draws around pages, which is half of their time.
    """

    bare = settled = themed = None

    def testSetUp(self):
        wanted = {"town", "served"} & set(self.pytest_request.fixturenames)
        if wanted:
            self["zodbDB"] = self.settled = self.settled or self._stacked("Town", self["zodbDB"], town)
        else:
            self["zodbDB"] = self.bare = self.bare or self._stacked("Bare", self["zodbDB"], hide)
        if "served" in wanted:
            self["zodbDB"] = self.themed = self.themed or self._stacked("Theme", self.settled, theme)
        super().testSetUp()

    def _stacked(self, name, below, change):
        self["zodbDB"] = stacked = stackDemoStorage(below, name=name)
        with ploneSite() as site:
            setRequest(site.REQUEST)
            change(site)
        setRequest(None)
        return stacked


def town(site):
    settle(site)
    hide(site)


def theme(site):
    applyProfile(site, "plonetheme.barceloneta:default")
    hide(site, dict.fromkeys(AROUND, ()))


def hide(site, viewlets=AROUND):
    for manager, names in viewlets.items():
        getUtility(IViewletSettingsStorage).setHidden(manager, site.getCurrentSkinName(), names)


FUNCTIONAL = Functional(bases=(FIXTURE, WSGI_SERVER_FIXTURE), name="Tests:Functional")
