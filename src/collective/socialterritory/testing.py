"""The layer tests run in: a site with the add-on."""

from cryptography.fernet import Fernet
from plone.app.contenttypes.testing import PLONE_APP_CONTENTTYPES_FIXTURE
from plone.app.testing import applyProfile
from plone.app.testing import IntegrationTesting
from plone.app.testing import PloneSandboxLayer

import os


class SocialTerritory(PloneSandboxLayer):
    defaultBases = (PLONE_APP_CONTENTTYPES_FIXTURE,)

    def setUpZope(self, app, configurationContext):
        import collective.socialterritory

        os.environ["SOCIALTERRITORY_KEYS"] = f"k1:{Fernet.generate_key().decode()}"
        os.environ["SOCIALTERRITORY_DEPLOYMENT"] = "tests"
        os.environ["SOCIALTERRITORY_WORKER"] = "off"  # tests run their own
        self.loadZCML(package=collective.socialterritory)

    def setUpPloneSite(self, portal):
        applyProfile(portal, "collective.socialterritory:default")


FIXTURE = SocialTerritory()
INTEGRATION_TESTING = IntegrationTesting(bases=(FIXTURE,), name="SocialTerritory:Integration")
