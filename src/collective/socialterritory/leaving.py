"""What is kept in the site, for administrators alone, when something of ours leaves it."""

from collective.socialterritory.plain import as_json
from datetime import datetime
from datetime import UTC
from plone import api
from plone.dexterity.utils import createContentInContainer
from plone.namedfile.file import NamedBlobFile
from typing import Any
from zope.i18nmessageid import Message


STEWARDS = ("Manager", "Site Administrator")


def leave(site: Any, id: str, record: Any, told: Message) -> None:
    """A private file in the site root with `record` as JSON, when there is any. `told`: says so, with its ${url}."""
    if not record:
        return
    name = f"{id}-{datetime.now(UTC):%Y-%m-%d}.json"
    file = createContentInContainer(site, "File", checkConstraints=False, title=name, id=name)
    file.file = NamedBlobFile(as_json(record), contentType="application/json", filename=name)
    # Files have no workflow by default and would be as public as the site.
    for permission in ("View", "Access contents information", "Modify portal content"):
        file.manage_permission(permission, roles=list(STEWARDS), acquire=False)
    file.reindexObject()
    api.portal.show_message(Message(told, mapping={"url": f"{file.absolute_url()}/view"}), site.REQUEST)
