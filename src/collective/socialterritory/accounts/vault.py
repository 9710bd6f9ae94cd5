"""Remembers the credentials of accounts, sealed and outside their content objects."""

from BTrees.OOBTree import OOBTree
from collections.abc import Mapping
from collective.socialterritory.accounts import sealing
from collective.socialterritory.environment import setting
from collective.socialterritory.errors import ConfigurationError
from zope.annotation.interfaces import IAnnotations


ANNOTATION = "collective.socialterritory.vault"


def keys() -> sealing.Keys:
    """Those of the environment, read anew each time. Raises ConfigurationError("no_key" or "bad_key")."""
    return sealing.parse(setting("SOCIALTERRITORY_KEYS"))


class Vault:
    """The sealed credentials of one site, by account UID."""

    def __init__(self, site):
        self._site = site

    def ready(self) -> str:
        """The code of what keeps credentials from being stored, "" when nothing does."""
        try:
            keys()
        except ConfigurationError as error:
            return error.code
        return ""

    def seal(self, uid: str, credentials: Mapping[str, str]) -> None:
        """Raises ConfigurationError("no_key" or "bad_key"); nothing is stored then."""
        sealed = keys().seal(self._context(uid), credentials)
        self._stored(create=True)[uid] = sealed

    def open(self, uid: str) -> dict[str, str]:
        """Raises ConfigurationError: not_connected, no_key, bad_key or unreadable_credentials."""
        if not self.holds(uid):
            raise ConfigurationError("not_connected")
        return keys().unseal(self._context(uid), self._stored()[uid])

    def holds(self, uid: str) -> bool:
        return uid in self._stored()

    def forget(self, uid: str) -> None:
        if self.holds(uid):
            del self._stored()[uid]

    def rotate(self) -> int:
        """Seal everything again under the first key; how many that were. Raises before it changes anything."""
        newest = keys()
        stored = self._stored()
        rotated = {uid: newest.rotate(sealed) for uid, sealed in stored.items()}
        for uid, sealed in rotated.items():
            stored[uid] = sealed
        return len(rotated)

    def check(self) -> list[tuple[str, bool]]:
        """Account UIDs, and whether their credentials can be opened. Raises ConfigurationError without a key."""
        keys()
        return [(uid, self._opens(uid)) for uid in self._stored()]

    def _opens(self, uid):
        try:
            self.open(uid)
        except ConfigurationError:
            return False
        return True

    def _context(self, uid):
        return ("/".join(self._site.getPhysicalPath()), uid, "credentials")

    def _stored(self, create=False):
        annotations = IAnnotations(self._site)
        if create and ANNOTATION not in annotations:
            annotations[ANNOTATION] = OOBTree()
        return annotations.get(ANNOTATION, {})
