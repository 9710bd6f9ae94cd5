"""The mails of a site, for tests: a site that can send some, and those that wait."""

from collective.socialterritory import mail
from collective.socialterritory.interfaces import settings
from plone import api

import re


PUBLIC = "https://www.town.example"


def with_mail(site):
    """Where mails can leave and links in them lead somewhere."""
    settings().public_url = PUBLIC
    api.portal.set_registry_record("plone.smtp_host", "127.0.0.1")
    api.portal.set_registry_record("plone.email_from_address", "web@town.example")
    return site


def mails(site, to=""):
    """Those that wait, to this address; oldest first."""
    return [one for _id, one in mail.waiting(site) if to in ("", one["to"])]


def key(one, page):
    """What the link to @@`page` in a mail carries."""
    return re.search(rf"{re.escape(PUBLIC)}/@@{page}\?key=(\S+)", one["body"]).group(1)
