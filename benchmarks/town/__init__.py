"""A Plone in a temporary directory for a benchmark: the real publisher, FileStorage and blobs, commits to the disk."""

from contextlib import contextmanager
from cryptography.fernet import Fernet
from io import BytesIO
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import base64
import logging
import os
import sys
import tempfile


sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

ADDON = "collective.socialterritory"
ADMIN = ("admin", "benchmark")
TEMPLATE = "{title}\n\n{link}"
ANSWERS = {
    "title": "Ville",
    "description": "",
    "default_language": "en",
    "portal_timezone": "UTC",
    "setup_content": False,
}
ENVIRONMENT = {
    "SOCIALTERRITORY_KEYS": f"k1:{Fernet.generate_key().decode()}",
    "SOCIALTERRITORY_DEPLOYMENT": "benchmark",
    "SOCIALTERRITORY_WORKER": "off",
}
CONF = """
%define INSTANCE {directory}
instancehome $INSTANCE
default-zpublisher-encoding utf-8
<zodb_db main>
  cache-size {cache}
  <blobstorage>
    blob-dir $INSTANCE/blobs
    <filestorage>
      path $INSTANCE/Data.fs
    </filestorage>
  </blobstorage>
  mount-point /
</zodb_db>
"""
ZCML = """
<configure xmlns="http://namespaces.zope.org/zope"
           xmlns:five="http://namespaces.zope.org/five"
           xmlns:meta="http://namespaces.zope.org/meta">
  <include package="Products.Five" />
  <meta:redefinePermission from="zope2.Public" to="zope.Public" />
  {exclude}
  <five:loadProducts file="meta.zcml" />
  <five:loadProducts />
  <five:loadProductsOverrides />
  <securityPolicy component="AccessControl.security.SecurityPolicy" />
</configure>
"""


@contextmanager
def town(addon=True, cache=30_000, **environment):
    """A Town whose process loads the add-on, or every other part of Plone alone. `cache`: objects that ZODB keeps."""
    os.environ.update(ENVIRONMENT | environment)
    logging.getLogger("Zope.ZCatalog").setLevel(logging.CRITICAL)  # items are renamed before they are indexed
    for name in ("GenericSetup", "Products.MimetypesRegistry"):
        logging.getLogger(name).setLevel(logging.ERROR)  # warnings of Plone's own profiles
    with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as directory:
        yield Town(Path(directory), addon, cache)


class Town:
    def __init__(self, directory, addon, cache):
        from Zope2.Startup.run import make_wsgi_app

        (directory / "etc").mkdir()
        exclude = "" if addon else f'<exclude package="{ADDON}" file="configure.zcml" />'
        (directory / "etc/site.zcml").write_text(ZCML.format(exclude=exclude))
        conf = directory / "zope.conf"
        conf.write_text(CONF.format(directory=directory, cache=cache))
        (directory / "inituser").write_text(":".join(ADMIN))
        self.publish = make_wsgi_app({}, str(conf))

    @contextmanager
    def opened(self, site=""):
        """The application root, or one site in it, for an administrator. The caller commits."""
        from AccessControl.SecurityManagement import newSecurityManager
        from AccessControl.SecurityManagement import noSecurityManager
        from Testing.makerequest import makerequest
        from zope.component.hooks import setSite
        from zope.event import notify
        from zope.globalrequest import clearRequest
        from zope.globalrequest import setRequest
        from zope.traversing.interfaces import BeforeTraverseEvent

        import transaction
        import Zope2

        app = makerequest(Zope2.app())
        setRequest(app.REQUEST)
        newSecurityManager(None, app.acl_users.getUser(ADMIN[0]).__of__(app.acl_users))
        place = app[site] if site else app
        notify(BeforeTraverseEvent(place, app.REQUEST))  # as the publisher does: the site, and its browser layers
        try:
            yield place
        finally:
            transaction.abort()
            noSecurityManager()
            setSite(None)
            clearRequest()
            app._p_jar.close()

    def site(self, name, addon=True):
        """Make a site, with the add-on's profile or without."""
        from plone import api
        from plone.distribution.api import site as sites

        import transaction

        with self.opened() as app:
            site = sites.create(app, "classic", {**ANSWERS, "site_id": name})
            site.portal_workflow.setDefaultChain("simple_publication_workflow")
            if addon:
                site.portal_setup.runAllImportStepsFromProfile(f"profile-{ADDON}:default")
                api.portal.set_registry_record(f"{ADDON}.public_url", "https://www.ville.fr")
            transaction.commit()

    def get(self, path, user=ADMIN):
        """One request through the publisher: (status, body). `user`: (name, password), None for a visitor."""
        path, _, query = path.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
        setup_testing_defaults(environ)
        if user:
            environ["HTTP_AUTHORIZATION"] = "Basic " + base64.b64encode(":".join(user).encode()).decode()
        said = []
        body = b"".join(self.publish(environ, lambda status, headers, exc_info=None: said.append(status)))
        return int(said[0].split()[0]), body


def connected(site, title, network="bluesky", credentials=None, **fields):
    """The UID of a new account, connected a month ago. The caller commits."""
    from collective.socialterritory.accounts.store import Accounts
    from collective.socialterritory.accounts.vault import Vault
    from datetime import datetime
    from datetime import timedelta
    from datetime import UTC
    from plone import api

    # As the form stores them: an attribute that was never set is looked up in the schema every time.
    empty = {"sections": None, "subjects": [], "languages": [], "hours": [], "gap": 0, "daily": 0, "campaign": ""}
    values = {
        **empty,
        "types": ["News Item"],
        "validation": "one",
        "trusted": [],
        "template": TEMPLATE,
        **fields,
    }
    account = api.content.create(site["social-accounts"], "SocialAccount", title=title, network=network, **values)
    linked = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    Accounts(site).mark(account.UID(), link="connected", identity=title, connected_at=linked, session="ok")
    Vault(site).seal(account.UID(), credentials or {"did": "did:plc:none", "pds": "https://pds.invalid"})
    return account.UID()


def news(site, title, picture=None, **fields):
    """A private news item. `picture`: the bytes of a JPEG. The caller commits."""
    from plone import api
    from plone.namedfile.file import NamedBlobImage

    image = picture and NamedBlobImage(picture, "image/jpeg", "picture.jpg")
    return api.content.create(site, "News Item", title=title, description="What a town says", image=image, **fields)
