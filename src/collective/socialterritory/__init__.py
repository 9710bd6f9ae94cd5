"""Social networks for public bodies' websites on Plone."""

from zope.i18nmessageid import MessageFactory

import logging


_ = MessageFactory("collective.socialterritory")
logger = logging.getLogger("collective.socialterritory")
