"""The layer of functional tests."""

from collective.socialterritory.testing import FIXTURE
from plone.app.testing import applyProfile
from plone.app.testing import FunctionalTesting
from plone.app.testing import ploneSite
from plone.testing.zodb import stackDemoStorage
from plone.testing.zope import WSGI_SERVER_FIXTURE
from rest import settle
from zope.globalrequest import setRequest


class Functional(FunctionalTesting):
    """Settling a town takes longer than most tests of it: that is done once, and each test commits above it.

    So is giving it the theme that browsers see.
    """

    settled = themed = None

    def testSetUp(self):
        wanted = {"town", "served"} & set(self.pytest_request.fixturenames)
        if wanted:
            self["zodbDB"] = self.settled = self.settled or self._stacked("Town", self["zodbDB"], settle)
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


def theme(site):
    applyProfile(site, "plonetheme.barceloneta:default")


FUNCTIONAL = Functional(bases=(FIXTURE, WSGI_SERVER_FIXTURE), name="Tests:Functional")
