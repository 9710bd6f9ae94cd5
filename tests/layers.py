"""The layer of functional tests."""

from collective.socialterritory.testing import FIXTURE
from plone.app.testing import FunctionalTesting
from plone.app.testing import ploneSite
from plone.testing.zodb import stackDemoStorage
from plone.testing.zope import WSGI_SERVER_FIXTURE
from rest import settle
from zope.globalrequest import setRequest


class Functional(FunctionalTesting):
    """Settling a town takes longer than most tests of it: that is done once, and each test commits above it."""

    settled = None

    def testSetUp(self):
        if {"town", "served"} & set(self.pytest_request.fixturenames):
            self.settled = self.settled or self._settle()
            self["zodbDB"] = self.settled
        super().testSetUp()

    def _settle(self):
        self["zodbDB"] = settled = stackDemoStorage(self["zodbDB"], name="Town")
        with ploneSite() as site:
            setRequest(site.REQUEST)
            settle(site)
        setRequest(None)
        return settled


FUNCTIONAL = Functional(bases=(FIXTURE, WSGI_SERVER_FIXTURE), name="Tests:Functional")
