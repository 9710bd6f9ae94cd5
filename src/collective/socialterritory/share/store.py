"""Memory of public links: the key that opens the kit of an item to whoever has the address."""

from BTrees.OOBTree import OOBTree
from secrets import token_urlsafe
from types import MappingProxyType
from typing import Any
from zope.annotation.interfaces import IAnnotations


KEY = "collective.socialterritory.kits"
BYTES = 24
"""192 random bits: nobody guesses it"""


def install(site: Any) -> None:
    annotations = IAnnotations(site)
    if KEY not in annotations:
        annotations[KEY] = OOBTree()


class Keys:
    """Of one site, by the UID of the item: not on the item, whose copies would be open as well."""

    def __init__(self, site: Any) -> None:
        self._keys = IAnnotations(site).get(KEY, MappingProxyType({}))

    def get(self, uid: str) -> str:
        """ "" while there is none."""
        return str(self._keys.get(uid, ""))

    def make(self, uid: str) -> str:
        """Another one than before."""
        self._keys[uid] = token_urlsafe(BYTES)
        return self.get(uid)

    def forget(self, uid: str) -> None:
        if uid in self._keys:
            del self._keys[uid]
